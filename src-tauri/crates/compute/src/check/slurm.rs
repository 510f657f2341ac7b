//! Slurm on a target: its version, its partitions, and whether it would take a job.

use schema::Result;

use super::{
    found::{SlurmFacts, SlurmPartition, TargetCheck},
    time_limit::seconds,
};
use crate::{Connection, Environment, Probe, TargetOptions};

/// Partition with `*` if it is the default, time limit, number of nodes, generic resources, availability.
const FORMAT: &str = "%P|%l|%D|%G|%a";

/// Looks at the cluster, and asks whether it would take a job with the target's options.
pub(super) async fn cluster(connection: &Connection, check: &mut TargetCheck, probe: &Probe) -> Result<()> {
    let (Some(sbatch), Some(sinfo)) = (probe.programs.get("sbatch"), probe.programs.get("sinfo")) else {
        check.problem(
            format!("There is no Slurm on {}: sbatch or sinfo was not found.", probe.host),
            "Name a login node of the cluster as the host.",
        );
        return Ok(());
    };
    let version = connection.run(&[sbatch, "--version"], None, Environment::Clean).await?;
    let version = version.stdout.trim().trim_start_matches("slurm").trim().to_owned();
    let listed = connection.run(&[sinfo, "-h", "-o", FORMAT], None, Environment::Clean).await?;
    if listed.code != 0 {
        let said = last_line(&listed.stderr);
        check.problem(format!("Slurm {version} does not answer: {said}"), "Ask the cluster's administrator.");
        return Ok(());
    }
    let partitions = partitions(&listed.stdout);
    let names: Vec<&str> = partitions.iter().map(|partition| partition.name.as_str()).collect();
    check.fine(format!("Slurm {version} has the partitions {}.", names.join(", ")));
    fits(check, &connection.settings().options, &partitions);
    check.slurm = Some(SlurmFacts { version, partitions });
    would_take(connection, check, sbatch).await
}

/// The partitions that are up. One has a line for each kind of its nodes.
fn partitions(listed: &str) -> Vec<SlurmPartition> {
    let mut partitions: Vec<SlurmPartition> = Vec::new();
    for line in listed.lines() {
        let fields: Vec<&str> = line.split('|').collect();
        let [name, time_limit, nodes, gres, "up"] = fields[..] else { continue };
        let default = name.ends_with('*');
        let name = name.trim_end_matches('*');
        let nodes = nodes.parse().unwrap_or(0);
        let gres = (gres != "(null)").then(|| gres.to_owned());
        match partitions.iter_mut().find(|known| known.name == name) {
            Some(known) => {
                known.nodes += nodes;
                known.gres = match (known.gres.take(), gres) {
                    (Some(before), Some(more)) if before != more => Some(format!("{before},{more}")),
                    (before, more) => before.or(more),
                };
            }
            None => partitions.push(SlurmPartition {
                name: name.to_owned(),
                default,
                time_limit: time_limit.to_owned(),
                nodes,
                gres,
            }),
        }
    }
    partitions
}

/// Compares the options with the partition: Slurm accepts much that it never starts.
fn fits(check: &mut TargetCheck, options: &TargetOptions, partitions: &[SlurmPartition]) {
    let named = options.partition.as_deref();
    // Several may be named, of which Slurm takes the first that is free.
    let asked: Vec<&SlurmPartition> = partitions
        .iter()
        .filter(|known| named.map_or(known.default, |named| named.split(',').any(|name| name == known.name)))
        .collect();
    if asked.is_empty() {
        return match named {
            Some(named) => check.problem(
                format!("There is no partition '{named}' that takes jobs."),
                "Name another one in the target's settings.",
            ),
            None => check.remark(
                "No partition is the default one.",
                "Name one in the target's settings if Slurm asks for it.",
            ),
        };
    }
    let over = |partition: &&SlurmPartition| {
        let limits = (options.time.as_deref().and_then(seconds), seconds(&partition.time_limit));
        matches!(limits, (Some(asked), Some(most)) if asked > most)
    };
    if asked.iter().all(over) {
        check.problem(
            format!(
                "The time {} is longer than the partition {} allows: {}.",
                options.time.as_deref().unwrap_or_default(),
                asked[0].name,
                asked[0].time_limit
            ),
            "Ask for less time, or name another partition.",
        );
    }
    let few = |partition: &&SlurmPartition| options.nodes.is_some_and(|nodes| nodes > partition.nodes);
    if asked.iter().all(few) {
        check.problem(
            format!("The partition {} has {} nodes, fewer than asked for.", asked[0].name, asked[0].nodes),
            "Ask for fewer nodes, or name another partition.",
        );
    }
    if asked.iter().all(|partition| !partition.gres.as_deref().unwrap_or_default().contains("gpu")) {
        check.remark(
            "The partition's nodes have no GPUs that Slurm knows.",
            "Trainings there use the processors, which takes long. Name a partition with GPUs.",
        );
    } else if options.gres.is_none() && !options.sbatch.iter().any(|line| line.contains("gpu")) {
        check.remark(
            "The nodes have GPUs, but the target asks for none.",
            "Set the option gres, such as gpu:1.",
        );
    }
}

/// Asks Slurm whether it would take a job with these options. Nothing is submitted.
async fn would_take(connection: &Connection, check: &mut TargetCheck, sbatch: &str) -> Result<()> {
    let options = &connection.settings().options;
    let mut command = vec![sbatch.to_owned(), "--test-only".to_owned()];
    let asked = options.of_slurm();
    command.extend(asked.into_iter().filter_map(|(name, value)| Some(format!("--{name}={}", value?))));
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    let lines: String = options.sbatch.iter().map(|line| format!("#SBATCH {line}\n")).collect();
    let script = format!("#!/bin/sh\n{lines}exit 0\n");
    let answer = connection.run(&command, Some(script.as_bytes()), Environment::Clean).await?;
    let said = last_line(&answer.stderr);
    if answer.code == 0 {
        check.fine(match said.is_empty() {
            true => "Slurm would take a job.".to_owned(),
            false => format!("Slurm would take a job: {said}"),
        });
    } else {
        check.problem(
            format!("Slurm refuses a job with the target's options: {said}"),
            "Change the options in the target's settings.",
        );
    }
    Ok(())
}

/// The last line without the name of the program that says it.
fn last_line(messages: &str) -> &str {
    let line = messages.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let line =
        line.split_once(": ").filter(|(program, _)| !program.contains(' ')).map_or(line, |(_, rest)| rest);
    line.strip_prefix("error: ").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_the_sum_of_its_lines() {
        let listed = "gpu*|1-00:00:00|3|gpu:a100:4(S:0)|up\ngpu*|1-00:00:00|2|gpu:h100:8|up\n\
                      cpu|infinite|10|(null)|up\nold|1:00|1|(null)|down\nnoise\n";
        let found = partitions(listed);
        let expected = |name: &str, default, limit: &str, nodes, gres: Option<&str>| SlurmPartition {
            name: name.to_owned(),
            default,
            time_limit: limit.to_owned(),
            nodes,
            gres: gres.map(str::to_owned),
        };
        assert_eq!(
            found,
            [
                expected("gpu", true, "1-00:00:00", 5, Some("gpu:a100:4(S:0),gpu:h100:8")),
                expected("cpu", false, "infinite", 10, None),
            ]
        );
    }

    #[test]
    fn what_slurm_would_never_start_is_a_problem() {
        let partitions = partitions("gpu*|1:00:00|2|gpu:1|up\ncpu|infinite|10|(null)|up\n");
        let problems = |set: &[(&str, &str)]| {
            let (mut check, mut options) = (TargetCheck::default(), TargetOptions::default());
            for (name, value) in set {
                options.set(name, value).unwrap();
            }
            fits(&mut check, &options, &partitions);
            let bad = check
                .findings
                .iter()
                .filter(|found| found.level == super::super::found::FindingLevel::Problem);
            bad.count()
        };
        assert_eq!(problems(&[]), 0);
        assert_eq!(problems(&[("partition", "no")]), 1);
        assert_eq!(problems(&[("time", "2:00:00")]), 1);
        assert_eq!(problems(&[("time", "2:00:00"), ("partition", "gpu,cpu")]), 0);
        assert_eq!(problems(&[("nodes", "3"), ("time", "61")]), 2);
    }
}

//! Workers as steps of a job that ends with the connection.

use schema::Result;

use super::{
    programs::Programs,
    request::{directives, words_of},
};
use crate::{connection::Connection, launch::shell::quoted, target::TargetOptions};

/// Options that `sbatch` alone has, or that mean nothing for one process in a job that ends with the connection.
const OF_SBATCH: [&str; 14] = [
    "--requeue",
    "--no-requeue",
    "--signal",
    "--output",
    "-o",
    "--error",
    "-e",
    "--open-mode",
    "--array",
    "-a",
    "--nodes",
    "-N",
    "--job-name",
    "-J",
];

/// The arguments of `srun` for one process on a node.
///
/// # Errors
/// A further option of the target has a line break.
pub(super) fn arguments(options: &TargetOptions) -> Result<Vec<String>> {
    // They are checked as for a job.
    directives(options)?;
    let mut arguments: Vec<String> =
        ["--job-name=fts-ask", "--nodes=1", "--ntasks=1", "--unbuffered", "--export=ALL"]
            .map(str::to_owned)
            .to_vec();
    for (option, value) in options.of_slurm() {
        let Some(value) = value.filter(|_| option != "nodes") else { continue };
        arguments.push(format!("--{option}={value}"));
    }
    for line in &options.sbatch {
        let words = words_of(line);
        let first = words.first().map_or("", |word| word.split('=').next().unwrap_or(word));
        if !OF_SBATCH.contains(&first) {
            arguments.extend(words);
        }
    }
    Ok(arguments)
}

/// The script for a shell of the login node that has `line` run as a step of a job, with its standard streams. Only the
/// variables that a job needs are passed on.
///
/// # Errors
/// Slurm's programs are not there.
pub(super) async fn script(connection: &Connection, programs: &Programs, line: &str) -> Result<String> {
    let mut words = vec![programs.path("srun")];
    words.extend(arguments(&connection.settings().options)?);
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    let kept = ["HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG"]
        .map(|name| format!("{name}=\"${name}\""))
        .join(" ");
    let configuration = match programs.configuration() {
        Some(path) => format!("SLURM_CONF={}", quoted(path)),
        None => "${SLURM_CONF:+\"SLURM_CONF=$SLURM_CONF\"}".to_owned(),
    };
    Ok(format!("exec env -i {kept} {configuration} {} {line}", words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_sbatch_has_is_left_out() {
        let sbatch =
            ["--requeue", "-C gpu # fast", "#SBATCH --signal=TERM@30", "-N 2", "--comment='two words'"];
        let options = TargetOptions {
            partition: Some("a b".to_owned()),
            nodes: Some(4),
            sbatch: sbatch.map(str::to_owned).to_vec(),
            ..TargetOptions::default()
        };
        let arguments = arguments(&options).unwrap();
        assert_eq!(arguments[5..], ["--partition=a b", "-C", "gpu", "--comment=two words"]);
        let broken = TargetOptions { sbatch: vec!["-C gpu\nreboot".to_owned()], ..options };
        assert!(super::arguments(&broken).is_err());
    }
}

//! What `sbatch` is asked for.

use schema::{Error, ErrorCode, Result};

use crate::{check::time_limit::seconds, target::TargetOptions};

/// Seconds before the time limit at which the run is stopped with a checkpoint. Slurm may send the signal up to a minute
/// early, and the worker then needs time to save.
const NOTICE: u64 = 120;

/// The name of an attempt's job, by which it is found when the answer of `sbatch` is lost.
pub(super) fn job_name(run: &str, attempt: u32) -> String {
    format!("fts-{run}-{attempt}")
}

/// The arguments of `sbatch` for a job of that name in that folder, which is absolute. The script comes by standard input.
pub(super) fn arguments(options: &TargetOptions, name: &str, folder: &str, nodes: u32) -> Vec<String> {
    let mut arguments = vec![
        "--parsable".to_owned(),
        "--export=ALL".to_owned(),
        format!("--job-name={name}"),
        format!("--chdir={folder}"),
        "--output=log.txt".to_owned(),
        "--open-mode=append".to_owned(),
        format!("--nodes={nodes}"),
        "--ntasks-per-node=1".to_owned(),
    ];
    if !may_requeue(options) {
        arguments.push("--no-requeue".to_owned());
    }
    if !names(options, &["--signal"]) {
        arguments.push(format!("--signal=B:USR1@{}", notice(options)));
    }
    for (option, value) in options.of_slurm() {
        // The nodes are those of the run.
        let Some(value) = value.filter(|_| option != "nodes") else { continue };
        arguments.push(format!("--{option}={value}"));
    }
    arguments
}

/// The further `#SBATCH` lines of a target, as the script has them. Slurm reads them, no shell does.
///
/// # Errors
/// One has a line break, after which the shell would read on.
pub(super) fn directives(options: &TargetOptions) -> Result<Vec<String>> {
    let lines = options.sbatch.iter().map(|line| option(line));
    let line = |line: &str| match line.chars().any(char::is_control) {
        true => Err(Error::new(
            ErrorCode::Invalid,
            "A further option of the target has a line break or another control character.",
        )
        .hint("Change the target's options.")),
        false => Ok(format!("#SBATCH {line}")),
    };
    lines.map(line).collect()
}

/// The words of a further line, as Slurm reads them: quotes keep blanks, and `#` begins a remark.
pub(super) fn words_of(line: &str) -> Vec<String> {
    shlex::Shlex::new(option(line)).collect()
}

/// Whether Slurm may start the job again by itself.
pub(super) fn may_requeue(options: &TargetOptions) -> bool {
    names(options, &["--requeue"])
}

fn names(options: &TargetOptions, wanted: &[&str]) -> bool {
    options.sbatch.iter().any(|line| wanted.contains(&first(option(line))))
}

/// A line without the word that a person may have copied with it.
fn option(line: &str) -> &str {
    line.trim().trim_start_matches("#SBATCH").trim()
}

fn first(line: &str) -> &str {
    line.split(['=', ' ', '\t']).next().unwrap_or(line)
}

/// The notice before the end, in seconds: a quarter of a time limit that is short.
fn notice(options: &TargetOptions) -> u64 {
    let line = || {
        let line = options
            .sbatch
            .iter()
            .map(|line| option(line))
            .find(|line| ["--time", "-t"].contains(&first(line)))?;
        line.split_once(['=', ' ']).map(|(_, value)| value.trim())
    };
    let limit = options.time.as_deref().or_else(line).and_then(seconds);
    limit.map_or(NOTICE, |limit| NOTICE.min(limit / 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(lines: &[&str]) -> TargetOptions {
        TargetOptions {
            sbatch: lines.iter().map(|line| (*line).to_owned()).collect(),
            ..TargetOptions::default()
        }
    }

    #[test]
    fn a_short_limit_has_a_short_notice_and_a_persons_lines_come_first() {
        let arguments_of = |options: &TargetOptions| arguments(options, "fts-r-1", "/there/run", 1);
        let none = arguments_of(&TargetOptions::default());
        assert!(
            none.contains(&"--signal=B:USR1@120".to_owned()) && none.contains(&"--no-requeue".to_owned())
        );
        assert!(arguments_of(&with(&["-t 1"])).contains(&"--signal=B:USR1@15".to_owned()));
        let own = arguments_of(&with(&["#SBATCH --requeue", "--signal=TERM@30"]));
        assert!(!own.iter().any(|argument| argument.starts_with("--signal") || argument == "--no-requeue"));
    }

    #[test]
    fn texts_of_a_person_stay_single_options_of_sbatch() {
        let options = TargetOptions {
            partition: Some("a b; $(reboot) --wrap=x".to_owned()),
            ..with(&["-C gpu # fast"])
        };
        let made = arguments(&options, "n", "/r", 1);
        assert!(made.contains(&"--partition=a b; $(reboot) --wrap=x".to_owned()));
        assert_eq!(directives(&options).unwrap(), ["#SBATCH -C gpu # fast"]);
        for line in ["--exclusive\nreboot", "-C gpu\r"] {
            assert_eq!(directives(&with(&[line])).is_err(), line.contains('\n'), "{line:?}");
        }
    }
}

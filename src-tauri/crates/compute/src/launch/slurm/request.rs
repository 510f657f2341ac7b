//! What `sbatch` is asked for.

use schema::{Error, ErrorCode, Result};

use crate::target::TargetOptions;

/// Seconds before the time limit at which the run is stopped with a checkpoint. Slurm may send the signal up to a minute
/// early, and the worker then needs time to save.
const NOTICE: u64 = 120;

/// Options that would make another thing of the job than one attempt of one run.
const REFUSED: [&str; 6] = ["--array", "-a", "--wrap", "--wait", "-W", "--test-only"];

/// The name of an attempt's job, by which it is found when the answer of `sbatch` is lost.
pub(super) fn job_name(run: &str, attempt: u32) -> String {
    format!("fts-{run}-{attempt}")
}

/// The arguments of `sbatch` for a job of that name in that folder, which is absolute. The script comes by standard input.
pub(super) fn arguments(
    options: &TargetOptions,
    name: &str,
    folder: &str,
    nodes: u32,
) -> Result<Vec<String>> {
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
    let values = [
        ("partition", &options.partition),
        ("account", &options.account),
        ("qos", &options.qos),
        ("time", &options.time),
        ("gres", &options.gres),
        ("mem", &options.mem),
    ];
    for (option, value) in values {
        let Some(value) = value.as_deref().map(str::trim).filter(|value| !value.is_empty()) else { continue };
        if value.contains(['\n', '\r', '\0']) {
            return Err(refused(format!("The option {option} of the target has more than one line.")));
        }
        arguments.push(format!("--{option}={value}"));
    }
    Ok(arguments)
}

/// The further `#SBATCH` lines of a target, as the script has them. Slurm reads them, no shell does.
pub(super) fn directives(options: &TargetOptions) -> Result<Vec<String>> {
    let lines = options.sbatch.iter().map(|line| option(line)).filter(|line| !line.is_empty());
    lines.map(|line| check(line).map(|()| format!("#SBATCH {line}"))).collect()
}

fn check(line: &str) -> Result<()> {
    if line.contains(['\n', '\r', '\0']) {
        return Err(refused(format!(
            "The further option “{}” of the target has more than one line.",
            line.escape_debug()
        )));
    }
    if !line.starts_with('-') {
        return Err(refused(format!(
            "The further option “{line}” of the target is none of sbatch: they begin with “-”."
        )));
    }
    if REFUSED.contains(&first(line)) {
        return Err(refused(format!(
            "The further option “{line}” of the target would start something else than one run."
        )));
    }
    Ok(())
}

fn refused(message: String) -> Error {
    Error::new(ErrorCode::Invalid, message).hint("Change the target's options.")
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

/// A time limit in seconds. Slurm's forms are minutes, minutes:seconds, hours:minutes:seconds, days-hours,
/// days-hours:minutes and days-hours:minutes:seconds.
fn seconds(limit: &str) -> Option<u64> {
    let (days, rest) = match limit.trim().split_once('-') {
        Some((days, rest)) => (Some(days.parse::<u64>().ok()?), rest),
        None => (None, limit.trim()),
    };
    let parts = rest.split(':').map(|part| part.parse::<u64>().ok()).collect::<Option<Vec<_>>>()?;
    let (hours, minutes, seconds) = match (days, parts.as_slice()) {
        (None, [minutes]) => (0, *minutes, 0),
        (None, [minutes, seconds]) => (0, *minutes, *seconds),
        (Some(_), [hours]) => (*hours, 0, 0),
        (Some(_), [hours, minutes]) => (*hours, *minutes, 0),
        (_, [hours, minutes, seconds]) => (*hours, *minutes, *seconds),
        _ => return None,
    };
    let minutes =
        days.unwrap_or(0).checked_mul(24)?.checked_add(hours)?.checked_mul(60)?.checked_add(minutes)?;
    minutes.checked_mul(60)?.checked_add(seconds)
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
    fn time_limits_are_read_in_all_forms_of_slurm() {
        let forms = [
            ("90", 5400),
            ("1:30", 90),
            ("4:00:00", 14_400),
            ("1-2", 93_600),
            ("1-0:01", 86_460),
            ("0-0:0:7", 7),
        ];
        for (text, wanted) in forms {
            assert_eq!(seconds(text), Some(wanted), "{text}");
        }
        for text in ["UNLIMITED", "", "1:2:3:4", "x"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn a_short_limit_has_a_short_notice_and_a_persons_lines_come_first() {
        let arguments_of = |options: &TargetOptions| arguments(options, "fts-r-1", "/there/run", 1).unwrap();
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
        let made = arguments(&options, "n", "/r", 1).unwrap();
        assert!(made.contains(&"--partition=a b; $(reboot) --wrap=x".to_owned()));
        assert_eq!(directives(&options).unwrap(), ["#SBATCH -C gpu # fast"]);
        for line in ["--exclusive\nreboot", "reboot", "--array=1-9", "--wrap reboot"] {
            assert_eq!(directives(&with(&[line])).unwrap_err().code, ErrorCode::Invalid, "{line}");
        }
    }
}

//! Answers of the programs of Slurm. A controller that can't be reached is not taken for one that does not have the job.

use schema::{Error, ErrorCode, Result};

use crate::output::Output;

/// Parts of messages that say that the controller gave no answer. Slurm's own English, in all versions since 19.05.
const NO_ANSWER: [&str; 14] = [
    "Unable to contact slurm controller",
    "Unable to contact slurm database",
    "Connection refused",
    "Connection timed out",
    "Socket timed out",
    "Zero Bytes were transmitted",
    "Munge encode failed",
    "Munge decode failed",
    "authentication error",
    "Protocol authentication error",
    "failed to fetch config",
    "Could not establish a configuration source",
    "currently in standby mode",
    "Transport endpoint is not connected",
];

/// Parts of messages that say that there is no such job, or none any more.
const NO_JOB: [&str; 3] = ["Invalid job id", "Invalid job_id", "not found"];

/// The answer of one of Slurm's programs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// What it printed.
    Text(String),
    /// Slurm has no job of that number.
    NoSuchJob,
    /// It refused, in Slurm's words.
    Refused(String),
}

/// Reads an answer.
///
/// # Errors
/// The code `Unreachable` where Slurm could not be asked: nothing is known of the job then.
pub(super) fn answer(output: Output) -> Result<Answer> {
    if output.code == 0 {
        return Ok(Answer::Text(output.stdout));
    }
    let said = words(&output.stderr);
    if NO_ANSWER.iter().any(|part| output.stderr.contains(part)) {
        return Err(Error::new(ErrorCode::Unreachable, format!("Slurm does not answer: {said}"))
            .hint("Jobs go on meanwhile. The state is asked for again by itself."));
    }
    if NO_JOB.iter().any(|part| output.stderr.contains(part)) {
        return Ok(Answer::NoSuchJob);
    }
    Ok(Answer::Refused(said))
}

/// Slurm's last sentence, without the name of the program before it.
fn words(stderr: &str) -> String {
    let lines: Vec<&str> = stderr.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines.last().copied().unwrap_or("it gave no reason");
    let mut words = last;
    for part in ["error:", "fatal:"] {
        words = words.split_once(part).map_or(words, |(_, rest)| rest.trim());
    }
    let ended = words.trim_start_matches("Batch job submission failed:").trim().trim_end_matches('.');
    format!("{ended}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: i32, stderr: &str) -> Result<Answer> {
        answer(Output { code, stdout: String::new(), stderr: stderr.to_owned() })
    }

    #[test]
    fn a_controller_that_is_away_is_never_a_job_that_is_gone() {
        // 22.05, as they were printed.
        let away = [
            "squeue: error: Unable to contact slurm controller (connect failure)",
            "slurm_load_jobs error: Unable to contact slurm controller (connect failure)",
            "squeue: error: If munged is up, restart with --num-threads=10\n\
             squeue: error: Munge encode failed: Failed to access \"/run/munge\": No such file or directory\n\
             slurm_load_jobs error: Protocol authentication error",
            "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)",
            "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation",
        ];
        for text in away {
            assert_eq!(said(1, text).unwrap_err().code, ErrorCode::Unreachable, "{text}");
        }
        for text in ["slurm_load_jobs error: Invalid job id specified", "scancel: error: Invalid job id 7"] {
            assert_eq!(said(1, text), Ok(Answer::NoSuchJob));
        }
    }

    #[test]
    fn a_refusal_is_slurms_sentence() {
        let text = "sbatch: error: invalid partition specified: nosuch\n\
                    sbatch: error: Batch job submission failed: Invalid partition name specified\n";
        assert_eq!(said(1, text), Ok(Answer::Refused("Invalid partition name specified.".to_owned())));
        // Written from memory, not recorded: a cluster without accounting refuses no account.
        let text = "sbatch: error: Batch job submission failed: Invalid account or account/partition combination \
                    specified\n";
        let words = "Invalid account or account/partition combination specified.";
        assert_eq!(said(1, text), Ok(Answer::Refused(words.to_owned())));
        let text = "sbatch: error: AssocMaxSubmitJobLimit\nsbatch: error: Batch job submission failed: Job violates \
                    accounting/QOS policy (job submit limit, user's size and/or time limits)\n";
        let words = "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits).";
        assert_eq!(said(1, text), Ok(Answer::Refused(words.to_owned())));
        assert_eq!(said(1, ""), Ok(Answer::Refused("it gave no reason.".to_owned())));
    }
}

//! How a job ended, in a sentence with a way out.

use super::jobs::{LAUNCH_ERROR, Record, first_word};

/// Written by the job's script when Slurm said that the time limit is near.
pub(super) const NEAR_LIMIT: &str = "Slurm's time limit was near, so the run was stopped with a checkpoint. Retry goes \
                                     on from there; a longer time on the target lets it come further at once.";

/// The job was asked to stop, and Slurm does not say why yet.
pub(super) const CANCELLED: &str = "The job was cancelled in Slurm, or another one with a higher priority took its nodes. \
                                    Retry goes on from the last checkpoint.";

/// Why a job ended, where that is more than its exit code.
pub(super) fn in_words(record: &Record) -> Option<String> {
    let words = match first_word(&record.state) {
        "TIMEOUT" => {
            "Slurm ended the job at its time limit. Retry goes on from the last checkpoint; set a longer time on the \
             target."
        }
        "OUT_OF_MEMORY" => {
            "Slurm ended the job because it took more memory than it asked for. Ask for more memory on the target, or \
             lower the batch size."
        }
        "NODE_FAIL" => {
            "A node of the job failed or lost its network. Retry goes on from the last checkpoint, and sends the run's \
             tokens again."
        }
        "PREEMPTED" => {
            "A job with a higher priority took the nodes. Retry goes on from the last checkpoint; --requeue among the \
             target's further options lets Slurm start it again by itself."
        }
        "CANCELLED" => return Some(cancelled(&record.state)),
        "BOOT_FAIL" => "A node of the job could not be started. Retry starts it anew.",
        "DEADLINE" => "The job's deadline passed. Set a later one on the target, then retry.",
        "REVOKED" => "Another cluster of the federation took the job, which is not supported.",
        "FAILED" if record.signal == LAUNCH_ERROR => {
            "The run's folder is not visible on the node where the job started. Choose a folder on the target that \
             all nodes share."
        }
        "FAILED" if record.reason == "BadConstraints" => {
            "No node has what the job asks for. Change the target's options, then retry."
        }
        "FAILED" if record.exit == Some(-9) => {
            "The job was killed. Too little memory is the commonest cause: ask for more memory on the target."
        }
        "FAILED"
            if matches!(record.reason.as_str(), "JobLaunchFailure" | "RaisedSignal")
                && record.exit.is_none() =>
        {
            "Slurm could not start the job on its node. Retry starts it anew."
        }
        _ => return None,
    };
    Some(words.to_owned())
}

/// Accounting says which user cancelled a job, by number.
fn cancelled(state: &str) -> String {
    let by = state
        .split_once(" by ")
        .map_or(String::new(), |(_, user)| format!(" by the user with the number {user}"));
    format!("The job was cancelled in Slurm{by}. Retry submits it again.")
}

#[cfg(test)]
mod tests {
    use super::super::jobs::{Stage, parse_account, parse_record, stage};
    use super::*;

    #[test]
    fn every_end_but_that_by_an_exit_code_has_a_sentence() {
        let ends = [
            "TIMEOUT",
            "NODE_FAIL",
            "PREEMPTED",
            "OUT_OF_MEMORY",
            "BOOT_FAIL",
            "DEADLINE",
            "REVOKED",
            "CANCELLED",
        ];
        for state in ends {
            assert_eq!(stage(state), Stage::Over);
            let record = Record { state: state.to_owned(), ..Record::default() };
            assert!(in_words(&record).unwrap().contains(". ") || state == "REVOKED", "{state}");
        }
        let failed = parse_account("7|FAILED|7:0|NonZeroExitCode\n").unwrap();
        assert_eq!((failed.exit, in_words(&failed)), (Some(7), None));
    }

    #[test]
    fn a_folder_that_the_node_does_not_have_is_said() {
        let line = "JobId=3 JobName=x JobState=FAILED Reason=JobLaunchFailure Dependency=(null) ExitCode=0:53 RunTime=0";
        let record = parse_record(line).unwrap();
        assert_eq!(record.exit, None);
        assert!(in_words(&record).unwrap().starts_with("The run's folder is not visible"));
    }

    #[test]
    fn who_cancelled_is_said_where_accounting_knows() {
        let record = parse_account("9|CANCELLED by 1000|0:15|None").unwrap();
        assert!(in_words(&record).unwrap().contains("the user with the number 1000"));
    }
}

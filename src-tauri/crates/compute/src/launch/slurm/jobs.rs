//! The lists of jobs that `squeue`, `scontrol` and `sacct` print, in the forms that all versions since 19.05 share.

use std::collections::HashMap;

/// The fields of a job in [`parse_queue`], for `squeue -o`.
pub(super) const QUEUE_FORMAT: &str = "%i|%T|%r|%S|%P|%j";

/// The fields of a job in [`parse_places`].
pub(super) const PLACES_FORMAT: &str = "%i|%P";

/// The fields of a job in [`parse_account`], for `sacct -o`.
pub(super) const ACCOUNT_FORMAT: &str = "JobID,State,ExitCode,Reason";

/// The stage of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It is not running, and will be.
    Queued,
    /// It has its nodes.
    Running,
    /// It is over.
    Over,
    /// A state that is not known here. The job is taken for one that is not over.
    Unknown,
}

/// What the stage of a state is, by its long name.
pub(super) fn stage(state: &str) -> Stage {
    match first_word(state) {
        "PENDING" | "CONFIGURING" | "REQUEUED" | "REQUEUE_FED" | "REQUEUE_HOLD" | "RESV_DEL_HOLD"
        | "SPECIAL_EXIT" | "SUSPENDED" => Stage::Queued,
        "RUNNING" | "COMPLETING" | "STOPPED" | "RESIZING" | "SIGNALING" | "STAGE_OUT" => Stage::Running,
        "COMPLETED" | "FAILED" | "CANCELLED" | "TIMEOUT" | "NODE_FAIL" | "PREEMPTED" | "OUT_OF_MEMORY"
        | "BOOT_FAIL" | "DEADLINE" | "REVOKED" => Stage::Over,
        _ => Stage::Unknown,
    }
}

/// `CANCELLED by 1000` and `CANCELLED+` are forms of `CANCELLED`.
pub(super) fn first_word(state: &str) -> &str {
    state.split([' ', '+']).next().unwrap_or(state)
}

/// A job in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Queued {
    pub(super) id: String,
    pub(super) state: String,
    pub(super) reason: String,
    /// When it started or will probably start: RFC 3339.
    pub(super) start: Option<String>,
    pub(super) partition: String,
}

/// The jobs of a queue, by name. `squeue` has to run in the time zone UTC. Other lines are left out.
pub(super) fn parse_queue(text: &str) -> HashMap<String, Queued> {
    let mut jobs = HashMap::new();
    for line in text.lines() {
        let mut fields = line.splitn(6, '|').map(str::trim);
        let mut next = || fields.next().map(str::to_owned);
        let (Some(id), Some(state), Some(reason), Some(start), Some(partition), Some(name)) =
            (next(), next(), next(), next(), next(), next())
        else {
            continue;
        };
        let start = start.starts_with(|first: char| first.is_ascii_digit()).then(|| format!("{start}Z"));
        let job = Queued { id, state, reason, start, partition };
        // Of two jobs of a name, which only a lost answer leaves, the one that is not over counts.
        if jobs.get(&name).is_none_or(|known: &Queued| stage(&known.state) == Stage::Over) {
            jobs.insert(name, job);
        }
    }
    jobs
}

/// The places of the jobs that wait, from 1, each in its partition. The lines come in the order of the queue.
pub(super) fn parse_places(text: &str) -> HashMap<String, u32> {
    let mut next: HashMap<&str, u32> = HashMap::new();
    let mut places = HashMap::new();
    for (id, partition) in text.lines().filter_map(|line| line.trim().split_once('|')) {
        let place = next.entry(partition).or_insert(0);
        *place += 1;
        places.entry(id.to_owned()).or_insert(*place);
    }
    places
}

/// What Slurm's records say of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) state: String,
    pub(super) reason: String,
    /// The exit code of the script, or the negative signal that ended it; none unless the script came to its own end.
    pub(super) exit: Option<i32>,
    /// The second part of `ExitCode`, which Slurm also uses for errors of its own.
    pub(super) signal: i32,
}

/// A job as `scontrol show job -o` prints it. The line is not quoted, so that only values without blanks can be read.
pub(super) fn parse_record(text: &str) -> Option<Record> {
    let line = text.lines().find(|line| line.contains("JobState="))?;
    let field = |key: &str| {
        let start = line.match_indices(key).find(|(at, _)| *at == 0 || line[..*at].ends_with(' '))?.0;
        line[start + key.len()..].split_whitespace().next()
    };
    Some(record(field("JobState=")?, field("Reason=").unwrap_or(""), field("ExitCode=").unwrap_or("")))
}

/// The last entry of a job as `sacct -n -P -X -o` prints it with [`ACCOUNT_FORMAT`]. A job that was requeued has several.
pub(super) fn parse_account(text: &str) -> Option<Record> {
    let line = text.lines().rfind(|line| !line.trim().is_empty())?;
    let mut fields = line.splitn(4, '|').skip(1);
    let (state, exit) = (fields.next()?, fields.next().unwrap_or(""));
    Some(record(state, fields.next().unwrap_or(""), exit))
}

fn record(state: &str, reason: &str, exit: &str) -> Record {
    let numbers = exit
        .split_once(':')
        .and_then(|(code, signal)| Some((code.parse::<i32>().ok()?, signal.parse::<i32>().ok()?)));
    let (exit, signal) = match numbers {
        // Slurm's own errors are above the signals of a system.
        Some((0, signal @ 1..=64)) if signal != LAUNCH_ERROR => (Some(-signal), signal),
        Some((code, signal)) => (Some(exit_of_shell(code)), signal),
        None => (None, 0),
    };
    // A job that was cancelled before it started has the code 0.
    let worked = matches!(first_word(state.trim()), "COMPLETED" | "FAILED") && signal != LAUNCH_ERROR;
    let exit = exit.filter(|_| worked);
    Record { state: state.trim().to_owned(), reason: reason.trim().to_owned(), exit, signal }
}

/// The exit code behind one that a shell passed on, which adds 128 to the number of a signal; negative for a signal.
pub(super) const fn exit_of_shell(code: i32) -> i32 {
    if code > 128 { 128 - code } else { code }
}

/// In place of a signal: the job's folder or log could not be opened on the node.
pub(super) const LAUNCH_ERROR: i32 = 53;

#[cfg(test)]
mod tests {
    use super::*;

    // The outputs of 22.05 were recorded. Those of other versions are made by hand after their manuals, as these versions
    // could not be installed.

    #[test]
    fn the_queue_is_read_whatever_a_name_or_a_reason_holds() {
        let text = "12|PENDING|Resources|2026-11-28T23:24:40|debug|fts-a-1\n\
                    13|PENDING|(ReqNodeNotAvail, UnavailableNodes:n[1-2])|N/A|debug,long|fts-b-1\n\
                    14|COMPLETING|None|2026-11-28T20:00:00|debug|fts-c|1\n\
                    noise of a login shell\n";
        let jobs = parse_queue(text);
        assert_eq!(jobs.len(), 3);
        assert_eq!(jobs["fts-a-1"].start.as_deref(), Some("2026-11-28T23:24:40Z"));
        assert_eq!(
            (jobs["fts-b-1"].start.as_deref(), jobs["fts-b-1"].partition.as_str()),
            (None, "debug,long")
        );
        assert_eq!(stage(&jobs["fts-c|1"].state), Stage::Running);
    }

    #[test]
    fn of_two_jobs_of_a_name_the_one_that_is_not_over_counts() {
        let (over, alive) =
            ("7|CANCELLED|None|N/A|p|fts-a-1", "8|RUNNING|None|2026-01-01T00:00:00|p|fts-a-1");
        for text in [format!("{over}\n{alive}\n"), format!("{alive}\n{over}\n")] {
            assert_eq!(parse_queue(&text)["fts-a-1"].id, "8");
        }
    }

    #[test]
    fn places_are_counted_in_each_partition() {
        let places = parse_places("5|long\n9_[1-40]|short\n7|short\n8|long\n");
        assert_eq!([places["5"], places["9_[1-40]"], places["7"], places["8"]], [1, 1, 2, 2]);
    }

    #[test]
    fn records_of_all_versions_are_read() {
        let line = |state: &str, reason: &str, exit: &str| {
            format!(
                "JobId=7 JobName=fts-a-1 UserId=ada(1000) JobState={state} Reason={reason} Dependency=(null) Requeue=0 \
                 Restarts=0 BatchFlag=1 ExitCode={exit} DerivedExitCode=0:0 Comment=JobState=RUNNING x"
            )
        };
        // 22.05; from 23.02 on FailedNode stands between, from 24.05 on a state may have a flag behind it.
        let cases = [
            (line("FAILED", "NonZeroExitCode", "7:0"), "FAILED", Some(7)),
            (line("FAILED", "RaisedSignal:9(Killed)", "0:9"), "FAILED", Some(-9)),
            (line("FAILED", "NonZeroExitCode", "137:0"), "FAILED", Some(-9)),
            (line("TIMEOUT", "TimeLimit", "0:15"), "TIMEOUT", None),
            (line("CANCELLED", "None", "0:0"), "CANCELLED", None),
            (line("COMPLETED", "None FailedNode=n1", "0:0"), "COMPLETED", Some(0)),
        ];
        for (text, state, exit) in cases {
            let record = parse_record(&text).unwrap();
            assert_eq!((record.state.as_str(), record.exit), (state, exit), "{text}");
        }
        assert_eq!(parse_record("slurm_load_jobs error: Invalid job id specified"), None);
    }

    #[test]
    fn accounting_is_read_by_its_last_entry() {
        // A requeued job has an entry for each start; sacct of 19.05 cuts CANCELLED with a plus sign.
        let text = "7|NODE_FAIL|1:0|NodeDown\n7|CANCELLED by 0|0:15|None\n";
        assert_eq!(first_word(&parse_account(text).unwrap().state), "CANCELLED");
        assert_eq!(stage("CANCELLED+"), Stage::Over);
        assert_eq!(parse_account("\n"), None);
    }

    #[test]
    fn a_state_that_is_not_known_is_not_an_end() {
        for state in ["EXPEDITING", "LAUNCH_FAILED", ""] {
            assert_eq!(stage(state), Stage::Unknown);
        }
    }
}

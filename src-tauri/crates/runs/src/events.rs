//! `events.jsonl`: what a worker tells, a JSON object a line.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use serde::Deserialize;
use serde_json::{Map, Value};

/// A line of `events.jsonl`. What a newer worker tells beyond this is passed over.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Told {
    /// When, in UTC.
    #[serde(default)]
    pub(super) time: Option<String>,
    #[serde(flatten)]
    pub(super) event: Event,
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Event {
    /// The worker is there.
    Started {
        #[serde(default)]
        attempt: Option<u32>,
    },
    /// What it is at.
    Status { status: String, message: Option<String> },
    /// How far training is.
    Progress { step: u64, max_steps: Option<u64>, epoch: Option<f64> },
    /// What was measured at a step.
    Metrics { step: u64, epoch: Option<f64>, values: Map<String, Value> },
    /// A checkpoint is complete.
    Checkpoint { step: u64 },
    /// What it runs on.
    Facts(Map<String, Value>),
    /// Where it is tracked.
    Mlflow { uri: Option<String>, experiment_id: Option<String>, run_id: Option<String>, job: Option<String> },
    /// Something to know.
    Message { level: Option<String>, text: String },
    /// How far the evaluation of a combination is.
    Combination { job: String, status: Option<String>, done: Option<u64>, total: Option<u64> },
    /// What came out for a combination.
    Result { job: String, metrics: Map<String, Value> },
    /// The last word of an attempt.
    Ended { status: EndStatus, message: Option<String>, hint: Option<String>, adapter: Option<String> },
}

/// How an attempt ended by its own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EndStatus {
    Succeeded,
    Failed,
    Stopped,
}

/// A line longer than this is no event; a worker that lost its head must not fill our memory.
const LONGEST_LINE: u64 = 1 << 20;

/// Reads the events after `offset` and hands them on one by one; returns where the last complete
/// line ends. Half a line is left for the next time, and what can't be parsed is passed over.
pub(super) fn read_after(path: &Path, offset: u64, mut hear: impl FnMut(Told)) -> std::io::Result<u64> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        opened => opened?,
    };
    let length = file.metadata()?.len();
    // A file that became shorter was begun anew.
    let mut at = if length < offset { 0 } else { offset };
    // Lists look at every run again and again, and most of them are over.
    if length == at {
        return Ok(at);
    }
    file.seek(SeekFrom::Start(at))?;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let (mut line, mut unfinished) = (Vec::new(), 0);
    loop {
        line.clear();
        let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? as u64;
        unfinished += read;
        if line.last() == Some(&b'\n') {
            // The end of a line that is too long is not what its whole would be.
            if unfinished == read
                && let Ok(told) = serde_json::from_slice(&line)
            {
                hear(told);
            }
            at += std::mem::take(&mut unfinished);
        } else if read < LONGEST_LINE {
            return Ok(at);
        }
    }
}

/// Ends half a line that a killed worker left, so that the next attempt begins on a line of its own.
pub fn end_half_line(path: &Path) -> std::io::Result<()> {
    let mut file = match File::options().read(true).append(true).open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last != *b"\n" { file.write_all(b"\n") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(path: &Path, offset: u64) -> (Vec<u64>, u64) {
        let mut steps = Vec::new();
        let offset = read_after(path, offset, |told| {
            if let Event::Progress { step, .. } = told.event {
                steps.push(step);
            }
        });
        (steps, offset.unwrap())
    }

    #[test]
    fn whole_lines_are_heard_once_and_half_a_line_later() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        assert_eq!(steps(&path, 0), (vec![], 0));
        let first = "{\"event\":\"progress\",\"step\":1}\nnot JSON\n{\"event\":\"of tomorrow\"}\n";
        std::fs::write(&path, format!("{first}{{\"event\":\"progress\",")).unwrap();
        let (heard, offset) = steps(&path, 0);
        assert_eq!((heard, offset), (vec![1], first.len() as u64));
        let mut file = File::options().append(true).open(&path).unwrap();
        file.write_all(b"\"step\":2}\n").unwrap();
        assert_eq!(steps(&path, offset).0, [2]);
    }

    #[test]
    fn a_line_that_never_ends_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        let long = "x".repeat(3 << 20);
        std::fs::write(&path, format!("{long}\n{{\"event\":\"progress\",\"step\":7}}\n{long}")).unwrap();
        assert_eq!(steps(&path, 0).0, [7]);
    }

    #[test]
    fn half_a_line_is_ended_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        end_half_line(&path).unwrap();
        std::fs::write(&path, "half").unwrap();
        end_half_line(&path).unwrap();
        end_half_line(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "half\n");
    }
}

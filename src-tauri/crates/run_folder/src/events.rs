//! `events.jsonl`: what a worker reports, one JSON object a line.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::export::ExportReport;

/// A line of `events.jsonl`. Events and fields of newer workers are ignored.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Entry {
    /// When it was written, in UTC (RFC 3339).
    #[serde(default)]
    pub time: Option<String>,
    #[serde(flatten)]
    pub event: Event,
}

/// An event of a worker.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    /// The worker started.
    Started {
        #[serde(default)]
        attempt: Option<u32>,
    },
    /// What the worker does now.
    Status { status: String, message: Option<String> },
    /// Training steps done.
    Progress { step: u64, max_steps: Option<u64>, epoch: Option<f64> },
    /// Measurements at a step.
    Metrics { step: u64, epoch: Option<f64>, values: Map<String, Value> },
    /// A checkpoint is complete.
    Checkpoint { step: u64 },
    /// Device, library versions, parameter counts.
    Facts(Map<String, Value>),
    /// The MLflow run.
    Mlflow { uri: Option<String>, experiment_id: Option<String>, run_id: Option<String>, job: Option<String> },
    /// A message for the user.
    Message { level: Option<String>, text: String },
    /// Progress of the evaluation of a combination, in rows.
    Combination { job: String, status: Option<String>, done: Option<u64>, total: Option<u64> },
    /// The metrics of a combination.
    Result { job: String, metrics: Map<String, Value> },
    /// How much of the present part of an export is done. `unit` is `bytes`, `tensors`, `files` or `rows`.
    Work { done: u64, total: Option<u64>, unit: String },
    /// What came of an export.
    Report { report: ExportReport },
    /// The last event of an attempt.
    Ended {
        status: EndStatus,
        message: Option<String>,
        hint: Option<String>,
        adapter: Option<String>,
        #[serde(default)]
        model: Option<String>,
        #[serde(default)]
        output: Option<String>,
    },
}

/// How the worker says that an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndStatus {
    /// All is done.
    Succeeded,
    /// Something failed; the message says what.
    Failed,
    /// It was asked to stop.
    Stopped,
}

/// Longer lines are skipped, so that a faulty worker can't fill the memory. In bytes.
const LONGEST_LINE: u64 = 1 << 20;

/// Calls `each` for every event after the byte `offset` and returns where the last complete line
/// ends. An incomplete line is left for the next call; lines that can't be parsed are skipped.
pub(crate) fn read_after(path: &Path, offset: u64, mut each: impl FnMut(Entry)) -> std::io::Result<u64> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        opened => opened?,
    };
    let length = file.metadata()?.len();
    // A file that became shorter was replaced.
    let mut at = if length < offset { 0 } else { offset };
    // A list of runs calls this for every run, and most of them have ended.
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
            // The end of a line that is too long is no event.
            if unfinished == read
                && let Ok(entry) = serde_json::from_slice(&line)
            {
                each(entry);
            }
            at += std::mem::take(&mut unfinished);
        } else if read < LONGEST_LINE {
            return Ok(at);
        }
    }
}

/// Ends the incomplete line that a killed worker left, so that the next attempt starts a new line.
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
        let offset = read_after(path, offset, |entry| {
            if let Event::Progress { step, .. } = entry.event {
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
        let (read, offset) = steps(&path, 0);
        assert_eq!((read, offset), (vec![1], first.len() as u64));
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

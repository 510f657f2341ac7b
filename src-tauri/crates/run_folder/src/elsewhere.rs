//! `elsewhere.json`: how far a run on a compute target is, as the program knows it that looks after the run's
//! copy here. Every other program reads it.

use platform::AtomicFile;
use schema::{Error, Result, text_enum};
use serde::{Deserialize, Serialize};

use crate::folder::RunFolder;

text_enum! {
    /// How far a run on a compute target is.
    pub enum Phase {
        /// Its job, its rows and what else it needs are sent there.
        Sending = "sending", "Sending";
        /// Its worker is being started there. From here on it may run.
        Starting = "starting", "Starting";
        /// It is in the queue there.
        Waiting = "waiting", "Waiting";
        /// Its worker runs there.
        Running = "running", "Running";
        /// Its worker has ended, and its results are brought here.
        Fetching = "fetching", "Fetching results";
        /// Everything of it is here that will be.
        Done = "done", "Done";
    }
}

/// How far a run on a compute target is. Times are in UTC, by the clock of this machine unless stated otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Elsewhere {
    /// The id of the target.
    pub target: String,
    /// Its name when the run was sent.
    pub name: String,
    /// Its host.
    pub host: String,
    /// The attempt that this is about, from 1.
    pub attempt: u32,
    /// How far it is.
    pub phase: Phase,
    /// How the worker is found again.
    #[serde(default)]
    pub handle: Option<String>,
    /// The id of the job that carries it out on a workbench, by which others find it there.
    #[serde(default)]
    pub job: Option<String>,
    /// Why it waits, in words.
    #[serde(default)]
    pub reason: Option<String>,
    /// Its place in the queue there, from 1.
    #[serde(default)]
    pub place: Option<u32>,
    /// When it will probably start, by the clock there.
    #[serde(default)]
    pub starts_at: Option<String>,
    /// Since when there is no answer from the target. The run may go on.
    #[serde(default)]
    pub unreachable_since: Option<String>,
    /// What is in the way, in a sentence.
    #[serde(default)]
    pub unreachable_why: Option<String>,
    /// Bytes that lie there of what is sent.
    #[serde(default)]
    pub sent: u64,
    /// Bytes to send in all; 0 until they are counted.
    #[serde(default)]
    pub to_send: u64,
    /// Bytes of the results that are here.
    #[serde(default)]
    pub fetched: u64,
    /// Bytes of the results in all; 0 until they are counted.
    #[serde(default)]
    pub to_fetch: u64,
    /// When the worker there was asked to stop; none while a wish to stop is not delivered.
    #[serde(default)]
    pub stop_delivered: Option<String>,
    /// Why its worker ended without saying so itself, in a sentence of the target.
    #[serde(default)]
    pub ended: Option<String>,
    /// The folder there with results that are not here; none where there are none.
    #[serde(default)]
    pub left_there: Option<String>,
    /// Whether what earlier attempts wrote at another place is sent with it: events, log, checkpoints, answers.
    #[serde(default)]
    pub sends_history: bool,
}

impl Elsewhere {
    /// A run whose sending begins.
    pub fn new(target: &str, name: &str, host: &str, attempt: u32) -> Self {
        Self {
            target: target.to_owned(),
            name: name.to_owned(),
            host: host.to_owned(),
            attempt,
            phase: Phase::Sending,
            handle: None,
            job: None,
            reason: None,
            place: None,
            starts_at: None,
            unreachable_since: None,
            unreachable_why: None,
            sent: 0,
            to_send: 0,
            fetched: 0,
            to_fetch: 0,
            stop_delivered: None,
            ended: None,
            left_there: None,
            sends_history: false,
        }
    }

    /// How far a run is; none where none was sent, or what is said of it can't be read.
    pub fn read(folder: &RunFolder) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(folder.elsewhere()).ok()?).ok()
    }

    /// Forgets it: what was there is here, or nowhere.
    pub fn remove(folder: &RunFolder) -> Result<()> {
        let path = folder.elsewhere();
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::file("delete", &path, &error))
            }
            _ => Ok(()),
        }
    }

    /// Writes it by one rename.
    pub fn write(&self, folder: &RunFolder) -> Result<()> {
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::internal("writing how far a run is", &error))?;
        AtomicFile::write_all(&folder.elsewhere(), &text)
    }

    /// What is happening, as a sentence; none while its worker works and is reached, which then says it itself.
    pub fn beside_worker(&self) -> Option<String> {
        let works = self.phase == Phase::Running && self.unreachable_since.is_none();
        (!works).then(|| self.message())
    }

    /// What is happening, as a sentence.
    pub fn message(&self) -> String {
        let name = &self.name;
        let doing = match self.phase {
            Phase::Sending if self.to_send > 0 => {
                format!("Sending to {name}: {}", part(self.sent, self.to_send))
            }
            Phase::Sending => format!("Sending to {name}"),
            Phase::Starting => format!("Starting on {name}"),
            Phase::Waiting => match (&self.reason, self.place) {
                (Some(reason), _) => format!("Waiting on {name}: {reason}"),
                (None, Some(place)) => format!("Waiting on {name}, place {place} in its queue"),
                (None, None) => format!("Waiting in the queue of {name}"),
            },
            Phase::Running => format!("Running on {name}"),
            Phase::Fetching if self.to_fetch > 0 => {
                format!("Fetching the results from {name}: {}", part(self.fetched, self.to_fetch))
            }
            Phase::Fetching => format!("Fetching the results from {name}"),
            Phase::Done => format!("It ran on {name}"),
        };
        match (&self.unreachable_since, &self.unreachable_why) {
            (Some(since), why) => {
                let why = why.as_deref().map(|why| format!(" {why}")).unwrap_or_default();
                format!("{doing}. {name} has not been reached since {}.{why}", minute(since))
            }
            (None, _) => doing,
        }
    }
}

/// A part of a number of bytes.
fn part(done: u64, all: u64) -> String {
    use platform::disk::format_bytes;
    format!("{} of {}", format_bytes(done), format_bytes(all))
}

/// A time up to its minute.
fn minute(time: &str) -> String {
    let utc = |time: jiff::Timestamp| time.strftime("%Y-%m-%d %H:%M UTC").to_string();
    time.parse().map_or_else(|_| time.to_owned(), utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let place = tempfile::tempdir().unwrap();
        let folder = RunFolder::new(&place.path().join("studio.db"), "run");
        assert_eq!(Elsewhere::read(&folder), None);
        folder.create().unwrap();
        let waiting = Elsewhere {
            phase: Phase::Waiting,
            reason: Some("Other jobs are before it.".to_owned()),
            place: Some(3),
            ..Elsewhere::new("id", "Box", "box", 2)
        };
        waiting.write(&folder).unwrap();
        assert_eq!(Elsewhere::read(&folder), Some(waiting));
        std::fs::write(folder.elsewhere(), "{}").unwrap();
        assert_eq!(Elsewhere::read(&folder), None);
    }

    #[test]
    fn a_target_that_is_silent_is_a_mark_beside_what_is_known() {
        let known = Elsewhere {
            phase: Phase::Sending,
            sent: 1_000_000,
            to_send: 4_000_000,
            ..Elsewhere::new("id", "Box", "box", 1)
        };
        assert_eq!(known.message(), "Sending to Box: 1 MB of 4 MB");
        let silent = Elsewhere {
            unreachable_since: Some("2026-01-01T10:42:17.123Z".to_owned()),
            unreachable_why: Some("Nothing listens on the port.".to_owned()),
            ..known
        };
        assert_eq!(
            silent.message(),
            "Sending to Box: 1 MB of 4 MB. Box has not been reached since 2026-01-01 10:42 UTC. Nothing \
             listens on the port."
        );
    }
}

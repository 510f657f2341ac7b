//! The log of an environment's making: lines of JSON for its steps and for a failure, and between them the output of
//! uv and pip.

use std::collections::VecDeque;

use platform::disk::format_bytes;
use python::{CreationStep, Downloads, EnvironmentProgress, InstallFault};
use schema::{Error, ErrorCode};
use serde::Deserialize;

use super::answer::Answer;

/// How many of the last lines are kept to explain a failure.
const LAST_LINES: usize = 40;
/// The way out where uv can't be had.
const GET_UV: &str = "Install uv there (https://docs.astral.sh/uv), or name an interpreter that has what training needs \
                      in the target's settings.";
/// The way out where the making only has to be begun again.
const AGAIN: &str = "Create the environment again. It continues where it stopped.";

/// A failure, as the program there says it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "failed", rename_all = "snake_case")]
enum Failed {
    /// Not enough bytes are free.
    Room { free: u64, needed: u64 },
    /// There is no uv, and none could be fetched.
    Uv,
    /// The virtual environment could not be created.
    Venv,
    /// The packages could not be installed.
    Packages,
    /// The environment does not start.
    Silent,
    /// It lacks packages.
    Incomplete { missing: Vec<String> },
}

/// What is known from the log, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct MakingLog {
    length: u64,
    half_line: Vec<u8>,
    downloads: Downloads,
    progress: Option<EnvironmentProgress>,
    last: VecDeque<String>,
    failed: Option<Failed>,
}

impl MakingLog {
    /// The bytes that were read.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// How far the making is; none before its first step.
    pub(super) fn progress(&self) -> Option<&EnvironmentProgress> {
        self.progress.as_ref()
    }

    /// Reads on.
    pub(super) fn read(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.half_line.extend_from_slice(bytes);
        while let Some(end) = self.half_line.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.half_line.drain(..=end).collect();
            self.read_line(String::from_utf8_lossy(&line).trim_end());
        }
    }

    fn read_line(&mut self, line: &str) {
        if let Ok(step) = serde_json::from_str::<CreationStep>(line) {
            if step == CreationStep::Looking {
                // Another attempt begins.
                *self = Self {
                    length: self.length,
                    half_line: std::mem::take(&mut self.half_line),
                    ..Self::default()
                };
            }
            self.progress = Some(EnvironmentProgress::step(step.doing()));
            self.last.clear();
        } else if let Ok(failed) = serde_json::from_str(line) {
            self.failed = Some(failed);
        } else if !line.is_empty() {
            if let Some(progress) = self.downloads.read_line(line) {
                self.progress = Some(progress);
            }
            self.last.push_back(line.to_owned());
            if self.last.len() > LAST_LINES {
                self.last.pop_front();
            }
        }
    }

    /// Why the making ended before it was done.
    pub(super) fn end(&self, answer: &Answer, host: &str) -> Error {
        let error = |code, message: String, hint: &str| Error::new(code, message).hint(hint);
        let Some(failed) = &self.failed else {
            let why = if answer.stopped {
                "was stopped"
            } else if answer.making.rebooted {
                "ended when the machine was restarted"
            } else {
                "was ended from outside"
            };
            return error(
                ErrorCode::Conflict,
                format!("The making of the environment on {host} {why}."),
                AGAIN,
            );
        };
        match failed {
            Failed::Room { free, needed } => error(
                ErrorCode::File,
                format!(
                    "The environment needs {} in {}, and only {} are free there.",
                    format_bytes(*needed),
                    answer.folder,
                    format_bytes(*free)
                ),
                "Free some space there, or name a folder on another disk in the target's settings.",
            ),
            Failed::Uv => error(
                ErrorCode::NoPython,
                self.fault().message(&format!("There is no uv on {host}, and pip there could not fetch it")),
                GET_UV,
            ),
            Failed::Venv => self.of_installer("The environment could not be created"),
            Failed::Packages => self.of_installer("The packages could not be installed"),
            Failed::Silent => error(
                ErrorCode::NoPython,
                format!("The environment on {host} was made, but its Python does not start."),
                "Name an interpreter that has what training needs in the target's settings.",
            ),
            Failed::Incomplete { missing } => error(
                ErrorCode::NoPython,
                format!("The environment on {host} was made, but lacks {}.", missing.join(", ")),
                AGAIN,
            ),
        }
    }

    fn of_installer(&self, what: &str) -> Error {
        let fault = self.fault();
        let (code, hint) = match fault {
            InstallFault::Full => (
                ErrorCode::File,
                "Free some space there, or raise the quota, then create the environment again. It continues where it \
                 stopped.",
            ),
            InstallFault::Offline => {
                (ErrorCode::Unreachable, "Unset UV_OFFLINE there, then create the environment again.")
            }
            InstallFault::Unreachable => (
                ErrorCode::Unreachable,
                "Check the network of that machine. A mirror or proxy is set there, with UV_DEFAULT_INDEX or HTTPS_PROXY \
                 in its profile or in the lines before Python. Then create the environment again; it continues where it \
                 stopped.",
            ),
            InstallFault::Other(_) => (ErrorCode::File, AGAIN),
        };
        Error::new(code, fault.message(what)).hint(hint)
    }

    fn fault(&self) -> InstallFault {
        InstallFault::of(&self.last.iter().cloned().collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "Welcome!\n{\"step\": \"looking\"}\n{\"step\": \"creating\", \"python\": \"3.11.7\"}\n\
                       {\"step\": \"resolving\"}\nDownloading torch (883.1MiB)\nerror: connection refused\n\
                       {\"failed\": \"packages\"}\n";

    fn failed(log: &MakingLog) -> (String, Option<Failed>) {
        (log.progress().map(|progress| progress.doing.clone()).unwrap_or_default(), log.failed.clone())
    }

    #[test]
    fn a_log_says_the_same_wherever_it_was_cut() {
        for cut in 0..=LOG.len() {
            let mut log = MakingLog::default();
            log.read(&LOG.as_bytes()[..cut]);
            log.read(&LOG.as_bytes()[cut..]);
            assert_eq!(log.length(), LOG.len() as u64);
            assert_eq!(
                failed(&log),
                ("Downloading torch".to_owned(), Some(Failed::Packages)),
                "cut at {cut}"
            );
            assert_eq!(log.fault(), InstallFault::Unreachable);
        }
    }

    #[test]
    fn another_attempt_begins_without_the_failure_of_the_one_before() {
        let mut log = MakingLog::default();
        log.read(LOG.as_bytes());
        log.read(b"{\"step\": \"looking\"}\n");
        assert_eq!(failed(&log), ("Looking for Python and uv".to_owned(), None));
    }
}

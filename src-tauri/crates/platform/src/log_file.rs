//! The program's own log: one file for each program in the platform's folder for logs, bounded in
//! size, without secrets. `RUST_LOG` sets what is logged, for example `RUST_LOG=studio=debug`.

use std::{
    env, fs,
    io::{self, Write},
    panic,
    path::{Path, PathBuf},
    sync::Mutex,
};

use schema::{Error, Result};
use tracing_rolling_file::{RollingConditionBase, RollingFileAppenderBase};
use tracing_subscriber::{
    EnvFilter, Layer as _, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::{folders, secrets::scrubbed};

/// A file of this size in bytes is renamed and a new one is begun.
const LARGEST_FILE: u64 = 2 << 20;
/// How many renamed files are kept beside the current one.
const OLD_FILES: usize = 4;
/// What is logged if `RUST_LOG` is not set.
const DEFAULT_FILTER: &str = "info";

/// A program that writes a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The window. It also logs to standard error, which is visible if it was started in a terminal.
    Window,
    /// The command line. Its standard error belongs to its own messages: events are written there
    /// only if `RUST_LOG` is set.
    CommandLine,
}

impl Program {
    fn file_name(self) -> &'static str {
        match self {
            Self::Window => "window.log",
            Self::CommandLine => "fts.log",
        }
    }
}

/// Starts the log of this process. If the file can't be written, the process continues without it, and
/// errors don't refer to it.
pub fn start(program: Program) {
    let requested = env::var_os("RUST_LOG").is_some_and(|value| !value.is_empty());
    let filter = || match EnvFilter::try_from_default_env() {
        Ok(filter) if requested => filter,
        _ => EnvFilter::new(DEFAULT_FILTER),
    };
    let path = folder().map(|folder| folder.join(program.file_name()));
    let file = path.and_then(|path| match rolling(&path, LARGEST_FILE, OLD_FILES) {
        Ok(file) => {
            schema::set_log(path);
            Some(file)
        }
        Err(_) => None,
    });
    let file = file.map(|file| {
        fmt::layer().with_ansi(false).with_writer(Mutex::new(Scrubbed(file))).with_filter(filter())
    });
    let to_terminal = requested || program == Program::Window;
    let terminal =
        to_terminal.then(|| fmt::layer().with_writer(|| Scrubbed(io::stderr())).with_filter(filter()));
    // Fails only if the process already logs elsewhere, as a test may.
    let _ = tracing_subscriber::registry().with(file).with(terminal).try_init();

    let default_hook = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        tracing::error!("{panic}");
        default_hook(panic);
    }));
}

/// The file that this process logs to, once [`start`] has opened it.
pub fn path() -> Option<&'static Path> {
    schema::log()
}

/// The last lines of the file that this process logs to, once [`start`] has opened it. Without secrets, and
/// with `~` in place of the person's folder.
///
/// # Errors
///
/// The file can't be read.
pub fn last_lines(count: usize) -> Result<String> {
    let Some(path) = path() else { return Ok(String::new()) };
    last_lines_of(path, count)
}

fn last_lines_of(path: &Path, count: usize) -> Result<String> {
    let bytes = fs::read(path).map_err(|error| Error::file("read", path, &error))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines: Vec<&str> = text.lines().rev().take(count).collect();
    lines.reverse();
    // Again, as what is secret may be known only now.
    Ok(without_home(&scrubbed(&lines.join("\n"))))
}

/// The text with `~` in place of the person's folder, whose name is often theirs.
pub fn without_home(text: &str) -> String {
    match folders::home() {
        Some(home) if home.parent().is_some() => text.replace(&*home.to_string_lossy(), "~"),
        _ => text.to_owned(),
    }
}

/// The folder of the log files, whether or not it exists. `None` where the platform names none.
pub fn folder() -> Option<PathBuf> {
    folders::logs()
}

/// A file that is renamed to `path.1` at `bytes`, then to `path.2` and so on up to `path.{old}`.
fn rolling(path: &Path, bytes: u64, old: usize) -> io::Result<RollingFileAppenderBase> {
    if path.to_str().is_none() {
        // The library takes its path as text.
        return Err(io::ErrorKind::InvalidFilename.into());
    }
    RollingFileAppenderBase::new(path, RollingConditionBase::new().max_size(bytes), old)
}

/// Writes events without secrets. Each event arrives in one call and is flushed at once, so that
/// lines of several processes don't mix and none is lost at exit.
struct Scrubbed<W>(W);

impl<W: Write> Write for Scrubbed<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.0.write_all(scrubbed(&String::from_utf8_lossy(event)).as_bytes())?;
        self.0.flush()?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logging(path: &Path, bytes: u64, old: usize, events: impl FnOnce()) {
        let file = Mutex::new(Scrubbed(rolling(path, bytes, old).unwrap()));
        let layer = fmt::layer().with_ansi(false).with_writer(file);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), events);
    }

    #[test]
    fn the_files_are_bounded_in_number_and_size_and_the_last_event_is_in_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/fts.log");
        logging(&path, 1_000, 2, || {
            for number in 0..500 {
                tracing::info!("event {number}");
            }
        });
        let sizes: Vec<u64> = fs::read_dir(path.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().len())
            .collect();
        assert_eq!(sizes.len(), 3, "the current file and two old ones");
        assert!(sizes.iter().all(|size| *size < 1_200), "{sizes:?}");
        assert!(fs::read_to_string(path).unwrap().ends_with("event 499\n"));
    }

    #[test]
    fn secrets_do_not_reach_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fts.log");
        let token = format!("hf_{}", "aB3".repeat(12));
        logging(&path, 1_000, 1, || tracing::warn!(%token, "GET https://ada:pass@host/ failed"));
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains("https://[secret]@host/") && text.contains("token=[secret]"), "{text}");
        assert!(!text.contains("pass") && !text.contains(&token), "{text}");
    }
    #[test]
    fn the_last_lines_are_without_secrets_and_the_name_of_the_folder_of_the_person() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("window.log");
        let home = folders::home().unwrap();
        let token = format!("hf_{}", "aB3".repeat(12));
        let last = format!("read {}/rows.csv with {token}\n", home.display());
        fs::write(&path, format!("first\nsecond\n{last}")).unwrap();
        assert_eq!(last_lines_of(&path, 2).unwrap(), "second\nread ~/rows.csv with [secret]");
        assert_eq!(last_lines_of(&path, 9).unwrap().lines().count(), 3);
    }
}

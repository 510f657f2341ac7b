//! `log.txt`: what a worker and its libraries print.

use std::{
    fs::File,
    io::{ErrorKind, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use schema::{Error, Result};
use serde::Serialize;

use crate::progress::shortened;
use platform::scrubbed;

/// A part of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LogPart {
    /// The text; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// The byte it starts at.
    pub start: u64,
    /// The byte after it: where to read on.
    pub end: u64,
    /// The size of the whole log in bytes.
    pub size: u64,
}

/// The longest part that is returned, in bytes.
const LONGEST_PART: u64 = 1 << 20;
/// How many bytes of the end are searched for the last line.
const TAIL: u64 = 4 << 10;

/// Reads up to `limit` bytes from `from` on, or the last ones. A part starts and ends with a whole
/// line where possible. Secrets are replaced by `[secret]`; the worker does
/// the same for what passes through it.
pub fn part(path: &Path, from: Option<u64>, limit: u64) -> Result<LogPart> {
    let failed = |error: std::io::Error| Error::file("read", path, &error);
    let limit = limit.clamp(1, LONGEST_PART);
    let mut file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(LogPart { text: String::new(), start: 0, end: 0, size: 0 });
        }
        opened => opened.map_err(failed)?,
    };
    let size = file.metadata().map_err(failed)?.len();
    let mut start = from.unwrap_or(size.saturating_sub(limit)).min(size);
    file.seek(SeekFrom::Start(start)).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    // The tail of a long log starts within a line.
    if from.is_none()
        && start > 0
        && let Some(line) = bytes.iter().position(|byte| *byte == b'\n')
    {
        bytes.drain(..=line);
        start += line as u64 + 1;
    }
    let reached_end = start + bytes.len() as u64 >= size;
    if !reached_end && let Some(line) = bytes.iter().rposition(|byte| *byte == b'\n') {
        bytes.truncate(line + 1);
    }
    let end = start + bytes.len() as u64;
    Ok(LogPart { text: scrubbed(&String::from_utf8_lossy(&bytes)), start, end, size })
}

/// The last line that is not blank.
pub fn last_line(path: &Path) -> Option<String> {
    let text = part(path, None, TAIL).ok()?.text;
    text.lines().rev().map(str::trim).find(|line| !line.is_empty()).map(|line| shortened(line, 300))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_in_whole_lines_and_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.txt");
        assert_eq!(part(&path, None, 10).unwrap().size, 0);
        std::fs::write(&path, "one\ntwo\nthree\nfo").unwrap();
        let tail = part(&path, None, 10).unwrap();
        assert_eq!((tail.text.as_str(), tail.start, tail.end), ("three\nfo", 8, 16));
        let first = part(&path, Some(0), 6).unwrap();
        assert_eq!((first.text.as_str(), first.end), ("one\n", 4));
        let next = part(&path, Some(first.end), 100).unwrap();
        assert_eq!((next.text.as_str(), next.end, next.size), ("two\nthree\nfo", 16, 16));
        assert_eq!(last_line(&path).unwrap(), "fo");
    }

    #[test]
    fn tokens_of_the_hub_are_replaced() {
        let token = format!("hf_{}", "aB3".repeat(12));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.txt");
        std::fs::write(&path, format!("token={token}; hf_hub is a library\n")).unwrap();
        assert_eq!(part(&path, None, 1000).unwrap().text, "token=[secret]; hf_hub is a library\n");
    }
}

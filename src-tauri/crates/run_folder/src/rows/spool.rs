//! Rendered rows in a temporary file: there may be more than memory holds, and they are written in
//! another order than they are read in.

use std::{
    fs::File,
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use platform::{AtomicFile, Progress, Work};
use schema::{Error, ErrorCode, Result};

use crate::folder::RunFolder;

/// Takes the lines of rendered rows in the order of the dataset. The lines of a row stay together.
pub(crate) struct Spool {
    file: BufWriter<File>,
    /// The byte offset at which each row ends.
    ends: Vec<u64>,
    folder: PathBuf,
}

impl Spool {
    pub(crate) fn new(folder: &RunFolder) -> Result<Self> {
        let failed = |error: io::Error| Error::file("write to", folder.path(), &error);
        let file = tempfile::tempfile_in(folder.path()).map_err(failed)?;
        Ok(Self {
            file: BufWriter::with_capacity(1 << 20, file),
            ends: Vec::new(),
            folder: folder.path().to_owned(),
        })
    }

    pub(crate) fn add(&mut self, lines: &[u8]) -> Result<()> {
        self.file.write_all(lines).map_err(|error| Error::file("write to", &self.folder, &error))?;
        self.ends.push(self.ends.last().copied().unwrap_or_default() + lines.len() as u64);
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<Spooled> {
        let failed = |error: io::Error| Error::file("write to", &self.folder, &error);
        let file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        Ok(Spooled { file, ends: self.ends })
    }
}

/// Rows between two reports of progress, at which the work can also be cancelled.
const ROWS_A_TICK: u64 = 10_000;

/// Rendered rows, readable in any order.
pub(crate) struct Spooled {
    file: File,
    ends: Vec<u64>,
}

impl Spooled {
    /// How many rows there are. Refused above 2^32 - 1, the limit of numpy's permutation here.
    pub(crate) fn rows(&self) -> Result<u32> {
        u32::try_from(self.ends.len()).map_err(|_| {
            Error::new(ErrorCode::Invalid, "The dataset has more than four thousand million rows.")
                .hint("Split it into smaller datasets.")
        })
    }

    /// Writes the rows at those indices to `target`, in that order, by one rename. Rows that are empty are
    /// left out; returns how many lines were written.
    pub(crate) fn write(&self, places: &[u32], target: &Path, work: &Work) -> Result<u64> {
        let failed = |error: io::Error| Error::file("write", target, &error);
        let mut file = AtomicFile::new(target)?;
        let mut writer = BufWriter::with_capacity(1 << 20, &mut file);
        let (mut lines, mut count) = (Vec::new(), 0);
        for (written, place) in places.iter().enumerate() {
            let place = *place as usize;
            let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
            let end = self.ends.get(place).copied().unwrap_or(start);
            lines.resize((end - start) as usize, 0);
            // Not buffered: rows are read in random order, so a buffer would be refilled for each.
            read_at(&self.file, &mut lines, start).map_err(failed)?;
            count += lines.iter().filter(|byte| **byte == b'\n').count() as u64;
            writer.write_all(&lines).map_err(failed)?;
            if written as u64 % ROWS_A_TICK == ROWS_A_TICK - 1 {
                work.tick(Progress {
                    done: written as u64,
                    total: Some(places.len() as u64),
                    rows: written as u64,
                })?;
            }
        }
        writer.flush().map_err(failed)?;
        drop(writer);
        file.commit()?;
        Ok(count)
    }
}

#[cfg(unix)]
fn read_at(file: &File, line: &mut [u8], start: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, line, start)
}

#[cfg(windows)]
fn read_at(file: &File, mut line: &mut [u8], mut start: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt as _;
    while !line.is_empty() {
        let read = file.seek_read(line, start)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        start += read as u64;
        line = line.split_at_mut(read).1;
    }
    Ok(())
}

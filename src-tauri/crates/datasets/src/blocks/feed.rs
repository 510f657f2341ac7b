//! A file handed out in blocks that begin and end with a record.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
};

use schema::{Error, Result};

use super::job::{Job, Stop};

/// A part of the file.
pub(super) struct Block<'a> {
    /// Counted from zero.
    pub(super) number: u64,
    /// The byte of the file it starts at.
    pub(super) start: u64,
    pub(super) bytes: &'a [u8],
    /// Whether it reaches to the end of the file.
    pub(super) last: bool,
}

/// The file, from some byte on.
pub(super) struct Feed {
    path: PathBuf,
    file: File,
    /// Where in some bytes that begin with a record the last one ends that surely does.
    cut: fn(&[u8]) -> Option<usize>,
    block: usize,
    number: u64,
    start: u64,
    /// What was read already of the next block.
    rest: Vec<u8>,
    ended: bool,
    hasher: blake3::Hasher,
}

/// A record longer than so many blocks is left to the slow way.
const LONGEST: usize = 16;

impl Feed {
    pub(super) fn new(job: &Job<'_>, start: u64, cut: fn(&[u8]) -> Option<usize>) -> Result<Self> {
        let failed = |error| Error::file("read", &job.file.path, &error);
        let mut file = File::open(&job.file.path).map_err(failed)?;
        let mut hasher = blake3::Hasher::new();
        // What comes before the first block counts for the hash.
        hasher.update_reader((&mut file).take(start)).map_err(failed)?;
        file.seek(SeekFrom::Start(start)).map_err(failed)?;
        Ok(Self {
            path: job.file.path.clone(),
            file,
            cut,
            block: job.block,
            number: 0,
            start,
            rest: Vec::new(),
            ended: false,
            hasher,
        })
    }

    /// The next block, in that buffer.
    pub(super) fn next<'a>(&mut self, bytes: &'a mut Vec<u8>) -> Result<Option<Block<'a>>, Stop> {
        bytes.clear();
        bytes.append(&mut self.rest);
        loop {
            if !self.ended {
                let known = bytes.len();
                let read = (&mut self.file).take(self.block as u64).read_to_end(bytes);
                let read = read.map_err(|error| Error::file("read", &self.path, &error))?;
                self.ended = read < self.block;
                self.hasher.update(bytes.get(known..).unwrap_or_default());
            }
            if self.ended {
                break;
            }
            if let Some(end) = (self.cut)(bytes) {
                self.rest.extend_from_slice(bytes.get(end..).unwrap_or_default());
                bytes.truncate(end);
                break;
            }
            if bytes.len() > self.block * LONGEST {
                return Err(Stop::Unusual);
            }
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let block = Block { number: self.number, start: self.start, bytes, last: self.ended };
        self.number += 1;
        self.start += block.bytes.len() as u64;
        Ok(Some(block))
    }

    /// BLAKE3 of all that was read, in hexadecimal digits.
    pub(super) fn hash(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }
}

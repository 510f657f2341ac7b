//! The fast way to read plain CSV and JSON Lines files: block by block, on all cores.
//!
//! Whoever is free takes the next block of the file, cut where a record ends, and notes what is in it;
//! the notes are put together in the order of the file. What comes out is exactly what reading row by
//! row finds. A file that has more to it than this way knows — other line breaks, quotes amid a field,
//! enormous records — is left to the slow way, which knows all.

mod csv;
mod feed;
mod jsonl;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    num::NonZero,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use self::feed::{Block, Feed};
use super::{
    input::Packing,
    notes::{Detail, Notes},
};
use platform::Progress;
use platform::Work;
use resources::DatasetType;
use schema::Error;
use schema::Result;

const BLOCK: usize = 1 << 20;
/// Each reader holds a block.
const MOST_READERS: usize = 8;

/// What is in the file, and its BLAKE3 in hexadecimal digits; `None` if this is a file for the slow way.
pub(crate) fn read(
    path: &Path,
    kind: DatasetType,
    bytes: u64,
    detail: Detail,
    work: &Work,
) -> Result<Option<(Notes, String)>> {
    // What is packed has no blocks that could be read each by itself.
    if Packing::of(path).is_some() {
        return Ok(None);
    }
    Job { path, bytes, block: BLOCK, detail, work }.read(kind)
}

/// A file to be read.
struct Job<'a> {
    path: &'a Path,
    /// How large it is.
    bytes: u64,
    /// How large its blocks are, mostly.
    block: usize,
    detail: Detail,
    work: &'a Work,
}

impl Job<'_> {
    fn read(&self, kind: DatasetType) -> Result<Option<(Notes, String)>> {
        let done = match kind {
            DatasetType::ProjectCsv => csv::read(self),
            DatasetType::ProjectJsonl => jsonl::read(self),
            _ => return Ok(None),
        };
        match done {
            Ok(read) => Ok(Some(read)),
            Err(Stop::Unusual) => Ok(None),
            Err(Stop::Failed(error)) => Err(error),
        }
    }
}

/// Why the fast way ends before the file does.
enum Stop {
    /// Something only the slow way knows how to read.
    Unusual,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Has all blocks read and adds what is noted of them to `notes`.
fn read_all(
    feed: Feed,
    notes: Notes,
    read: impl Fn(&Block<'_>) -> Result<Notes, Stop> + Sync,
    job: &Job<'_>,
) -> Result<(Notes, String), Stop> {
    let readers = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_READERS);
    let feed = Mutex::new(feed);
    let order = Mutex::new(Order { notes, next: 0, waiting: BTreeMap::new(), stopped: None });
    thread::scope(|scope| {
        for _ in 0..readers {
            scope.spawn(|| {
                let mut bytes = Vec::new();
                loop {
                    let taken = locked(&feed).next(&mut bytes);
                    let (number, part) = match taken {
                        Ok(None) => return,
                        Ok(Some(block)) => {
                            let part =
                                read(&block).map(|notes| (block.start + block.bytes.len() as u64, notes));
                            (block.number, part)
                        }
                        Err(stop) => (u64::MAX, Err(stop)),
                    };
                    let mut order = locked(&order);
                    order.add(number, part, job);
                    if order.stopped.is_some() {
                        return;
                    }
                }
            });
        }
    });
    let Order { notes, stopped, .. } = order.into_inner().unwrap_or_else(PoisonError::into_inner);
    match stopped {
        Some(stop) => Err(stop),
        None => Ok((notes, feed.into_inner().unwrap_or_else(PoisonError::into_inner).hash())),
    }
}

/// Puts the notes in the order of the file.
struct Order {
    notes: Notes,
    /// The number of the block whose notes come next.
    next: u64,
    /// Notes of later blocks, each with the byte that comes after its block.
    waiting: BTreeMap<u64, (u64, Notes)>,
    stopped: Option<Stop>,
}

impl Order {
    fn add(&mut self, number: u64, part: Result<(u64, Notes), Stop>, job: &Job<'_>) {
        match part {
            Ok(part) => _ = self.waiting.insert(number, part),
            Err(stop) => _ = self.stopped.get_or_insert(stop),
        }
        while let Some((done, part)) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.notes.append(part);
            let progress = Progress { done, total: Some(job.bytes), rows: self.notes.rows };
            let stop = match job.work.tick(progress) {
                Err(error) => Stop::Failed(error),
                Ok(()) if self.notes.are_crowded() => Stop::Unusual,
                Ok(()) => continue,
            };
            self.stopped.get_or_insert(stop);
        }
    }
}

/// A reader that panicked left nothing half done that the others could see.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

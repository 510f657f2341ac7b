//! The fast way to read plain CSV, JSON Lines and Parquet files: block by block, on all cores.
//!
//! Each thread takes the next block of the file, cut where a record ends, and finds what is in it; the
//! findings are put together in the order of the file. The result is exactly that of reading row by row.
//! Files with other line breaks, quotes amid a field or enormous records are left to the readers that read
//! row by row.

mod csv;
mod feed;
mod job;
mod jsonl;
mod parquet;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use self::{
    feed::{Block, Feed},
    job::{Job, Stop},
};
use super::{
    accumulator::{ScanAccumulator, ScanOptions},
    dataset_file::DatasetFile,
    source::Source,
};
use platform::Progress;
use platform::Work;
use resources::DatasetType;
use schema::Result;

const BLOCK: usize = 1 << 20;
/// Each reader holds a block.
const MOST_READERS: usize = 8;

/// What is in the file, and its BLAKE3 in hexadecimal digits; `None` if this is a file for the slow way.
pub(crate) fn read(
    file: &DatasetFile,
    kind: DatasetType,
    bytes: u64,
    options: ScanOptions,
    work: &Work,
) -> Result<Option<(ScanAccumulator, String)>> {
    Job { file, bytes, block: BLOCK, options, work }.read(kind)
}

impl Job<'_> {
    fn read(&self, kind: DatasetType) -> Result<Option<(ScanAccumulator, String)>> {
        if self.file.path.is_dir() {
            return Ok(None);
        }
        let source = Source::new(self.file);
        let form = source.form()?;
        // What is packed or in another encoding has no blocks that could be read each by itself.
        if form.kind != kind || form.refused.is_some() || !form.is_plain() {
            return Ok(None);
        }
        let done = match kind {
            DatasetType::ProjectCsv => csv::read(self),
            DatasetType::ProjectJsonl => jsonl::read(self),
            DatasetType::ProjectParquet => parquet::read(self),
            _ => return Ok(None),
        };
        match done {
            Ok((mut accumulator, hash)) => {
                accumulator.prepend_problems(&form.notes);
                Ok(Some((accumulator, hash)))
            }
            Err(Stop::Unusual) => Ok(None),
            Err(Stop::Failed(error)) => Err(error),
        }
    }
}

/// Reads all blocks and adds what is found in them to `accumulator`.
fn read_all(
    feed: Feed,
    accumulator: ScanAccumulator,
    read: impl Fn(&Block<'_>, ScanAccumulator) -> Result<ScanAccumulator, Stop> + Sync,
    job: &Job<'_>,
) -> Result<(ScanAccumulator, String), Stop> {
    let feed = Mutex::new(feed);
    let order = Mutex::new(Order::new(accumulator));
    on_all_cores(|| {
        let mut bytes = Vec::new();
        loop {
            let taken = locked(&feed).next(&mut bytes);
            let (number, part) = match taken {
                Ok(None) => return,
                Ok(Some(block)) => {
                    let empty = locked(&order).accumulator.new_block();
                    let part = read(&block, empty)
                        .map(|accumulator| (block.start + block.bytes.len() as u64, accumulator));
                    (block.number, part)
                }
                Err(stop) => (u64::MAX, Err(stop)),
            };
            if !locked(&order).add(number, part, job) {
                return;
            }
        }
    });
    let accumulator = Order::finish(order)?;
    Ok((accumulator, feed.into_inner().unwrap_or_else(PoisonError::into_inner).hash()))
}

/// Runs it on a thread for each reader.
fn on_all_cores(reader: impl Fn() + Sync) {
    let readers = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_READERS);
    thread::scope(|scope| {
        for _ in 0..readers {
            scope.spawn(&reader);
        }
    });
}

/// Puts what is found in blocks in the order of the file.
struct Order {
    accumulator: ScanAccumulator,
    /// The number of the block that comes next.
    next: u64,
    /// What was found in later blocks, each with the byte that comes after its block.
    waiting: BTreeMap<u64, (u64, ScanAccumulator)>,
    stopped: Option<Stop>,
}

impl Order {
    fn new(accumulator: ScanAccumulator) -> Self {
        Self { accumulator, next: 0, waiting: BTreeMap::new(), stopped: None }
    }

    /// What was found in all blocks.
    fn finish(order: Mutex<Self>) -> Result<ScanAccumulator, Stop> {
        let Self { accumulator, stopped, .. } = order.into_inner().unwrap_or_else(PoisonError::into_inner);
        stopped.map_or(Ok(accumulator), Err)
    }

    /// Adds what was found in a block, with the byte that comes after it. Returns whether to go on.
    fn add(&mut self, number: u64, part: Result<(u64, ScanAccumulator), Stop>, job: &Job<'_>) -> bool {
        match part {
            Ok(part) => _ = self.waiting.insert(number, part),
            Err(stop) => _ = self.stopped.get_or_insert(stop),
        }
        while let Some((done, part)) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.accumulator.append(part);
            let progress = Progress { done, total: Some(job.bytes), rows: self.accumulator.rows };
            let stop = match job.work.tick(progress) {
                Err(error) => Stop::Failed(error),
                Ok(()) if self.accumulator.has_too_many_columns() => Stop::Unusual,
                Ok(()) => continue,
            };
            self.stopped.get_or_insert(stop);
        }
        self.stopped.is_none()
    }
}

/// A reader that panicked left nothing half done that the others could see.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

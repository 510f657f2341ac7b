//! Parquet: a block is some columns of a group of rows or, to examine the rows, a batch of them.

#[cfg(test)]
mod tests;

use std::{
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use platform::Progress;
use prompts::Object;

use super::{Job, Order, ScanAccumulator, Stop, locked, on_all_cores};
use crate::{
    accumulator::Added,
    parquet::{Batch, Batches, ColumnSink, Groups, Noted, Once, Plain},
    row_event::{Record, RowEvent},
    source::Source,
};

/// A part has at least so many values, if its group has.
const VALUES: u64 = 40_000;

/// A part of the file.
struct Part {
    group: usize,
    columns: Range<usize>,
    /// How many rows come before its group.
    before: u64,
    /// How many of its rows are in no part before it.
    rows: u64,
}

pub(crate) fn read(job: &Job<'_>) -> Result<(ScanAccumulator, String), Stop> {
    let source = Source::with_hash(job.file)?;
    let groups = Groups::open(&source)?.ok_or(Stop::Unusual)?;
    let counts = groups.rows();
    let mut accumulator = ScanAccumulator::new(job.options);
    groups.warnings().into_iter().for_each(|warning| accumulator.add_problem(warning));
    if counts.iter().any(|rows| *rows > 0) {
        groups.names().for_each(|name| _ = accumulator.columns.position(name));
    }
    let accumulator = match job.options.shape {
        // What is wrong with a row shows in rows.
        Some(_) => read_rows(job, &groups, accumulator)?,
        None => read_columns(job, &groups, accumulator)?,
    };
    let progress = Progress { done: job.bytes, total: Some(job.bytes), rows: accumulator.rows };
    let hash = source.finish_hash(|| job.work.tick(progress))?.unwrap_or_default();
    Ok((accumulator, hash))
}

/// Reads the rows in batches. One thread at a time decodes a batch; meanwhile other threads examine earlier batches.
fn read_rows(
    job: &Job<'_>,
    groups: &Groups<'_>,
    accumulator: ScanAccumulator,
) -> Result<ScanAccumulator, Stop> {
    let total = groups.rows().iter().sum::<u64>().max(1);
    let (batches, order) = (Mutex::new(Batches::new(groups)), Mutex::new(Order::new(accumulator)));
    on_all_cores(|| {
        loop {
            let next = locked(&batches).next();
            let (number, read) = match next {
                Ok(None) => return,
                Ok(Some(batch)) => {
                    let block = locked(&order).accumulator.new_block();
                    let done =
                        u128::from(job.bytes) * u128::from(batch.before + batch.rows()) / u128::from(total);
                    let done = u64::try_from(done).unwrap_or(job.bytes);
                    (batch.number, examine(groups, batch, block).map(|block| (done, block)))
                }
                Err(_) => (u64::MAX, None),
            };
            // Rows that can't be read are reported by the slow way.
            if !locked(&order).add(number, read.ok_or(Stop::Unusual), job) {
                return;
            }
        }
    });
    let accumulator = Order::finish(order)?;
    if accumulator.rows == groups.rows().iter().sum::<u64>() { Ok(accumulator) } else { Err(Stop::Unusual) }
}

/// Adds the rows of a batch to a block; `None` if one can't be read.
fn examine(groups: &Groups<'_>, batch: Batch, mut block: ScanAccumulator) -> Option<ScanAccumulator> {
    let add = |row: &Object, once: Vec<Once>| {
        block.add_event(RowEvent::Row { line: None, start: 0, position: 0, record: Record::Object(row) });
        once.into_iter().for_each(|(key, warning)| block.add_once(key, warning));
    };
    batch.each_row(groups, add).ok()?;
    Some(block)
}

/// Reads the columns of each group side by side.
fn read_columns(
    job: &Job<'_>,
    groups: &Groups<'_>,
    accumulator: ScanAccumulator,
) -> Result<ScanAccumulator, Stop> {
    let parts = parts(&groups.rows(), accumulator.columns.all.len());
    let order = Mutex::new(Order::new(accumulator));
    let (next, noted) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    on_all_cores(|| {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(number) else { return };
            let block = locked(&order).accumulator.new_block_of(part.columns.clone());
            let done = u128::from(job.bytes) * (number as u128 + 1) / parts.len() as u128;
            let read = read_part(groups, part, block).map(|(block, found)| {
                locked(&noted).extend(found.into_iter().map(|noted| noted.after(part.before)));
                (u64::try_from(done).unwrap_or(job.bytes), block)
            });
            if !locked(&order).add(number as u64, read.ok_or(Stop::Unusual), job) {
                return;
            }
        }
    });
    let mut accumulator = Order::finish(order)?;
    let noted = noted.into_inner().unwrap_or_else(PoisonError::into_inner);
    groups.warnings_of(noted).into_iter().for_each(|warning| accumulator.add_problem(warning));
    Ok(accumulator)
}

/// The parts of groups of so many rows, in the order of the file.
fn parts(counts: &[u64], columns: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut before = 0;
    for (group, rows) in counts.iter().copied().enumerate().filter(|(_, rows)| *rows > 0) {
        let enough = usize::try_from(VALUES.div_ceil(rows)).unwrap_or(columns);
        let step = enough.max(columns / 64).max(1);
        let starts = (0..columns.max(1)).step_by(step);
        parts.extend(starts.map(|start| {
            let columns = start..columns.min(start + step);
            Part { group, rows: if start == 0 { rows } else { 0 }, columns, before }
        }));
        before += rows;
    }
    parts
}

/// Reads some columns; `None` if they are for the slow way.
fn read_part(
    groups: &Groups<'_>,
    part: &Part,
    mut block: ScanAccumulator,
) -> Option<(ScanAccumulator, Vec<Noted>)> {
    let places = groups.names().skip(part.columns.start).take(part.columns.len());
    let places = places.map(|name| block.columns.position(name)).collect();
    block.rows = part.rows;
    let mut values = Values { block, places };
    let noted = groups.each_value(part.group, part.columns.clone(), &mut values)?;
    Some((values.block, noted))
}

/// The values of a part as they go into its block.
struct Values {
    block: ScanAccumulator,
    /// For each of the part's columns, its place in the block.
    places: Vec<usize>,
}

impl ColumnSink for Values {
    type Found = Added;

    fn add(&mut self, column: usize, value: Plain<'_>) -> Added {
        let at = self.places.get(column).copied().unwrap_or_default();
        match value {
            Plain::Text(text) => self.block.add_plain_text(at, text),
            Plain::Whole(number) => self.block.add_whole(at, number),
            Plain::Other(value) => self.block.add_value(at, &value),
        }
    }

    fn add_again(&mut self, column: usize, added: Added, rows: u64) {
        let at = self.places.get(column).copied().unwrap_or_default();
        self.block.add_again(at, added, rows);
    }
}

//! Parquet: a block is a group of rows, read column by column.

#[cfg(test)]
mod tests;

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use platform::Progress;
use prompts::Value;

use super::{Job, Order, ScanAccumulator, Stop, locked, on_all_cores};
use crate::{
    parquet::{Groups, Noted, Plain},
    source::Source,
};

pub(crate) fn read(job: &Job<'_>) -> Result<(ScanAccumulator, String), Stop> {
    // What is wrong with a row shows in rows.
    if job.options.shape.is_some() {
        return Err(Stop::Unusual);
    }
    let source = Source::with_hash(job.file)?;
    let groups = Groups::open(&source)?.ok_or(Stop::Unusual)?;
    let rows = groups.rows();
    let total = rows.iter().sum::<u64>().max(1);
    let order = Mutex::new(Order::new(ScanAccumulator::new(job.options)));
    let (next, noted) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    on_all_cores(|| {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(before) = rows.get(..=number) else { return };
            let empty = locked(&order).accumulator.new_block();
            let done = u128::from(job.bytes) * u128::from(before.iter().sum::<u64>()) / u128::from(total);
            let part = read_group(&groups, number, empty).map(|(part, found)| {
                let before: u64 = before.iter().sum::<u64>() - part.rows;
                let found = found.into_iter().map(|noted| noted.after(before));
                locked(&noted).extend(found);
                (u64::try_from(done).unwrap_or(job.bytes), part)
            });
            if !locked(&order).add(number as u64, part, job) {
                return;
            }
        }
    });
    let mut accumulator = Order::finish(order)?;
    let noted = noted.into_inner().unwrap_or_else(PoisonError::into_inner);
    groups.warnings(noted).into_iter().for_each(|warning| accumulator.add_problem(warning));
    let progress = Progress { done: job.bytes, total: Some(job.bytes), rows: accumulator.rows };
    let hash = source.finish_hash(|| job.work.tick(progress))?.unwrap_or_default();
    Ok((accumulator, hash))
}

fn read_group(
    groups: &Groups<'_>,
    number: usize,
    mut accumulator: ScanAccumulator,
) -> Result<(ScanAccumulator, Vec<Noted>), Stop> {
    let rows = groups.rows().get(number).copied().unwrap_or_default();
    if rows == 0 {
        return Ok((accumulator, Vec::new()));
    }
    let places: Vec<usize> = groups.names().map(|name| accumulator.columns.position(name)).collect();
    let read = groups.each_value(number, |column, value| {
        let Some(at) = places.get(column).copied() else { return };
        match value {
            Plain::Text(text) if accumulator.columns.wants_samples(at) => {
                accumulator.add_value(at, &Value::String(text.to_owned()));
            }
            Plain::Text(text) => accumulator.add_json_text(at, text),
            Plain::Other(value) => accumulator.add_value(at, &value),
        }
    });
    let noted = read.ok_or(Stop::Unusual)?;
    accumulator.rows = rows;
    Ok((accumulator, noted))
}

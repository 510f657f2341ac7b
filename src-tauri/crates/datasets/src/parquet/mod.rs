//! Parquet: rows in groups, each column packed by itself. A group that comes before the wanted rows
//! is passed over unread; of the others a page of each column is in memory at a time.

mod arrow;
mod batches;
mod columns;
mod dictionary;
mod file;
mod schema;
mod values;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use ::schema::{Error, ErrorCode, Result};
use parquet::{
    errors::ParquetError,
    file::{
        metadata::FileMetaData,
        reader::{FileReader, Length as _},
        serialized_reader::SerializedFileReader,
    },
    record::reader::RowIter,
};

pub(crate) use self::batches::{Batch, Batches, Once};
pub(crate) use self::columns::{ColumnSink, Groups, Noted, Plain};
use self::{file::ParquetFile, values::Values};
use super::{
    problem::Problem,
    row_event::{Record, RowEvent, RowSink},
    source::Source,
};

/// Reads the file; groups that end within the first `skip` rows are passed over.
pub(crate) fn read(source: &Source, skip: u64, sink: &mut RowSink<'_>) -> Result<()> {
    let path = source.path();
    let file = ParquetFile::new(source.open()?).map_err(|error| Error::file("read", path, &error))?;
    let bytes = file.len();
    let reader = open(path, &file)?;
    let root = reader.metadata().file_metadata().schema();
    let twice = schema::repeated_names(root);
    if !twice.is_empty() {
        // Of two columns of one name the library reads one, twice.
        let _ = twice.into_iter().try_for_each(|problem| sink(RowEvent::Problem(problem)));
        return Ok(());
    }
    let metadata = reader.metadata().file_metadata();
    for warning in warnings(metadata) {
        if sink(RowEvent::Problem(warning)).is_break() {
            return Ok(());
        }
    }
    let groups = reader.metadata().row_groups();
    let counts: Vec<u64> =
        groups.iter().map(|group| u64::try_from(group.num_rows()).unwrap_or_default()).collect();
    let total = counts.iter().sum::<u64>().max(1);
    let mut values = Values::new(root);
    let (mut row, mut left) = (0, skip);
    for (number, count) in counts.into_iter().enumerate() {
        if count <= left {
            left -= count;
            row += count;
            if sink(RowEvent::Skipped(count)).is_break() {
                return Ok(());
            }
            continue;
        }
        left = 0;
        file.begin_group();
        let group = guarded(path, || reader.get_row_group(number))?;
        let mut rows = guarded(path, || RowIter::from_row_group(None, &*group))?;
        while let Some(next) =
            guarded(path, || rows.next().map(|row| row.map(|row| values.row(row))).transpose())?
        {
            row += 1;
            // There are no lines, and a row is no place in the file: it only says how far the reading is.
            let position =
                u64::try_from(u128::from(bytes) * u128::from(row) / u128::from(total)).unwrap_or(bytes);
            let event = RowEvent::Row { line: None, start: 0, position, record: Record::Object(&next) };
            let warnings = values.take_warnings(row);
            if sink(event).is_break()
                || warnings.into_iter().any(|warning| sink(RowEvent::Problem(warning)).is_break())
            {
                return Ok(());
            }
        }
    }
    let said = u64::try_from(metadata.num_rows()).unwrap_or_default();
    if row != said {
        let message = format!(
            "The file says that it has {said} rows, but {row} are there: it is damaged. Get a new copy of the \
             file, or write it again."
        );
        let _ = sink(RowEvent::Problem(Problem::error(None, message)));
    }
    Ok(())
}

/// What is known before any row is read.
fn warnings(metadata: &FileMetaData) -> Vec<Problem> {
    // The library panics on some schemas that are none.
    let by_arrow = catch_unwind(AssertUnwindSafe(|| arrow::warnings(metadata))).unwrap_or_default();
    schema::warnings(metadata.schema()).into_iter().chain(by_arrow).collect()
}

/// Opens the file.
fn open(path: &Path, file: &ParquetFile) -> Result<SerializedFileReader<ParquetFile>> {
    let reader = guarded(path, || SerializedFileReader::new(file.clone()))?;
    let columns = reader.metadata().row_groups().iter().flat_map(|group| group.columns());
    let chunks = columns.filter_map(|column| {
        let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        let (start, length) = (u64::try_from(start).ok()?, u64::try_from(column.compressed_size()).ok()?);
        Some((start, start.checked_add(length)?))
    });
    file.read_between(chunks.collect()).map_err(|error| Error::file("read", path, &error))?;
    Ok(reader)
}

/// Calls the library, which panics on some damaged files and on types it doesn't know.
fn guarded<T>(path: &Path, call: impl FnOnce() -> Result<T, ParquetError>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => return Ok(value),
        // The library's words are for the log.
        Ok(Err(error)) => tracing::debug!("reading {}: {error}", path.display()),
        Err(_) => tracing::debug!("reading {}: the library panicked", path.display()),
    }
    let message = format!("{} is damaged, or a Parquet file that can't be read here.", path.display());
    Err(Error::new(ErrorCode::Invalid, message).hint("Get a new copy of the file, or write it again."))
}

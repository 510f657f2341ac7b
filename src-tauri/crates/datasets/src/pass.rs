//! One pass over a whole file: rows, kinds of columns, problems, places of rows, hash and, where they are
//! asked for, a diagnosis and a profile.

use std::ops::ControlFlow;

use platform::{Progress, Work};
use resources::DatasetType;
use schema::Result;

use super::{
    accumulator::{ScanAccumulator, ScanOptions},
    blocks,
    dataset_file::DatasetFile,
    doctor::Diagnosis,
    preview,
    profile::Profile,
    reader,
    reading::Reading,
    row_event::RowEvent,
    scan::Scan,
    shape,
    source::{self, Source},
    stamp::FileStamps,
};

/// What is found beside rows, columns and problems of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Nothing.
    File,
    /// What is wrong with the rows as training examples.
    Diagnosis,
    /// What stands in each column, in numbers.
    Profile,
}

/// What one pass found.
#[derive(Debug, Clone)]
pub(crate) struct Pass {
    pub(crate) file: DatasetFile,
    /// The files, as they were before and after.
    pub(crate) stamps: FileStamps,
    pub(crate) scan: Scan,
    pub(crate) reading: Reading,
    pub(crate) diagnosis: Option<Diagnosis>,
    pub(crate) profile: Option<Profile>,
}

/// How many rows pass between two looks at progress and Cancel.
const ROWS_A_TICK: u64 = 1_000;

/// Reads the whole file on this thread. A file that changes meanwhile is an error.
pub(crate) fn read(file: &DatasetFile, kind: DatasetType, extent: Extent, work: &Work) -> Result<Pass> {
    let path = &file.path;
    let stamps = FileStamps::from_file(file)?;
    let stamp = stamps.stamp();
    let bytes = stamp.bytes;
    let shape = match extent {
        Extent::Diagnosis => Some(shape::recognize(&preview::preview_now(file, None, 0, shape::FIRST_ROWS)?)),
        Extent::File | Extent::Profile => None,
    };
    let options =
        ScanOptions { profile: extent == Extent::Profile, shape: shape.as_ref().map(|known| known.shape) };
    let (accumulator, hash) = match blocks::read(file, kind, bytes, options, work)? {
        Some(read) => read,
        None => {
            let source = Source::with_hash(file)?;
            let accumulator = row_by_row(&source, kind, bytes, options, work)?;
            let progress = Progress { done: bytes, total: Some(bytes), rows: accumulator.rows };
            let hash = source.finish_hash(|| work.tick(progress))?.unwrap_or_default();
            (accumulator, hash)
        }
    };
    // Where names are data, the rest of the file was not read.
    let complete = !accumulator.has_too_many_columns();
    let accumulator = accumulator.finish();
    work.tick(Progress { done: bytes, total: Some(bytes), rows: accumulator.rows })?;
    if FileStamps::from_file(file)? != stamps {
        return Err(source::changed(path));
    }
    let ScanAccumulator { rows, columns, problems, mut index, tally, examination, .. } = accumulator;
    index.columns = columns.all.iter().map(|column| column.name.clone()).collect();
    let shown = path.display().to_string();
    let diagnosis = examination.zip(shape).filter(|_| complete).map(|(mut examination, known)| {
        examination.finish_whole();
        examination.into_diagnosis(shown.clone(), kind, known)
    });
    let profile = tally.map(|tally| Profile {
        path: shown.clone(),
        r#type: kind,
        bytes,
        rows,
        columns: tally.finish(columns.all.clone()),
    });
    let reading = Reading {
        path: shown.clone(),
        options: file.options.clone(),
        stamp,
        hash,
        rows,
        // Where rows are broken, the rows before an offset are not all there is to count, and a place in a
        // folder is more than a byte. A list within an object is begun at its start.
        index: (problems.errors == 0 && kind != DatasetType::Project && file.options.list.is_none())
            .then_some(index),
    };
    let scan = Scan {
        path: shown,
        r#type: kind,
        bytes,
        rows,
        columns: columns.all,
        problems: problems.kept,
        errors: problems.errors,
        warnings: problems.warnings,
    };
    Ok(Pass { file: file.clone(), stamps, scan, reading, diagnosis, profile })
}

/// Reads row by row: every kind of file can be read so.
pub(super) fn row_by_row(
    source: &Source,
    kind: DatasetType,
    bytes: u64,
    options: ScanOptions,
    work: &Work,
) -> Result<ScanAccumulator> {
    let mut accumulator = ScanAccumulator::new(options);
    let mut stopped = Ok(());
    reader::read(source, kind, &mut |event| {
        let position = match &event {
            RowEvent::Row { position, .. } => *position,
            _ => 0,
        };
        accumulator.add_event(event);
        if accumulator.rows % ROWS_A_TICK == 1 && position > 0 {
            stopped = work.tick(Progress { done: position, total: Some(bytes), rows: accumulator.rows });
        }
        if stopped.is_err() || accumulator.has_too_many_columns() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    stopped?;
    Ok(accumulator)
}

//! Reading a whole file once: how many rows, which columns, which problems.

use std::{ops::ControlFlow, path::Path};

use platform::{Progress, Work};
use resources::DatasetType;
use schema::{Error, ErrorCode, Result};
use serde::Serialize;

use super::{
    blocks,
    columns::FileColumn,
    format,
    notes::{Detail, Notes},
    problem::{Problem, Severity},
    reader::{self, Found},
    reading::{self, Reading, Stamp},
};

/// What is known of a file once it has been read from start to end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Scan {
    /// The file.
    pub path: String,
    /// Its kind.
    pub r#type: DatasetType,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many rows it has.
    pub rows: u64,
    /// Its columns, in order of appearance.
    pub columns: Vec<FileColumn>,
    /// The first hundred problems.
    pub problems: Vec<Problem>,
    /// How many problems keep the file from being imported.
    pub errors: u64,
    /// How many are only worth knowing.
    pub warnings: u64,
}

/// How many rows pass between two looks at progress and Cancel.
const ROWS_A_TICK: u64 = 1_000;

/// Reads the whole file and says what is in it.
pub async fn scan(path: &Path, work: &Work) -> Result<Scan> {
    Ok(read(path, None, work).await?.0)
}

/// Reads the whole file on a thread of its own, and says besides by what it is known again. `kind`
/// must agree with what the name's ending says.
pub async fn read(path: &Path, kind: Option<DatasetType>, work: &Work) -> Result<(Scan, Reading)> {
    let (path, work) = (path.to_path_buf(), work.clone());
    let detected = format::detect(&path)?;
    if kind.is_some_and(|kind| kind != detected) {
        return Err(Error::invalid(vec![schema::FieldProblem {
            column: "type".to_owned(),
            message: format!("{} has another format.", path.display()),
        }]));
    }
    tokio::task::spawn_blocking(move || scan_now(&path, detected, &work))
        .await
        .map_err(|error| Error::internal("reading the file", &error))?
}

impl Scan {
    /// Itself, or an error that names the file and its first problem that matters.
    pub fn without_errors(self) -> Result<Self> {
        let Some(first) = self.problems.iter().find(|p| p.severity == Severity::Error) else {
            return Ok(self);
        };
        let place = first.place();
        let more = match self.errors {
            1 => String::new(),
            errors => format!(" There are {} more problems like it.", errors - 1),
        };
        let message = format!("{} can't be imported: {place}{}{more}", self.path, first.message);
        Err(Error::new(ErrorCode::Invalid, message).hint("Correct the file, then import it again."))
    }
}

fn scan_now(path: &Path, kind: DatasetType, work: &Work) -> Result<(Scan, Reading)> {
    let stamp = Stamp::of(path)?;
    let bytes = stamp.bytes;
    let (notes, hash) = match blocks::read(path, kind, bytes, Detail::Kinds, work)? {
        Some(read) => read,
        None => {
            let notes = one_by_one(path, kind, bytes, Detail::Kinds, work)?;
            let hash = reading::hash(path, notes.rows, work)?;
            (notes, hash)
        }
    };
    let notes = notes.conclude();
    work.tick(Progress { done: bytes, total: Some(bytes), rows: notes.rows })?;
    let Notes { rows, columns, problems, mut index, .. } = notes;
    index.columns = columns.all.iter().map(|column| column.name.clone()).collect();
    let reading = Reading {
        path: path.display().to_string(),
        stamp,
        hash,
        rows,
        // Where rows are broken, the rows before a mark are not all there is to count, and a place in a
        // folder is more than a byte.
        index: (problems.errors == 0 && kind != DatasetType::Project).then_some(index),
    };
    let scan = Scan {
        path: reading.path.clone(),
        r#type: kind,
        bytes,
        rows,
        columns: columns.all,
        problems: problems.kept,
        errors: problems.errors,
        warnings: problems.warnings,
    };
    Ok((scan, reading))
}

/// Has each row read by itself: the way for every kind of file, and for those that have more to them
/// than the fast one knows.
pub(super) fn one_by_one(
    path: &Path,
    kind: DatasetType,
    bytes: u64,
    detail: Detail,
    work: &Work,
) -> Result<Notes> {
    let mut notes = Notes::new(detail);
    let mut stopped = Ok(());
    reader::read(path, kind, &mut |found| {
        let position = match &found {
            Found::Row { position, .. } => *position,
            _ => 0,
        };
        notes.take(found);
        if notes.rows % ROWS_A_TICK == 1 && position > 0 {
            stopped = work.tick(Progress { done: position, total: Some(bytes), rows: notes.rows });
        }
        if stopped.is_err() || notes.are_crowded() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    stopped?;
    Ok(notes)
}

//! Reading a whole file once: how many rows, which columns, which problems.

use std::{ops::ControlFlow, path::Path};

use serde::Serialize;

use super::{
    columns::{Columns, FileColumn, MOST_COLUMNS},
    format,
    problem::{Problem, Severity},
    reader::{self, Found, Record},
    reading::{self, Reading, Stamp},
};
use crate::{
    error::{Error, ErrorCode, Result},
    resources::DatasetType,
    work::{Progress, Work},
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

/// As many problems as a person may want to read.
const KEPT_PROBLEMS: usize = 100;
/// How many rows pass between two looks at progress and Cancel.
const ROWS_A_TICK: u64 = 1_000;

/// Reads the whole file and says what is in it.
pub async fn scan(path: &Path, work: &Work) -> Result<Scan> {
    Ok(read(path, None, work).await?.0)
}

/// Reads the whole file on a thread of its own, and says besides by what it is known again. `kind`
/// must agree with what the name's ending says.
pub(crate) async fn read(path: &Path, kind: Option<DatasetType>, work: &Work) -> Result<(Scan, Reading)> {
    let (path, work) = (path.to_path_buf(), work.clone());
    let detected = format::detect(&path)?;
    if kind.is_some_and(|kind| kind != detected) {
        return Err(Error::invalid(vec![crate::error::FieldProblem {
            column: "type".to_owned(),
            message: format!("{} is another kind of file by its ending.", path.display()),
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
        Err(Error::new(ErrorCode::Invalid, message).hint("Mend the file, then import it again."))
    }
}

fn scan_now(path: &Path, kind: DatasetType, work: &Work) -> Result<(Scan, Reading)> {
    let metadata = std::fs::metadata(path).map_err(|error| Error::file("read", path, &error))?;
    let bytes = metadata.len();
    let mut notes = Notes {
        columns: Columns::default(),
        seen: Vec::new(),
        rows: 0,
        problems: Vec::new(),
        errors: 0,
        warnings: 0,
    };
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
        if stopped.is_err() || notes.columns.all.len() > MOST_COLUMNS {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    stopped?;
    work.tick(Progress { done: bytes, total: Some(bytes), rows: notes.rows })?;
    notes.conclude();
    let path_text = path.display().to_string();
    let reading = Reading {
        path: path_text.clone(),
        stamp: Stamp::of(&metadata),
        hash: reading::hash(path, notes.rows, work)?,
        rows: notes.rows,
    };
    let scan = Scan {
        path: path_text,
        r#type: kind,
        bytes,
        rows: notes.rows,
        columns: notes.columns.all,
        problems: notes.problems,
        errors: notes.errors,
        warnings: notes.warnings,
    };
    Ok((scan, reading))
}

struct Notes {
    columns: Columns,
    /// For each column, how many rows have it.
    seen: Vec<u64>,
    rows: u64,
    problems: Vec<Problem>,
    errors: u64,
    warnings: u64,
}

impl Notes {
    fn take(&mut self, found: Found<'_>) {
        match found {
            Found::Header(names) => self.columns = Columns::of_header(names),
            Found::Problem(problem) => self.problem(problem),
            Found::Row { record: Record::Fields(fields), .. } => {
                self.rows += 1;
                for (at, field) in fields.iter().enumerate() {
                    self.columns.note_text(at, field);
                }
            }
            Found::Row { record: Record::Object(object), .. } => {
                self.rows += 1;
                for (name, value) in object {
                    let at = self.columns.position(name);
                    self.seen.resize(self.columns.all.len(), 0);
                    if let Some(seen) = self.seen.get_mut(at) {
                        *seen += 1;
                    }
                    self.columns.note_value(at, value);
                }
            }
        }
    }

    fn problem(&mut self, problem: Problem) {
        match problem.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        // An error is never crowded out by warnings: it is why the file is refused.
        if self.problems.len() >= KEPT_PROBLEMS && problem.severity == Severity::Error {
            let warning = self.problems.iter().rposition(|p| p.severity == Severity::Warning);
            if let Some(at) = warning {
                self.problems.remove(at);
            }
        }
        if self.problems.len() < KEPT_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// What can only be said at the end.
    fn conclude(&mut self) {
        if self.rows == 0 && self.errors == 0 {
            self.problem(Problem::error(None, "The file has no rows."));
        }
        if self.columns.all.len() > MOST_COLUMNS {
            let message = format!(
                "The rows have more than {MOST_COLUMNS} different keys. Keys should be the same in all rows."
            );
            self.problem(Problem::error(None, message));
        }
        let rows = self.rows;
        let sparse: Vec<Problem> = self
            .columns
            .sparse(&self.seen, rows)
            .into_iter()
            .map(|(name, seen)| {
                Problem::warning(None, format!("Only {seen} of {rows} rows have the key '{name}'."))
            })
            .collect();
        sparse.into_iter().for_each(|problem| self.problem(problem));
    }
}

//! What is wrong or odd about a dataset, with its place.

use serde::Serialize;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file can't be imported, or the row can't be trained on, as it is.
    Error,
    /// It can be used; the message says how this was read.
    Warning,
}

/// Something about a dataset a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// In which file, where the dataset is a folder.
    pub file: Option<String>,
    /// On which line, counted from one, if it is about one line.
    pub line: Option<u64>,
    /// In which row, counted from one, if it is about one row.
    pub row: Option<u64>,
    /// In which column or key, if it is about one.
    pub field: Option<String>,
    /// What is wrong, or how it was read.
    pub message: String,
}

impl Problem {
    /// A problem, on a line if it is about one.
    pub fn new(severity: Severity, line: Option<u64>, message: String) -> Self {
        Self { severity, file: None, line, row: None, field: None, message }
    }

    /// An error.
    pub fn error(line: impl Into<Option<u64>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, line.into(), message.into())
    }

    /// A warning.
    pub fn warning(line: impl Into<Option<u64>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, line.into(), message.into())
    }

    /// The same problem of a row, counted from one.
    #[must_use]
    pub fn row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// The same problem of a column or key.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Where it is, as it stands before the message: `train.csv, line 3, 'a': `.
    pub fn place(&self) -> String {
        let line = self.line.map(|line| format!("line {line}"));
        let row = self.row.filter(|_| line.is_none()).map(|row| format!("row {row}"));
        let field = self.field.as_ref().filter(|field| !field.is_empty()).map(|field| format!("'{field}'"));
        let parts: Vec<String> = [self.file.clone(), line, row, field].into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!("{}: ", parts.join(", ")) }
    }
}

/// As many problems as a person may want to read.
const KEPT: usize = 100;

/// All problems of a file: counted, and the first of them kept.
#[derive(Default)]
pub struct Problems {
    /// The first of them, errors before warnings are dropped.
    pub kept: Vec<Problem>,
    /// The number of all errors.
    pub errors: u64,
    /// The number of all warnings.
    pub warnings: u64,
}

impl Problems {
    /// Counts a problem, and keeps it if there is room.
    pub fn add(&mut self, problem: Problem) {
        match problem.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        self.keep(problem);
    }

    /// Takes back a warning that was added.
    pub fn withdraw(&mut self, warning: &Problem) {
        self.warnings -= 1;
        if let Some(at) = self.kept.iter().position(|kept| kept == warning) {
            self.kept.remove(at);
        }
    }

    /// Adds what is known before any row was read.
    pub fn prepend(&mut self, notes: &[Problem]) {
        let later = std::mem::take(self);
        notes.iter().for_each(|note| self.add(note.clone()));
        self.append(later, 0, 0);
    }

    /// Adds those of a later part of the file, which begins after so many lines and rows.
    pub fn append(&mut self, later: Self, lines: u64, rows: u64) {
        self.errors += later.errors;
        self.warnings += later.warnings;
        for mut problem in later.kept {
            problem.line = problem.line.map(|line| line + lines);
            problem.row = problem.row.map(|row| row + rows);
            self.keep(problem);
        }
    }

    fn keep(&mut self, problem: Problem) {
        // An error is never crowded out by warnings: errors are what has to be corrected.
        if self.kept.len() >= KEPT && problem.severity == Severity::Error {
            let warning = self.kept.iter().rposition(|p| p.severity == Severity::Warning);
            if let Some(at) = warning {
                self.kept.remove(at);
            }
        }
        if self.kept.len() < KEPT {
            self.kept.push(problem);
        }
    }
}

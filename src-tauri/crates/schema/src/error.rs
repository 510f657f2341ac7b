//! The one error that crosses to a host: a stable code, a sentence for the person, a way out.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde::Serialize;

/// What kind of refusal or failure this is. Hosts and scripts may act on it, so a code, once
/// published, keeps its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A value breaks a rule; `fields` says which column and why.
    Invalid,
    /// The asked-for row or file is not there.
    NotFound,
    /// The row would collide with another (same id, same name).
    Conflict,
    /// Other rows refer to the row.
    InUse,
    /// The person stopped the work.
    Cancelled,
    /// The file is not an SQLite database.
    NotADatabase,
    /// The file is an SQLite database of some other program.
    NotAStudio,
    /// The database was written by a newer version of this program.
    Newer,
    /// The database file is damaged.
    Damaged,
    /// Another program holds the database.
    Locked,
    /// The database or its folder can't be written.
    ReadOnly,
    /// A file could not be read or written, or is not what it should be.
    File,
    /// The hub was not asked, or did not answer.
    Unreachable,
    /// No Python here has what training needs.
    NoPython,
    /// A fault of the program; the detail is in the log.
    Internal,
}

/// What is wrong with the value of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct FieldProblem {
    /// The column's name in its table.
    pub column: String,
    /// One sentence for the person, to stand beside the field.
    pub message: String,
}

/// A refusal or failure, told for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type, thiserror::Error)]
#[serde(rename = "AppError")]
#[error("{message}")]
pub struct Error {
    /// Stable, for programs.
    pub code: ErrorCode,
    /// What happened, to which thing, and why.
    pub message: String,
    /// What to do about it, where there is something.
    pub hint: Option<String>,
    /// The columns at fault, where the error is about values.
    pub fields: Vec<FieldProblem>,
}

/// The result of every fallible operation of the core.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without a hint.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, fields: Vec::new() }
    }

    /// Adds the way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says that the value of a column is at fault.
    #[must_use]
    pub fn on(mut self, column: &str) -> Self {
        self.fields.push(FieldProblem { column: column.to_owned(), message: self.message.clone() });
        self
    }

    /// Several values at fault at once; `message` is made from them.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        let message = fields.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" ");
        Self { code: ErrorCode::Invalid, message, hint: None, fields }
    }

    /// The person stopped the work.
    pub fn cancelled() -> Self {
        Self::new(ErrorCode::Cancelled, "Cancelled. Nothing was changed.")
    }

    /// A file could not be worked with: `doing` completes "Could not …".
    pub fn file(doing: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let path = path.display();
        match error.kind() {
            ErrorKind::NotFound => Self::new(ErrorCode::NotFound, format!("{path} does not exist."))
                .hint("Check the path, or choose the file again."),
            ErrorKind::PermissionDenied => {
                Self::new(ErrorCode::File, format!("Could not {doing} {path}: permission denied."))
                    .hint("Change the permissions, or choose another place.")
            }
            ErrorKind::StorageFull => {
                Self::new(ErrorCode::File, format!("Could not {doing} {path}: the disk is full."))
                    .hint("Free some space, or choose another place.")
            }
            _ => Self::new(ErrorCode::File, format!("Could not {doing} {path}: {error}.")),
        }
    }

    /// A fault of the program. The detail is written to the log.
    pub fn internal(doing: &str, detail: &dyn std::fmt::Display) -> Self {
        tracing::error!("{doing}: {detail}");
        Self::new(ErrorCode::Internal, format!("Something went wrong while {doing}."))
            .hint("Try again.")
            .detail_in_log()
    }

    /// Adds to the hint where the detail is, which the caller has logged.
    #[must_use]
    pub fn detail_in_log(mut self) -> Self {
        if let Some(log) = log() {
            let place = format!("The detail is in {}.", log.display());
            self.hint = Some(self.hint.map_or(place.clone(), |hint| format!("{hint} {place}")));
        }
        self
    }
}

/// The file that this process logs to.
static LOG: OnceLock<PathBuf> = OnceLock::new();

/// Names the file that this process logs to, for errors that refer to it. The first call counts.
pub fn set_log(path: PathBuf) {
    let _ = LOG.set(path);
}

/// The file that this process logs to, if it does.
pub fn log() -> Option<&'static Path> {
    LOG.get().map(PathBuf::as_path)
}

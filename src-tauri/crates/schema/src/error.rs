//! The error type of the core: a stable code, a sentence for users, and a hint.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde::{Deserialize, Serialize};

/// The kind of an error. Hosts and scripts act on it, so a published code keeps its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A value breaks a rule; `fields` names the columns.
    Invalid,
    /// The requested row or file does not exist.
    NotFound,
    /// The row conflicts with another, which has the same id or name.
    Conflict,
    /// Other rows refer to the row.
    InUse,
    /// The user cancelled the work.
    Cancelled,
    /// The file is not an SQLite database.
    NotADatabase,
    /// The file is an SQLite database of some other program.
    NotAStudio,
    /// The database was written by a newer version of this program.
    Newer,
    /// The database file is damaged.
    Damaged,
    /// Another program has locked the database.
    Locked,
    /// The database or its folder can't be written.
    ReadOnly,
    /// A file could not be read or written, or has another format.
    File,
    /// The Hub or another machine did not answer, or requests are turned off.
    Unreachable,
    /// No Python on this machine has what training needs.
    NoPython,
    /// A fault of the program. The log has the details.
    Internal,
}

/// A problem with the value of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct FieldProblem {
    /// The column's name in its table.
    pub column: String,
    /// One sentence, shown beside the field.
    pub message: String,
}

/// A refusal or failure, described for users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename = "AppError")]
#[error("{message}")]
pub struct Error {
    /// The stable code, for programs.
    pub code: ErrorCode,
    /// What happened, to which thing, and why.
    pub message: String,
    /// What the user can do about it.
    pub hint: Option<String>,
    /// The columns at fault, if the error is about values.
    pub fields: Vec<FieldProblem>,
}

/// The result of every fallible operation of the core.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without a hint.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, fields: Vec::new() }
    }

    /// The message and the hint as one text, for places that show no hint beside it.
    #[must_use]
    pub fn in_sentences(self) -> String {
        match self.hint {
            Some(hint) => format!("{} {hint}", self.message),
            None => self.message,
        }
    }

    /// Sets the hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names a column whose value is at fault.
    #[must_use]
    pub fn on(mut self, column: &str) -> Self {
        self.fields.push(FieldProblem { column: column.to_owned(), message: self.message.clone() });
        self
    }

    /// An error about several values. Its message joins theirs.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        let message = fields.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" ");
        Self { code: ErrorCode::Invalid, message, hint: None, fields }
    }

    /// The error of cancelled work.
    pub fn cancelled() -> Self {
        Self::new(ErrorCode::Cancelled, "Cancelled. Nothing was changed.")
    }

    /// The error of a file operation. `doing` completes the sentence "Could not … PATH".
    pub fn file(doing: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let link = std::fs::read_link(path).ok().filter(|_| error.kind() == ErrorKind::NotFound);
        let path = path.display();
        if let Some(target) = link {
            let message = format!("{path} is a link to {}, which does not exist.", target.display());
            return Self::new(ErrorCode::NotFound, message)
                .hint("Put the file there, or choose the file itself.");
        }
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

    /// A fault of the program. Writes the detail to the log. `doing` completes "while …".
    pub fn internal(doing: &str, detail: &dyn std::fmt::Display) -> Self {
        tracing::error!("{doing}: {detail}");
        Self::new(ErrorCode::Internal, format!("Something went wrong while {doing}."))
            .hint("Try again.")
            .detail_in_log()
    }

    /// Adds the path of the log to the hint. The caller has logged the detail.
    #[must_use]
    pub fn detail_in_log(mut self) -> Self {
        if let Some(log) = log() {
            let place = format!("The detail is in {}.", log.display());
            self.hint = Some(self.hint.map_or(place.clone(), |hint| format!("{hint} {place}")));
        }
        self
    }
}

/// The log file of this process.
static LOG: OnceLock<PathBuf> = OnceLock::new();

/// Sets the log file of this process, for errors that refer to it. Only the first call has an effect.
pub fn set_log(path: PathBuf) {
    let _ = LOG.set(path);
}

/// The log file of this process, if it has one.
pub fn log() -> Option<&'static Path> {
    LOG.get().map(PathBuf::as_path)
}

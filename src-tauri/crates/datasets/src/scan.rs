//! What is known of a file once it has been read from start to end.

use resources::DatasetType;
use schema::{Error, ErrorCode, Result};
use serde::Serialize;

use super::{
    columns::FileColumn,
    problem::{Problem, Severity},
};

/// What is known of a file once it has been read from start to end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
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

impl Scan {
    /// Returns `self`, or an error that names the file and its first error-severity problem.
    pub fn without_errors(self) -> Result<Self> {
        let Some(first) = self.problems.iter().find(|p| p.severity == Severity::Error) else {
            return Ok(self);
        };
        let place = first.place();
        let more = match self.errors {
            1 => String::new(),
            2 => " There is another problem.".to_owned(),
            errors => format!(" There are {} more problems.", errors - 1),
        };
        let message = format!("{} can't be imported: {place}{}{more}", self.path, first.message);
        Err(Error::new(ErrorCode::Invalid, message).hint("Correct the file, then import it again."))
    }
}

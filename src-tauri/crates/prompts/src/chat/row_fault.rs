//! Why a row can't be read as an example.

use std::fmt;

/// What a row lacks, or has wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The column at fault.
    pub column: String,
    /// A sentence.
    pub message: String,
}

impl RowFault {
    pub(super) fn new(column: &str, message: impl Into<String>) -> Self {
        Self { column: column.to_owned(), message: message.into() }
    }

    pub(super) fn missing(column: &str) -> Self {
        Self::new(column, format!("'{column}' is missing."))
    }
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

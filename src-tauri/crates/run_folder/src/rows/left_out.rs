//! Rows that can't be rendered.

use super::example::NoExample;

/// Rows that are left out of a run.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    /// How many.
    pub(crate) rows: u64,
    /// The number of the first, and why.
    first: Option<(u64, String)>,
}

impl LeftOut {
    pub(crate) fn add(&mut self, row: u64, reason: &NoExample) {
        self.rows += 1;
        self.first.get_or_insert_with(|| (row, reason.to_string()));
    }

    /// The end of a sentence: which rows, and why.
    pub(crate) fn sentence(&self) -> String {
        match &self.first {
            Some((row, reason)) => {
                format!(": {} can't be rendered. Row {row}: {reason}", self.rows)
            }
            None => ".".to_owned(),
        }
    }
}

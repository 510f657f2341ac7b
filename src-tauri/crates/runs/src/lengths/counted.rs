//! Lengths that were counted: how often each occurs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The lengths of one row, in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowLengths {
    /// The length of its text, or of its prompt with the longer answer.
    pub(super) longest: u64,
    /// The length of its prompt with the other answer, where it has two.
    pub(super) other: Option<u64>,
    /// The least limit with which the row is trained on.
    pub(super) needed: u64,
    /// Whether the model's tokenizer counted.
    pub(super) exact: bool,
}

/// How often each length occurs. There are few different ones: even a dataset with thousand million tokens has at
/// most some 45 thousand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    /// Rows by the length of their longest text.
    pub(super) rows: BTreeMap<u64, SameLength>,
    /// The other texts of rows with two answers, by their length.
    pub(super) others: BTreeMap<u64, u64>,
    /// Rows by the least limit with which they are trained on.
    pub(super) needed: BTreeMap<u64, u64>,
    /// Rows that can't be trained on.
    pub(super) left_out: u64,
    /// The number of the first of them, and why.
    pub(super) left_out_first: Option<(u64, String)>,
    /// Rows whose length is an estimate.
    pub(super) estimated: u64,
}

/// Rows whose longest texts have the same length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SameLength {
    pub(super) rows: u64,
    /// Tokens of all their texts.
    pub(super) tokens: u64,
}

impl Counted {
    pub(super) fn add(&mut self, row: RowLengths) {
        let same = self.rows.entry(row.longest).or_default();
        same.rows += 1;
        same.tokens += row.longest + row.other.unwrap_or_default();
        if let Some(other) = row.other {
            *self.others.entry(other).or_default() += 1;
        }
        *self.needed.entry(row.needed).or_default() += 1;
        self.estimated += u64::from(!row.exact);
    }

    pub(super) fn leave_out(&mut self, row: u64, reason: &str) {
        self.left_out += 1;
        self.left_out_first.get_or_insert_with(|| (row, reason.to_owned()));
    }

    /// How many rows were counted.
    pub(super) fn row_count(&self) -> u64 {
        self.rows.values().map(|same| same.rows).sum()
    }

    /// The length that a part of the rows does not exceed; 0 where there are none.
    pub(super) fn percentile(&self, part: f64) -> u64 {
        let wanted = ((self.row_count() as f64 * part).ceil() as u64).max(1);
        let mut seen = 0;
        let reached = self.rows.iter().find(|(_, same)| {
            seen += same.rows;
            seen >= wanted
        });
        reached.map_or(0, |(length, _)| *length)
    }
}

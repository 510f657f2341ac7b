//! What has been counted of the values of a file, or of a part of it, column by column.

use prompts::Value;

use super::{
    lengths::{self, Measured},
    report::{ColumnProfile, Histogram, Measure},
    spread::Spread,
    values::Values,
};
use crate::columns::{FileColumn, ValueKind, shortened};

/// So many different values are counted in each of the first columns …
const ROOM: usize = 4_096;
/// … which are so many …
const ROOMY_COLUMNS: usize = 64;
/// … and so many in the others, to bound the memory of a file with thousands of columns.
const LITTLE_ROOM: usize = 64;

/// What was counted, in the order of the columns.
#[derive(Default)]
pub struct Tally {
    columns: Vec<Counts>,
    /// Whether all different values are counted, as in a part of a file, which is small.
    boundless: bool,
}

/// What was counted in a column.
struct Counts {
    values: Values,
    lengths: Measured,
    numbers: Spread,
}

impl Tally {
    /// For a part of a file, to be added to that of the whole.
    pub fn new_block() -> Self {
        Self { boundless: true, ..Self::default() }
    }

    /// Adds a text of CSV to the column at a position.
    pub fn add_text(&mut self, at: usize, text: &str) {
        if text.is_empty() {
            return;
        }
        let counts = self.column(at);
        counts.values.record(text, shortened);
        counts.lengths.record(lengths::text_length(text));
        if let Ok(number) = text.parse() {
            counts.numbers.record(number);
        }
    }

    /// Adds a value to the column at a position.
    pub fn add_value(&mut self, at: usize, value: &Value) {
        let counts = match value {
            Value::Null => return,
            _ => self.column(at),
        };
        match value {
            Value::String(text) => counts.values.record(text, shortened),
            other => counts.values.record(&other.to_string(), shortened),
        }
        counts.lengths.record(lengths::value_length(value));
        if let Some(number) = value.as_f64() {
            counts.numbers.record(number);
        }
    }

    /// Adds what was counted in the next part of the file; `places` tells for each of its columns
    /// which one it is here.
    pub fn append(&mut self, later: Self, places: &[usize]) {
        for (theirs, at) in later.columns.into_iter().zip(places) {
            let counts = self.column(*at);
            counts.values.append(theirs.values);
            counts.lengths.append(theirs.lengths);
            counts.numbers.append(theirs.numbers);
        }
    }

    fn column(&mut self, at: usize) -> &mut Counts {
        while self.columns.len() <= at {
            let room = match self.columns.len() {
                _ if self.boundless => usize::MAX,
                ..ROOMY_COLUMNS => ROOM,
                _ => LITTLE_ROOM,
            };
            self.columns.push(Counts {
                values: Values::new(room),
                lengths: Measured::default(),
                numbers: Spread::default(),
            });
        }
        &mut self.columns[at]
    }

    /// What stands in these columns.
    pub fn finish(mut self, columns: Vec<FileColumn>) -> Vec<ColumnProfile> {
        if let Some(last) = columns.len().checked_sub(1) {
            self.column(last);
        }
        columns.into_iter().zip(self.columns).map(|(column, counts)| counts.finish(column)).collect()
    }
}

impl Counts {
    fn finish(self, column: FileColumn) -> ColumnProfile {
        let numeric = matches!(column.kind, ValueKind::Integer | ValueKind::Number);
        let measured = !numeric && column.kind != ValueKind::Boolean;
        let lengths = self.lengths.finish().filter(|_| measured);
        let (of, buckets) = if numeric {
            (Measure::Values, self.numbers.finish(column.kind == ValueKind::Integer))
        } else if measured {
            (Measure::Lengths, self.lengths.spread.finish(true))
        } else {
            (Measure::Lengths, Vec::new())
        };
        ColumnProfile {
            name: column.name,
            kind: column.kind,
            filled: column.filled,
            distinct: self.values.distinct(),
            lengths,
            commonest: self.values.commonest(),
            histogram: (!buckets.is_empty()).then_some(Histogram { of, buckets }),
        }
    }
}

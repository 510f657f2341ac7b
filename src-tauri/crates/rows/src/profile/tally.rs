//! What has been counted of the values of a file, or of a part of it, column by column.

use std::{fmt::Write as _, mem, ops::Range};

use prompts::Value;

use super::{
    lengths::{self, Measured},
    report::{ColumnProfile, Histogram, Measure},
    spread::Spread,
    values::{ROOM, Values},
};
use crate::columns::{FileColumn, ValueKind, shortened};

/// In so many of the first columns as many different values are counted as can be …
const ROOMY_COLUMNS: usize = 64;
/// … and so many in the others, to bound the memory of a file with thousands of columns.
const LITTLE_ROOM: usize = 64;

/// What was counted, in the order of the columns.
#[derive(Default)]
pub struct Tally {
    columns: Vec<Counts>,
    /// Whether this is a part of a file: new columns count all their values.
    part: bool,
    /// The text of the latest value that was none.
    text: String,
}

/// What was found of a value that may come again.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    hash: u64,
    length: u64,
    number: Option<f64>,
}

/// What was counted in a column.
struct Counts {
    values: Values,
    lengths: Measured,
    numbers: Spread,
}

impl Tally {
    /// For a later part of the file, which begins with these of the columns, to be added to this.
    #[must_use]
    pub fn later_part(&self, columns: Range<usize>) -> Self {
        let part = |counts: &Counts| Counts::new(counts.values.later_part());
        let columns = self.columns.iter().skip(columns.start).take(columns.len()).map(part).collect();
        Self { columns, part: true, text: String::new() }
    }

    /// Adds a text of CSV to the column at a position. `number` is the number it is, if the column may be
    /// one of numbers.
    pub fn add_field(&mut self, at: usize, text: &str, number: Option<f64>) {
        if text.is_empty() {
            return;
        }
        self.add_text(at, text);
        if let Some(number) = number {
            self.column(at).numbers.record(number, 1);
        }
    }

    /// Adds a text of JSON to the column at a position.
    pub fn add_text(&mut self, at: usize, text: &str) -> Option<Counted> {
        Some(self.column(at).add(text, lengths::text_length(text), None))
    }

    /// Adds a whole number to the column at a position.
    pub fn add_whole(&mut self, at: usize, number: i64) -> Option<Counted> {
        let mut digits = itoa::Buffer::new();
        let text = digits.format(number);
        #[expect(clippy::cast_precision_loss, reason = "the nearest double, as where doubles are read")]
        let nearest = number as f64;
        Some(self.column(at).add(text, text.len() as u64, Some(nearest)))
    }

    /// Adds a value to the column at a position. Nothing is found of one that is nothing.
    pub fn add_value(&mut self, at: usize, value: &Value) -> Option<Counted> {
        match value {
            Value::Null => return None,
            Value::String(text) => return self.add_text(at, text),
            _ => {}
        }
        let mut text = mem::take(&mut self.text);
        text.clear();
        // Writing to a text never fails.
        let _ = write!(text, "{value}");
        let length = lengths::value_length(value, &text);
        let counted = self.column(at).add(&text, length, value.as_f64());
        self.text = text;
        Some(counted)
    }

    /// Adds a value to its column in so many more rows.
    pub fn add_again(&mut self, at: usize, counted: Counted, rows: u64) {
        let counts = self.column(at);
        counts.values.add(counted.hash, rows, String::new);
        counts.measure(counted, rows);
    }

    /// Adds what was counted in the next part of the file; `places` says for each of its columns
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
            self.columns.push(Counts::new(match self.columns.len() {
                _ if self.part => Values::new_part(),
                ..ROOMY_COLUMNS => Values::new(ROOM),
                _ => Values::new(LITTLE_ROOM),
            }));
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
    fn new(values: Values) -> Self {
        Self { values, lengths: Measured::default(), numbers: Spread::default() }
    }

    fn add(&mut self, text: &str, length: u64, number: Option<f64>) -> Counted {
        let hash = self.values.record(text, shortened);
        let counted = Counted { hash, length, number };
        self.measure(counted, 1);
        counted
    }

    fn measure(&mut self, counted: Counted, rows: u64) {
        self.lengths.record(counted.length, rows);
        if let Some(number) = counted.number {
            self.numbers.record(number, rows);
        }
    }

    fn finish(self, column: FileColumn) -> ColumnProfile {
        let numeric = column.kind.is_numeric();
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

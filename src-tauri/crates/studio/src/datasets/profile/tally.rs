//! What has been counted of a file's rows so far.

use serde_json::Value;

use super::{
    ColumnProfile, Histogram, Measure,
    lengths::{self, Measured},
    spread::Spread,
    values::Values,
};
use crate::datasets::{
    columns::{Columns, MOST_COLUMNS, ValueKind, shortened},
    reader::Record,
};

/// So many different values are counted in each of the first columns …
const ROOM: usize = 4_096;
/// … which are so many …
const ROOMY_COLUMNS: usize = 64;
/// … and so many in the others, to bound the memory of a file with thousands of columns.
const LITTLE_ROOM: usize = 64;

/// What was counted, column by column.
#[derive(Default)]
pub(super) struct Tally {
    rows: u64,
    columns: Columns,
    /// In the order of the columns.
    counts: Vec<Counts>,
}

/// What was counted in a column.
struct Counts {
    values: Values,
    lengths: Measured,
    numbers: Spread,
}

impl Tally {
    pub(super) fn of_header(names: &[String]) -> Self {
        Self { columns: Columns::of_header(names), ..Self::default() }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether these are data taken for names.
    pub(super) fn is_crowded(&self) -> bool {
        self.columns.all.len() > MOST_COLUMNS
    }

    pub(super) fn note(&mut self, record: &Record<'_>) {
        self.rows += 1;
        match record {
            Record::Fields(fields) => {
                for (at, text) in fields.iter().enumerate() {
                    self.columns.note_text(at, text);
                    if !text.is_empty() {
                        self.count(at).note_text(text);
                    }
                }
            }
            Record::Object(object) => {
                for (name, value) in *object {
                    let at = self.columns.position(name);
                    self.columns.note_value(at, value);
                    if !value.is_null() {
                        self.count(at).note_value(value);
                    }
                }
            }
        }
    }

    fn count(&mut self, at: usize) -> &mut Counts {
        while self.counts.len() <= at {
            let room = if self.counts.len() < ROOMY_COLUMNS { ROOM } else { LITTLE_ROOM };
            self.counts.push(Counts::new(room));
        }
        &mut self.counts[at]
    }

    /// How many rows there are, and what stands in the columns.
    pub(super) fn finish(mut self) -> (u64, Vec<ColumnProfile>) {
        if let Some(last) = self.columns.all.len().checked_sub(1) {
            self.count(last);
        }
        let both = self.columns.all.into_iter().zip(self.counts);
        let columns = both.map(|(column, counts)| {
            let numeric = matches!(column.kind, ValueKind::Integer | ValueKind::Number);
            let measured = !numeric && column.kind != ValueKind::Boolean;
            let lengths = counts.lengths.finish().filter(|_| measured);
            let (of, buckets) = if numeric {
                (Measure::Values, counts.numbers.finish(column.kind == ValueKind::Integer))
            } else if measured {
                (Measure::Lengths, counts.lengths.spread.finish(true))
            } else {
                (Measure::Lengths, Vec::new())
            };
            ColumnProfile {
                name: column.name,
                kind: column.kind,
                filled: column.filled,
                distinct: counts.values.distinct(),
                lengths,
                commonest: counts.values.commonest(),
                histogram: (!buckets.is_empty()).then_some(Histogram { of, buckets }),
            }
        });
        (self.rows, columns.collect())
    }
}

impl Counts {
    fn new(room: usize) -> Self {
        Self { values: Values::new(room), lengths: Measured::default(), numbers: Spread::default() }
    }

    fn note_text(&mut self, text: &str) {
        self.values.note(text, shortened);
        self.lengths.note(lengths::of_text(text));
        if let Ok(number) = text.parse() {
            self.numbers.note(number);
        }
    }

    fn note_value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.values.note(text, shortened),
            other => self.values.note(&other.to_string(), shortened),
        }
        self.lengths.note(lengths::of_value(value));
        if let Some(number) = value.as_f64() {
            self.numbers.note(number);
        }
    }
}

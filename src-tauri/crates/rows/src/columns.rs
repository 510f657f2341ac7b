//! The columns of a file as they come to light: their names, and what stands in them.

use std::{collections::HashMap, ops::Range};

use prompts::Value;
use serde::Serialize;

use super::{names::odd_keys, problem::Problem};

/// What the values of a column have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Nothing in it so far.
    Empty,
    /// True or false.
    Boolean,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Text.
    Text,
    /// JSON lists.
    List,
    /// JSON objects.
    Object,
    /// Values of different kinds.
    Mixed,
}

impl ValueKind {
    /// The kind of a CSV field. Digits that lead with a zero are text: they number things.
    pub fn from_text(text: &str) -> Self {
        Self::with_number(text).0
    }

    /// The kind of a CSV field, and the number it is.
    fn with_number(text: &str) -> (Self, Option<f64>) {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if text.is_empty() {
            (Self::Empty, None)
        } else if matches!(text, "true" | "false" | "True" | "False") {
            (Self::Boolean, None)
        } else if !digits.starts_with(|c: char| c.is_ascii_digit())
            || (digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0."))
        {
            (Self::Text, None)
        } else if let Ok(number) = text.parse::<i64>() {
            #[expect(clippy::cast_precision_loss, reason = "the nearest double, as where doubles are read")]
            let number = number as f64;
            (Self::Integer, Some(number))
        } else if let Ok(number) = text.parse() {
            (Self::Number, Some(number))
        } else {
            (Self::Text, None)
        }
    }

    /// The kind of a value of JSON or Parquet.
    pub fn from_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Empty,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_float() => Self::Number,
            Value::Number(_) => Self::Integer,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }

    /// Whether all values are numbers.
    pub(super) fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }

    fn with(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Empty, kind) | (kind, Self::Empty) => kind,
            (Self::Integer | Self::Number, Self::Integer | Self::Number) => Self::Number,
            _ => Self::Mixed,
        }
    }
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct FileColumn {
    /// Its name.
    pub name: String,
    /// What its values have in common.
    pub kind: ValueKind,
    /// How many rows have a value in it.
    pub filled: u64,
    /// The first few different values, shortened.
    pub samples: Vec<String>,
}

/// More columns than this are data taken for names.
pub const MOST_COLUMNS: usize = 10_000;
/// So many keys are known to later parts of a file at most.
const MOST_KNOWN: usize = 256;
const SAMPLES: usize = 3;
const SAMPLE_LENGTH: usize = 80;

/// All columns seen so far, in order of appearance.
#[derive(Default)]
pub struct Columns {
    /// The columns.
    pub all: Vec<FileColumn>,
    /// For each column, how many rows have it.
    seen: Vec<u64>,
    index: HashMap<String, usize>,
    /// CSV: everything is text, and a column is a number only if every value is.
    textual: bool,
}

impl Columns {
    /// The columns of a CSV file: their values are texts.
    pub fn from_header(names: &[String]) -> Self {
        let mut columns = Self { textual: true, ..Self::default() };
        for name in names {
            columns.position(name);
        }
        columns
    }

    /// These of the columns with nothing in them, for a later part of the file; none where rows may have so
    /// many keys that it costs less to find them anew.
    #[must_use]
    pub fn new_part(&self, columns: Range<usize>) -> Self {
        let mut part = Self { textual: self.textual, ..Self::default() };
        if self.textual || self.all.len() <= MOST_KNOWN {
            let columns = self.all.get(columns).unwrap_or_default();
            columns.iter().for_each(|column| _ = part.position(&column.name));
        }
        part
    }

    /// The column's place; a new name gets the next.
    pub fn position(&mut self, name: &str) -> usize {
        if let Some(at) = self.index.get(name) {
            return *at;
        }
        let at = self.all.len();
        self.index.insert(name.to_owned(), at);
        self.all.push(FileColumn {
            name: name.to_owned(),
            kind: ValueKind::Empty,
            filled: 0,
            samples: Vec::new(),
        });
        self.seen.push(0);
        at
    }

    /// The column's place, if it is known.
    pub fn known(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// Whether different values are still wanted to show for it.
    pub fn wants_samples(&self, at: usize) -> bool {
        self.all.get(at).is_some_and(|column| column.samples.len() < SAMPLES)
    }

    /// Adds what was seen in a later part of the file. Returns for each of its columns which one it is
    /// here.
    pub fn append(&mut self, later: Self) -> Vec<usize> {
        let mut places = Vec::with_capacity(later.all.len());
        for (theirs, seen) in later.all.into_iter().zip(later.seen) {
            let at = self.position(&theirs.name);
            places.push(at);
            let (Some(column), Some(sum)) = (self.all.get_mut(at), self.seen.get_mut(at)) else { continue };
            column.kind = column.kind.with(theirs.kind);
            if self.textual && column.kind == ValueKind::Mixed {
                column.kind = ValueKind::Text;
            }
            column.filled += theirs.filled;
            theirs.samples.into_iter().for_each(|sample| add_sample(column, sample));
            *sum += seen;
        }
        places
    }

    /// Adds a text of CSV to the column at a position. Returns the number it is, as long as all values of
    /// the column are numbers.
    pub fn add_text(&mut self, at: usize, text: &str) -> Option<f64> {
        let column = self.all.get_mut(at)?;
        let mut number = None;
        // Once text, always text: no need to look again.
        if column.kind != ValueKind::Text {
            let kind;
            (kind, number) = ValueKind::with_number(text);
            column.kind = match column.kind.with(kind) {
                ValueKind::Mixed => ValueKind::Text,
                kind => kind,
            };
        }
        record(column, text.is_empty(), || text.to_owned());
        number.filter(|_| column.kind.is_numeric())
    }

    /// Notes a value of that kind which needs no sample.
    pub fn add_kind(&mut self, at: usize, kind: ValueKind) {
        if let (Some(column), Some(seen)) = (self.all.get_mut(at), self.seen.get_mut(at)) {
            *seen += 1;
            column.kind = column.kind.with(kind);
            column.filled += u64::from(kind != ValueKind::Empty);
        }
    }

    /// Notes that so many more rows have a value that was added to the column at a position; `filled` says
    /// whether it is more than nothing.
    pub fn add_again(&mut self, at: usize, filled: bool, rows: u64) {
        if let (Some(column), Some(seen)) = (self.all.get_mut(at), self.seen.get_mut(at)) {
            *seen += rows;
            column.filled += if filled { rows } else { 0 };
        }
    }

    /// Adds a value to the column at a position.
    pub fn add_value(&mut self, at: usize, value: &Value) {
        if let (Some(column), Some(seen)) = (self.all.get_mut(at), self.seen.get_mut(at)) {
            *seen += 1;
            column.kind = column.kind.with(ValueKind::from_value(value));
            record(column, value.is_null(), || match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
        }
    }

    /// What is odd about the keys of JSON rows. Problems of a header are reported where it is read.
    pub fn odd_keys(&self) -> Vec<Problem> {
        if self.textual { Vec::new() } else { odd_keys(self.all.iter().map(|column| column.name.as_str())) }
    }

    /// What all rows of JSON show of their keys: those that are odd, and those that only some of so many rows
    /// have. A CSV row always has all columns or is named with its line.
    pub fn key_problems(&self, rows: u64) -> Vec<Problem> {
        if self.textual || self.are_too_many() {
            return Vec::new();
        }
        let both = self.all.iter().zip(&self.seen);
        let sparse = both.filter(|(_, seen)| **seen < rows).map(|(column, seen)| {
            let name = &column.name;
            let have = if *seen == 1 { "has" } else { "have" };
            let message = format!("Only {seen} of {rows} rows {have} the key '{name}'.");
            Problem::warning(None, message).field(name)
        });
        self.odd_keys().into_iter().chain(sparse).collect()
    }

    /// Whether there are so many columns that they are data taken for names.
    pub fn are_too_many(&self) -> bool {
        self.all.len() > MOST_COLUMNS
    }
}

fn record(column: &mut FileColumn, empty: bool, text: impl FnOnce() -> String) {
    if empty {
        return;
    }
    column.filled += 1;
    if column.samples.len() < SAMPLES {
        add_sample(column, shortened(&text()));
    }
}

fn add_sample(column: &mut FileColumn, sample: String) {
    if column.samples.len() < SAMPLES && !column.samples.contains(&sample) {
        column.samples.push(sample);
    }
}

/// The start of a text, with a mark where it goes on.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(SAMPLE_LENGTH).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("{start}…"),
        None => text.to_owned(),
    }
}

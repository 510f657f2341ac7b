//! How long the values of a column are.

use prompts::Value;

use super::{report::Lengths, spread::Spread};

/// The lengths seen so far.
#[derive(Default)]
pub(super) struct Measured {
    count: u64,
    sum: u64,
    least: u64,
    most: u64,
    pub spread: Spread,
}

impl Measured {
    /// Adds a length that so many values have.
    pub(super) fn record(&mut self, length: u64, rows: u64) {
        self.least = if self.count == 0 { length } else { self.least.min(length) };
        self.most = self.most.max(length);
        self.count += rows;
        self.sum += length * rows;
        #[expect(clippy::cast_precision_loss, reason = "no text is longer than 2^53 characters")]
        self.spread.record(length as f64, rows);
    }

    pub(super) fn append(&mut self, later: Self) {
        if later.count > 0 {
            self.least = if self.count == 0 { later.least } else { self.least.min(later.least) };
        }
        self.most = self.most.max(later.most);
        self.count += later.count;
        self.sum += later.sum;
        self.spread.append(later.spread);
    }

    pub(super) fn finish(&self) -> Option<Lengths> {
        #[expect(clippy::cast_precision_loss, reason = "a mean is rounded anyway")]
        let mean = self.sum as f64 / self.count as f64;
        (self.count > 0).then_some(Lengths { least: self.least, most: self.most, mean })
    }
}

/// The characters of a text.
pub(super) fn text_length(text: &str) -> u64 {
    text.chars().count() as u64
}

/// The characters of a value: for a list or an object those of all texts in it, for a number or a
/// truth those it is written with, `written`. Of a list of numbers it is the number of entries.
pub(super) fn value_length(value: &Value, written: &str) -> u64 {
    match value {
        Value::String(text) => text_length(text),
        Value::Array(entries)
            if entries.iter().all(|entry| matches!(entry, Value::Number(_) | Value::Null)) =>
        {
            entries.len() as u64
        }
        Value::Array(_) | Value::Object(_) => texts_in(value),
        _ => text_length(written),
    }
}

fn texts_in(value: &Value) -> u64 {
    match value {
        Value::String(text) => text_length(text),
        Value::Array(items) => items.iter().map(texts_in).sum(),
        Value::Object(object) => object.values().map(texts_in).sum(),
        _ => 0,
    }
}

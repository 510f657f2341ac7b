//! What a profile says of each column.

use resources::DatasetType;
use serde::Serialize;

use crate::columns::ValueKind;

/// What stands in a file, column by column.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Profile {
    /// The file.
    pub path: String,
    /// Its kind.
    pub r#type: DatasetType,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many rows were read; those that are broken don't count.
    pub rows: u64,
    /// Its columns, in order of appearance.
    pub columns: Vec<ColumnProfile>,
}

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ColumnProfile {
    /// Its name.
    pub name: String,
    /// What its values have in common.
    pub kind: ValueKind,
    /// How many rows have a value in it.
    pub filled: u64,
    /// How many different values it has.
    pub distinct: Distinct,
    /// The length of its values; none for numbers, and for true and false.
    pub lengths: Option<Lengths>,
    /// The values that occur most, of those that occur at least twice; the commonest first.
    pub commonest: Commonest,
    /// How its numbers, or the lengths of its values, are spread.
    pub histogram: Option<Histogram>,
}

/// A number of different values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Distinct {
    /// How many.
    pub count: u64,
    /// Whether they were counted; else they were estimated, mostly within two percent.
    pub exact: bool,
}

/// Lengths in characters. That of a list or an object is the length of all texts in it, without
/// the keys; that of a list of numbers is how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Lengths {
    /// The shortest.
    pub least: u64,
    /// The longest.
    pub most: u64,
    /// The mean of all that are filled.
    pub mean: f64,
}

/// The values that occur most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Commonest {
    /// At most five.
    pub values: Vec<CommonValue>,
    /// Whether all values were considered; else only the first few thousand different ones were.
    pub exact: bool,
}

/// A value and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct CommonValue {
    /// The value, shortened.
    pub value: String,
    /// In how many rows it stands.
    pub rows: u64,
}

/// Where the values of a column lie.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Histogram {
    /// What was put into the buckets.
    pub of: Measure,
    /// At most twelve, of one width, without a gap.
    pub buckets: Vec<Bucket>,
}

/// What a histogram is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The numbers themselves.
    Values,
    /// Lengths in characters.
    Lengths,
}

/// A part of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Bucket {
    /// The least it holds.
    pub from: f64,
    /// What it holds is less than this.
    pub to: f64,
    /// How many rows are in it.
    pub rows: u64,
}

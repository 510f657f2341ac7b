//! What is known of a dataset once each row was held against the shape of its rows.

use resources::DatasetType;
use serde::Serialize;

use crate::{convert::Conversion, problem::Problem, shape::Shape};

/// What the doctor found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Diagnosis {
    /// The file.
    pub path: String,
    /// Its kind.
    pub r#type: DatasetType,
    /// What kind of training example its rows are.
    pub shape: Shape,
    /// By what that is known, in a sentence.
    pub why: String,
    /// How many rows there are.
    pub rows: u64,
    /// How many of these rows have an error and can't be trained on as they are. A line that is no row
    /// at all is only among the problems.
    pub bad_rows: u64,
    /// How many rows are the same as an earlier one.
    pub duplicates: u64,
    /// What the rows can be converted to.
    pub conversions: Vec<Conversion>,
    /// The first hundred problems.
    pub problems: Vec<Problem>,
    /// How many problems have to be corrected.
    pub errors: u64,
    /// How many are only worth knowing.
    pub warnings: u64,
}

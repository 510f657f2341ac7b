//! What is measured of a run: values over its steps, and how much of its work is done.

use serde::Serialize;

/// How much of the present part of an export is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct WorkDone {
    /// How much is done, in units.
    pub done: u64,
    /// How much there is, once it is known.
    pub total: Option<u64>,
    /// The unit: `bytes`, `tensors`, `files` or `rows`.
    pub unit: String,
}

/// One measurement over the steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Series {
    /// Its name as the trainer gives it.
    pub name: String,
    /// At most two thousand points, by step.
    pub points: Vec<Point>,
}

/// A measurement at a step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Point {
    /// The step.
    pub step: u64,
    /// What was measured.
    pub value: f64,
}

//! What a worker reports of an export.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What came of an export.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default)]
pub struct ExportReport {
    /// What was written, such as `merge`.
    pub way: String,
    /// The path or the address of the result; none if it was not kept.
    pub output: Option<String>,
    /// The size of all files together.
    pub bytes: u64,
    /// The files of the result.
    pub files: Vec<ExportedFile>,
    /// What was checked.
    pub checks: Vec<ExportCheck>,
    /// What should be known of the result, in sentences.
    pub notes: Vec<String>,
    /// What is particular to the way.
    pub facts: Map<String, Value>,
}

/// A file of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ExportedFile {
    /// Its path in the result's folder.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    #[serde(default)]
    pub sha256: Option<String>,
}

/// A check of the result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ExportCheck {
    /// Its name for programs.
    pub name: String,
    /// Whether the result is good; none where that can't be said, or a value is measured and not judged.
    #[serde(default)]
    pub passed: Option<bool>,
    /// What was measured.
    #[serde(default)]
    pub value: Option<f64>,
    /// Up to which value the result is good.
    #[serde(default)]
    pub limit: Option<f64>,
    /// What was checked and found, in a sentence.
    pub text: String,
}

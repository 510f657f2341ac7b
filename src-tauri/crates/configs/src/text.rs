//! A configuration's text, read.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::ConfigType;

/// Why a text is not a configuration, and where it stops making sense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct TextProblem {
    /// One sentence, without the place.
    pub message: String,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The character in the line, counted from 1.
    pub column: Option<u32>,
}

impl fmt::Display for TextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "Line {line}, column {column}: {}", self.message),
            _ => f.write_str(&self.message),
        }
    }
}

/// Reads a configuration's text: YAML for `axolotl`, else JSON. All but `custom` must be a set of
/// named settings.
pub fn parse_config(kind: Option<ConfigType>, text: &str) -> Result<Value, TextProblem> {
    let value = if kind == Some(ConfigType::Axolotl) { yaml(text) } else { json(text) }?;
    if kind != Some(ConfigType::Custom) && !value.is_object() {
        let message = "The settings must be named: write them as key and value.".to_owned();
        return Err(TextProblem { message, line: None, column: None });
    }
    Ok(value)
}

fn json(text: &str) -> Result<Value, TextProblem> {
    serde_json::from_str(text).map_err(|error| {
        let told = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let why = told.strip_suffix(&place).unwrap_or(&told);
        // The reader names the last character it took; of an empty line that is none.
        placed(format!("This is not JSON: {why}."), error.line(), error.column().max(1))
    })
}

fn yaml(text: &str) -> Result<Value, TextProblem> {
    serde_saphyr::from_str(text).map_err(|error| {
        let place = error.location();
        let told = error.without_snippet().to_string();
        // Only the first line, without the place it ends with.
        let first = told.lines().next().unwrap_or_default();
        let said = place.map(|at| format!(" at line {}, column {}", at.line(), at.column()));
        let why = said.and_then(|said| first.strip_suffix(&said)).unwrap_or(first);
        let message = format!("This is not YAML: {why}.");
        match place.map(|at| (usize::try_from(at.line()), usize::try_from(at.column()))) {
            Some((Ok(line), Ok(column))) => placed(message, line, column),
            _ => TextProblem { message, line: None, column: None },
        }
    })
}

fn placed(message: String, line: usize, column: usize) -> TextProblem {
    TextProblem { message, line: u32::try_from(line).ok(), column: u32::try_from(column).ok() }
}

//! Parses the texts of configs.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::ConfigType;

/// Why a text is no config, and where the parser stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TextProblem {
    /// One sentence, without the line and the column.
    pub message: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The character in the line, from 1.
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

/// Parses the text of a config: YAML for `axolotl`, else JSON. Every type but `custom` needs an object.
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
        // The parser reports the last character that it read, which is 0 on an empty line.
        placed(format!("This is not JSON: {why}."), error.line(), error.column().max(1))
    })
}

fn yaml(text: &str) -> Result<Value, TextProblem> {
    serde_saphyr::from_str(text).map_err(|error| {
        let place = error.location();
        let told = error.without_snippet().to_string();
        // Only the first line, without the position at its end.
        let first = told.lines().next().unwrap_or_default();
        let suffix = place.map(|at| format!(" at line {}, column {}", at.line(), at.column()));
        let why = suffix.and_then(|suffix| first.strip_suffix(&suffix)).unwrap_or(first);
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

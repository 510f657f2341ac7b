//! Parses the texts of configs.

mod json;
mod repeated;
mod yaml;

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::{ConfigType, SettingMark};

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

impl TextProblem {
    /// A problem at a line and a character, both from 1.
    fn at(message: impl Into<String>, line: usize, column: usize) -> Self {
        Self { message: message.into(), line: u32::try_from(line).ok(), column: u32::try_from(column).ok() }
    }

    /// A problem at a byte of the text.
    fn at_byte(text: &str, at: usize, message: impl Into<String>) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before[line_start..].chars().count() + 1;
        Self::at(message, before.matches('\n').count() + 1, column)
    }
}

impl fmt::Display for TextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "Line {line}, column {column}: {}", self.message),
            _ => f.write_str(&self.message),
        }
    }
}

/// What is said of a key that its object or map has already.
fn repeated_key(key: &str) -> String {
    format!("The key {key} stands here a second time. Delete one of the two.")
}

/// Parses the text of a config: YAML for `axolotl`, else JSON. Every type but `custom` needs an object.
pub fn parse_config(kind: Option<ConfigType>, text: &str) -> Result<Value, TextProblem> {
    parse_with_notes(kind, text).map(|(value, _)| value)
}

/// Parses strict JSON with each key once, over a byte-order mark.
///
/// # Errors
/// The text is not JSON, or a key stands twice. The problem says so in plain words.
pub fn parse_json(text: &str) -> Result<Value, TextProblem> {
    json::read(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Parses the text of a config, and notes what is not read as it looks.
pub(crate) fn parse_with_notes(
    kind: Option<ConfigType>,
    text: &str,
) -> Result<(Value, Vec<SettingMark>), TextProblem> {
    // Editors on Windows put a byte-order mark in front. Python reads over it as well.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (value, notes) = match kind {
        Some(ConfigType::Axolotl) => yaml::read(text)?,
        _ => (parse_json(text)?, Vec::new()),
    };
    if kind != Some(ConfigType::Custom) && !value.is_object() {
        let message = "The settings must be named: write them as key and value.".to_owned();
        return Err(TextProblem { message, line: None, column: None });
    }
    Ok((value, notes))
}

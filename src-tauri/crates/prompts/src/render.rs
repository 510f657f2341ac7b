//! Prompts filled with a row's values, for the preview.

use std::collections::HashMap;

use schema::{Error, nearest};
use serde::{Deserialize, Serialize};

use super::{
    Counter, Piece, Template, TokenCount,
    column_name::{nameable, unnameable},
    python,
    value::Value,
};

/// The templates and the row to render.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RenderRequest {
    /// The dataset of the row.
    pub dataset_id: String,
    /// The row's number, from 1.
    pub row: u64,
    /// What the model reads.
    pub input_template: String,
    /// What the model should answer.
    pub completion_template: String,
    /// The training text; `None` for the input followed by the completion.
    pub training_template: Option<String>,
    /// The model whose tokenizer counts the tokens; `None` for an estimate.
    pub model_id: Option<String>,
    /// The largest number of tokens of the training text; the rest is cut off.
    pub limit: Option<u32>,
}

/// A prompt with the values of one row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RenderedPrompt {
    /// The columns that the templates can name; empty if they are unknown.
    pub columns: Vec<String>,
    /// The row whose values fill the templates.
    pub row: Option<RenderedRow>,
    /// Why there is no row.
    pub unreadable: Option<Error>,
    /// What the model reads.
    pub input: RenderedText,
    /// What the model should answer.
    pub completion: RenderedText,
    /// What the model is trained on.
    pub training: RenderedText,
    /// The path of the tokenizer that counted the tokens; `None` for an estimate.
    pub tokenizer: Option<String>,
    /// Why the model's tokenizer was not used.
    pub tokenizer_problem: Option<Error>,
}

/// The row in a rendered prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RenderedRow {
    /// The number, from 1.
    pub number: u64,
    /// The line of the file on which it begins, if the format has lines.
    pub line: Option<u64>,
    /// Whether it is the last row.
    pub last: bool,
    /// The number of rows, if the whole file was read before.
    pub total: Option<u64>,
}

/// A template with the values of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RenderedText {
    /// The parts of the text, in order; empty if the template can't be parsed.
    pub parts: Vec<Part>,
    /// The problems of the template.
    pub problems: Vec<TemplateProblem>,
    /// Warnings about values of this row.
    pub warnings: Vec<String>,
    /// The length of the text; `None` if the template could not be filled.
    pub tokens: Option<TokenCount>,
}

/// A part of a rendered text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Part {
    /// The source of the text.
    pub kind: PartKind,
    /// The column of a value or placeholder.
    pub column: Option<String>,
    /// The text.
    pub text: String,
    /// Whether training cuts it off because of the limit.
    pub cut: bool,
}

/// The source of a part of a rendered text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// Text of the template.
    Text,
    /// A value of the row.
    Value,
    /// A placeholder without a value.
    Unfilled,
}

/// A problem of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[error("Line {line}, character {character}: {message}")]
pub struct TemplateProblem {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub character: usize,
    /// The number of characters at fault.
    pub length: usize,
    /// One sentence.
    pub message: String,
    /// The name in the template that is no column.
    pub unknown: Option<String>,
    /// The column with the most similar name.
    pub suggestion: Option<String>,
}

/// The problems of a template for these columns. If the columns are unknown, names are not checked.
pub fn problems(text: &str, columns: Option<&[String]>) -> Vec<TemplateProblem> {
    let template = match Template::parse(text) {
        Ok(template) => template,
        Err(error) => {
            let column = columns.and_then(|columns| unnameable(text, error.offset, columns));
            let message = column.map_or(error.reason, |column| {
                format!(
                    "A template can't name the column {column:?}: braces hold no such character. Rename it in the dataset, for example to {}.",
                    nameable(column)
                )
            });
            return vec![TemplateProblem {
                line: error.line,
                character: error.character,
                length: column.map_or(1, |column| column.chars().count() + 2),
                message,
                unknown: None,
                suggestion: None,
            }];
        }
    };
    let Some(columns) = columns else { return Vec::new() };
    let unknown = template.placeholders().filter(|placeholder| !columns.contains(&placeholder.name));
    unknown
        .map(|placeholder| {
            let suggestion = nearest(&placeholder.name, columns);
            let question = suggestion.map_or(String::new(), |name| format!(" Did you mean {{{name}}}?"));
            TemplateProblem {
                line: placeholder.line,
                character: placeholder.character,
                length: placeholder.name.chars().count() + 2,
                message: format!("{{{}}} is not a column of the dataset.{question}", placeholder.name),
                suggestion: suggestion.map(str::to_owned),
                unknown: Some(placeholder.name.clone()),
            }
        })
        .collect()
}

/// Renders templates with one row's values.
pub struct Rendering<'a> {
    /// The columns that may be named; `None` if they are unknown.
    pub columns: Option<&'a [String]>,
    /// The row's values by column; `None` without a row.
    pub values: Option<HashMap<&'a str, &'a Value>>,
    /// Counts the tokens.
    pub counter: &'a Counter,
}

impl Rendering<'_> {
    /// Renders an input or a completion.
    pub fn text(&self, template: &str) -> RenderedText {
        let mut rendered = self.fill(template);
        if self.is_filled(&rendered) {
            rendered.tokens = Some(self.counter.count(&rendered.text()));
        }
        rendered
    }

    /// Renders a training text and marks what is beyond `limit` tokens.
    pub fn training(&self, template: &str, limit: Option<u32>) -> RenderedText {
        let mut rendered = self.fill(template);
        if self.is_filled(&rendered) {
            let (count, cut) = self.counter.count_training(&rendered.text(), limit);
            rendered.tokens = Some(count);
            if let Some(cut) = cut {
                rendered.cut_from(cut);
            }
        }
        rendered
    }

    fn is_filled(&self, rendered: &RenderedText) -> bool {
        self.values.is_some() && rendered.problems.is_empty()
    }

    fn fill(&self, template: &str) -> RenderedText {
        let problems = problems(template, self.columns);
        let Ok(template) = Template::parse(template) else {
            return RenderedText { problems, ..RenderedText::default() };
        };
        let mut warnings = Vec::new();
        let part = |piece| match piece {
            Piece::Text(text) => Part { kind: PartKind::Text, column: None, text, cut: false },
            Piece::Column(placeholder) => {
                let name = placeholder.name;
                let value = self.values.as_ref().and_then(|values| values.get(name.as_str()));
                if let Some(warning) = value.and_then(|value| warning_about(&name, value))
                    && !warnings.contains(&warning)
                {
                    warnings.push(warning);
                }
                let (kind, text) = match value {
                    Some(value) => (PartKind::Value, python::text(value)),
                    None => (PartKind::Unfilled, format!("{{{name}}}")),
                };
                Part { kind, column: Some(name), text, cut: false }
            }
        };
        let parts = template.pieces.into_iter().map(part).collect();
        RenderedText { parts, problems, warnings, tokens: None }
    }
}

/// A warning about a null or empty value.
fn warning_about(column: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(format!("{{{column}}} has no value in this row, and is written as None.")),
        Value::String(text) if text.is_empty() => Some(format!("{{{column}}} is empty in this row.")),
        _ => None,
    }
}

impl RenderedText {
    /// The whole text.
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }

    /// Marks the text from this byte offset on as cut. The part with the offset is split.
    fn cut_from(&mut self, byte: usize) {
        let mut start = 0;
        let mut parts = Vec::new();
        for mut part in std::mem::take(&mut self.parts) {
            let end = start + part.text.len();
            if byte <= start {
                part.cut = true;
            } else if byte < end {
                let rest = part.text.split_off(byte - start);
                parts.push(part.clone());
                part = Part { text: rest, cut: true, ..part };
            }
            parts.push(part);
            start = end;
        }
        self.parts = parts;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_whose_name_braces_can_not_hold_is_to_be_renamed() {
        let columns = ["a.b", "{x}", "0", "fine"].map(str::to_owned);
        let shown = |text: &str| -> Vec<String> {
            problems(text, Some(&columns)).iter().map(ToString::to_string).collect()
        };
        for (text, expected) in [
            (
                "Q: {a.b}",
                "Line 1, character 4: A template can't name the column \"a.b\": braces hold no such character. Rename it in the dataset, for example to a_b.",
            ),
            ("\n{0}", "Line 2, character 1: A template can't name the column \"0\""),
            ("{c.d}", "Line 1, character 1: '.' can't stand inside braces."),
            ("{fone}", "Line 1, character 1: {fone} is not a column of the dataset. Did you mean {fine}?"),
        ] {
            let found = shown(text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].starts_with(expected), "{text}: {found:?}");
        }
        assert_eq!(problems("{a.b}", Some(&columns))[0].length, 5);
        assert!(problems("{a.b}", None)[0].message.contains("can't stand inside braces"));
        assert!(shown("{fine}").is_empty());
    }
}

//! A prompt with a row's values in it, as a person looks at it while writing.

use std::collections::HashMap;

use schema::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Counter, Piece, Template, TokenCount, nearest, python};

/// What to render.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, specta::Type)]
pub struct RenderRequest {
    /// The dataset whose row fills the templates.
    pub dataset_id: String,
    /// The row, counted from one.
    pub row: u64,
    /// What the model reads.
    pub input_template: String,
    /// What the model should answer.
    pub completion_template: String,
    /// What the model is trained on; without one, the input followed by the completion.
    pub training_template: Option<String>,
    /// The model whose tokenizer counts; without one, tokens are estimated.
    pub model_id: Option<String>,
    /// How many tokens of the training text are kept.
    pub limit: Option<u32>,
}

/// A prompt with the values of one row.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct RenderedPrompt {
    /// The columns that the templates can name; empty when they aren't known.
    pub columns: Vec<String>,
    /// The row whose values stand in the texts, if there is one.
    pub row: Option<RenderedRow>,
    /// Why there is none.
    pub unreadable: Option<Error>,
    /// What the model reads.
    pub input: RenderedText,
    /// What the model should answer.
    pub completion: RenderedText,
    /// What the model is trained on.
    pub training: RenderedText,
    /// The file of the tokenizer that counted; none where tokens are estimated.
    pub tokenizer: Option<String>,
    /// Why the model's tokenizer did not count.
    pub tokenizer_problem: Option<Error>,
}

/// The row in a rendered prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
pub struct RenderedRow {
    /// Its number, counted from one.
    pub number: u64,
    /// The line of the file it starts on, where the file has lines.
    pub line: Option<u64>,
    /// Whether the dataset ends with it.
    pub last: bool,
    /// How many rows there are, if the whole file was read before.
    pub total: Option<u64>,
}

/// A template with the values of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct RenderedText {
    /// The text in parts, in order; empty when the template can't be read.
    pub parts: Vec<Part>,
    /// What is wrong with the template.
    pub problems: Vec<TemplateProblem>,
    /// What may surprise about this row.
    pub warnings: Vec<String>,
    /// How long the text is; none when the template can't be filled.
    pub tokens: Option<TokenCount>,
}

/// A part of a rendered text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Part {
    /// Where the text comes from.
    pub kind: PartKind,
    /// The column, where it is about one.
    pub column: Option<String>,
    /// The text.
    pub text: String,
    /// Whether training would leave it out because it is beyond the limit.
    pub cut: bool,
}

/// Where a part of a rendered text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// It stands in the template.
    Text,
    /// It is a value of the row.
    Value,
    /// It is a placeholder for which there is no value.
    Unfilled,
}

/// What is wrong with a template, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type, thiserror::Error)]
#[error("Line {line}, character {character}: {message}")]
pub struct TemplateProblem {
    /// Counted from one.
    pub line: usize,
    /// Counted from one, in characters.
    pub character: usize,
    /// How many characters it is about.
    pub length: usize,
    /// One sentence for the person.
    pub message: String,
    /// The name that is no column, if that is what is wrong.
    pub unknown: Option<String>,
    /// The column that was probably meant by it, if one is alike.
    pub suggestion: Option<String>,
}

/// What is wrong with a template over these columns; nothing is asked of names when they aren't
/// known.
pub fn problems(text: &str, columns: Option<&[String]>) -> Vec<TemplateProblem> {
    let template = match Template::parse(text) {
        Ok(template) => template,
        Err(error) => {
            return vec![TemplateProblem {
                line: error.line,
                character: error.character,
                length: 1,
                message: error.reason,
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
            let meant = suggestion.map_or(String::new(), |name| format!(" Did you mean {{{name}}}?"));
            TemplateProblem {
                line: placeholder.line,
                character: placeholder.character,
                length: placeholder.name.chars().count() + 2,
                message: format!("{{{}}} is not a column of the dataset.{meant}", placeholder.name),
                suggestion: suggestion.map(str::to_owned),
                unknown: Some(placeholder.name.clone()),
            }
        })
        .collect()
}

/// Renders templates with one row's values.
pub struct Rendering<'a> {
    /// The columns that may be named, where they are known.
    pub columns: Option<&'a [String]>,
    /// The row's values by column; none if no row could be read.
    pub values: Option<HashMap<&'a str, &'a Value>>,
    /// Counts the tokens.
    pub counter: &'a Counter,
}

impl Rendering<'_> {
    /// What the model reads, or answers.
    pub fn text(&self, template: &str) -> RenderedText {
        let mut rendered = self.fill(template);
        if self.is_filled(&rendered) {
            rendered.tokens = Some(self.counter.count(&rendered.text()));
        }
        rendered
    }

    /// What the model is trained on, of which `limit` tokens are kept.
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
                if let Some(warning) = value.and_then(|value| surprise(&name, value))
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

/// What a person may not expect of a value in a text.
fn surprise(column: &str, value: &Value) -> Option<String> {
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

    /// Marks what lies behind a byte of the text as cut, splitting the part it is in.
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

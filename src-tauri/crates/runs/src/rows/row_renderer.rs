//! Renders a row of the dataset as its worker reads it. The preview uses the same renderer.

use datasets::{NumberedRow, Object, Value};
use prompts::Template;
use resources::RowFormat;
use schema::{Error, ErrorCode, Result};

use super::{
    example::{Example, ExampleText, NoExample},
    example_reader::ExampleReader,
};
use crate::spec::{ChatSpec, PromptSpec, Spec, Task};

/// What the rows of a run depend on beside the dataset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowSettings<'a> {
    pub(crate) format: Option<RowFormat>,
    pub(crate) prompt: Option<&'a PromptSpec>,
    pub(crate) chat: Option<&'a ChatSpec>,
    /// Columns that are kept beside the texts.
    pub(crate) features: &'a [String],
    /// Whether the rows are for an evaluation.
    pub(crate) asks: bool,
}

impl<'a> RowSettings<'a> {
    pub(super) fn from_spec(spec: &'a Spec) -> Self {
        Self {
            format: spec.row_format,
            prompt: spec.prompt.as_ref(),
            chat: spec.chat.as_ref(),
            features: &spec.selection.features,
            asks: matches!(spec.task, Task::Evaluation(_)),
        }
    }
}

/// Renders rows.
#[derive(Debug)]
pub(crate) struct RowRenderer<'a> {
    reader: Option<ExampleReader>,
    parts: Vec<(&'static str, Template)>,
    features: &'a [String],
}

impl<'a> RowRenderer<'a> {
    /// # Errors
    /// A template can't be parsed.
    pub(crate) fn new(settings: RowSettings<'a>) -> Result<Self> {
        let RowSettings { format, prompt, chat, features, asks } = settings;
        let reader = ExampleReader::new(format, chat, prompt.is_some(), asks)?;
        let parts = match prompt.filter(|_| reader.is_none()) {
            Some(PromptSpec {
                input_template: Some(input), completion_template: Some(completion), ..
            }) => vec![parsed("prompt", input)?, parsed("completion", completion)?],
            Some(PromptSpec { training_template: Some(text), .. }) => vec![parsed("text", text)?],
            // A script or axolotl without a prompt reads the columns themselves.
            _ => Vec::new(),
        };
        Ok(Self { reader, parts, features })
    }

    /// The row as an example, or why it is none. Where messages lie in it is found out.
    pub(crate) fn shown_example(&self, row: NumberedRow<'_>) -> Result<Example, NoExample> {
        match self.take(row).content {
            Content::Unread(object) => self.read(object, true),
            Content::Filled(example) => Ok(example),
        }
    }

    /// What is needed of a row, so that any thread can make an example of it.
    pub(crate) fn take(&self, row: NumberedRow<'_>) -> TakenRow {
        let content = match &self.reader {
            Some(_) => Content::Unread(row.object()),
            None => {
                let texts = self.parts.iter().map(|(key, template)| {
                    let mut text = String::new();
                    template.write(&mut text, |column, text| row.write(column, text));
                    ExampleText::new(key, text, Vec::new())
                });
                Content::Filled(Example { texts: texts.collect(), ..Example::default() })
            }
        };
        let has_texts = self.reader.is_some() || !self.parts.is_empty();
        let features = match self.features {
            [] if has_texts => None,
            [] => Some(row.object()),
            features => Some(features.iter().map(|name| (name.clone(), row.value(name))).collect()),
        };
        TakenRow { number: row.number, content, features }
    }

    /// The example that a row is, or why it is none.
    pub(crate) fn example(&self, taken: TakenRow) -> Result<Example, NoExample> {
        match taken.content {
            Content::Unread(object) => self.read(object, false),
            Content::Filled(example) => Ok(example),
        }
    }

    /// The row as a line of JSON.
    pub(super) fn line(&self, mut taken: TakenRow) -> Result<Vec<u8>, NoExample> {
        let (number, features) = (taken.number, taken.features.take());
        let example = self.example(taken)?;
        let mut line = format!("{{\"row\":{number}").into_bytes();
        example.write(&mut line);
        if let Some(features) = features {
            line.extend_from_slice(b",\"features\":");
            line.extend_from_slice(Value::Object(features).to_string().as_bytes());
        }
        line.extend_from_slice(b"}\n");
        Ok(line)
    }

    fn read(&self, row: Object, with_turns: bool) -> Result<Example, NoExample> {
        match &self.reader {
            Some(reader) => reader.read(&row, with_turns),
            None => Ok(Example::default()),
        }
    }
}

/// What a thread needs of a row to make an example of it.
#[derive(Debug)]
pub(crate) struct TakenRow {
    /// Its number, from 1.
    pub(crate) number: u64,
    content: Content,
    /// What is kept beside the texts.
    features: Option<Object>,
}

#[derive(Debug)]
enum Content {
    /// All of it, to be read as a conversation, a preference or a text.
    Unread(Object),
    /// The texts that it was filled into.
    Filled(Example),
}

impl TakenRow {
    /// About how many bytes its texts have.
    pub(super) fn bytes(&self) -> usize {
        let texts = match &self.content {
            Content::Unread(object) => object.values().map(bytes).sum(),
            Content::Filled(example) => example.texts.iter().map(|text| text.text.len()).sum::<usize>(),
        };
        texts + self.features.iter().flat_map(Object::values).map(bytes).sum::<usize>()
    }
}

fn bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => size_of::<Value>(),
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(bytes).sum(),
        Value::Object(entries) => entries.values().map(bytes).sum(),
    }
}

fn parsed(key: &'static str, text: &str) -> Result<(&'static str, Template)> {
    let template = Template::parse(text).map_err(|error| {
        Error::new(ErrorCode::Invalid, format!("The prompt's template can't be used. {error}"))
            .hint("Correct the prompt, then start the job again.")
    })?;
    Ok((key, template))
}

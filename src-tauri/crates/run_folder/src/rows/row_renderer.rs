//! Renders a row of the dataset as its worker reads it. The preview uses the same renderer.

use datasets::{NumberedRow, Object, Value};
use prompts::{
    Template,
    chat::{Ratings, RowFault},
};
use schema::{Error, ErrorCode, Result};

use super::{
    example::{Example, ExampleText, NoExample},
    example_reader::ExampleReader,
    row_settings::RowSettings,
};
use crate::spec::PromptSpec;

/// Renders rows.
#[derive(Debug)]
pub struct RowRenderer<'a> {
    reader: Option<ExampleReader>,
    parts: Vec<(&'static str, Template)>,
    /// What says whether an answer is one to expect, where rows are filled into a prompt.
    ratings: Option<&'a Ratings>,
    features: &'a [String],
}

impl<'a> RowRenderer<'a> {
    /// # Errors
    /// A template can't be parsed.
    pub fn new(settings: RowSettings<'a>) -> Result<Self> {
        let RowSettings { prompt, features, ratings, asks, .. } = settings;
        let reader = ExampleReader::new(settings)?;
        let ratings = ratings.filter(|_| asks && reader.is_none());
        let parts = match prompt.filter(|_| reader.is_none()) {
            Some(PromptSpec {
                input_template: Some(input), completion_template: Some(completion), ..
            }) => vec![parsed("prompt", input)?, parsed("completion", completion)?],
            Some(PromptSpec { training_template: Some(text), .. }) => vec![parsed("text", text)?],
            // A script or axolotl without a prompt reads the columns themselves.
            _ => Vec::new(),
        };
        Ok(Self { reader, parts, ratings, features })
    }

    /// Whether another program rendered any of the rows so far.
    pub fn used_other(&self) -> bool {
        self.reader.as_ref().is_some_and(ExampleReader::used_other)
    }

    /// The row as examples, which are one or the two answers of a pair; or why it is none. Where messages lie in
    /// it is found out.
    pub fn shown_examples(&self, row: NumberedRow<'_>) -> Result<Vec<Example>, NoExample> {
        match self.take(row).content {
            Content::Unread(object) => self.read(object, true),
            Content::Filled(example) => Ok(vec![example]),
            Content::Refused(reason) => Err(reason.into()),
        }
    }

    /// What is needed of a row, so that any thread can make an example of it.
    pub fn take(&self, row: NumberedRow<'_>) -> TakenRow {
        let refused = self.ratings.and_then(|ratings| {
            let rated = Object::from_iter([(ratings.column.clone(), row.value(&ratings.column))]);
            ratings.expect_good(&rated).err()
        });
        let content = match (&self.reader, refused) {
            (_, Some(reason)) => Content::Refused(reason),
            (Some(_), None) => Content::Unread(row.object()),
            (None, None) => {
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

    /// The examples that a row is, one or the two answers of a pair; or why it is none.
    pub fn examples(&self, taken: TakenRow) -> Result<Vec<Example>, NoExample> {
        match taken.content {
            Content::Unread(object) => self.read(object, false),
            Content::Filled(example) => Ok(vec![example]),
            Content::Refused(reason) => Err(reason.into()),
        }
    }

    /// The row as lines of JSON, one for each example.
    pub(crate) fn lines(&self, mut taken: TakenRow) -> Result<Vec<u8>, NoExample> {
        let (number, features) = (taken.number, taken.features.take());
        let features = features.map(|features| Value::Object(features).to_string());
        let mut lines = Vec::new();
        for example in self.examples(taken)? {
            lines.extend_from_slice(format!("{{\"row\":{number}").as_bytes());
            example.write(&mut lines);
            if let Some(features) = &features {
                lines.extend_from_slice(b",\"features\":");
                lines.extend_from_slice(features.as_bytes());
            }
            lines.extend_from_slice(b"}\n");
        }
        Ok(lines)
    }

    fn read(&self, row: Object, with_turns: bool) -> Result<Vec<Example>, NoExample> {
        match &self.reader {
            Some(reader) => reader.read(&row, with_turns),
            None => Ok(vec![Example::default()]),
        }
    }
}

/// What a thread needs of a row to make an example of it.
#[derive(Debug, Clone)]
pub struct TakenRow {
    /// Its number, from 1.
    pub number: u64,
    content: Content,
    /// The columns that are repeated in the results, or that a script reads.
    features: Option<Object>,
}

#[derive(Debug, Clone)]
enum Content {
    /// All of it, to be read as a conversation, a preference or a text.
    Unread(Object),
    /// The texts that it was filled into.
    Filled(Example),
    /// It is no example.
    Refused(RowFault),
}

impl TakenRow {
    /// About how many bytes its texts have.
    pub(crate) fn bytes(&self) -> usize {
        let texts = match &self.content {
            Content::Unread(object) => object.values().map(bytes).sum(),
            Content::Filled(example) => example.texts.iter().map(|text| text.text.len()).sum::<usize>(),
            Content::Refused(_) => 0,
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

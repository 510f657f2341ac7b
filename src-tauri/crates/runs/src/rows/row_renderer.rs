//! Renders a row of the dataset as its worker reads it. The preview uses the same renderer.

use std::sync::Arc;

use datasets::{NumberedRow, Object, Value};
use prompts::{
    Template,
    chat::{OtherRenderer, Ratings},
};
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
    /// What says whether answers are good; none where rows are pairs of them, or of another format.
    pub(crate) ratings: Option<&'a Ratings>,
    /// Renders chat templates that this program can't.
    pub(crate) other: Option<&'a Arc<dyn OtherRenderer>>,
    /// Columns that are kept beside the texts.
    pub(crate) features: &'a [String],
    /// Whether the rows are for an evaluation.
    pub(crate) asks: bool,
}

impl<'a> RowSettings<'a> {
    pub(super) fn from_spec(spec: &'a Spec, other: Option<&'a Arc<dyn OtherRenderer>>) -> Self {
        Self {
            other,
            format: spec.row_format,
            prompt: spec.prompt.as_ref(),
            chat: spec.chat.as_ref(),
            ratings: spec.ratings.as_ref(),
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
        let RowSettings { prompt, features, .. } = settings;
        let reader = ExampleReader::new(settings)?;
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

    /// Whether another program rendered any of the rows so far.
    pub(crate) fn used_other(&self) -> bool {
        self.reader.as_ref().is_some_and(ExampleReader::used_other)
    }

    /// The row as examples, which are one or the two answers of a pair; or why it is none.
    pub(crate) fn examples(&self, row: NumberedRow<'_>) -> Result<Vec<Example>, NoExample> {
        match &self.reader {
            Some(reader) => reader.read(&row.object()),
            None => {
                let texts = self.parts.iter().map(|(key, template)| {
                    let mut text = String::new();
                    template.write(&mut text, |column, text| row.write(column, text));
                    ExampleText::new(key, text, &[])
                });
                Ok(vec![Example { texts: texts.collect(), ..Example::default() }])
            }
        }
    }

    /// Writes the row as lines of JSON, one for each example, into `lines`, which is emptied first.
    pub(super) fn write(&self, row: NumberedRow<'_>, lines: &mut Vec<u8>) -> Result<(), NoExample> {
        lines.clear();
        for example in self.examples(row)? {
            self.write_line(row, &example, lines);
        }
        Ok(())
    }

    fn write_line(&self, row: NumberedRow<'_>, example: &Example, line: &mut Vec<u8>) {
        line.extend_from_slice(format!("{{\"row\":{}", row.number).as_bytes());
        example.write(line);
        if !self.features.is_empty() || example.texts.is_empty() {
            let features: Object = match self.features {
                [] => row.object(),
                features => features.iter().map(|name| (name.clone(), row.value(name))).collect(),
            };
            line.extend_from_slice(b",\"features\":");
            line.extend_from_slice(Value::Object(features).to_string().as_bytes());
        }
        line.extend_from_slice(b"}\n");
    }
}

fn parsed(key: &'static str, text: &str) -> Result<(&'static str, Template)> {
    let template = Template::parse(text).map_err(|error| {
        Error::new(ErrorCode::Invalid, format!("The prompt's template can't be used. {error}"))
            .hint("Correct the prompt, then start the job again.")
    })?;
    Ok((key, template))
}

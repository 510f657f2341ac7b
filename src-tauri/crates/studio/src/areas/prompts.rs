//! Prompt templates: suggestions and rendering.

use std::path::PathBuf;

use datasets::Preview;
use platform::blocking;
use prompts::{Counter, RenderRequest, RenderedPrompt, RenderedRow, Rendering, Suggestion};
use resources::{Dataset, Model, ModelType, Prompt};
use runs::{EvaluationRequest, PreviewRequest, TrainingPreview};
use schema::{Choice, Error, ErrorCode, MappedDict, Result, TableName};

use crate::{DatasetSource, Studio};

/// Prompt templates: suggestions and rendering.
#[derive(Debug, Clone, Copy)]
pub struct Prompts<'a>(pub(crate) &'a Studio);

impl Prompts<'_> {
    /// Suggested templates for the columns of a dataset.
    pub async fn suggest(&self, dataset_id: &str) -> Result<Suggestion> {
        let dataset = self.0.store.get(TableName::Datasets, dataset_id).await?;
        let named = Dataset::from_dict(&dataset.row)?.column_names().unwrap_or_default();
        prompts::suggest(&named).ok_or_else(|| {
            let reason = if named.is_empty() { "are not known" } else { "can't be named in a template" };
            Error::new(ErrorCode::Invalid, format!("The columns of '{}' {reason}.", dataset.label))
                .hint("Write the templates yourself. A column's name in braces stands for its value.")
        })
    }

    /// Renders templates with the values of a row. The result contains the problems: a row that does not
    /// exist, a template with a syntax error, a tokenizer that can't be loaded.
    pub async fn render(&self, request: &RenderRequest) -> Result<RenderedPrompt> {
        let dataset = self.0.store.get(TableName::Datasets, &request.dataset_id).await?;
        let known = Dataset::from_dict(&dataset.row).ok().and_then(|dataset| dataset.column_names());
        let (preview, unreadable) = match self.row_of(request).await {
            Ok(preview) => (Some(preview), None),
            Err(error) => (None, Some(error)),
        };
        let columns = known.or_else(|| {
            let columns = &preview.as_ref()?.columns;
            Some(columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>())
        });
        let (counter, tokenizer, tokenizer_problem) = match self.counter(request).await {
            Ok((counter, file)) => (counter, file, None),
            Err(error) => (Counter::Rough, None, Some(error)),
        };
        let request = request.clone();
        let render = move || Ok(rendered(&request, columns, preview.as_ref(), &counter));
        let prompt = blocking("rendering the prompt", render).await?;
        Ok(RenderedPrompt { unreadable, tokenizer, tokenizer_problem, ..prompt })
    }

    /// Renders a stored prompt.
    pub async fn render_stored(
        &self,
        prompt_id: &str,
        row: u64,
        model_id: Option<&str>,
        limit: Option<u32>,
    ) -> Result<RenderedPrompt> {
        let listed = self.0.store.get(TableName::Prompts, prompt_id).await?;
        let prompt = Prompt::from_dict(&listed.row)?;
        let dataset_id = prompt.dataset_id.ok_or_else(|| {
            Error::new(ErrorCode::Invalid, format!("'{}' has no dataset to take rows from.", listed.label))
                .hint("Choose a dataset for it first.")
        })?;
        let request = RenderRequest {
            dataset_id: dataset_id.as_str().to_owned(),
            row,
            input_template: prompt.input_template.unwrap_or_default(),
            completion_template: prompt.completion_template.unwrap_or_default(),
            training_template: prompt.prompt_template,
            model_id: model_id.map(str::to_owned),
            limit,
        };
        self.render(&request).await
    }

    /// Rows as a training would see them. The result contains the problems.
    pub async fn preview_training(&self, request: &PreviewRequest) -> Result<TrainingPreview> {
        self.0.runs().preview_training(request, self.0.runs().tokenizers()).await
    }

    /// A row as one of the combinations of an evaluation would see it, in the order of the request.
    pub async fn preview_evaluation(
        &self,
        request: &EvaluationRequest,
        combination: usize,
        row: u64,
    ) -> Result<TrainingPreview> {
        self.0.runs().preview_evaluation(request, combination, row, self.0.runs().tokenizers()).await
    }

    async fn row_of(&self, request: &RenderRequest) -> Result<Preview> {
        let before = request.row.checked_sub(1).ok_or_else(|| {
            Error::new(ErrorCode::Invalid, "Rows are counted from 1.").hint("Ask for row 1 or a later one.")
        })?;
        let dataset = DatasetSource::Id(request.dataset_id.clone());
        let preview = self.0.datasets().preview(&dataset, before, 1).await?;
        if preview.rows.is_empty() {
            let message = format!("The dataset has no row {}.", request.row);
            return Err(Error::new(ErrorCode::NotFound, message).hint("Go back to an earlier row."));
        }
        Ok(preview)
    }

    /// The tokenizer of the chosen model, and its file.
    async fn counter(&self, request: &RenderRequest) -> Result<(Counter, Option<String>)> {
        let Some(model_id) = &request.model_id else { return Ok((Counter::Rough, None)) };
        let listed = self.0.store.get(TableName::Models, model_id).await?;
        let folder = self.model_folder(&Model::from_dict(&listed.row)?);
        let file = folder.as_ref().map(|folder| folder.join("tokenizer.json")).filter(|file| file.is_file());
        let file = file.ok_or_else(|| {
            let name = &listed.label;
            let slow = folder.as_deref().map(weights::slow_tokenizer).unwrap_or_default();
            let message = match slow.first() {
                Some(file) => format!(
                    "The tokenizer of '{name}' is here only in its slow form ({file}), which this program \
                     can't count with: tokenizer.json is missing."
                ),
                None => format!("The tokenizer of '{name}' is not on this machine."),
            };
            Error::new(ErrorCode::NotFound, message).hint("The number of tokens is estimated.")
        })?;
        Ok((self.0.runs().tokenizers().counter(&file).await?, Some(file.display().to_string())))
    }

    /// The folder with a model's files.
    fn model_folder(&self, model: &Model) -> Option<PathBuf> {
        match model.r#type.as_ref().and_then(Choice::known)? {
            ModelType::Project => model.location.as_ref().map(PathBuf::from),
            ModelType::Huggingface => self.0.hub.cached_model(model.huggingface_model_name.as_deref()?),
            ModelType::ModelRegistry => None,
        }
    }
}

fn rendered(
    request: &RenderRequest,
    columns: Option<Vec<String>>,
    preview: Option<&Preview>,
    counter: &Counter,
) -> RenderedPrompt {
    let row = preview.and_then(|preview| preview.rows.first());
    let values = preview.zip(row).map(|(preview, row)| {
        let value_of = |name: &String| {
            let at = preview.columns.iter().position(|column| column.name == *name)?;
            row.values.get(at)
        };
        let absent = datasets::absent(preview.r#type);
        let value_of = |name| value_of(name).filter(|value| !value.is_null()).unwrap_or(absent);
        let named = columns.iter().flatten();
        named.map(|name| (name.as_str(), value_of(name))).collect()
    });
    let rendering = Rendering { columns: columns.as_deref(), values, counter };
    let input = rendering.text(&request.input_template);
    let completion = rendering.text(&request.completion_template);
    let training = match &request.training_template {
        Some(template) => rendering.training(template, request.limit),
        None => {
            let composed = format!("{}{}", request.input_template, request.completion_template);
            rendering.training(&composed, request.limit)
        }
    };
    RenderedPrompt {
        row: preview.zip(row).map(|(preview, row)| RenderedRow {
            number: request.row,
            line: row.line,
            last: preview.end,
            total: preview.total_rows,
        }),
        columns: columns.unwrap_or_default(),
        unreadable: None,
        input,
        completion,
        training,
        tokenizer: None,
        tokenizer_problem: None,
    }
}

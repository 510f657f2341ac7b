//! What is looked at of a training's rows before there is a job: its dataset, its model, its prompt and its choices.

use resources::{FineTuningJob, RowFormat, TrainingChoices};
use schema::{Result, TableName, column};

use super::{
    choices::{ChoiceInputs, Chosen},
    context::Preflight,
    dataset::JobDataset,
};
use run_folder::spec::{Framework, PromptSpec, Source};

/// Which rows are looked at, and how they are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExampleSource<'a> {
    /// The id of the dataset.
    pub(crate) dataset: &'a str,
    /// The id of the model; none where it is empty, too.
    pub(crate) model: Option<&'a str>,
    /// The id of the prompt, likewise.
    pub(crate) prompt: Option<&'a str>,
    pub(crate) choices: &'a TrainingChoices,
}

/// What was found of them.
#[derive(Debug, Clone)]
pub(crate) struct Examples {
    pub(crate) dataset: Option<JobDataset>,
    pub(crate) model: Option<Source>,
    pub(crate) prompt: Option<PromptSpec>,
    pub(crate) chosen: Chosen,
}

impl Preflight<'_> {
    /// Looks up dataset, model and prompt, and fills in what is not chosen. What does not fit is refused.
    ///
    /// # Errors
    /// There is no dataset or no model of that id.
    pub(crate) async fn examples(&mut self, source: ExampleSource<'_>) -> Result<Examples> {
        self.runs.store.get(TableName::Datasets, source.dataset).await?;
        let dataset = self.dataset(source.dataset).await?;
        let model = match source.model.filter(|id| !id.is_empty()) {
            Some(id) => {
                self.runs.store.get(TableName::Models, id).await?;
                self.model(id).await?
            }
            None => None,
        };
        let prompt = match source.prompt.filter(|id| !id.is_empty()) {
            Some(id) => self.prompt(id, dataset.as_ref()).await?,
            None => None,
        };
        let inputs = ChoiceInputs {
            choices: source.choices,
            framework: Framework::Legacy,
            prompt: prompt.as_ref(),
            dataset: dataset.as_ref(),
            model: model.as_ref(),
        };
        let chosen = self.chosen(&inputs).await?;
        if chosen.planned.row_format == Some(RowFormat::Conversation) && model.is_none() {
            let message = "Choose the model whose chat template renders the conversations.";
            self.diagnostics.refuse(column!(FineTuningJob, base_model_id), message);
        }
        Ok(Examples { dataset, model, prompt, chosen })
    }
}

//! The prompt of a job.

use resources::{FineTuningJob, Prompt};
use schema::{Result, Row, column};

use super::{context::Preflight, dataset::JobDataset};
use run_folder::spec::PromptSpec;

/// The prompt of a job.
pub(super) struct JobPrompt {
    pub(super) spec: PromptSpec,
    /// Its row, where it is created with the job.
    pub(super) row: Option<Row>,
}

impl Preflight<'_> {
    /// The prompt with that id, checked against the columns of the dataset.
    pub(crate) async fn prompt(
        &mut self,
        id: &str,
        dataset: Option<&JobDataset>,
    ) -> Result<Option<PromptSpec>> {
        let column = column!(FineTuningJob, prompt_id);
        let Some(prompt) = self.row::<Prompt>(id).await? else { return Ok(None) };
        let spec = PromptSpec::from_prompt(&prompt.row);
        if let (Some(own), Some(dataset)) = (&prompt.row.dataset_id, dataset)
            && own.as_str() != dataset.spec.id
        {
            self.diagnostics.warn(column, "This prompt was written for another dataset.");
        }
        let columns = dataset.and_then(|dataset| dataset.columns.as_deref());
        for template in spec.templates() {
            for problem in prompts::problems(template, columns) {
                self.diagnostics.refuse(column, format!("The template can't be filled. {problem}"));
            }
        }
        if spec.templates().next().is_none() {
            self.diagnostics.refuse(column, "This prompt has no template.");
        }
        Ok(Some(spec))
    }
}

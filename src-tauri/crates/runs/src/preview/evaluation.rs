//! Rows as the models of an evaluation would see them.

use prompts::Tokenizers;
use schema::Result;
use uuid::Uuid;

use super::{
    report::TrainingPreview,
    rows::{counter_of, rendered},
};
use crate::{preflight::PlannedChoices, request::EvaluationRequest, runs::Runs};
use run_folder::{
    rows::RowSettings,
    spec::{Spec, Task},
};

impl Runs {
    /// A row of the dataset as one of the combinations would see it, in the order of the request, rendered by the
    /// code that prepares an evaluation. Without rows the result has the reasons.
    pub async fn preview_evaluation(
        &self,
        request: &EvaluationRequest,
        combination: usize,
        row: u64,
        tokenizers: &Tokenizers,
    ) -> Result<TrainingPreview> {
        let layout = self.lay_out_evaluation(&Uuid::new_v4().to_string(), request).await?;
        let mut problems = layout.plan.problems;
        problems.retain(|problem| problem.column != "python");
        let mut preview = TrainingPreview { problems, ..TrainingPreview::default() };
        let Some(Spec { dataset, prompt, row_format, ratings, task: Task::Evaluation(evaluation), .. }) =
            layout.spec
        else {
            return Ok(preview);
        };
        let Some(chosen) = evaluation.combinations.into_iter().nth(combination) else { return Ok(preview) };
        if row_format.is_none() && prompt.is_none() {
            return Ok(preview);
        }
        preview.choices = PlannedChoices {
            row_format,
            chat_template: chosen.chat.as_ref().map(|chat| chat.template.name.clone()),
            ..PlannedChoices::default()
        };
        let counter;
        (counter, preview.tokenizer, preview.tokenizer_problem) =
            counter_of(Some(&chosen.model), tokenizers).await;
        let page = self.page(&dataset, row, 1).await?;
        (preview.total, preview.last) = (page.total_rows, page.end);
        let other = if chosen.chat.is_some() { self.other_renderer().await } else { None };
        let rendering = move || {
            let settings = RowSettings {
                format: row_format,
                prompt: prompt.as_ref(),
                chat: chosen.chat.as_ref(),
                ratings: ratings.as_ref(),
                other: other.as_ref(),
                features: &[],
                asks: true,
            };
            rendered(&page, settings, &counter, None)
        };
        (preview.rows, preview.special_tokens, preview.by_transformers) =
            platform::blocking("rendering rows", rendering).await.unwrap_or_default();
        if !preview.rows.is_empty() {
            // Other obstacles to the start are shown on the page.
            preview.problems.clear();
        }
        Ok(preview)
    }
}

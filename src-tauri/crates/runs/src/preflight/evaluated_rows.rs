//! How the rows of an evaluation without a prompt are read.

use datasets::Shape;
use prompts::chat::Ratings;
use resources::{Adapter, EvaluationJob, RowFormat};
use schema::{Result, column};

use super::{context::Preflight, dataset::JobDataset};
use crate::{
    request::EvaluationRequest,
    rows::RowSettings,
    spec::{ChatSpec, Source, Spec},
};

/// How rows are read that are not filled into a prompt.
#[derive(Debug, Clone, Default)]
pub(super) struct EvaluatedRows {
    pub(super) format: Option<RowFormat>,
    pub(super) chat: Option<ChatSpec>,
    /// What says whether answers are good, where they are rated.
    pub(super) ratings: Option<Ratings>,
}

const PROMPT: &str = column!(EvaluationJob, prompt_id);

impl Preflight<'_> {
    /// How the rows of an evaluation are read that has no prompt: as the adapters were trained, else as the
    /// dataset and the model say. Refused where that takes a prompt.
    pub(super) async fn evaluated_rows(
        &mut self,
        request: &EvaluationRequest,
        dataset: &JobDataset,
        model: Option<&Source>,
    ) -> Result<EvaluatedRows> {
        let trained = self.trainings(request).await?;
        let mut chats = trained.iter().filter_map(|spec| spec.chat.as_ref());
        let mut chat = chats.next().map(|chat| ChatSpec { train_on: None, ..chat.clone() });
        let same = |other: &ChatSpec| {
            let (one, other) = (chat.as_ref().map(|chat| &chat.template), &other.template);
            one.is_some_and(|one| (&one.text, &one.special_tokens) == (&other.text, &other.special_tokens))
        };
        if !chats.all(same) {
            let message =
                "These adapters were trained with different chat templates. Evaluate them one by one.";
            self.diagnostics.refuse(column!(EvaluationJob, adapter_id), message);
        }
        let Some(first) = &dataset.first_rows else { return Ok(EvaluatedRows::default()) };
        let of_dataset = |spec: &&Spec| spec.dataset.id == dataset.spec.id;
        let of_dataset = trained.iter().find(of_dataset);
        let trained_format = of_dataset.and_then(|spec| spec.row_format);
        let ratings = of_dataset.and_then(|spec| spec.ratings.clone());
        let format = match first.shape {
            Shape::Preference => RowFormat::Preference,
            Shape::Chat | Shape::Sharegpt | Shape::Alpaca | Shape::PromptCompletion => {
                RowFormat::Conversation
            }
            Shape::Columns if first.has_conversations => RowFormat::Conversation,
            Shape::Text | Shape::Columns => RowFormat::PromptCompletion,
        };
        let format = trained_format.unwrap_or(format);
        if matches!(format, RowFormat::PromptCompletion | RowFormat::Text) {
            self.diagnostics.refuse(PROMPT, "Choose the prompt to evaluate with.");
            return Ok(EvaluatedRows::default());
        }
        if let Some(model) = model.filter(|_| chat.is_none() && trained_format.is_none()) {
            let own = self.own_template(model, first.any_has("tools")).await?;
            let has_template = own.as_ref().is_some_and(|own| own.template.is_some());
            if format == RowFormat::Conversation || has_template {
                chat = self.template_source(None, model, own).await?.map(|template| ChatSpec {
                    template,
                    train_on: None,
                    system_prompt: None,
                });
            }
        }
        if format == RowFormat::Conversation && chat.is_none() {
            return Ok(EvaluatedRows::default());
        }
        self.find_renderer().await;
        let other = self.other.clone();
        let settings = RowSettings {
            format: Some(format),
            prompt: None,
            chat: chat.as_ref(),
            ratings: ratings.as_ref(),
            other: other.as_ref(),
            features: &[],
            asks: true,
        };
        self.try_rows(first, settings, "evaluated")?;
        Ok(EvaluatedRows { format: Some(format), chat, ratings })
    }

    /// The frozen trainings of the adapters, as far as they are on this machine.
    async fn trainings(&mut self, request: &EvaluationRequest) -> Result<Vec<Spec>> {
        let mut trainings = Vec::new();
        for id in request.combinations().iter().filter_map(|wanted| wanted.adapter()) {
            let Some(adapter) = self.row::<Adapter>(id).await? else { continue };
            let Some(job) = adapter.row.fine_tuning_job_id.as_ref() else { continue };
            trainings.extend(self.runs.folder(job.as_str()).spec().ok());
        }
        Ok(trainings)
    }
}

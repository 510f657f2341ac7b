//! What is known of a model and adapters before they are loaded.

use inspect::WeightsSource;
use schema::{Result, TableName};
use serde::Serialize;

use crate::{
    playground::Playground,
    target::{BASE, TemplateOrigin, Tried, is_reward_model, refuse_reward_model, training},
};
use run_folder::spec::ChatSpec;

/// How a model is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum TrialWay {
    /// By a conversation, which a chat template writes.
    Chat,
    /// By the exact text of a prompt.
    Prompt,
}

/// What is known of a model and adapters before they are loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TrialOutline {
    /// How they were trained to be asked.
    pub way: TrialWay,
    /// The id of the prompt that the first adapter with one was trained with.
    pub prompt_id: Option<String>,
    /// The system prompt that the first adapter with one was trained with.
    pub system_prompt: Option<String>,
    /// Whether the model's files are on this machine; else its chat template is known once it is loaded.
    pub model_is_here: bool,
    /// The model and the adapters, in the order in which they answer.
    pub targets: Vec<TrialTarget>,
}

/// What answers in a trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TrialTarget {
    /// `base`, or the id of an adapter.
    pub target: String,
    /// The label of its row.
    pub name: String,
    /// Where its chat template comes from; none where it has none.
    pub template: Option<TemplateOrigin>,
    /// The name of the template where it is not the model's own: one that is bundled, or a file.
    pub template_name: Option<String>,
}

impl Playground {
    /// What is known of a model and adapters before they are loaded.
    ///
    /// # Errors
    /// There is no such row, a chat template can't be read, or one of them is a reward model.
    pub async fn outline_trial(&self, model_id: &str, adapter_ids: &[String]) -> Result<TrialOutline> {
        let tried = Tried { model: model_id.to_owned(), adapters: adapter_ids.to_vec() };
        self.refuse_reward_models(&tried).await?;
        let model = self.inspector.model(&WeightsSource::Id(model_id.to_owned())).await?;
        let mut targets = Vec::new();
        for target in [BASE].into_iter().chain(adapter_ids.iter().map(String::as_str)) {
            let found = tried.template(self, target, false).await?;
            let name = found.as_ref().map(|(_, source)| source.name.clone());
            let listed = match target {
                BASE => self.store.get(TableName::Models, model_id).await?,
                adapter => self.store.get(TableName::Adapters, adapter).await?,
            };
            targets.push(TrialTarget {
                target: target.to_owned(),
                name: listed.label,
                template: found.map(|(origin, _)| origin),
                template_name: name.filter(|name| name != ChatSpec::OWN_TEMPLATE),
            });
        }
        let mut trainings = Vec::new();
        for id in adapter_ids {
            trainings.extend(training(self, id).await?);
        }
        let chats = || trainings.iter().filter_map(|spec| spec.chat.as_ref());
        let prompt = trainings.iter().find_map(|spec| spec.prompt.as_ref());
        let is_here = model.facts.is_some();
        let has_template = targets.iter().any(|target| target.template.is_some());
        let way = match (chats().next().is_some(), prompt.is_some() || !trainings.is_empty()) {
            (true, _) => TrialWay::Chat,
            (false, true) => TrialWay::Prompt,
            (false, false) if has_template || !is_here => TrialWay::Chat,
            (false, false) => TrialWay::Prompt,
        };
        Ok(TrialOutline {
            way,
            prompt_id: prompt.map(|prompt| prompt.id.clone()),
            system_prompt: chats().find_map(|chat| chat.system_prompt.clone()),
            model_is_here: is_here,
            targets,
        })
    }

    /// Refused where the model or an adapter rates answers instead of writing them.
    pub(crate) async fn refuse_reward_models(&self, tried: &Tried) -> Result<()> {
        let model = self.inspector.model(&WeightsSource::Id(tried.model.clone())).await?;
        if model.facts.is_some_and(|facts| facts.gives_scores()) {
            let label = self.store.get(TableName::Models, &tried.model).await?.label;
            return Err(refuse_reward_model(&label));
        }
        for adapter in &tried.adapters {
            if is_reward_model(self, adapter).await? {
                let label = self.store.get(TableName::Adapters, adapter).await?.label;
                return Err(refuse_reward_model(&label));
            }
        }
        Ok(())
    }
}

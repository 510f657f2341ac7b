//! What can be asked in a trial, and the chat templates that conversations with it are written by.

use std::path::{Path, PathBuf};

use inspect::WeightsSource;
use prompts::chat::TemplateSource;
use resources::{Adapter, Method};
use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};

use crate::playground::Playground;
use run_folder::{
    folder::RunFolder,
    spec::{ChatSpec, Spec, Task},
};

/// A model and adapters of it that are tried together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tried {
    pub(crate) model: String,
    pub(crate) adapters: Vec<String>,
}

/// The name of the model without an adapter, beside the ids of adapters.
pub const BASE: &str = "base";

/// Where the chat template of a model or an adapter comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum TemplateOrigin {
    /// The training of the adapter, which froze it.
    Training,
    /// The adapter's folder.
    Adapter,
    /// The model's folder.
    Model,
    /// An adapter beside it, as the model has none.
    OtherAdapter,
}

/// A chat template, and where it comes from.
pub(crate) type FoundTemplate = (TemplateOrigin, TemplateSource);

/// The frozen training of an adapter; none where its run is not on this machine.
pub(crate) async fn training(playground: &Playground, adapter: &str) -> Result<Option<Spec>> {
    let Some(row) = playground.runs.find::<Adapter>(adapter).await? else { return Ok(None) };
    let job = row.fine_tuning_job_id.as_ref();
    Ok(job.and_then(|job| RunFolder::new(playground.store.path(), job.as_str()).spec().ok()))
}

/// Whether an adapter belongs to a reward model, which rates answers and writes none.
pub(crate) async fn is_reward_model(playground: &Playground, adapter: &str) -> Result<bool> {
    if let Some(Spec { task: Task::Training(training), .. }) = training(playground, adapter).await? {
        return Ok(training.method == Method::Reward);
    }
    let report = playground.inspector.adapter(&WeightsSource::Id(adapter.to_owned()), None).await?;
    Ok(report.facts.and_then(|facts| facts.task_type).as_deref() == Some("SEQ_CLS"))
}

/// The error that a reward model can't be tried.
pub(crate) fn refuse_reward_model(name: &str) -> Error {
    Error::new(ErrorCode::Invalid, format!("'{name}' is a reward model: it rates answers and writes none."))
        .hint("Choose one that was trained to answer.")
}

impl Tried {
    /// The chat template that a target answers conversations with: that of its training, of its own folder,
    /// of the model, else of another adapter. None where there is none.
    pub(crate) async fn template(
        &self,
        playground: &Playground,
        target: &str,
        with_tools: bool,
    ) -> Result<Option<FoundTemplate>> {
        if target != BASE
            && let Some(found) = of_adapter(playground, target, with_tools).await?
        {
            return Ok(Some(found));
        }
        if let Some(folder) = model_folder(playground, &self.model).await?
            && let Some(source) = in_folder(folder.clone(), folder, with_tools).await?
        {
            return Ok(Some((TemplateOrigin::Model, source)));
        }
        for adapter in &self.adapters {
            if let Some((_, source)) = of_adapter(playground, adapter, with_tools).await? {
                return Ok(Some((TemplateOrigin::OtherAdapter, source)));
            }
        }
        Ok(None)
    }
}

/// The template of an adapter's training, else of its folder.
async fn of_adapter(
    playground: &Playground,
    adapter: &str,
    with_tools: bool,
) -> Result<Option<FoundTemplate>> {
    if let Some(chat) = training(playground, adapter).await?.and_then(|spec| spec.chat) {
        return Ok(Some((TemplateOrigin::Training, chat.template)));
    }
    let report = playground.inspector.adapter(&WeightsSource::Id(adapter.to_owned()), None).await?;
    let Some(folder) = report.place.folder.map(PathBuf::from).filter(|folder| folder.is_dir()) else {
        return Ok(None);
    };
    // Not every adapter is saved with its tokenizer.
    let model = playground.runs.find::<Adapter>(adapter).await?.and_then(|row| row.model_id.clone());
    let tokens = match model {
        Some(model) if !folder.join("tokenizer_config.json").is_file() => {
            model_folder(playground, model.as_str()).await?
        }
        _ => None,
    };
    let found = in_folder(folder.clone(), tokens.unwrap_or(folder), with_tools).await?;
    Ok(found.map(|source| (TemplateOrigin::Adapter, source)))
}

/// The folder of a model on this machine.
pub(crate) async fn model_folder(playground: &Playground, model: &str) -> Result<Option<PathBuf>> {
    let report = playground.inspector.model(&WeightsSource::Id(model.to_owned())).await?;
    Ok(report.facts.and(report.place.folder).map(PathBuf::from))
}

/// The template in a folder, with the special tokens in another.
async fn in_folder(folder: PathBuf, tokens: PathBuf, with_tools: bool) -> Result<Option<TemplateSource>> {
    platform::blocking("reading a chat template", move || {
        let Some(found) = ::weights::chat_template(&folder, with_tools)? else { return Ok(None) };
        let special_tokens = match tokens == folder {
            true => found.special_tokens,
            false => ::weights::special_tokens(Path::new(&tokens))?,
        };
        Ok(Some(TemplateSource {
            text: found.text,
            name: ChatSpec::OWN_TEMPLATE.to_owned(),
            special_tokens,
            now: now(),
        }))
    })
    .await
}

/// The local time, as templates get it.
pub(crate) fn now() -> String {
    jiff::Zoned::now().strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

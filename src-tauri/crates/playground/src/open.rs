//! Opens a model and its adapters to be tried.

use std::path::Path;

use python::EnvironmentKind;
use run_folder::spec::Source;
use schema::Result;
use serde_json::{Map, Value};

use crate::{
    answer::TrialAnswer,
    playground::Playground,
    target::Tried,
    trial::Trial,
    worker::{Loaded, Start},
};

impl Playground {
    /// Where a model and adapters of it are loaded from.
    ///
    /// # Errors
    /// One of them can't be loaded or is a reward model.
    pub async fn sources(&self, model_id: &str, adapter_ids: &[String]) -> Result<(Source, Vec<Source>)> {
        let tried = Tried { model: model_id.to_owned(), adapters: adapter_ids.to_vec() };
        let sources = self.runs.answering(model_id, adapter_ids).await?;
        self.refuse_reward_models(&tried).await?;
        Ok(sources)
    }

    /// Loads a model and adapters of it into a worker of their own, in fewer bits where `quantization` has
    /// settings of bitsandbytes: on the compute target with that id or name, or without one on this machine. `receive` is
    /// called with its answers.
    ///
    /// # Errors
    /// One of them can't be loaded or is a reward model, there is no Python for it, or no such target.
    pub async fn open_trial(
        &self,
        model_id: &str,
        adapter_ids: &[String],
        quantization: Option<&Map<String, Value>>,
        target: Option<&str>,
        receive: impl FnMut(TrialAnswer) + Send + 'static,
    ) -> Result<Trial> {
        let tried = Tried { model: model_id.to_owned(), adapters: adapter_ids.to_vec() };
        let (model, adapters) = self.sources(model_id, adapter_ids).await?;
        let attached = match target.filter(|target| !target.trim().is_empty()) {
            None => None,
            Some(target) => self.runs.attached(target).await?,
        };
        let start = match attached {
            Some(executor) => Start::There(Box::new(executor)),
            None => {
                let worker = self.python.worker(EnvironmentKind::Training).await?;
                let mut command = worker.command(&["serve".as_ref()]);
                command.envs(self.hub.worker_environment().await?);
                Start::here(command)?
            }
        };
        let mut held = Vec::new();
        for source in [&model].into_iter().chain(&adapters) {
            held.extend(self.hub.hold(Path::new(&source.source))?);
        }
        let loaded = Loaded { model, adapters, quantization: quantization.cloned() };
        Ok(Trial::open(self.clone(), tried, start, loaded, held, receive))
    }
}

//! Opens a model and its adapters to be tried.

use std::path::Path;

use python::EnvironmentKind;
use run_folder::spec::Source;
use schema::Result;
use serde_json::{Map, Value};

use crate::{answer::TrialAnswer, playground::Playground, target::Tried, trial::Trial};

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
    /// settings of bitsandbytes. `receive` is called with its answers.
    ///
    /// # Errors
    /// One of them can't be loaded or is a reward model, or there is no Python for it.
    pub async fn open_trial(
        &self,
        model_id: &str,
        adapter_ids: &[String],
        quantization: Option<&Map<String, Value>>,
        receive: impl FnMut(TrialAnswer) + Send + 'static,
    ) -> Result<Trial> {
        let tried = Tried { model: model_id.to_owned(), adapters: adapter_ids.to_vec() };
        let (model, adapters) = self.sources(model_id, adapter_ids).await?;
        let mut command = self.python.worker(EnvironmentKind::Training).await?.command(&["serve".as_ref()]);
        command.envs(self.hub.worker_environment().await?);
        let mut held = Vec::new();
        for source in [&model].into_iter().chain(&adapters) {
            held.extend(self.hub.hold(Path::new(&source.source))?);
        }
        Trial::open(self.clone(), tried, command, (&model, &adapters), quantization, held, receive).await
    }
}

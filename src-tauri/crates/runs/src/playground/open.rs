//! Opens a model and its adapters to be tried.

use resources::EvaluationJob;
use schema::{Result, TableName, column};

use super::{answer::TrialAnswer, target::Tried, trial::Trial};
use crate::{preflight::Preflight, runs::Runs};

impl Runs {
    /// Loads a model and adapters of it into a worker of their own. `receive` is called with its
    /// answers. Refused where one of them can't be loaded, or is a reward model.
    pub async fn open_trial(
        &self,
        model_id: &str,
        adapter_ids: &[String],
        receive: impl FnMut(TrialAnswer) + Send + 'static,
    ) -> Result<Trial> {
        let tried = Tried { model: model_id.to_owned(), adapters: adapter_ids.to_vec() };
        let mut preflight = Preflight::new(self);
        self.store.get(TableName::Models, model_id).await?;
        let model = preflight.model(model_id).await?;
        let mut adapters = Vec::new();
        for id in adapter_ids {
            self.store.get(TableName::Adapters, id).await?;
            adapters.extend(preflight.adapter(id, model_id, column!(EvaluationJob, adapter_id)).await?);
        }
        let diagnostics = preflight.diagnostics;
        let Some(model) = model.filter(|_| diagnostics.problems.is_empty()) else {
            return Err(diagnostics.into_error());
        };
        self.refuse_reward_models(&tried).await?;
        let mut command = self.python.worker().await?.command(&["serve".as_ref()]);
        command.envs(self.hub.worker_environment().await?);
        Trial::open(self.clone(), tried, command, &model, &adapters, receive).await
    }
}

//! Trying a model and its adapters by hand.

use schema::{Result, TableName};

use crate::{
    Runs, Trial, TrialAnswer,
    preflight::{Found, refusal},
};

impl Runs {
    /// Loads a model and adapters of it into a worker of their own. `hear` is told what it says.
    pub async fn open_trial(
        &self,
        model_id: &str,
        adapter_ids: &[String],
        hear: impl FnMut(TrialAnswer) + Send + 'static,
    ) -> Result<Trial> {
        let mut found = Found::default();
        self.store.get(TableName::Models, model_id).await?;
        let model = self.used_model(model_id, &mut found).await?;
        let mut adapters = Vec::new();
        for id in adapter_ids {
            self.store.get(TableName::Adapters, id).await?;
            adapters.extend(self.used_adapter(id, model_id, &mut found).await?);
        }
        let Some(model) = model.filter(|_| found.problems.is_empty()) else {
            return Err(refusal(found.problems));
        };
        let mut command = self.python.worker().await?.command(&["serve".as_ref()]);
        command.envs(self.hub.worker_environment().await?);
        Trial::open(command, &model, &adapters, hear).await
    }
}

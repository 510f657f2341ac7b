//! Opens a model and its adapters to be tried.

use python::EnvironmentKind;
use schema::Result;

use crate::{answer::TrialAnswer, playground::Playground, target::Tried, trial::Trial};

impl Playground {
    /// Loads a model and adapters of it into a worker of their own. `receive` is called with its
    /// answers. Refused where one of them can't be loaded, or is a reward model.
    pub async fn open_trial(
        &self,
        model_id: &str,
        adapter_ids: &[String],
        receive: impl FnMut(TrialAnswer) + Send + 'static,
    ) -> Result<Trial> {
        let tried = Tried { model: model_id.to_owned(), adapters: adapter_ids.to_vec() };
        let (model, adapters) = self.runs.answering(model_id, adapter_ids).await?;
        self.refuse_reward_models(&tried).await?;
        let mut command = self.python.worker(EnvironmentKind::Training).await?.command(&["serve".as_ref()]);
        command.envs(self.hub.worker_environment().await?);
        Trial::open(self.clone(), tried, command, &model, &adapters, receive).await
    }
}

//! What other crates load: models that answer, and the rows of datasets.

use datasets::DatasetFile;
use resources::EvaluationJob;
use run_folder::spec::Source;
use schema::{Error, ErrorCode, Result, TableName, column};
use transfers::TransferRequest;

use crate::{
    preflight::{PlannedFetch, Preflight},
    runs::Runs,
};

impl Runs {
    /// Where a model and adapters of it are loaded from, to answer.
    ///
    /// # Errors
    /// One of them does not exist, can't be loaded, has to be fetched first, or is a reward model.
    pub async fn answering(&self, model_id: &str, adapter_ids: &[String]) -> Result<(Source, Vec<Source>)> {
        let (sources, fetches) = self.answering_once_fetched(model_id, adapter_ids).await?;
        match fetches.first() {
            None => Ok(sources),
            Some(TransferRequest { name, .. }) => {
                let error = Error::new(ErrorCode::NotFound, format!("{name} is not on this machine."));
                Err(error.hint("Fetch it from the Hub first."))
            }
        }
    }

    /// What has to be fetched from the Hub before a model and adapters of it can be loaded to answer.
    ///
    /// # Errors
    /// One of them does not exist, can't be loaded, or is a reward model.
    pub async fn fetched_before_answering(
        &self,
        model_id: &str,
        adapter_ids: &[String],
    ) -> Result<Vec<TransferRequest>> {
        Ok(self.answering_once_fetched(model_id, adapter_ids).await?.1)
    }

    async fn answering_once_fetched(
        &self,
        model_id: &str,
        adapter_ids: &[String],
    ) -> Result<((Source, Vec<Source>), Vec<TransferRequest>)> {
        let mut preflight = Preflight::new(self);
        self.store.get(TableName::Models, model_id).await?;
        let model = preflight.model(model_id).await?;
        let mut adapters = Vec::new();
        for id in adapter_ids {
            self.store.get(TableName::Adapters, id).await?;
            adapters.extend(preflight.adapter(id, model_id, column!(EvaluationJob, adapter_id)).await?);
        }
        if let Some(model) = &model {
            preflight.refuse_reward_model(model, None).await?;
            for adapter in &adapters {
                preflight.refuse_reward_model(model, Some(adapter)).await?;
            }
        }
        let fetches = preflight.fetches.iter().map(PlannedFetch::to_request).collect();
        let diagnostics = preflight.diagnostics;
        match model.filter(|_| diagnostics.problems.is_empty()) {
            Some(model) => Ok(((model, adapters), fetches)),
            None => Err(diagnostics.into_error()),
        }
    }

    /// The file or folder with a dataset's rows, and how it is read.
    ///
    /// # Errors
    /// There is no such dataset, or its rows can't be read.
    pub async fn dataset_file(&self, dataset_id: &str) -> Result<DatasetFile> {
        self.store.get(TableName::Datasets, dataset_id).await?;
        let mut preflight = Preflight::new(self);
        match preflight.dataset(dataset_id).await? {
            Some(dataset) => Ok(DatasetFile::new(&dataset.spec.path, dataset.spec.options)),
            None => Err(preflight.diagnostics.into_error()),
        }
    }
}

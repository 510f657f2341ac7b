//! What other crates load: models that answer, and the rows of datasets.

use datasets::DatasetFile;
use resources::EvaluationJob;
use run_folder::spec::Source;
use schema::{Result, TableName, column};

use crate::{preflight::Preflight, runs::Runs};

impl Runs {
    /// Where a model and adapters of it are loaded from, to answer.
    ///
    /// # Errors
    /// One of them does not exist, can't be loaded, or is a reward model.
    pub async fn answering(&self, model_id: &str, adapter_ids: &[String]) -> Result<(Source, Vec<Source>)> {
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
        let diagnostics = preflight.diagnostics;
        match model.filter(|_| diagnostics.problems.is_empty()) {
            Some(model) => Ok((model, adapters)),
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

//! Datasets.

use serde::Deserialize;
use serde_json::Number;
use studio::{
    Result,
    hub::HubKind,
    resources::{Adapter, Dataset, DatasetType, Described as _, FineTuningJob, Prompt},
    schema::{Row, Stored, TableName, column},
    store::{Dependents, rows_where},
};

use super::{Calls, refused, require};
use crate::reply::Reply;

/// The share of a dataset that is used where no training says another one.
const WHOLE: f64 = 1.0;
/// The share of it that is trained on where no training says another one.
const TRAINED_ON: f64 = 0.9;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct AddDatasetRequest {
    r#type: String,
    huggingface_name: String,
    location: String,
    name: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RemoveDatasetRequest {
    id: String,
    remove_prompts: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct SplitRequest {
    adapter_id: String,
}

impl Calls {
    /// Adds a dataset by its name on the Hub or by its file, which is read for the names of its columns.
    pub(super) async fn add_dataset(&self, request: AddDatasetRequest) -> Result<Reply> {
        let AddDatasetRequest { r#type, huggingface_name, location, name } = request;
        require("type", &r#type)?;
        let known = r#type.parse::<DatasetType>();
        let mut fields = Row::from_iter([("type".to_owned(), r#type.into())]);
        let mut set = |column: &str, value: String| fields.insert(column.to_owned(), value.into());
        if known == Ok(DatasetType::Huggingface) {
            require(column!(Dataset, huggingface_name), &huggingface_name)?;
            self.check_hub_name(HubKind::Dataset, &huggingface_name).await?;
            set(column!(Dataset, huggingface_name), huggingface_name);
        } else {
            require(column!(Dataset, location), &location)?;
            require("name", &name)?;
            if let Ok(kind) = known {
                check_extension(kind, location.trim())?;
            }
            set("name", name);
            set("description", location.trim().to_owned());
            set(column!(Dataset, location), location);
        }
        Ok(Reply::Row(self.studio.rows().create(TableName::Datasets, fields).await?.row.row))
    }

    /// Deletes a dataset and, if asked to, the prompts for it.
    pub(super) async fn remove_dataset(&self, request: RemoveDatasetRequest) -> Result<Reply> {
        let RemoveDatasetRequest { id, remove_prompts } = request;
        if remove_prompts {
            let store = self.studio.store();
            let mut database = store.pool().acquire().await?;
            let table = TableName::Prompts;
            let rows = rows_where(&mut database, table.table(), column!(Prompt, dataset_id), &id).await?;
            drop(database);
            let prompts: Vec<String> =
                rows.iter().filter_map(|row| Some(row.get("id")?.as_str()?.to_owned())).collect();
            if !prompts.is_empty() {
                store.delete(table, &prompts, Dependents::Detach).await?;
            }
        }
        self.delete(TableName::Datasets, &id).await?;
        Ok(Reply::Empty)
    }

    /// The shares of the training that an adapter comes from, so that an evaluation holds the same rows back.
    pub(super) async fn dataset_split_by_adapter(&self, request: SplitRequest) -> Result<Reply> {
        let job = self.training_of(&request.adapter_id).await?.unwrap_or_default();
        let shares = [
            (column!(FineTuningJob, dataset_fraction), job.dataset_fraction.unwrap_or(WHOLE)),
            (column!(FineTuningJob, train_test_split), job.train_test_split.unwrap_or(TRAINED_ON)),
        ];
        let shares = shares
            .into_iter()
            .filter_map(|(column, share)| Some((column.to_owned(), Number::from_f64(share)?.into())));
        Ok(Reply::Row(shares.collect()))
    }

    /// The training of an adapter: the job that it names, else the oldest with its name, as the reference
    /// studio looks for it.
    async fn training_of(&self, adapter: &str) -> Result<Option<FineTuningJob>> {
        let runs = self.studio.runs();
        let Some(adapter) = runs.find::<Adapter>(adapter).await? else { return Ok(None) };
        if let Some(job) = &adapter.typed.fine_tuning_job_id
            && let Some(job) = runs.find::<FineTuningJob>(job.as_str()).await?
        {
            return Ok(Some(job.typed));
        }
        let Some(name) = &adapter.typed.name else { return Ok(None) };
        let mut database = self.studio.store().pool().acquire().await?;
        let table = TableName::FineTuningJobs.table();
        let named = rows_where(&mut database, table, column!(FineTuningJob, adapter_name), name).await?;
        Ok(named.into_iter().next().map(|row| Stored::<FineTuningJob>::from_row(row).typed))
    }
}

/// Refuses a file whose name does not end as its type says, in any case.
fn check_extension(kind: DatasetType, location: &str) -> Result<()> {
    let ending = match kind {
        DatasetType::ProjectCsv => ".csv",
        DatasetType::ProjectJson => ".json",
        DatasetType::ProjectJsonl => ".jsonl",
        DatasetType::ProjectParquet => ".parquet",
        DatasetType::Huggingface | DatasetType::Project => return Ok(()),
    };
    if location.to_lowercase().ends_with(ending) {
        return Ok(());
    }
    let message = format!("The name of a file of the type {} ends in {ending}.", kind.into_str());
    Err(refused(column!(Dataset, location), message))
}

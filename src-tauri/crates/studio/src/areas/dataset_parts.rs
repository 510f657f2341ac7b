//! Which configuration and split of a dataset of the Hub is read.

use datasets::ReadOptions;
use hub::{CachedKind, DatasetPart, HubConfig};
use resources::Dataset;
use schema::{Error, ErrorCode, Result, Row, TableName, column, python_json};
use serde_json::Value;
use store::Listed;

use crate::areas::{DatasetSource, Datasets, hub::on_hub};

impl Datasets<'_> {
    /// The part of a dataset that is read; all splits of the default configuration where none was chosen.
    pub async fn part(&self, id: &str) -> Result<DatasetPart> {
        Ok(self.0.store.read_options(id).await?.part)
    }

    /// Chooses the part of a dataset of the Hub that is read from now on, and that a training fetches. The columns
    /// of its row become those of the part, as far as it is on this machine.
    ///
    /// # Errors
    /// The dataset is none of the Hub, or the Hub answers that it has no such configuration or split.
    pub async fn choose_part(&self, id: &str, part: DatasetPart) -> Result<Listed> {
        let before = self.0.store.get(TableName::Datasets, id).await?;
        let Some((_, name)) = on_hub(TableName::Datasets, &before.row) else {
            let message = format!("'{}' is no dataset of the Hub.", before.label);
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint("Configurations and splits can be chosen of datasets of the Hub."));
        };
        match self.0.hub.dataset_configs(&name).await {
            Ok(configs) => check(&name, &part, &configs)?,
            // What is chosen is checked again when it is fetched.
            Err(error) if error.code == ErrorCode::Unreachable => {}
            Err(error) => return Err(error),
        }
        let mut options = self.0.store.read_options(id).await?;
        let is_other_config = options.part.config != part.config;
        options.part = part;
        self.0.store.set_read_options(id, &options).await?;
        let columns = match self.preview(&DatasetSource::Id(id.to_owned()), 0, 1).await {
            Ok(preview) => {
                let names: Vec<String> = preview.columns.into_iter().map(|column| column.name).collect();
                Value::String(python_json::to_string(&names))
            }
            Err(_) if is_other_config => Value::Null,
            Err(_) => return self.0.store.get(TableName::Datasets, id).await,
        };
        let fields = Row::from_iter([(column!(Dataset, features).to_owned(), columns)]);
        self.0.rows().update(TableName::Datasets, id, fields).await
    }

    /// Lets a new dataset of the Hub be read from the part that was fetched last, if only a part was.
    pub(super) async fn adopt_fetched_part(&self, table: TableName, row: &Listed) -> Result<()> {
        let Some((_, name)) = on_hub(table, &row.row).filter(|_| table == TableName::Datasets) else {
            return Ok(());
        };
        let all = self.0.transfers().list().await?.into_iter();
        let of_it = all.filter(|one| one.request.kind == CachedKind::Dataset && one.request.name == name);
        let latest = of_it.max_by(|a, b| a.started_at.cmp(&b.started_at));
        let Some(part) = latest.map(|one| one.request.part).filter(|part| !part.is_whole()) else {
            return Ok(());
        };
        let id = row.row.get("id").and_then(Value::as_str).unwrap_or_default();
        let options = ReadOptions { part, ..self.0.store.read_options(id).await? };
        self.0.store.set_read_options(id, &options).await
    }

    /// Chooses the part for the dataset with that name on the Hub; none where the studio has no such row.
    ///
    /// # Errors
    /// As for [`Self::choose_part`].
    pub async fn choose_part_of(&self, name: &str, part: DatasetPart) -> Result<Option<Listed>> {
        match self.0.hub_rows().row_of(CachedKind::Dataset, name).await? {
            Some(row) => self.choose_part(&row.id, part).await.map(Some),
            None => Ok(None),
        }
    }
}

fn check(name: &str, part: &DatasetPart, configs: &[HubConfig]) -> Result<()> {
    let missing = |what: &str, wanted: &str, names: Vec<&str>| {
        let error = Error::new(ErrorCode::NotFound, format!("{name} has no {what} '{wanted}'."));
        Err(error.hint(format!("It has {}.", names.join(", "))))
    };
    let config = match &part.config {
        Some(wanted) => configs.iter().find(|config| config.name == *wanted),
        None => configs.first(),
    };
    let Some(config) = config else {
        let wanted = part.config.as_deref().unwrap_or_default();
        return missing("configuration", wanted, configs.iter().map(|one| one.name.as_str()).collect());
    };
    match &part.split {
        Some(wanted) if !config.splits.iter().any(|split| split.name == *wanted) => {
            missing("split", wanted, config.splits.iter().map(|one| one.name.as_str()).collect())
        }
        _ => Ok(()),
    }
}

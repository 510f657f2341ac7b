//! Rows with Hub names, and the Hub's local cache.

use std::collections::HashMap;

use hub::{Cached, CachedKind, HubAnswer, HubFacts, HubKind, Standing};
use platform::blocking;
use resources::{Adapter, Dataset, Described as _, Model};
use schema::{Error, ErrorCode, Result, Row, TableName, column, python_json};
use serde::Serialize;
use serde_json::Value;
use store::{RowKey, row_named};

use crate::Studio;

/// The local cache of the Hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HubCache {
    /// The folder of the cache, which may not exist.
    pub folder: String,
    /// Its repositories, the last used first.
    pub repositories: Vec<Cached>,
    /// The ids of rows with the same Hub name, by the repository's folder.
    pub registered: HashMap<String, String>,
}

/// Rows by Hub name, and the local cache of the Hub.
#[derive(Debug, Clone, Copy)]
pub struct HubRows<'a>(pub(crate) &'a Studio);

impl HubRows<'_> {
    /// Lists the local cache of the Hub.
    pub async fn cache(&self) -> Result<HubCache> {
        let hub = self.0.hub.clone();
        let repositories = blocking("reading the Hub's local cache", move || hub.cached()).await?;
        let mut registered = HashMap::new();
        for repository in &repositories {
            if let Some(row) = self.row_of(repository.kind, &repository.name).await? {
                registered.insert(repository.folder.clone(), row.id);
            }
        }
        Ok(HubCache { folder: self.0.hub.cache_folder().display().to_string(), repositories, registered })
    }

    /// The oldest row with a Hub name.
    pub(super) async fn row_of(&self, kind: CachedKind, name: &str) -> Result<Option<RowKey>> {
        let (table, column) = match kind {
            CachedKind::Model => (TableName::Models, column!(Model, huggingface_model_name)),
            CachedKind::Adapter => (TableName::Adapters, column!(Adapter, huggingface_name)),
            CachedKind::Dataset => (TableName::Datasets, column!(Dataset, huggingface_name)),
        };
        let mut database = self.0.store.pool().acquire().await?;
        let row = row_named(&mut database, table.table(), column, name).await?;
        let id = row.as_ref().and_then(|row| row.get("id")).and_then(Value::as_str);
        Ok(id.map(|id| RowKey { table, id: id.to_owned() }))
    }
}

/// The Hub's last answer about the name of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Verified {
    /// The time of the answer, in UTC.
    pub checked_at: String,
    /// The answer.
    pub facts: HubFacts,
}

/// A row with a Hub name, and the Hub's answer about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HubRecord {
    /// The kind of repository.
    pub kind: HubKind,
    /// Its name on the Hub.
    pub name: String,
    /// `None` if the Hub was not asked, or has no repository with that name.
    pub verified: Option<Verified>,
}

impl HubRows<'_> {
    /// Requests facts about a name from the Hub, and stores its answer.
    pub async fn ask(&self, kind: HubKind, name: &str) -> Result<HubAnswer> {
        let answer = self.0.hub.look_up(kind, name).await?;
        match (&answer.standing, &answer.facts) {
            (Standing::Found, Some(facts)) => self.keep_answer(kind, name.trim(), facts).await?,
            (Standing::NotFound, _) => self.0.store.forget_hub_answer(kind.into_str(), name.trim()).await?,
            _ => {}
        }
        Ok(answer)
    }

    /// The stored answer about a row's Hub name; `None` for a row without one.
    pub async fn record(&self, table: TableName, id: &str) -> Result<Option<HubRecord>> {
        let row = self.0.store.get(table, id).await?.row;
        let Some((kind, name)) = on_hub(table, &row) else { return Ok(None) };
        let verified = self.last_answer(kind, &name).await?;
        Ok(Some(HubRecord { kind, name, verified }))
    }

    /// Requests facts about a row's Hub name, and fills the empty columns of a dataset.
    pub async fn verify(&self, table: TableName, id: &str) -> Result<HubAnswer> {
        let row = self.0.store.get(table, id).await?.row;
        let Some((kind, name)) = on_hub(table, &row) else {
            return Err(Error::new(ErrorCode::Invalid, "This row does not refer to the Hub.")
                .hint("Only rows with a Hub name can be verified."));
        };
        let answer = self.ask(kind, &name).await?;
        if let Some(facts) = answer.facts.as_ref().filter(|_| table == TableName::Datasets) {
            let fields = lacking(&row, facts);
            if !fields.is_empty() {
                self.0.rows().update(table, id, fields).await?;
            }
        }
        Ok(answer)
    }

    /// Adds facts of the stored answer about the Hub name in `fields` to them. `before` is the stored row,
    /// whose columns belong to its old name.
    pub async fn with_hub_facts(
        &self,
        table: TableName,
        before: Option<&Row>,
        mut fields: Row,
    ) -> Result<Row> {
        let name = fields
            .get(column!(Dataset, huggingface_name))
            .and_then(Value::as_str)
            .map(|name| name.trim().to_owned());
        let Some(name) = name.filter(|_| table == TableName::Datasets) else { return Ok(fields) };
        let mut row = before.cloned().unwrap_or_default();
        row.remove(column!(Dataset, features));
        row.extend(fields.clone());
        if before.is_some() {
            fields.entry(column!(Dataset, features)).or_insert(Value::Null);
        }
        if let Some(verified) = self.last_answer(HubKind::Dataset, &name).await? {
            fields.extend(lacking(&row, &verified.facts));
        }
        Ok(fields)
    }
}

impl HubRows<'_> {
    async fn keep_answer(&self, kind: HubKind, name: &str, facts: &HubFacts) -> Result<()> {
        let facts = serde_json::json!(facts).to_string();
        self.0.store.keep_hub_answer(kind.into_str(), name, &facts).await
    }

    /// The stored answer about a name. One of another version of the program that can't be parsed counts
    /// as none.
    async fn last_answer(&self, kind: HubKind, name: &str) -> Result<Option<Verified>> {
        let stored = self.0.store.hub_answer(kind.into_str(), name).await?;
        Ok(stored.and_then(|stored| {
            Some(Verified { checked_at: stored.checked_at, facts: serde_json::from_str(&stored.facts).ok()? })
        }))
    }
}

/// The facts of the Hub about a dataset that its row does not have.
fn lacking(row: &Row, facts: &HubFacts) -> Row {
    let empty = |column: &str| row.get(column).is_none_or(Value::is_null);
    let mut fields = Row::new();
    if let Some(columns) = facts.columns.as_ref().filter(|_| empty(column!(Dataset, features))) {
        fields.insert(column!(Dataset, features).to_owned(), python_json::to_string(columns).into());
    }
    if let Some(description) = facts.description.as_ref().filter(|_| empty(column!(Dataset, description))) {
        fields.insert(column!(Dataset, description).to_owned(), description.clone().into());
    }
    fields
}

/// The Hub name of a row, if it has one.
pub(super) fn on_hub(table: TableName, row: &Row) -> Option<(HubKind, String)> {
    let (kind, column) = match table {
        TableName::Datasets => (HubKind::Dataset, column!(Dataset, huggingface_name)),
        TableName::Models => (HubKind::Model, column!(Model, huggingface_model_name)),
        TableName::Adapters => (HubKind::Model, column!(Adapter, huggingface_name)),
        _ => return None,
    };
    let by_name = row.get("type").and_then(Value::as_str) == Some("huggingface");
    let name = row.get(column).and_then(Value::as_str).filter(|_| by_name)?;
    Some((kind, name.trim().to_owned()))
}

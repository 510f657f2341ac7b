//! Which models and adapters rate answers and write none, so that they are not offered to be asked.

use inspect::WeightsSource;
use resources::Adapter;
use schema::{Result, TableName, column};
use serde::Serialize;
use serde_json::Value;
use store::{Filter, ListQuery};

use crate::{playground::Playground, target::is_reward_model};

/// Most rows of a table that are looked at: their files are read.
const MOST: u32 = 200;

/// What rates answers and writes none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RewardModels {
    /// Ids of models.
    pub models: Vec<String>,
    /// Ids of adapters of one model.
    pub adapters: Vec<String>,
}

impl Playground {
    /// The models that are reward models, and those adapters of one model; of none where its id is empty.
    pub async fn reward_models(&self, model_id: &str) -> Result<RewardModels> {
        let mut found = RewardModels::default();
        for id in self.ids(TableName::Models, Vec::new()).await? {
            let report = self.inspector.model(&WeightsSource::Id(id.clone())).await?;
            if report.facts.is_some_and(|facts| facts.gives_scores()) {
                found.models.push(id);
            }
        }
        if model_id.is_empty() {
            return Ok(found);
        }
        let of_model = Filter { column: column!(Adapter, model_id).to_owned(), value: model_id.to_owned() };
        for id in self.ids(TableName::Adapters, vec![of_model]).await? {
            if is_reward_model(self, &id).await? {
                found.adapters.push(id);
            }
        }
        Ok(found)
    }

    async fn ids(&self, table: TableName, filters: Vec<Filter>) -> Result<Vec<String>> {
        let query = ListQuery { filters, limit: MOST, ..ListQuery::default() };
        let rows = self.store.list(table, &query).await?.rows;
        let ids = rows.iter().filter_map(|row| row.row.get("id").and_then(Value::as_str).map(str::to_owned));
        Ok(ids.collect())
    }
}

//! Adapters.

use serde_json::Value;
use studio::{
    Result,
    resources::{Adapter, AdapterType},
    schema::{Row, TableName, column},
};

use super::{Calls, require};
use crate::reply::Reply;

impl Calls {
    /// Adds an adapter. The fields of the request are columns of its row.
    pub(super) async fn add_adapter(&self, mut request: Row) -> Result<Reply> {
        let kind = request.entry("type").or_insert_with(|| AdapterType::Project.into_str().into()).clone();
        let in_folder = kind.as_str() == Some(AdapterType::Project.into_str());
        let place = if in_folder { column!(Adapter, location) } else { column!(Adapter, huggingface_name) };
        for column in ["name", column!(Adapter, model_id), place] {
            require(column, request.get(column).and_then(Value::as_str).unwrap_or_default())?;
        }
        Ok(Reply::Row(self.studio.rows().create(TableName::Adapters, request).await?.row.row))
    }
}

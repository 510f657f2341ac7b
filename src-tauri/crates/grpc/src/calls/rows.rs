//! Rows of any table: lists, single rows, deletions.

use serde_json::Value;
use studio::{
    ErrorCode, Result,
    resources::Described as _,
    schema::{Row, TableName},
    store::{Dependents, find},
};

use super::{Calls, require};
use crate::reply::Reply;

impl Calls {
    /// All rows, the oldest first.
    pub(super) async fn list(&self, table: TableName) -> Result<Reply> {
        Ok(Reply::Rows(self.studio.store().rows_as_json(table).await?))
    }

    /// The row with the id of the request.
    pub(super) async fn get(&self, table: TableName, request: Row) -> Result<Reply> {
        let id = id_of(&request);
        require("id", id)?;
        Ok(Reply::Row(self.row(table, id).await?))
    }

    /// The row with that id.
    pub(super) async fn row(&self, table: TableName, id: &str) -> Result<Row> {
        let mut database = self.studio.store().pool().acquire().await?;
        match find(&mut database, table.table(), id).await? {
            Some(row) => Ok(row),
            None => Ok(self.studio.store().get(table, id).await?.row),
        }
    }

    /// Deletes the row with the id of the request.
    pub(super) async fn remove(&self, table: TableName, request: Row) -> Result<Reply> {
        self.delete(table, id_of(&request)).await?;
        Ok(Reply::Empty)
    }

    /// Deletes a row; those that refer to it stay, without the reference. It is no error if there is no such
    /// row.
    pub(super) async fn delete(&self, table: TableName, id: &str) -> Result<()> {
        match self.studio.store().delete(table, &[id.to_owned()], Dependents::Detach).await {
            Err(error) if error.code == ErrorCode::NotFound => Ok(()),
            deleted => deleted.map(drop),
        }
    }
}

fn id_of(request: &Row) -> &str {
    request.get("id").and_then(Value::as_str).unwrap_or_default()
}

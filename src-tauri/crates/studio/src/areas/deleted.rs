//! What was deleted.

use schema::{Result, Row};
use store::{BringBack, BroughtBack, DeletedPage, Obstacle, RowKey};

use crate::Studio;

impl Studio {
    /// A page of the deletions, the latest first.
    pub async fn deleted(&self, offset: u32, limit: u32) -> Result<DeletedPage> {
        self.store.deleted(offset, limit).await
    }

    /// A deleted row as it was.
    pub async fn deleted_row(&self, deletion: i64, key: &RowKey) -> Result<Row> {
        self.store.deleted_row(deletion, key).await
    }

    /// What keeps a deletion, or some rows of it, from coming back as it was.
    pub async fn obstacles(&self, deletion: i64, rows: Option<Vec<RowKey>>) -> Result<Vec<Obstacle>> {
        self.store.obstacles(deletion, rows).await
    }

    /// Brings back a deletion or some rows of it.
    pub async fn bring_back(&self, deletion: i64, request: &BringBack) -> Result<BroughtBack> {
        self.store.bring_back(deletion, request).await
    }

    /// Lets go of a deletion for good.
    pub async fn purge(&self, deletion: i64) -> Result<()> {
        self.store.purge(deletion).await?;
        self.runs().sweep().await
    }
}

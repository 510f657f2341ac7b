//! Deleted rows.

use schema::Result;

use crate::Studio;

/// Use cases of deleted rows that affect more than the store.
#[derive(Debug, Clone, Copy)]
pub struct Trash<'a>(pub(crate) &'a Studio);

impl Trash<'_> {
    /// Deletes the rows of a deletion for good, and the folders of runs that no job refers to any
    /// more.
    pub async fn purge(&self, deletion: i64) -> Result<()> {
        self.0.store.purge(deletion).await?;
        self.0.runs().sweep().await
    }
}

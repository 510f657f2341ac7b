//! Deleted rows.

use schema::Result;

use crate::Studio;

/// Deleted rows, as far as more than the store belongs to them.
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

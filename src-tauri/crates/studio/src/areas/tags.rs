//! Tags, and the filters a person keeps.

use resources::Described as _;
use schema::{Result, TableName};
use store::{SavedFilter, TagCount, View};

use crate::Studio;

impl Studio {
    /// Puts tags on rows; returns how many were put that weren't there.
    pub async fn tag(&self, table: TableName, ids: &[String], tags: &[String]) -> Result<u64> {
        self.store.tag(table.table(), ids, tags).await
    }

    /// Takes tags off rows; returns how many there were.
    pub async fn untag(&self, table: TableName, ids: &[String], tags: &[String]) -> Result<u64> {
        self.store.untag(table.table(), ids, tags).await
    }

    /// All tags of one table or of all, by name.
    pub async fn tags(&self, table: Option<TableName>) -> Result<Vec<TagCount>> {
        self.store.tags(table).await
    }

    /// Calls a tag otherwise on every row; returns how many rows had it.
    pub async fn rename_tag(&self, from: &str, to: &str) -> Result<u64> {
        self.store.rename_tag(from, to).await
    }

    /// Takes a tag off every row; returns how many had it.
    pub async fn delete_tag(&self, tag: &str) -> Result<u64> {
        self.store.delete_tag(tag).await
    }

    /// The saved filters of a table, by name.
    pub async fn saved_filters(&self, table: TableName) -> Result<Vec<SavedFilter>> {
        self.store.saved_filters(table.table()).await
    }

    /// Keeps a view under a name, in place of one that has the name already.
    pub async fn save_filter(&self, table: TableName, name: &str, view: &View) -> Result<SavedFilter> {
        self.store.save_filter(table.table(), name, view).await
    }

    /// Calls a saved filter otherwise.
    pub async fn rename_filter(&self, table: TableName, from: &str, to: &str) -> Result<()> {
        self.store.rename_filter(table.table(), from, to).await
    }

    /// Forgets a saved filter.
    pub async fn delete_filter(&self, table: TableName, name: &str) -> Result<()> {
        self.store.delete_filter(table.table(), name).await
    }
}

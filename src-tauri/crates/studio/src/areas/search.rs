//! Search over all tables.

use schema::Result;
use store::Matches;

use crate::Studio;

impl Studio {
    /// The first rows of every table that match a search, at most so many of each.
    pub async fn search_everywhere(&self, search: &str, limit: u32) -> Result<Vec<Matches>> {
        self.store.search_everywhere(search, limit).await
    }

    /// Keeps the index of words in step until the studio is closed. Search works without it, by
    /// reading every row; a host that stays open should run this beside.
    pub fn keep_indexed(&self) -> impl Future<Output = ()> + Send + 'static {
        self.store.clone().keep_indexed()
    }

    /// Brings the index of words in step now.
    pub async fn index_words(&self) -> Result<()> {
        self.store.index_words().await
    }
}

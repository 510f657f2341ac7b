//! The example workspace.

use std::path::Path;

use super::Studio;
use crate::{
    error::Result,
    store::{Deleted, Dependents, Example, TableCount},
    work::Work,
};

impl Studio {
    /// What is here of the example workspace.
    pub async fn example(&self) -> Result<Example> {
        self.store.example().await
    }

    /// Adds the rows of the example that aren't here; its file goes into the folder.
    pub async fn load_example(&self, folder: &Path) -> Result<Vec<TableCount>> {
        self.store.load_example(folder, &Work::unwatched()).await
    }

    /// Deletes the rows of the example. What was changed goes too or stays, as is said; nothing
    /// is deleted if it isn't.
    pub async fn remove_example(
        &self,
        with_changed: Option<bool>,
        dependents: Dependents,
    ) -> Result<Deleted> {
        self.store.remove_example(with_changed, dependents).await
    }
}

//! The example workspace.

use std::path::Path;

use datasets::Scanner;
use schema::Result;
use store::{Deleted, Dependents, Example, TableCount};

use crate::{Studio, example_rows};

/// The example workspace.
#[derive(Debug, Clone, Copy)]
pub struct ExampleRows<'a>(pub(crate) &'a Studio);

impl ExampleRows<'_> {
    /// The rows of the example that exist.
    pub async fn state(&self) -> Result<Example> {
        self.0.store.example(&example_rows::ids()).await
    }

    /// Creates the rows of the example that do not exist, and its dataset file in `folder`.
    pub async fn load(&self, folder: &Path) -> Result<Vec<TableCount>> {
        let rows = example_rows::rows(&example_rows::write_messages(folder)?);
        self.0.store.load_example(&example_rows::ids(), rows, &Scanner::unwatched()).await
    }

    /// Deletes the rows of the example. `with_changed` says whether changed rows are deleted too; without
    /// it they are an error.
    pub async fn remove(&self, with_changed: Option<bool>, dependents: Dependents) -> Result<Deleted> {
        self.0.store.remove_example(&example_rows::ids(), with_changed, dependents).await
    }
}

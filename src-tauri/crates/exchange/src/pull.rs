//! The rows of a studio there, as the source of an import.

use std::path::Path;

use platform::Work;
use schema::Result;
use snapshot::Staged;
use store::Store;
use workbench::Workbench;

use crate::fetch::{Fetched, fetch};

/// Reads the studio at `place` in the project of a workbench and stages its rows, as those of a snapshot: its folder,
/// or the path of its database or of a JSON export; `None` looks where a studio usually is. Nothing is changed here or
/// there.
///
/// # Errors
/// The workbench can't be asked, or there is no studio that can be read.
pub async fn pull(store: &Store, workbench: &Workbench, place: Option<&str>, work: &Work) -> Result<Staged> {
    let fetched = fetch(workbench, place, scratch(store), work).await?;
    read(store, workbench, &fetched, work).await
}

/// Stages the rows of a studio that was fetched.
pub(crate) async fn read(
    store: &Store,
    workbench: &Workbench,
    fetched: &Fetched,
    work: &Work,
) -> Result<Staged> {
    let name = fetched.name(workbench);
    let file = fetched.file.display().to_string();
    let staged = Staged::read(store, &fetched.file, work).await.map_err(|mut error| {
        // The copy is gone by the time this is read.
        error.message = error.message.replace(&file, &name);
        error
    })?;
    Ok(staged.named(name))
}

/// Where copies are written: beside the database, as those of other sources.
pub(crate) fn scratch(store: &Store) -> &Path {
    store.path().parent().unwrap_or(Path::new("."))
}

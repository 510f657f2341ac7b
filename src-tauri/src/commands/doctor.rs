//! The doctor for datasets.

use studio::{Result, datasets::Diagnosis, work::Progress};
use tauri::{State, ipc::Channel};

use crate::desk::Desk;

/// Holds every row of a dataset (by id) or of a file (by path) against the shape of its rows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn diagnose_dataset(
    desk: State<'_, Desk>,
    source: String,
    task: String,
    on_progress: Channel<Progress>,
) -> Result<Diagnosis> {
    let studio = desk.studio().await?;
    desk.run(task, on_progress, async |work| studio.diagnose_dataset(&source, &work).await).await
}

//! The Hugging Face hub and its local cache.

use studio::{HubCache, Result};
use tauri::State;

use crate::desk::Desk;

/// What is in the local cache of the hub.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hub_cache(desk: State<'_, Desk>) -> Result<HubCache> {
    desk.studio().await?.hub_cache().await
}

//! The Hugging Face hub and its local cache.

use studio::{
    HubCache, HubRecord, Result,
    hub::{HubAnswer, HubKind, HubSettings},
    resources::TableName,
    settings::Settings,
};
use tauri::State;

use crate::desk::Desk;

/// What is in the local cache of the hub.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hub_cache(desk: State<'_, Desk>) -> Result<HubCache> {
    desk.studio().await?.hub_rows().cache().await
}

/// Asks the hub what a name is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hub_info(desk: State<'_, Desk>, kind: HubKind, name: String) -> Result<HubAnswer> {
    desk.studio().await?.hub_rows().ask(kind, &name).await
}

/// What the hub said of a row's name; none for a row that is not by hub name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hub_record(
    desk: State<'_, Desk>,
    table: TableName,
    id: String,
) -> Result<Option<HubRecord>> {
    desk.studio().await?.hub_rows().record(table, &id).await
}

/// Asks the hub about a row by hub name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_on_hub(desk: State<'_, Desk>, table: TableName, id: String) -> Result<HubAnswer> {
    desk.studio().await?.hub_rows().verify(table, &id).await
}

/// How the hub is reached. The token is not among it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hub_settings(desk: State<'_, Desk>) -> Result<HubSettings> {
    desk.studio().await?.hub().settings().await
}

/// Changes how the hub is reached.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_hub_settings(desk: State<'_, Desk>, settings: Settings) -> Result<()> {
    desk.studio().await?.hub().set(&settings)
}

/// Keeps a token in the system's keyring, or forgets the one that is kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_hub_token(desk: State<'_, Desk>, token: Option<String>) -> Result<()> {
    desk.studio().await?.hub().set_token(token).await
}

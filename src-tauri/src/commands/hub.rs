//! The Hugging Face Hub and its local cache.

use studio::{
    CacheUse, HubCache, HubRecord, HubResults, LocalRepository, RepositoryName, Result,
    estimate::TrainingMemory,
    hub::{DatasetPart, HubAnswer, HubConfig, HubKind, HubSettings, Removed, SearchRequest},
    platform::Settings,
    schema::TableName,
    store::Listed,
};
use tauri::State;

use crate::app_state::AppState;

/// The content of the Hub's local cache.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hub_cache(app: State<'_, AppState>) -> Result<HubCache> {
    app.studio().await?.hub_rows().cache().await
}

/// Searches the Hub, or its local cache where the Hub does not answer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn search_hub(app: State<'_, AppState>, request: SearchRequest) -> Result<HubResults> {
    app.studio().await?.hub_rows().search(&request).await
}

/// What this machine and the workspace have of repositories, in their order. The Hub is not asked.
#[tauri::command]
#[specta::specta]
pub(crate) async fn local_repositories(
    app: State<'_, AppState>,
    repositories: Vec<RepositoryName>,
) -> Result<Vec<LocalRepository>> {
    app.studio().await?.hub_rows().local(repositories).await
}

/// The configurations and splits of a dataset of the Hub, the default configuration first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hub_dataset_configs(app: State<'_, AppState>, name: String) -> Result<Vec<HubConfig>> {
    app.studio().await?.hub().dataset_configs(&name).await
}

/// The part of a dataset that is read.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dataset_part(app: State<'_, AppState>, id: String) -> Result<DatasetPart> {
    app.studio().await?.datasets().part(&id).await
}

/// Chooses the part of a dataset of the Hub that is read and fetched from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_dataset_part(
    app: State<'_, AppState>,
    id: String,
    part: DatasetPart,
) -> Result<Listed> {
    app.studio().await?.datasets().choose_part(&id, part).await
}

/// The memory that trainings on this machine have.
#[tauri::command]
#[specta::specta]
pub(crate) async fn training_memory(app: State<'_, AppState>) -> Result<TrainingMemory> {
    Ok(app.studio().await?.environment().training_memory().await)
}

/// What uses a repository of the Hub's local cache.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hub_cache_uses(
    app: State<'_, AppState>,
    kind: HubKind,
    name: String,
) -> Result<CacheUse> {
    app.studio().await?.hub_rows().uses(Some(kind), &name).await
}

/// Removes a repository from the Hub's local cache.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_from_hub_cache(
    app: State<'_, AppState>,
    kind: HubKind,
    name: String,
) -> Result<Removed> {
    app.studio().await?.hub_rows().remove(Some(kind), &name).await
}

/// Asks the Hub about a name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hub_info(app: State<'_, AppState>, kind: HubKind, name: String) -> Result<HubAnswer> {
    app.studio().await?.hub_rows().ask(kind, &name).await
}

/// The Hub's last answer about a row's name; none for a row that is not by Hub name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hub_record(
    app: State<'_, AppState>,
    table: TableName,
    id: String,
) -> Result<Option<HubRecord>> {
    app.studio().await?.hub_rows().record(table, &id).await
}

/// Asks the Hub about a row by Hub name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_on_hub(
    app: State<'_, AppState>,
    table: TableName,
    id: String,
) -> Result<HubAnswer> {
    app.studio().await?.hub_rows().verify(table, &id).await
}

/// The settings of the connection to the Hub. They do not include the token.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hub_settings(app: State<'_, AppState>) -> Result<HubSettings> {
    app.hub().settings().await
}

/// Changes the settings of the connection to the Hub.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_hub_settings(app: State<'_, AppState>, settings: Settings) -> Result<()> {
    app.hub().set_settings(&settings)
}

/// Stores a token in the system's keyring, or deletes the stored one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_hub_token(app: State<'_, AppState>, token: Option<String>) -> Result<()> {
    app.hub().set_token(token).await
}

//! Runs: executions of jobs on this machine.

use studio::{
    EvaluationPlan, Result, RunComparison, RunReport, RunSummary, TrainingPlan,
    runs::{EvaluationRequest, EvaluationResults, LogPart, ResultQuery, TrainingRequest},
    store::{QueueRule, Run},
};
use tauri::State;

use crate::app_state::AppState;

/// The preflight of a training.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_training(
    app: State<'_, AppState>,
    request: TrainingRequest,
) -> Result<TrainingPlan> {
    app.studio().await?.runs().plan_training(&request).await
}

/// Starts a training.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_training(app: State<'_, AppState>, request: TrainingRequest) -> Result<Run> {
    app.studio().await?.runs().start_training(&request).await
}

/// The preflight of an evaluation.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_evaluation(
    app: State<'_, AppState>,
    request: EvaluationRequest,
) -> Result<EvaluationPlan> {
    app.studio().await?.runs().plan_evaluation(&request).await
}

/// Starts an evaluation.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_evaluation(app: State<'_, AppState>, request: EvaluationRequest) -> Result<Run> {
    app.studio().await?.runs().start_evaluation(&request).await
}

/// All runs: live ones in the order of the queue, then the others, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn runs(app: State<'_, AppState>) -> Result<Vec<RunSummary>> {
    app.studio().await?.runs().list().await
}

/// Everything about one run, by its id or the id of one of its jobs.
#[tauri::command]
#[specta::specta]
pub(crate) async fn run_report(app: State<'_, AppState>, id: String) -> Result<RunReport> {
    app.studio().await?.runs().report(&id).await
}

/// A part of a run's log: up to `limit` bytes from the byte `from` on, or the last ones.
#[tauri::command]
#[specta::specta]
pub(crate) async fn run_log(
    app: State<'_, AppState>,
    id: String,
    from: Option<f64>,
    limit: u32,
) -> Result<LogPart> {
    // Every byte of a log up to 9 PB is a whole number to JavaScript.
    app.studio().await?.runs().log(&id, from.map(|from| from as u64), limit.into()).await
}

/// Requests the stop of a run.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_run(app: State<'_, AppState>, id: String) -> Result<Run> {
    app.studio().await?.runs().stop(&id).await
}

/// Queues a run again that ended without success.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry_run(app: State<'_, AppState>, id: String) -> Result<Run> {
    app.studio().await?.runs().retry(&id).await
}

/// Queues a run again that ended without success, on the compute target with that id, or without one on this machine.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry_run_on(
    app: State<'_, AppState>,
    id: String,
    target: Option<String>,
) -> Result<Run> {
    app.studio().await?.runs().retry_on(&id, target.as_deref()).await
}

/// Moves a queued run before another one, or to the end of the queue.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_run(app: State<'_, AppState>, id: String, before: Option<String>) -> Result<()> {
    app.studio().await?.runs().move_before(&id, before.as_deref()).await
}

/// Whether the queue is paused, and how many runs are active at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn queue(app: State<'_, AppState>) -> Result<QueueRule> {
    app.studio().await?.runs().queue().await
}

/// Pauses or resumes the queue, and sets how many runs are active at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_queue(app: State<'_, AppState>, rule: QueueRule) -> Result<()> {
    app.studio().await?.runs().set_queue(rule).await
}

/// A comparison of runs: the settings that differ, and all curves.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_runs(app: State<'_, AppState>, ids: Vec<String>) -> Result<RunComparison> {
    app.studio().await?.runs().compare(&ids).await
}

/// A page of the results of an evaluation.
#[tauri::command]
#[specta::specta]
pub(crate) async fn evaluation_results(
    app: State<'_, AppState>,
    id: String,
    query: ResultQuery,
) -> Result<EvaluationResults> {
    app.studio().await?.runs().results(&id, query).await
}

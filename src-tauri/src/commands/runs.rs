//! Runs: jobs that happen on this machine.

use studio::{
    EvaluationPlan, Result, RunComparison, RunReport, RunSummary, TrainingPlan,
    jobs::{EvaluationRequest, EvaluationResults, LogPart, QueueRule, ResultFilter, Run, TrainingRequest},
};
use tauri::State;

use crate::desk::Desk;

/// What starting a training would do.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_training(desk: State<'_, Desk>, request: TrainingRequest) -> Result<TrainingPlan> {
    desk.studio().await?.runs().plan_training(&request).await
}

/// Starts a training.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_training(desk: State<'_, Desk>, request: TrainingRequest) -> Result<Run> {
    desk.studio().await?.runs().start_training(&request).await
}

/// What starting an evaluation would do.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_evaluation(
    desk: State<'_, Desk>,
    request: EvaluationRequest,
) -> Result<EvaluationPlan> {
    desk.studio().await?.runs().plan_evaluation(&request).await
}

/// Starts an evaluation.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_evaluation(desk: State<'_, Desk>, request: EvaluationRequest) -> Result<Run> {
    desk.studio().await?.runs().start_evaluation(&request).await
}

/// All runs: those that wait or go in the order of the queue, then the others, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn runs(desk: State<'_, Desk>) -> Result<Vec<RunSummary>> {
    desk.studio().await?.runs().list().await
}

/// Everything about one run, by its id or by that of a job it does.
#[tauri::command]
#[specta::specta]
pub(crate) async fn run_report(desk: State<'_, Desk>, id: String) -> Result<RunReport> {
    desk.studio().await?.runs().report(&id).await
}

/// A part of a run's log: up to `limit` bytes from `from` on, or the last ones.
#[tauri::command]
#[specta::specta]
pub(crate) async fn run_log(
    desk: State<'_, Desk>,
    id: String,
    from: Option<f64>,
    limit: u32,
) -> Result<LogPart> {
    // Every byte of a log up to 9 PB is a whole number to JavaScript.
    desk.studio().await?.runs().log(&id, from.map(|from| from as u64), limit.into()).await
}

/// Asks a run to stop.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_run(desk: State<'_, Desk>, id: String) -> Result<Run> {
    desk.studio().await?.runs().stop(&id).await
}

/// Queues a run that is over, without success, once more.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry_run(desk: State<'_, Desk>, id: String) -> Result<Run> {
    desk.studio().await?.runs().retry(&id).await
}

/// Moves a waiting run before another one, or to the end of the queue.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_run(desk: State<'_, Desk>, id: String, before: Option<String>) -> Result<()> {
    desk.studio().await?.runs().move_before(&id, before.as_deref()).await
}

/// How the queue goes on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn queue(desk: State<'_, Desk>) -> Result<QueueRule> {
    desk.studio().await?.runs().queue().await
}

/// Pauses the queue or lets it go on, and says how many runs go at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_queue(desk: State<'_, Desk>, rule: QueueRule) -> Result<()> {
    desk.studio().await?.runs().set_queue(rule).await
}

/// Compares runs: the settings that differ, and all curves.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_runs(desk: State<'_, Desk>, ids: Vec<String>) -> Result<RunComparison> {
    desk.studio().await?.runs().compare(&ids).await
}

/// A page of the results of an evaluation.
#[tauri::command]
#[specta::specta]
pub(crate) async fn evaluation_results(
    desk: State<'_, Desk>,
    id: String,
    filter: ResultFilter,
    offset: u32,
    limit: u32,
) -> Result<EvaluationResults> {
    desk.studio().await?.runs().results(&id, filter, offset.into(), limit.into()).await
}

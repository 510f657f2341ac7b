//! Lists and reports of runs, and what a user does with a run that exists.

use platform::{blocking, disk::format_bytes};
use schema::{ErrorCode, Result};
use serde::Serialize;
use store::{Listed, QueueRule, Run, RunKind, RunState, TransferState};
use transfers::Transfer;

use crate::runs::Runs;
use run_folder::{
    elsewhere::Elsewhere,
    export::ExportSpec,
    log::{LogPart, part},
    progress::RunProgress,
    spec::{Spec, Task},
};

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RunSummary {
    /// The run.
    pub run: Run,
    /// Steps done, rows answered, or units of the present part of an export.
    pub done: u64,
    /// The same in all, once it is known.
    pub total: Option<u64>,
    /// The time left in seconds.
    pub seconds_left: Option<f64>,
    /// The same and the time of a step, as a text.
    pub estimate: Option<String>,
    /// What its worker does, as a sentence; none unless it is active.
    pub message: Option<String>,
    /// The last training loss.
    pub loss: Option<f64>,
    /// What is counted: `step`, `row`, or the unit of an export's work, such as `bytes`.
    pub unit: String,
    /// The ids of its jobs in the table of its kind, without deleted ones.
    pub jobs: Vec<String>,
    /// How far it is on its compute target; none for a run of this machine.
    pub elsewhere: Option<Elsewhere>,
}

/// Everything a page about one run shows, its log aside.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RunReport {
    /// The run.
    pub run: Run,
    /// Its progress. `fts run show` prints it as `account`.
    #[serde(rename = "account")]
    pub progress: RunProgress,
    /// The rows of its jobs, without deleted ones.
    pub jobs: Vec<Listed>,
    /// The frozen specification of a training or an evaluation; none where it can't be read.
    pub specification: Option<Spec>,
    /// The frozen export; none for other runs, or where it can't be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export: Option<ExportSpec>,
    /// Its folder.
    pub folder: String,
    /// What is fetched before it begins, where something is.
    pub transfers: Vec<Transfer>,
    /// How far it is on its compute target; none for a run of this machine.
    pub elsewhere: Option<Elsewhere>,
}

impl Runs {
    /// The queue's rule.
    pub async fn queue(&self) -> Result<QueueRule> {
        self.store.queue_rule().await
    }

    /// Pauses or resumes the queue, and sets how many runs go at once.
    pub async fn set_queue(&self, rule: QueueRule) -> Result<()> {
        self.store.set_queue_rule(rule).await?;
        self.changed.notify_waiters();
        Ok(())
    }

    /// All runs: those that wait or go in the order of the queue, then the others, newest first.
    pub async fn list(&self) -> Result<Vec<RunSummary>> {
        let runs = self.store.runs().await?;
        let mut jobs = self.store.jobs_of_runs().await?;
        let mut summaries = Vec::new();
        for run in runs {
            let jobs = jobs.remove(&run.id).unwrap_or_default();
            let summary = self.with_progress(&run.id, |progress| summarize(&run, progress, &jobs));
            let summary = summary.unwrap_or_else(|error| {
                // A run whose folder can't be read stays in the list.
                tracing::warn!("the progress of '{}': {error}", run.name);
                summarize(&run, &RunProgress::default(), &jobs)
            });
            let message = match run.state {
                RunState::Preparing => fetching(&self.transfers_of(&run.id).await?),
                _ => None,
            };
            let elsewhere = self.elsewhere(&summary.run);
            let message = message.or_else(|| said_of(&summary, elsewhere.as_ref()));
            summaries.push(RunSummary { message, elsewhere, ..summary });
        }
        Ok(summaries)
    }

    /// One run, by its id or by that of a job it does.
    pub async fn get(&self, id: &str) -> Result<Run> {
        match self.store.run_of_job(id).await? {
            Some(run) => Ok(run),
            None => self.store.run(id).await,
        }
    }

    /// Everything about one run, by its id or by that of a job it does.
    pub async fn report(&self, id: &str) -> Result<RunReport> {
        let run = self.get(id).await?;
        let folder = self.folder(&run.id);
        let mut jobs = Vec::new();
        for id in self.store.jobs_of_runs().await?.remove(&run.id).unwrap_or_default() {
            let Some(table) = run.kind.table() else { continue };
            match self.store.get(table, &id).await {
                Ok(job) => jobs.push(job),
                // It was deleted meanwhile.
                Err(error) if error.code == ErrorCode::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        let specification = run.kind.table().and_then(|_| folder.spec().ok());
        let mut progress = self.progress(&run.id)?;
        if let (Some(_), Some(Task::Training(training))) =
            (&run.target, specification.as_ref().map(|s| &s.task))
        {
            // The worker names its places on the other machine.
            progress.adapter = progress.adapter.map(|_| training.output.adapter.clone());
            progress.model = progress.model.and_then(|_| training.output.model.clone());
        }
        let export = (run.kind == RunKind::Export).then(|| folder.export().ok()).flatten();
        if let Some(export) = &export {
            progress.report = progress.report.map(|report| export.at_home(report));
        }
        Ok(RunReport {
            progress,
            specification,
            export,
            folder: folder.path().display().to_string(),
            transfers: self.transfers_of(&run.id).await?,
            elsewhere: self.elsewhere(&run),
            jobs,
            run,
        })
    }

    /// How far a run is on its compute target; none for a run of this machine, and before it is sent.
    pub fn elsewhere(&self, run: &Run) -> Option<Elsewhere> {
        run.target.as_ref()?;
        Elsewhere::read(&self.folder(&run.id)).filter(|elsewhere| elsewhere.attempt == run.attempt)
    }

    /// A part of a run's log: up to `limit` bytes from `from` on, or the last ones.
    pub async fn log(&self, id: &str, from: Option<u64>, limit: u64) -> Result<LogPart> {
        let run = self.get(id).await?;
        let log = self.folder(&run.id).log();
        blocking("reading a log", move || part(&log, from, limit)).await
    }

    /// Asks a run to stop. Its worker is killed if it has not ended after the grace period. A waiting
    /// run leaves the queue.
    pub async fn stop(&self, id: &str) -> Result<Run> {
        let run = self.get(id).await?;
        let run = self.store.ask_stop(&run.id).await?;
        self.changed.notify_waiters();
        Ok(run)
    }

    /// Moves a waiting run before another one, or to the end of the queue.
    pub async fn move_before(&self, id: &str, before: Option<&str>) -> Result<()> {
        self.store.move_run(id, before).await
    }
}

/// What is fetched, as a sentence; none where nothing is.
fn fetching(transfers: &[Transfer]) -> Option<String> {
    let mut left = transfers.iter().filter(|transfer| transfer.state != TransferState::Done).peekable();
    let name = left.peek()?.request.name.clone();
    let (mut bytes, mut total) = (0_u64, 0_u64);
    for transfer in left {
        bytes += transfer.bytes;
        total += transfer.total.unwrap_or_default();
    }
    let part = format!(": {} of {}", format_bytes(bytes), format_bytes(total));
    Some(format!("Fetching {name}{}", if total > 0 { &part } else { "" }))
}

/// What a run does, as a sentence: what its worker says, unless its compute target says something else.
fn said_of(summary: &RunSummary, elsewhere: Option<&Elsewhere>) -> Option<String> {
    let live = summary.run.state.is_live() && summary.run.state != RunState::Queued;
    let Some(elsewhere) = elsewhere.filter(|_| live) else { return summary.message.clone() };
    elsewhere.beside_worker().or_else(|| summary.message.clone()).or_else(|| Some(elsewhere.message()))
}

fn summarize(run: &Run, progress: &RunProgress, jobs: &[String]) -> RunSummary {
    let (done, total, unit) = match run.kind {
        RunKind::Training => (progress.step, progress.max_steps, "step"),
        RunKind::Export => match progress.work.as_ref().filter(|_| run.state.is_live()) {
            Some(work) => (work.done, work.total, work.unit.as_str()),
            None => (0, None, "bytes"),
        },
        RunKind::Evaluation => {
            let all = &progress.combinations;
            let rows = all.iter().map(|combination| combination.total).max().flatten();
            let done = all.iter().fold(0_u64, |done, combination| done.saturating_add(combination.done));
            (done, rows.map(|rows| rows.saturating_mul(jobs.len() as u64)), "row")
        }
    };
    let loss = progress.series.iter().find(|series| series.name == "loss");
    let live = run.state.is_live() && run.state != RunState::Queued;
    RunSummary {
        done,
        total,
        unit: unit.to_owned(),
        seconds_left: progress.seconds_left.filter(|_| run.state == RunState::Running),
        estimate: progress.estimate.clone().filter(|_| run.state == RunState::Running),
        message: progress.message.clone().filter(|_| live),
        loss: loss.and_then(|series| series.points.last()).map(|point| point.value),
        jobs: jobs.to_vec(),
        elsewhere: None,
        run: run.clone(),
    }
}

//! What there is to be told of runs.

use platform::blocking;
use resources::Described as _;
use schema::Result;
use serde::Serialize;
use store::{Listed, QueueRule, Run, RunKind, RunState};

use crate::{Account, LogPart, RunFolder, Runs, log_part};

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct RunSummary {
    /// The run.
    pub run: Run,
    /// Steps done, or rows answered.
    pub done: u64,
    /// Of so many.
    pub total: Option<u64>,
    /// The time left in seconds.
    pub seconds_left: Option<f64>,
    /// What it is at, in words.
    pub message: Option<String>,
    /// The last loss it told.
    pub loss: Option<f64>,
    /// The jobs it does, as far as they were not deleted: their rows in the table of its kind.
    pub jobs: Vec<String>,
}

/// Everything a page about one run shows, its log aside.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct RunReport {
    /// The run.
    pub run: Run,
    /// What it has told so far.
    pub account: Account,
    /// The jobs it does, with the names of what they refer to.
    pub jobs: Vec<Listed>,
    /// The frozen specification, as JSON.
    pub specification: Option<String>,
    /// Its folder.
    pub folder: String,
}

impl Runs {
    /// The queue's rule.
    pub async fn queue(&self) -> Result<QueueRule> {
        self.store.queue_rule().await
    }

    /// Pauses the queue or lets it go on, and says how many runs go at once.
    pub async fn set_queue(&self, rule: QueueRule) -> Result<()> {
        self.store.set_queue_rule(rule).await?;
        self.changed.notify_waiters();
        Ok(())
    }

    /// All runs: those that wait or go in the order of the queue, then the others, newest first.
    pub async fn list(&self) -> Result<Vec<RunSummary>> {
        let runs = self.store.runs().await?;
        let mut jobs = self.store.jobs_of_runs().await?;
        let summaries = runs.into_iter().map(|run| {
            let jobs = jobs.remove(&run.id).unwrap_or_default();
            // One whose folder can't be read is told of all the same.
            let told = self.with_account(&run.id, |account| summary(&run, account, &jobs));
            told.unwrap_or_else(|_| summary(&run, &Account::default(), &jobs))
        });
        Ok(summaries.collect())
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
        let folder = RunFolder::of(self.store.path(), &run.id);
        let mut jobs = Vec::new();
        // A job may have been deleted; its run is told of all the same.
        for id in self.store.jobs_of_runs().await?.remove(&run.id).unwrap_or_default() {
            jobs.extend(self.store.get(run.kind.table(), &id).await.ok());
        }
        Ok(RunReport {
            account: self.account(&run.id)?,
            specification: std::fs::read_to_string(folder.job()).ok(),
            folder: folder.path().display().to_string(),
            jobs,
            run,
        })
    }

    /// A part of a run's log: up to `limit` bytes from `from` on, or the last ones.
    pub async fn log(&self, id: &str, from: Option<u64>, limit: u64) -> Result<LogPart> {
        let run = self.get(id).await?;
        let log = RunFolder::of(self.store.path(), &run.id).log();
        blocking("reading a log", move || log_part(&log, from, limit)).await
    }

    /// Asks a run to stop: politely, then not. One that waits leaves the queue.
    pub async fn stop(&self, id: &str) -> Result<Run> {
        let run = self.get(id).await?;
        let run = self.store.ask_stop(&run.id).await?;
        self.changed.notify_waiters();
        Ok(run)
    }

    /// Queues a run that failed, was stopped or got lost once more. It goes on from its last
    /// checkpoint.
    pub async fn retry(&self, id: &str) -> Result<Run> {
        let run = self.get(id).await?;
        let run = self.store.retry(&run.id).await?;
        self.changed.notify_waiters();
        Ok(run)
    }

    /// Moves a waiting run before another one, or to the end of the queue.
    pub async fn move_before(&self, id: &str, before: Option<&str>) -> Result<()> {
        self.store.move_run(id, before).await
    }
}

fn summary(run: &Run, account: &Account, jobs: &[String]) -> RunSummary {
    let (done, total) = match run.kind {
        RunKind::Training => (account.step, account.max_steps),
        RunKind::Evaluation => {
            let all = &account.combinations;
            let rows = all.iter().map(|combination| combination.total).max().flatten();
            let done = all.iter().fold(0_u64, |done, combination| done.saturating_add(combination.done));
            (done, rows.map(|rows| rows.saturating_mul(jobs.len() as u64)))
        }
    };
    let loss = account.series.iter().find(|series| series.name == "loss");
    let live = run.state.is_live() && run.state != RunState::Queued;
    RunSummary {
        done,
        total,
        seconds_left: account.seconds_left.filter(|_| run.state == RunState::Running),
        message: account.message.clone().filter(|_| live),
        loss: loss.and_then(|series| series.points.last()).map(|point| point.value),
        jobs: jobs.to_vec(),
        run: run.clone(),
    }
}

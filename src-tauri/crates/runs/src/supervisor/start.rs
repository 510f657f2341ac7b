//! Prepares the rows of a waiting run and starts its worker.

use std::{fs::File, pin::pin};

use platform::{Progress, Work};
use schema::{Error, ErrorCode, Result};
use store::{Run, RunKind, RunState};
use tokio_util::sync::CancellationToken;

use super::{fetching::WHILE_FETCHING, supervise::PULSE};
use crate::runs::Runs;
use run_folder::{folder::RunFolder, rows, spec::Spec};

impl Runs {
    /// Prepares and starts a waiting run, unless another program does.
    pub(super) async fn begin(&self, run: &Run, work: &Work) -> Result<()> {
        self.preparing().insert(run.id.clone());
        let begun = self.prepare_and_start(run, work).await;
        self.preparing().remove(&run.id);
        match begun {
            Err(error) => self.record_failed_start(run, &error).await,
            Ok(()) => Ok(()),
        }
    }

    async fn prepare_and_start(&self, run: &Run, work: &Work) -> Result<()> {
        let folder = self.folder(&run.id);
        // A missing folder can't be locked. The run then begins and fails where its job is read.
        let exists = folder.path().is_dir();
        let claim = if exists { folder.claim()? } else { None };
        if (exists && claim.is_none()) || !self.store.begin_run(&run.id).await? {
            return Ok(());
        }
        if !self.fetch_needed(run, &folder, work).await? {
            // The program that waited ends, and another one goes on.
            return self.store.requeue(&run.id).await;
        }
        self.prepare_until_stopped(run, &folder, work).await?;
        if self.is_to_stop(&run.id).await? {
            return Err(Error::new(ErrorCode::Cancelled, "It was asked to stop."));
        }
        match claim {
            Some(claim) => self.start(run, &folder, claim).await,
            None => Err(Error::new(ErrorCode::NotFound, "The folder of the run is gone.")),
        }
    }

    /// Prepares the rows, and cancels that when any program asks the run to stop.
    async fn prepare_until_stopped(&self, run: &Run, folder: &RunFolder, work: &Work) -> Result<()> {
        let stop = CancellationToken::new();
        let watched = Work::new(stop.clone(), {
            let work = work.clone();
            // Cancelling the command that waits for the run does not stop the run.
            move |progress: Progress| _ = work.tick(progress)
        });
        let mut preparing = pin!(self.prepare(run, folder, &watched));
        loop {
            tokio::select! {
                prepared = &mut preparing => return prepared,
                () = tokio::time::sleep(PULSE) => match self.is_to_stop(&run.id).await {
                    Ok(true) => stop.cancel(),
                    Ok(false) => {}
                    // The next look may succeed, and the rows are worth keeping.
                    Err(error) => tracing::warn!("looking whether '{}' is to stop: {error}", run.name),
                },
            }
        }
    }

    /// Whether any program asked the run to stop.
    pub(super) async fn is_to_stop(&self, id: &str) -> Result<bool> {
        Ok(self.store.run(id).await?.stop_asked_at.is_some())
    }

    async fn record_failed_start(&self, run: &Run, error: &Error) -> Result<()> {
        let (state, note) = match error.code {
            ErrorCode::Cancelled if error.message != WHILE_FETCHING => {
                (RunState::Stopped, "It was stopped while its rows were prepared.")
            }
            ErrorCode::Cancelled => (RunState::Stopped, WHILE_FETCHING),
            _ => (RunState::Failed, error.message.as_str()),
        };
        self.store.note_ended(&run.id, state, Some(note), error.hint.as_deref()).await?;
        Ok(())
    }

    /// Brings what an earlier attempt left elsewhere, and writes the run's rows, unless it has none or an earlier
    /// attempt has.
    async fn prepare(&self, run: &Run, folder: &RunFolder, work: &Work) -> Result<()> {
        if run.kind == RunKind::Export {
            return Ok(());
        }
        self.bring_back(run, folder, work).await?;
        let spec = folder.spec()?;
        if spec.rows.is_some() && run.attempt > 1 {
            return Ok(());
        }
        let (folder, work) = (folder.clone(), work.clone());
        let is_rendered = spec.chat.is_some() || spec.further_rows().iter().any(|(_, chat)| chat.is_some());
        let other = if is_rendered { self.other_renderer().await } else { None };
        platform::blocking("preparing rows", move || {
            let counts = rows::prepare(&folder, &spec, other.as_ref(), &work)?;
            let all = counts.train + counts.eval;
            work.tick(Progress { done: all, total: None, rows: all })?;
            folder.write_spec(&Spec { rows: Some(counts), ..spec })
        })
        .await
    }

    async fn start(&self, run: &Run, folder: &RunFolder, claim: File) -> Result<()> {
        if run.target.is_none() {
            let path = folder.events();
            run_folder::end_half_line(&path).map_err(|error| Error::file("write", &path, &error))?;
        }
        let environment = match run.kind {
            RunKind::Export => folder.export()?.environment(),
            RunKind::Training | RunKind::Evaluation => folder.spec()?.environment(),
        };
        let executor = self.executor(run).await?;
        let Some(handle) = executor.start(folder, environment, run.attempt, claim).await? else {
            // Its state follows from what its executor says from now on.
            return Ok(());
        };
        // If this can't be recorded now, the next look at the run finds the worker by its folder.
        if let Err(error) = self.store.note_started(&run.id, &handle).await {
            tracing::warn!("recording the start of '{}': {error}", run.name);
        }
        self.changed.notify_waiters();
        Ok(())
    }
}

//! Looking after runs: starting those that wait, noticing what became of those that go, and
//! registering what came out.

use std::{collections::HashMap, path::Path, pin::pin, sync::PoisonError, time::Duration};

use platform::{Progress, Work};
use resources::FineTuningJob;
use schema::{Error, ErrorCode, Result, Row, TableName, lenient};
use store::{Run, RunState};
use tokio_util::sync::CancellationToken;

use crate::{Account, RunFolder, Runs, Spec, Step, Task, look_after};

/// How often runs are looked at while nothing tells of a change.
const PULSE: Duration = Duration::from_millis(250);

/// What was heard of runs, as far as it may still change.
struct Heard {
    /// The runs that were live, or ended last.
    states: HashMap<String, RunState>,
    /// When the last one ended.
    until: String,
}

impl Heard {
    fn of(runs: &[Run]) -> Self {
        let until = runs.iter().filter_map(|run| run.ended_at.clone()).max().unwrap_or_default();
        let states = runs.iter().map(|run| (run.id.clone(), run.state)).collect();
        Self { states, until }
    }

    /// What is new in the runs that are live or ended since.
    fn changes(&mut self, now: Vec<Run>) -> Vec<Run> {
        let until = std::mem::take(&mut self.until);
        let before = std::mem::replace(self, Self::of(&now)).states;
        self.until = std::mem::take(&mut self.until).max(until);
        now.into_iter().filter(|run| before.get(&run.id) != Some(&run.state)).collect()
    }
}

impl Runs {
    /// Looks after all runs until it is told to stop. `hear` is told whenever the state of a run
    /// changes, whoever changed it. Any number of programs may do this for one database.
    pub async fn supervise(&self, stop: CancellationToken, mut hear: impl FnMut(Run) + Send) {
        if let Err(error) = self.sweep().await {
            tracing::warn!("sweeping up after runs: {error}");
        }
        let mut heard = Heard::of(&self.store.runs().await.unwrap_or_default());
        while !stop.is_cancelled() {
            let changed = self.changed.notified();
            if let Err(error) = self.look_after_now().await {
                tracing::warn!("looking after the runs: {error}");
            }
            if let Ok(now) = self.store.live_or_ended_since(&heard.until).await {
                heard.changes(now).into_iter().for_each(&mut hear);
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = changed => {}
                () = tokio::time::sleep(PULSE) => {}
            }
        }
    }

    /// Looks once at every run that may change, and starts those whose turn it is. Their rows are
    /// prepared before this returns; `work` hears how far that is.
    pub async fn supervise_once(&self, work: &Work) -> Result<()> {
        self.look_at_active().await?;
        for run in self.next_runs().await? {
            self.begin(&run, work).await?;
        }
        Ok(())
    }

    /// The same, but rows are prepared beside, so that other runs are not kept waiting.
    async fn look_after_now(&self) -> Result<()> {
        self.look_at_active().await?;
        for run in self.next_runs().await? {
            let studio = self.clone();
            self.preparing().insert(run.id.clone());
            tokio::spawn(async move {
                if let Err(error) = studio.begin(&run, &Work::unwatched()).await {
                    tracing::warn!("starting the run '{}': {error}", run.name);
                }
                studio.changed.notify_waiters();
            });
        }
        Ok(())
    }

    async fn look_at_active(&self) -> Result<()> {
        for run in self.store.live_runs().await?.iter().filter(|run| run.state.is_active()) {
            // What is wrong with one run is no reason to leave the others alone.
            if let Err(error) = self.look_at(run).await {
                tracing::warn!("looking after the run '{}': {error}", run.name);
            }
        }
        Ok(())
    }

    /// The waiting runs for which there is room, in the order of the queue. One that something of
    /// an earlier attempt still holds does not keep others waiting.
    async fn next_runs(&self) -> Result<Vec<Run>> {
        let rule = self.store.queue_rule().await?;
        let live = self.store.live_runs().await?;
        let active = live.iter().filter(|run| run.state.is_active()).count();
        let room = (rule.at_once as usize).saturating_sub(active);
        let free = |run: &Run| {
            let own = self.preparing().contains(&run.id);
            !own && !RunFolder::of(self.store.path(), &run.id).is_claimed()
        };
        let waiting = live.into_iter().filter(|run| run.state == RunState::Queued);
        Ok(waiting.filter(free).take(if rule.paused { 0 } else { room }).collect())
    }

    async fn look_at(&self, run: &Run) -> Result<()> {
        // What this program prepares itself is looked after by who prepares it.
        if run.state == RunState::Preparing && self.preparing().contains(&run.id) {
            return Ok(());
        }
        let folder = RunFolder::of(self.store.path(), &run.id);
        let account = self.account(&run.id)?;
        match look_after(run, &folder, &account, &*self.executor, self.patience).await? {
            Step::Wait => Ok(()),
            Step::Started(handle) => self.store.note_started(&run.id, &handle).await,
            Step::Requeue => self.store.requeue(&run.id).await,
            Step::Ended { state, note, hint, adapter } => {
                // It may have told more since it was looked at.
                let folder_tells = self.account(&run.id)?;
                if folder_tells.end != account.end {
                    return Ok(());
                }
                match state {
                    RunState::Succeeded => self.register(run, &folder, note, adapter.as_deref()).await,
                    _ => self
                        .store
                        .note_ended(&run.id, state, note.as_deref(), hint.as_deref())
                        .await
                        .map(drop),
                }
            }
        }
    }

    /// Forgets runs whose jobs are gone for good, with their folders, unless an adapter lies there.
    pub async fn sweep(&self) -> Result<()> {
        for run in self.store.orphaned_runs().await? {
            let folder = RunFolder::of(self.store.path(), &run.id);
            let inside = format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR);
            if !self.store.is_place_of_adapter(&inside).await? && !folder.is_claimed() {
                folder.remove()?;
            }
            self.store.forget_run(&run.id).await?;
        }
        Ok(())
    }

    /// What a run has told so far.
    pub(super) fn account(&self, id: &str) -> Result<Account> {
        self.with_account(id, Account::clone)
    }

    /// The same, only looked at: a list of many runs needs little of each.
    pub(super) fn with_account<T>(&self, id: &str, look: impl FnOnce(&Account) -> T) -> Result<T> {
        let events = RunFolder::of(self.store.path(), id).events();
        let account = self.account_of(id);
        let mut account = account.lock().unwrap_or_else(PoisonError::into_inner);
        account.catch_up(&events).map_err(|error| Error::file("read", &events, &error))?;
        Ok(look(&account))
    }

    /// Prepares and starts a waiting run, if it is its turn.
    async fn begin(&self, run: &Run, work: &Work) -> Result<()> {
        self.preparing().insert(run.id.clone());
        let begun = self.prepare_and_start(run, work).await;
        self.preparing().remove(&run.id);
        match begun {
            Err(error) => self.could_not_begin(run, &error).await,
            Ok(()) => Ok(()),
        }
    }

    async fn prepare_and_start(&self, run: &Run, work: &Work) -> Result<()> {
        let folder = RunFolder::of(self.store.path(), &run.id);
        // Without its folder there is nothing to claim; the attempt ends where the job is read.
        let claim = if folder.path().is_dir() { folder.claim()? } else { None };
        if (claim.is_none() && folder.path().is_dir()) || !self.store.begin_run(&run.id).await? {
            return Ok(());
        }
        let stop = CancellationToken::new();
        let watched = Work::new(stop.clone(), {
            let work = work.clone();
            // Whoever watches the command does not stop the run by that.
            move |progress: Progress| _ = work.tick(progress)
        });
        let mut preparing = pin!(self.prepare(run, &folder, &watched));
        let prepared = loop {
            tokio::select! {
                prepared = &mut preparing => break prepared,
                () = tokio::time::sleep(PULSE) => {
                    // What can't be read now can at the next look.
                    if matches!(self.is_to_stop(&run.id).await, Ok(true)) {
                        stop.cancel();
                    }
                }
            }
        };
        prepared?;
        if self.is_to_stop(&run.id).await? {
            return Err(Error::new(ErrorCode::Cancelled, "It was asked to stop."));
        }
        match claim {
            Some(claim) => self.start(run, &folder, claim).await,
            None => Err(Error::new(ErrorCode::NotFound, "The folder of the run does not exist.")),
        }
    }

    /// Whether somebody asked for the end of a run, here or in another program.
    async fn is_to_stop(&self, id: &str) -> Result<bool> {
        Ok(self.store.run(id).await?.stop_asked_at.is_some())
    }

    async fn could_not_begin(&self, run: &Run, error: &Error) -> Result<()> {
        let (state, note) = match error.code {
            ErrorCode::Cancelled => (RunState::Stopped, "It was stopped while its rows were prepared."),
            _ => (RunState::Failed, error.message.as_str()),
        };
        self.store.note_ended(&run.id, state, Some(note), error.hint.as_deref()).await?;
        Ok(())
    }

    /// Makes the run's rows, unless an earlier attempt has.
    async fn prepare(&self, run: &Run, folder: &RunFolder, work: &Work) -> Result<()> {
        let spec = folder.spec()?;
        if spec.rows.is_some() && run.attempt > 1 {
            return Ok(());
        }
        let (folder, work) = (folder.clone(), work.clone());
        platform::blocking("preparing rows", move || {
            let rows = crate::prepare(&folder, &spec, &work)?;
            work.tick(Progress { done: rows.train + rows.eval, total: None, rows: rows.train + rows.eval })?;
            folder.write_spec(&Spec { rows: Some(rows), ..spec })
        })
        .await
    }

    async fn start(&self, run: &Run, folder: &RunFolder, claim: std::fs::File) -> Result<()> {
        crate::end_half_line(&folder.events())
            .map_err(|error| Error::file("write", &folder.events(), &error))?;
        let handle = self.executor.start(folder, run.attempt, claim).await?;
        // The worker goes on by itself; if it can't be noted now, whoever looks next finds it.
        if let Err(error) = self.store.note_started(&run.id, &handle).await {
            tracing::warn!("noting the start of '{}': {error}", run.name);
        }
        self.changed.notify_waiters();
        Ok(())
    }

    /// Notes success, with the adapter that came out in the same transaction.
    async fn register(
        &self,
        run: &Run,
        folder: &RunFolder,
        note: Option<String>,
        adapter_place: Option<&str>,
    ) -> Result<()> {
        let adapter = match (folder.spec(), adapter_place) {
            (Ok(Spec { task: Task::Training(training), .. }), Some(location))
                if training.adapter.register =>
            {
                self.adapter_of(&run.id, &training.adapter.name, location).await?
            }
            _ => None,
        };
        let refused = match self.store.succeed(&run.id, note.as_deref(), adapter).await {
            Err(error) if error.code == ErrorCode::Invalid => error,
            other => return other,
        };
        // What it refers to may be gone by now. It has succeeded all the same.
        let lies = adapter_place.unwrap_or_default();
        let told = format!("The adapter was not added: {} It is in {lies}.", refused.message);
        let note = [note, Some(told)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.store.succeed(&run.id, Some(&note), None).await
    }

    /// The row of the adapter that came out of a job; none if the job is gone.
    async fn adapter_of(&self, job: &str, name: &str, location: &str) -> Result<Option<Row>> {
        let Ok(listed) = self.store.get(TableName::FineTuningJobs, job).await else { return Ok(None) };
        let row: FineTuningJob = lenient(&listed.row);
        let mut adapter = Row::new();
        let mut set = |column: &str, value: Option<&str>| {
            if let Some(value) = value {
                adapter.insert(column.to_owned(), value.into());
            }
        };
        set("type", Some("project"));
        set("name", Some(name));
        set("location", Some(location));
        set("fine_tuning_job_id", Some(job));
        set("model_id", row.base_model_id.as_ref().map(schema::Id::as_str));
        set("prompt_id", row.prompt_id.as_ref().map(schema::Id::as_str));
        if !Path::new(location).is_dir() {
            tracing::warn!("the adapter of {job} is not in {location}");
            return Ok(None);
        }
        Ok(Some(adapter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::RunKind;

    fn run(id: &str, state: RunState, ended_at: Option<&str>) -> Run {
        Run {
            id: id.to_owned(),
            kind: RunKind::Training,
            name: id.to_owned(),
            state,
            place: 1,
            attempt: 1,
            note: None,
            hint: None,
            created_at: String::new(),
            started_at: None,
            stop_asked_at: None,
            ended_at: ended_at.map(str::to_owned),
            handle: None,
        }
    }

    #[test]
    fn every_change_is_heard_once() {
        let mut heard =
            Heard::of(&[run("old", RunState::Failed, Some("1")), run("a", RunState::Queued, None)]);
        assert_eq!(heard.until, "1");
        let mut changes = |now: &[Run]| -> Vec<(String, RunState)> {
            heard.changes(now.to_vec()).into_iter().map(|run| (run.id, run.state)).collect()
        };
        let of = |run: &Run| vec![(run.id.clone(), run.state)];
        let old = run("old", RunState::Failed, Some("1"));
        let a = run("a", RunState::Running, None);
        assert_eq!(changes(&[old.clone(), a.clone()]), of(&a));
        // One that came and went between two looks is heard of, too.
        let b = run("b", RunState::Failed, Some("2"));
        assert_eq!(changes(&[old, a.clone(), b.clone()]), of(&b));
        assert_eq!(changes(&[a, b.clone()]), []);
        let a = run("a", RunState::Succeeded, Some("2"));
        assert_eq!(changes(&[a.clone(), b.clone()]), of(&a));
        let again = run("old", RunState::Queued, None);
        assert_eq!(changes(&[again.clone(), a, b]), of(&again));
    }
}

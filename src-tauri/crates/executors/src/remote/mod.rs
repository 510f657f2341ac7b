//! Workers on a compute target. The program that holds the lock of a run's folder here looks after it: it sends
//! what the run needs, has its worker started, keeps the copy here of what the worker writes up to date, and
//! brings its results. All other programs read that copy.
//!
//! Only an answer of the target ever ends a run. Without one, its state stays as it was.

mod attached;
mod back;
mod copy;
mod end;
mod fetch;
mod follow;
mod gpus;
mod job;
mod launch;
mod line;
mod logged;
mod looker;
mod machine;
mod mirror;
mod models;
mod place;
mod results;
mod shipment;
mod stop;
mod variables;
mod watched;
mod workbench_project;

use std::{
    collections::HashMap,
    fs::File,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use compute::Target;
use hub::Hub;
use platform::Work;
use python::{EnvironmentKind, Python};
use run_folder::{
    elsewhere::{Elsewhere, Phase},
    folder::RunFolder,
};
use schema::Result;
use tokio::{sync::Notify, task::JoinSet, time::timeout};

pub use self::attached::AttachedExecutor;
use self::{
    line::Line,
    looker::Looker,
    mirror::{Begin, Mirror},
    watched::{AllWatched, Watched, Wish},
};
use crate::{Executor, WorkerState};

/// Starts workers on a compute target and looks after them.
#[derive(Debug)]
pub struct RemoteExecutor {
    line: Line,
    python: Python,
    hub: Hub,
    changed: Arc<Notify>,
    grace: Duration,
    watched: AllWatched,
    /// Notified when the launcher should be asked at once.
    look: Arc<Notify>,
    /// What goes on in the background; it ends with this executor.
    tasks: Mutex<JoinSet<()>>,
}

impl RemoteExecutor {
    /// `changed` is notified when the state of a worker changes. A worker may take `grace` to end after it was
    /// asked to stop.
    pub fn new(target: Target, python: Python, hub: Hub, changed: Arc<Notify>, grace: Duration) -> Self {
        let line = Line::new(target, hub.keyring());
        let (watched, look, tasks) = Default::default();
        Self { line, python, hub, changed, grace, watched, look, tasks }
    }

    /// The target.
    pub fn target(&self) -> &Target {
        &self.line.target
    }

    /// Whether what earlier attempts of a run wrote does not lie on this target.
    fn lacks_history(&self, folder: &RunFolder) -> bool {
        let is_here = |known: &Elsewhere| known.target == self.line.target.id;
        Elsewhere::read(folder).filter(is_here).is_none_or(|known| {
            // It was on its way there when that was interrupted.
            known.sends_history && known.phase == Phase::Sending
        })
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<PathBuf, Arc<Watched>>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks after a run from now on.
    fn look_after(&self, folder: &RunFolder, elsewhere: Elsewhere, begin: Begin, claim: File) {
        let watched = Arc::new(Watched::new(folder.clone(), elsewhere));
        self.watched().insert(folder.path().to_owned(), Arc::clone(&watched));
        let mirror = Mirror {
            line: self.line.clone(),
            watched,
            python: self.python.clone(),
            hub: self.hub.clone(),
            changed: Arc::clone(&self.changed),
            look: Arc::clone(&self.look),
            grace: self.grace,
        };
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if tasks.is_empty() {
            let looker = Looker {
                line: self.line.clone(),
                watched: Arc::clone(&self.watched),
                look: Arc::clone(&self.look),
            };
            tasks.spawn(looker.run());
        }
        tasks.spawn(mirror.run(begin, claim));
    }
}

#[async_trait::async_trait]
impl Executor for RemoteExecutor {
    async fn start(
        &self,
        folder: &RunFolder,
        _environment: EnvironmentKind,
        attempt: u32,
        claim: File,
    ) -> Result<Option<String>> {
        let target = &self.line.target;
        target.refuse_unconfirmed()?;
        let mut elsewhere = Elsewhere::new(&target.id, &target.name, &target.settings.host, attempt);
        elsewhere.sends_history = attempt > 1 && self.lacks_history(folder);
        elsewhere.write(folder)?;
        self.look_after(folder, elsewhere, Begin::Send, claim);
        Ok(None)
    }

    async fn state(&self, folder: &RunFolder, attempt: u32, _handle: Option<&str>) -> WorkerState {
        let watched = self.watched().get(folder.path()).cloned();
        if let Some(watched) = watched.filter(|watched| watched.attempt == attempt) {
            return watched.state();
        }
        if !folder.path().is_dir() {
            return WorkerState::Ended(None);
        }
        // Nothing is done with a host that a person of this studio has not confirmed.
        let claim = if self.line.target.confirmed { folder.claim().ok().flatten() } else { None };
        let Some(claim) = claim else { return WorkerState::Unknown };
        let known = Elsewhere::read(folder).filter(|known| known.attempt == attempt);
        match known {
            None => WorkerState::NotStarted,
            Some(known) if known.phase == Phase::Sending => WorkerState::NotStarted,
            Some(known) if known.phase == Phase::Done => match known.ended {
                Some(why) => WorkerState::Vanished(why),
                None => WorkerState::Ended(None),
            },
            Some(known) => {
                self.look_after(folder, known, Begin::Adopt, claim);
                WorkerState::Unknown
            }
        }
    }

    async fn stop(&self, folder: &RunFolder, _handle: Option<&str>, force: bool) {
        if let Some(watched) = self.watched().get(folder.path()) {
            watched.wish(if force { Wish::Force } else { Wish::Stop });
        }
    }

    async fn bring_back(&self, folder: &RunFolder, work: &Work) -> Result<()> {
        self.line.target.refuse_unconfirmed()?;
        back::bring_back(&self.line, folder, work).await
    }

    async fn settle(&self, most: Duration) -> bool {
        let all: Vec<_> = self.watched().values().cloned().collect();
        let waited = !all.is_empty();
        let settled = async {
            for watched in all {
                watched.until_settled().await;
            }
        };
        // Who waits goes on with what is known.
        let _ = timeout(most, settled).await;
        waited
    }
}

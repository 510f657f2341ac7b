//! What all operations on runs share: the store, the executor, and caches of what was read.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use executors::{AttachedExecutor, Executor, Executors};
use hub::Hub;
use inspect::Inspector;
use prompts::{Tokenizers, chat::OtherRenderer};
use python::{EnvironmentKind, Python};
use schema::{Error, ErrorCode, Resource, Result, Stored};
use store::{Run, Store};
use tokio::sync::Notify;
use transfers::Transfers;

use crate::{
    grace::GracePeriods,
    preflight::{cache::PlanCache, hub_answers::HubAnswers},
};
use run_folder::{
    folder::RunFolder,
    progress::RunProgress,
    rows::{RowCountCache, WorkerRenderer},
};

/// The runs of a store. Besides handles, it holds caches only: all state is in the database and in
/// the run folders. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Runs {
    pub(crate) store: Store,
    pub(crate) hub: Hub,
    pub(crate) python: Python,
    pub(crate) inspector: Inspector,
    pub(crate) executors: Arc<Executors>,
    pub(crate) transfers: Transfers,
    /// Notified when a run changed or should be looked at.
    pub(crate) changed: Arc<Notify>,
    /// The progress of each run, by its id.
    progress: Arc<Mutex<HashMap<String, Arc<Mutex<RunProgress>>>>>,
    /// The ids of runs whose rows this program prepares.
    preparing: Arc<Mutex<HashSet<String>>>,
    pub(crate) row_counts: RowCountCache,
    pub(crate) plans: PlanCache,
    pub(crate) hub_answers: HubAnswers,
    pub(crate) grace: GracePeriods,
    pub(crate) tokenizers: Tokenizers,
    /// The worker that rendered last, as long as the same program is used.
    renderer: Arc<Mutex<Option<Arc<WorkerRenderer>>>>,
}

impl Runs {
    /// The runs of a store, whose workers run in this Python. What they lack is fetched from this hub by these
    /// transfers.
    pub fn new(store: Store, python: Python, hub: Hub, transfers: Transfers) -> Self {
        let changed = Arc::new(Notify::new());
        let grace = GracePeriods::from_environment();
        let executors = Executors::new(python.clone(), hub.clone(), Arc::clone(&changed), grace.stop);
        Self {
            inspector: Inspector::new(store.clone(), hub.clone()),
            store,
            executors: Arc::new(executors),
            hub,
            python,
            transfers,
            changed,
            progress: Arc::default(),
            preparing: Arc::default(),
            row_counts: RowCountCache::default(),
            plans: PlanCache::default(),
            hub_answers: HubAnswers::default(),
            grace,
            tokenizers: Tokenizers::default(),
            renderer: Arc::default(),
        }
    }

    /// The tokenizers that were used last.
    pub fn tokenizers(&self) -> &Tokenizers {
        &self.tokenizers
    }

    /// The folder of the run with that id.
    pub(crate) fn folder(&self, id: &str) -> RunFolder {
        RunFolder::new(self.store.path(), id)
    }

    /// The executor of a run, by its target.
    ///
    /// # Errors
    /// The target was removed.
    pub(crate) async fn executor(&self, run: &Run) -> Result<Arc<dyn Executor>> {
        match &run.target {
            None => Ok(self.executors.here()),
            Some(target) => Ok(self.executors.on(&self.store.target(target).await?)),
        }
    }

    /// What starts a worker that answers by hand on the compute target with that id or name.
    ///
    /// # Errors
    /// There is no such target, or it is not confirmed.
    pub async fn attached(&self, target: &str) -> Result<Option<AttachedExecutor>> {
        Ok(self.target(Some(target)).await?.map(|target| self.executors.attached(target)))
    }

    /// The row with that id, typed; none where there is no such row.
    pub async fn find<R: Resource>(&self, id: &str) -> Result<Option<Stored<R>>> {
        match self.store.get(R::NAME, id).await {
            Ok(listed) => Ok(Some(Stored::from_row(listed.row))),
            Err(error) if error.code == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What renders chat templates that this program can't; none without a Python environment.
    pub async fn other_renderer(&self) -> Option<Arc<dyn OtherRenderer>> {
        let command = self.python.worker(EnvironmentKind::Training).await.ok()?;
        let mut last = self.renderer.lock().unwrap_or_else(PoisonError::into_inner);
        match last.as_ref().filter(|last| *last.command() == command) {
            Some(last) => Some(Arc::clone(last) as _),
            None => Some(Arc::clone(last.insert(Arc::new(WorkerRenderer::new(command)))) as _),
        }
    }

    /// The progress of a run, up to the last event that was written.
    pub(crate) fn progress(&self, id: &str) -> Result<RunProgress> {
        self.with_progress(id, RunProgress::clone)
    }

    /// The same by reference, because a list of runs needs little of each.
    pub(crate) fn with_progress<T>(&self, id: &str, read: impl FnOnce(&RunProgress) -> T) -> Result<T> {
        let events = self.folder(id).events();
        let progress = {
            let mut all = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(id.to_owned()).or_default())
        };
        let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.catch_up(&events).map_err(|error| Error::file("read", &events, &error))?;
        Ok(read(&progress))
    }

    /// The ids of runs whose rows this program prepares.
    pub(crate) fn preparing(&self) -> MutexGuard<'_, HashSet<String>> {
        self.preparing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

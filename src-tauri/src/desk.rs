//! What the window has open, and the work it has started.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use studio::{
    Change, Error, ErrorCode, FileLock, Result, Studio,
    hub::Hub,
    jobs::{Run, Trial, TrialAnswer},
    python::Python,
    snapshot::{ImportPolicy, ImportReport, Plan, Staged},
    store::default_database,
    work::Work,
};
use tauri::ipc::{Channel, IpcResponse};
use tokio::sync::{MappedMutexGuard, Mutex as AsyncMutex, MutexGuard, RwLock, SetOnce, broadcast};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::recent;

/// The machine that every database is opened on.
#[derive(Debug, Clone)]
pub struct Surroundings {
    hub: Hub,
    /// None is the one that the settings of the hub's file and the environment describe.
    python: Option<Python>,
}

impl Surroundings {
    /// What the person's environment and settings describe.
    pub fn of_user() -> Self {
        Self { hub: Hub::from_user_settings(), python: None }
    }

    /// A hub and a Python of one's own.
    pub fn new(hub: Hub, python: Python) -> Self {
        Self { hub, python: Some(python) }
    }

    async fn studio(&self, path: &Path) -> Result<Studio> {
        let studio = Studio::open_with(path, self.hub.clone()).await?;
        Ok(match &self.python {
            Some(python) => studio.with_python(python.clone()),
            None => studio,
        })
    }
}

/// The window's state: one open studio, or the reason why there is none.
pub struct Desk {
    surroundings: Surroundings,
    open: RwLock<Result<Open>>,
    tasks: Mutex<HashMap<String, CancellationToken>>,
    /// The snapshot that was read last, until it is imported or forgotten.
    staged: AsyncMutex<Option<Staged>>,
    /// The model that is loaded to be tried.
    trial: AsyncMutex<Option<Trial>>,
    reports: Reports,
    /// The page can be used.
    shown: Arc<SetOnce<()>>,
}

/// What is reported of the open studio. Without a receiver, a report is dropped.
#[derive(Clone)]
struct Reports {
    /// Runs whose state changed.
    runs: broadcast::Sender<Run>,
    changes: broadcast::Sender<Change>,
}

struct Open {
    studio: Studio,
    /// Ends the looking after its runs, which themselves go on.
    _looking_after: DropGuard,
    /// Held as long as the studio is open, so that no second window opens it.
    _lock: FileLock,
}

impl Desk {
    /// Opens the studio to start with. A failure is kept for the window to show: it can open
    /// another one.
    pub async fn open(database: Option<PathBuf>, surroundings: Surroundings) -> Self {
        let reports = Reports { runs: broadcast::Sender::new(64), changes: broadcast::Sender::new(64) };
        let shown = Arc::default();
        let opened = match database.map_or_else(default_database, Ok) {
            Ok(path) => open(&path, &surroundings, &reports, &shown).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &opened {
            tracing::error!("{error}");
        }
        Self {
            surroundings,
            open: RwLock::new(opened),
            tasks: Mutex::default(),
            staged: AsyncMutex::default(),
            trial: AsyncMutex::default(),
            reports,
            shown,
        }
    }

    /// The page can be used: work that can wait may begin. True the first time.
    pub(crate) fn shown(&self) -> bool {
        self.shown.set(()).is_ok()
    }

    /// Hears of runs that change from now on.
    pub(crate) fn run_changes(&self) -> broadcast::Receiver<Run> {
        self.reports.runs.subscribe()
    }

    /// Changes of the open studio from now on.
    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        self.reports.changes.subscribe()
    }

    /// Loads a model to try, in place of what was loaded before.
    pub(crate) async fn open_trial(
        &self,
        model: &str,
        adapters: &[String],
        answers: Channel<TrialAnswer>,
    ) -> Result<()> {
        // The memory of the one before may be needed.
        self.close_trial().await;
        let hear = move |answer| _ = answers.send(answer);
        let trial = self.studio().await?.runs().open_trial(model, adapters, hear).await?;
        *self.trial.lock().await = Some(trial);
        Ok(())
    }

    /// The model that is loaded to be tried.
    pub(crate) async fn trial(&self) -> Result<MappedMutexGuard<'_, Trial>> {
        MutexGuard::try_map(self.trial.lock().await, Option::as_mut).map_err(|_| {
            Error::new(ErrorCode::NotFound, "No model is loaded.").hint("Choose a model and load it.")
        })
    }

    /// Unloads it.
    pub(crate) async fn close_trial(&self) {
        *self.trial.lock().await = None;
    }

    /// Closes what is open: the last notes are in the database file itself, and nothing holds it.
    pub async fn close(&self) {
        self.discard_import().await;
        self.close_trial().await;
        let closed = Err(Error::new(ErrorCode::NotFound, "No workspace is open."));
        if let Ok(open) = std::mem::replace(&mut *self.open.write().await, closed) {
            let studio = open.studio.clone();
            // First the looking after its runs ends, which needs the database.
            drop(open);
            studio.close().await;
        }
    }

    /// The open studio.
    pub(crate) async fn studio(&self) -> Result<Studio> {
        self.open.read().await.as_ref().map(|open| open.studio.clone()).map_err(Error::clone)
    }

    /// Opens another studio in place of this one, which stays open if the other can't be.
    pub(crate) async fn switch(&self, path: &Path) -> Result<Studio> {
        let path = std::path::absolute(path).map_err(|error| Error::file("open", path, &error))?;
        let mut current = self.open.write().await;
        if let Ok(open) = &*current
            && open.studio.path() == path
        {
            return Ok(open.studio.clone());
        }
        let next = open(&path, &self.surroundings, &self.reports, &self.shown).await?;
        self.discard_import().await;
        self.close_trial().await;
        let studio = next.studio.clone();
        if let Ok(previous) = std::mem::replace(&mut *current, Ok(next)) {
            previous.studio.close().await;
        }
        Ok(studio)
    }

    /// Runs work under a name by which it can be cancelled, reporting to the window's channel.
    pub(crate) async fn run<T, P: IpcResponse + Send + Sync + 'static>(
        &self,
        task: String,
        progress: Channel<P>,
        job: impl AsyncFnOnce(Work<P>) -> Result<T>,
    ) -> Result<T> {
        let stop = CancellationToken::new();
        self.tasks().insert(task.clone(), stop.clone());
        // A window that is gone no longer wants to know.
        let work = Work::with_progress(stop, move |now| _ = progress.send(now));
        let result = job(work).await;
        self.tasks().remove(&task);
        result
    }

    /// Reads a snapshot, in place of one read before, and says what importing it would do.
    pub(crate) async fn plan_import(&self, path: &Path, work: &Work) -> Result<Plan> {
        let mut staged = self.staged.lock().await;
        if let Some(earlier) = staged.take() {
            earlier.discard().await;
        }
        let mut read = self.studio().await?.snapshots().read(path, work).await?;
        let plan = read.plan().await?;
        *staged = Some(read);
        Ok(plan)
    }

    /// The snapshot that was read last.
    pub(crate) async fn staged(&self) -> Result<MappedMutexGuard<'_, Staged>> {
        MutexGuard::try_map(self.staged.lock().await, Option::as_mut).map_err(|_| no_plan())
    }

    /// Imports the snapshot that was read last.
    pub(crate) async fn import(&self, policy: &ImportPolicy, work: &Work) -> Result<ImportReport> {
        let report =
            self.studio().await?.snapshots().import(&mut *self.staged().await?, policy, work).await?;
        self.discard_import().await;
        Ok(report)
    }

    /// Forgets the snapshot that was read last.
    pub(crate) async fn discard_import(&self) {
        if let Some(staged) = self.staged.lock().await.take() {
            staged.discard().await;
        }
    }

    /// Cancels the work of that name; false if there is none.
    pub(crate) fn cancel(&self, task: &str) -> bool {
        self.tasks().get(task).inspect(|stop| stop.cancel()).is_some()
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, HashMap<String, CancellationToken>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_plan() -> Error {
    Error::new(ErrorCode::NotFound, "There is no import to carry on with.").hint("Choose the file again.")
}

async fn open(
    path: &Path,
    surroundings: &Surroundings,
    reports: &Reports,
    shown: &Arc<SetOnce<()>>,
) -> Result<Open> {
    let path = std::path::absolute(path).map_err(|error| Error::file("open", path, &error))?;
    let lock = lock(&path)?;
    let studio = surroundings.studio(&path).await?;
    recent::remember(studio.path());
    tokio::spawn({
        let (index, shown) = (studio.store().clone().keep_indexed(), Arc::clone(shown));
        // It keeps a core busy for seconds, and the window needs both to come up.
        async move {
            shown.wait().await;
            index.await;
        }
    });
    let looking_after = CancellationToken::new();
    tokio::spawn({
        let (studio, stop, runs) = (studio.clone(), looking_after.clone(), reports.runs.clone());
        async move { studio.runs().supervise(stop, |run| _ = runs.send(run)).await }
    });
    tokio::spawn({
        let (studio, changes) = (studio.clone(), reports.changes.clone());
        async move {
            if let Err(error) = studio.watch(|change| _ = changes.send(change)).await {
                tracing::error!("changes can't be watched: {error}");
            }
        }
    });
    Ok(Open { studio, _looking_after: looking_after.drop_guard(), _lock: lock })
}

/// Locks the database for this window, by a small file beside it. `fts` uses no lock.
fn lock(path: &Path) -> Result<FileLock> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.window"));
    FileLock::try_exclusive(&beside)?.ok_or_else(|| {
        Error::new(ErrorCode::Locked, format!("{} is already open in another window.", path.display()))
            .hint("Go to that window, or open another database here.")
    })
}

#[cfg(test)]
mod tests {
    use super::lock;
    use studio::ErrorCode;

    #[test]
    fn a_database_is_for_one_window_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("studio.db");
        let first = lock(&path).unwrap();
        assert_eq!(lock(&path).unwrap_err().code, ErrorCode::Locked);
        lock(&folder.path().join("another.db")).unwrap();
        drop(first);
        lock(&path).unwrap();
    }
}

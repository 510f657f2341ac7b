//! The state behind the window's commands.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use studio::{
    Change, Error, ErrorCode, Result, Studio,
    archive::{ArchiveImportPlan, ArchiveImportReport, ArchiveProgress, OpenArchive},
    hub::Hub,
    platform::{FileLock, Work, default_database},
    playground::{Trial, TrialAnswer},
    python::{Places, Python},
    snapshot::{ImportPolicy, ImportReport, Plan, Staged},
    store::Run,
    transfers::Transfer,
};
use tauri::ipc::{Channel, IpcResponse};
use tokio::{
    sync::{MappedMutexGuard, Mutex as AsyncMutex, MutexGuard, RwLock, SetOnce, broadcast},
    time::timeout,
};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{incoming::Incoming, recent, served::Served};

/// How long [`AppState::close`] waits for cancelled work.
const RELEASE_PATIENCE: Duration = Duration::from_secs(2);
/// How long it waits for a workspace that is being opened, and for the database to close.
const CLOSING_PATIENCE: Duration = Duration::from_secs(4);

/// The Hub and the Python interpreters of this machine, which do not depend on the open workspace.
#[derive(Debug, Clone)]
pub struct Machine {
    hub: Hub,
    python: Python,
}

impl Machine {
    /// Those that the environment variables and the user's settings name.
    pub fn from_user_settings() -> Self {
        let hub = Hub::from_user_settings();
        let python = Python::new(Places::from_variables(), hub.settings_file().clone());
        Self { hub, python }
    }

    /// This hub and these interpreters.
    pub fn new(hub: Hub, python: Python) -> Self {
        Self { hub, python }
    }
}

/// The state behind the window's commands: the open workspace, or why none is open, and the work
/// under way.
pub struct AppState {
    machine: Machine,
    open: RwLock<Result<Open>>,
    /// The work that can be cancelled, by the name that the window gave it.
    tasks: Mutex<HashMap<String, CancellationToken>>,
    /// What was read last for an import, until it is imported or discarded.
    incoming: AsyncMutex<Option<Incoming>>,
    /// The model that is loaded for questions by hand.
    trial: AsyncMutex<Option<Trial>>,
    /// The model that other programs ask.
    served: Served,
    reports: Reports,
    /// Set once the page can be used.
    shown: Arc<SetOnce<()>>,
}

/// Reports of the open workspace. A report that nothing receives is dropped.
#[derive(Clone)]
struct Reports {
    /// Runs whose state changed.
    runs: broadcast::Sender<Run>,
    /// Transfers that ended.
    transfers: broadcast::Sender<Transfer>,
    changes: broadcast::Sender<Change>,
}

struct Open {
    studio: Studio,
    /// Ends the supervision of runs and transfers. The runs themselves continue.
    _supervision: DropGuard,
    /// Held while the workspace is open, so that no second window opens it.
    _lock: FileLock,
}

impl AppState {
    /// Opens a workspace: that of `database`, or the default one. If it can't be opened, the error is
    /// kept for the window to show, and another workspace can be opened.
    pub async fn open(database: Option<PathBuf>, machine: Machine) -> Self {
        let reports = Reports {
            runs: broadcast::Sender::new(64),
            transfers: broadcast::Sender::new(64),
            changes: broadcast::Sender::new(64),
        };
        let shown = Arc::default();
        let opened = match database.map_or_else(default_database, Ok) {
            Ok(path) => open(&path, &machine, &reports, &shown).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &opened {
            tracing::error!("{error}");
        }
        Self {
            machine,
            open: RwLock::new(opened),
            tasks: Mutex::default(),
            incoming: AsyncMutex::default(),
            trial: AsyncMutex::default(),
            served: Served::default(),
            reports,
            shown,
        }
    }

    /// The Hub of this machine, whether or not a workspace is open.
    pub(crate) fn hub(&self) -> &Hub {
        &self.machine.hub
    }

    /// The Python interpreters of this machine, whether or not a workspace is open.
    pub(crate) fn python(&self) -> &Python {
        &self.machine.python
    }

    /// Reports that the page can be used, so that work that can wait begins. Returns whether this is the
    /// first report.
    pub(crate) fn set_shown(&self) -> bool {
        self.shown.set(()).is_ok()
    }

    /// Receives runs whose state changes from now on.
    pub(crate) fn run_changes(&self) -> broadcast::Receiver<Run> {
        self.reports.runs.subscribe()
    }

    /// Receives transfers that end from now on.
    pub(crate) fn ended_transfers(&self) -> broadcast::Receiver<Transfer> {
        self.reports.transfers.subscribe()
    }

    /// Receives changes of the open workspace from now on.
    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        self.reports.changes.subscribe()
    }

    /// Loads a model and adapters for questions by hand, in place of the model that was loaded before.
    pub(crate) async fn open_trial(
        &self,
        model: &str,
        adapters: &[String],
        target: Option<&str>,
        answers: Channel<TrialAnswer>,
    ) -> Result<()> {
        // The new model may need the memory of the one before.
        self.close_trial().await;
        let on_answer = move |answer| _ = answers.send(answer);
        let playground = self.studio().await?.playground();
        let trial = playground.open_trial(model, adapters, None, target, on_answer).await?;
        *self.trial.lock().await = Some(trial);
        Ok(())
    }

    /// The loaded model.
    pub(crate) async fn trial(&self) -> Result<MappedMutexGuard<'_, Trial>> {
        MutexGuard::try_map(self.trial.lock().await, Option::as_mut).map_err(|_| {
            Error::new(ErrorCode::NotFound, "No model is loaded.").hint("Choose a model and load it.")
        })
    }

    /// Unloads the model, if one is loaded.
    pub(crate) async fn close_trial(&self) {
        *self.trial.lock().await = None;
    }

    /// The model that other programs ask.
    pub(crate) fn served(&self) -> &Served {
        &self.served
    }

    /// Cancels the work under way and closes the workspace, so that its database is one file without a
    /// write-ahead log beside it. Takes a few seconds at most, even if the work does not end.
    pub async fn close(&self) {
        for stop in self.tasks().values() {
            stop.cancel();
        }
        let release = async {
            self.discard_import().await;
            self.close_trial().await;
            self.served.stop().await;
        };
        let close = async {
            let closed = Err(Error::new(ErrorCode::NotFound, "No workspace is open."));
            if let Ok(open) = std::mem::replace(&mut *self.open.write().await, closed) {
                let studio = open.studio.clone();
                // The supervision uses the database, so it ends first.
                drop(open);
                studio.close().await;
            }
        };
        // An import that does not end in time is rolled back when the database is opened again.
        let released = timeout(RELEASE_PATIENCE, release).await;
        let closed = timeout(CLOSING_PATIENCE, close).await;
        if released.is_err() || closed.is_err() {
            tracing::warn!("the workspace was still in use when it was closed");
        }
    }

    /// The open workspace.
    pub(crate) async fn studio(&self) -> Result<Studio> {
        self.open.read().await.as_ref().map(|open| open.studio.clone()).map_err(Error::clone)
    }

    /// Opens another workspace in place of the open one, which stays open if the other can't be opened.
    pub(crate) async fn switch(&self, path: &Path) -> Result<Studio> {
        let path = std::path::absolute(path).map_err(|error| Error::file("open", path, &error))?;
        let mut current = self.open.write().await;
        if let Ok(open) = &*current
            && open.studio.path() == path
        {
            return Ok(open.studio.clone());
        }
        let next = open(&path, &self.machine, &self.reports, &self.shown).await?;
        self.discard_import().await;
        self.close_trial().await;
        self.served.stop().await;
        let studio = next.studio.clone();
        if let Ok(previous) = std::mem::replace(&mut *current, Ok(next)) {
            previous.studio.close().await;
        }
        Ok(studio)
    }

    /// Runs work that [`Self::cancel`] stops by the name of the task. Its progress goes to the channel.
    pub(crate) async fn run<T, P: IpcResponse + Send + Sync + 'static>(
        &self,
        task: String,
        progress: Channel<P>,
        job: impl AsyncFnOnce(Work<P>) -> Result<T>,
    ) -> Result<T> {
        let stop = CancellationToken::new();
        self.tasks().insert(task.clone(), stop.clone());
        // Sending fails once the window is closed.
        let work = Work::with_progress(stop, move |now| _ = progress.send(now));
        let result = job(work).await;
        self.tasks().remove(&task);
        result
    }

    /// Reads a snapshot, in place of what was read before, and plans its import.
    pub(crate) async fn plan_import(&self, path: &Path, work: &Work) -> Result<Plan> {
        let mut incoming = self.emptied().await;
        let mut read = self.studio().await?.snapshots().read(path, work).await?;
        let plan = read.plan().await?;
        *incoming = Some(Incoming::Snapshot(Box::new(read)));
        Ok(plan)
    }

    /// The same for a studio in the project of a workbench.
    pub(crate) async fn plan_pull(&self, target: &str, place: Option<&str>, work: &Work) -> Result<Plan> {
        let mut incoming = self.emptied().await;
        let mut read = self.studio().await?.workbenches().pull(target, place, work).await?;
        let plan = read.plan().await?;
        *incoming = Some(Incoming::Snapshot(Box::new(read)));
        Ok(plan)
    }

    /// The same for an archive.
    pub(crate) async fn plan_archive_import(
        &self,
        path: &Path,
        work: &Work<ArchiveProgress>,
    ) -> Result<ArchiveImportPlan> {
        let mut incoming = self.emptied().await;
        let mut read = self.studio().await?.archives().read(path, None, work).await?;
        let plan = read.plan().await?;
        *incoming = Some(Incoming::Archive(Box::new(read)));
        Ok(plan)
    }

    /// What was read for an import.
    pub(crate) async fn incoming(&self) -> Result<MappedMutexGuard<'_, Incoming>> {
        MutexGuard::try_map(self.incoming.lock().await, Option::as_mut).map_err(|_| no_plan())
    }

    /// The snapshot whose import is planned.
    async fn staged(&self) -> Result<MappedMutexGuard<'_, Staged>> {
        MappedMutexGuard::try_map(self.incoming().await?, Incoming::snapshot).map_err(|_| no_plan())
    }

    /// The archive whose import is planned.
    pub(crate) async fn archive(&self) -> Result<MappedMutexGuard<'_, OpenArchive>> {
        MappedMutexGuard::try_map(self.incoming().await?, Incoming::archive).map_err(|_| no_plan())
    }

    /// Imports the snapshot whose import is planned.
    pub(crate) async fn import(&self, policy: &ImportPolicy, work: &Work) -> Result<ImportReport> {
        let report =
            self.studio().await?.snapshots().import(&mut *self.staged().await?, policy, work).await?;
        self.discard_import().await;
        Ok(report)
    }

    /// Imports the archive whose import is planned.
    pub(crate) async fn import_archive(
        &self,
        policy: &ImportPolicy,
        work: &Work<ArchiveProgress>,
    ) -> Result<ArchiveImportReport> {
        let studio = self.studio().await?;
        let report = studio.archives().import(&mut *self.archive().await?, policy, work).await?;
        self.discard_import().await;
        Ok(report)
    }

    /// Discards the planned import, if there is one.
    pub(crate) async fn discard_import(&self) {
        drop(self.emptied().await);
    }

    /// The place of what is read for an import, after what was there is discarded.
    async fn emptied(&self) -> MutexGuard<'_, Option<Incoming>> {
        let mut incoming = self.incoming.lock().await;
        if let Some(earlier) = incoming.take() {
            earlier.discard().await;
        }
        incoming
    }

    /// Cancels the task of that name, and returns whether there is one.
    pub(crate) fn cancel(&self, task: &str) -> bool {
        self.tasks().get(task).inspect(|stop| stop.cancel()).is_some()
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, HashMap<String, CancellationToken>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_plan() -> Error {
    Error::new(ErrorCode::NotFound, "No import is planned.").hint("Choose the file again.")
}

async fn open(path: &Path, machine: &Machine, reports: &Reports, shown: &Arc<SetOnce<()>>) -> Result<Open> {
    let path = std::path::absolute(path).map_err(|error| Error::file("open", path, &error))?;
    let lock = lock(&path)?;
    let studio = Studio::open_with(&path, machine.hub.clone()).await?.with_python(machine.python.clone());
    recent::add(studio.path());
    tokio::spawn({
        let (index, shown) = (studio.store().clone().keep_indexed(), Arc::clone(shown));
        // Indexing uses a core for seconds, which the window needs while it starts.
        async move {
            shown.wait().await;
            index.await;
        }
    });
    let supervision = CancellationToken::new();
    tokio::spawn({
        let (studio, stop, runs) = (studio.clone(), supervision.clone(), reports.runs.clone());
        async move { studio.runs().supervise(stop, |run| _ = runs.send(run)).await }
    });
    tokio::spawn({
        let (studio, stop, ended) = (studio.clone(), supervision.clone(), reports.transfers.clone());
        async move { studio.transfers().supervise(stop, |transfer| _ = ended.send(transfer)).await }
    });
    tokio::spawn({
        let (studio, changes) = (studio.clone(), reports.changes.clone());
        async move {
            if let Err(error) = studio.watch(|change| _ = changes.send(change)).await {
                tracing::error!("changes can't be watched: {error}");
            }
        }
    });
    Ok(Open { studio, _supervision: supervision.drop_guard(), _lock: lock })
}

/// Locks the database for this window, by a file beside it. `fts` ignores the lock.
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
    fn a_database_is_open_in_one_window_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("studio.db");
        let first = lock(&path).unwrap();
        assert_eq!(lock(&path).unwrap_err().code, ErrorCode::Locked);
        lock(&folder.path().join("another.db")).unwrap();
        drop(first);
        lock(&path).unwrap();
    }
}

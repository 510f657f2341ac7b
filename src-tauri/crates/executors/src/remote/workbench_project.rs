//! Workbenches, which are reached by their API: no connection stays open, and nothing is known between two answers.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use compute::{
    Condition, Followed, Launch, Packed, Parcel, RunThere, Sent, Started, TargetSettings, remembered_hashes,
};
use jiff::Timestamp;
use platform::{Keyring, Work};
use schema::{Error, ErrorCode, Result};
use workbench::{Failure, Fault, Pieces, Workbench};

use super::place::{Follow, Place};

/// The time between two looks at the workers there.
const PAUSE: Duration = Duration::from_secs(2);
/// How long a run may take to end after the worker's last event: its output is hashed, and its container taken down.
const REMAINS: Duration = Duration::from_mins(5);

/// A project of a workbench.
#[derive(Debug)]
pub(super) struct WorkbenchProject {
    settings: TargetSettings,
    keyring: Keyring,
    hashes: Option<PathBuf>,
    known: Mutex<Known>,
    looked: tokio::sync::Mutex<Option<Instant>>,
}

#[derive(Debug, Default)]
struct Known {
    /// The client with the key that it has; made anew after each silence, since a person may have set another key.
    client: Option<Workbench>,
    silence: Option<Silence>,
}

/// Why there is no answer.
#[derive(Debug, Clone)]
struct Silence {
    since: Timestamp,
    /// When there was none the last time.
    last: Instant,
    why: String,
    needs_a_person: bool,
}

impl WorkbenchProject {
    pub(super) fn new(settings: &TargetSettings, keyring: &Keyring) -> Self {
        let (known, looked) = Default::default();
        Self {
            settings: settings.clone(),
            keyring: keyring.clone(),
            hashes: remembered_hashes(),
            known,
            looked,
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client of the project. As long as there is no answer, it is asked for a while later.
    async fn client(&self) -> Result<Workbench> {
        let failed = self.known().silence.as_ref().map(|silence| silence.last);
        if let Some(failed) = failed {
            tokio::time::sleep(PAUSE.saturating_sub(failed.elapsed())).await;
        }
        if let Some(client) = self.known().client.clone() {
            return Ok(client);
        }
        match Workbench::of_target(&self.settings, &self.keyring).await {
            Ok(client) => {
                self.known().client = Some(client.clone());
                Ok(client)
            }
            Err(error) => {
                // Without a key nothing is known of what runs there.
                self.note_silence(&error, true);
                Err(Error { code: ErrorCode::Unreachable, ..error })
            }
        }
    }

    /// Notes what an answer, or that there is none, says of the workbench.
    fn noted<T>(&self, answer: workbench::Result<T>) -> Result<T> {
        match answer {
            Err(Failure { fault, error, .. }) if error.code == ErrorCode::Unreachable => {
                let needs_a_person = matches!(
                    fault,
                    Fault::Key | Fault::Certificate | Fault::NoWorkbench | Fault::NoOperation
                );
                self.note_silence(&error, needs_a_person);
                Err(error)
            }
            // Something of this machine says nothing of the workbench.
            Err(failure) if failure.fault == Fault::Here => Err(failure.error),
            answer => {
                self.known().silence = None;
                answer.map_err(|failure| failure.error)
            }
        }
    }

    fn note_silence(&self, error: &Error, needs_a_person: bool) {
        let mut known = self.known();
        known.client = None;
        let since = known.silence.as_ref().map_or_else(Timestamp::now, |silence| silence.since);
        known.silence =
            Some(Silence { since, last: Instant::now(), why: error.message.clone(), needs_a_person });
    }

    /// The target's folder, from the project's.
    fn root(&self) -> &str {
        self.settings.folder.trim_start_matches("~/").trim_end_matches('/')
    }

    /// The path of something in the target's folder, from the project's.
    fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.root())
    }
}

#[async_trait::async_trait]
impl Place for WorkbenchProject {
    /// That of the target, else that of the runtime.
    async fn python(&self) -> Result<String> {
        Ok(self.settings.python.clone().unwrap_or_else(|| "python3".to_owned()))
    }

    async fn send(&self, parcel: &Parcel, work: &Work) -> Result<Sent> {
        let packed = Packed::of(parcel, self.hashes.clone(), work).await?;
        let client = self.client().await?;
        self.noted(client.send_parcel(self.root(), packed, work).await)
    }

    /// A container has the GPUs that its profile says, and no others.
    async fn device_variables(&self, _wanted: u32) -> Result<Vec<(String, String)>> {
        Ok(Vec::new())
    }

    /// What starts the worker does that.
    async fn end_half_line(&self, _file: &str) -> Result<()> {
        Ok(())
    }

    async fn start(&self, launch: &Launch) -> Result<Started> {
        let client = self.client().await?;
        let launch =
            Launch { folder: self.at(&launch.folder), worker: self.at(&launch.worker), ..launch.clone() };
        let resources = self.noted(client.resources_of(&self.settings).await)?;
        self.noted(client.start_worker(&launch, &resources).await)
    }

    async fn look(&self, runs: &[RunThere<'_>]) -> Result<Vec<Condition>> {
        let mut looked = self.looked.lock().await;
        if let Some(before) = *looked {
            tokio::time::sleep(PAUSE.saturating_sub(before.elapsed())).await;
        }
        *looked = Some(Instant::now());
        let client = self.client().await?;
        let folders: Vec<String> = runs.iter().map(|run| self.at(run.folder)).collect();
        let there: Vec<RunThere<'_>> =
            runs.iter().zip(&folders).map(|(run, folder)| RunThere { folder, ..*run }).collect();
        self.noted(client.look_at_workers(&there).await)
    }

    async fn stop(&self, run: RunThere<'_>, force: bool) -> Result<()> {
        let client = self.client().await?;
        let folder = self.at(run.folder);
        self.noted(client.stop_worker(RunThere { folder: &folder, ..run }, force).await)
    }

    async fn follow(&self, folder: &str, files: &[(&str, u64)]) -> Result<Box<dyn Follow>> {
        let client = self.client().await?;
        Ok(Box::new(client.follow(&self.at(folder), files)))
    }

    async fn sizes(&self, folder: &str) -> Result<Option<BTreeMap<String, u64>>> {
        let listed = self.noted(self.client().await?.files(&self.at(folder)).await)?;
        let sizes = |files: Vec<workbench::FileThere>| {
            let files = files.into_iter().filter(|file| !file.is_dir);
            files.map(|file| (file.name, file.bytes.unsigned_abs())).collect()
        };
        Ok(listed.map(sizes))
    }

    async fn size(&self, path: &str) -> Result<Option<u64>> {
        self.noted(self.client().await?.size(&self.at(path)).await)
    }

    async fn fetch(&self, path: &str, to: &Path, work: &Work) -> Result<()> {
        // The hashes lie in the folder of the run: `runs/RUN`.
        let at = path.match_indices('/').nth(1).map_or(path.len(), |(at, _)| at);
        let (run, within) = path.split_at(at);
        let client = self.client().await?;
        self.noted(client.fetch_folder(&self.at(run), within.trim_start_matches('/'), to, work).await)
    }

    async fn remove(&self, path: &str) -> Result<()> {
        self.noted(self.client().await?.delete_file(&self.at(path)).await)
    }

    /// With the time by the clock here: the API says nothing of the age of files.
    async fn mark(&self, folder: &str, name: &str, text: &str) -> Result<()> {
        let client = self.client().await?;
        let path = self.at(&format!("{folder}/{name}"));
        self.noted(client.write_file(&path, format!("{text}\n{}\n", Timestamp::now()).as_bytes()).await)
    }

    async fn sweep(&self, below: &str, name: &str, text: &str, age: Duration) -> Result<Vec<String>> {
        let client = self.client().await?;
        let listed = self.noted(client.files(&self.at(below)).await)?.unwrap_or_default();
        let mut removed = Vec::new();
        for folder in listed.into_iter().filter(|folder| folder.is_dir) {
            let path = self.at(&format!("{below}/{}", folder.name));
            let mark = self.noted(client.read_file(&format!("{path}/{name}"), MOST_OF_MARK).await)?;
            let mark = String::from_utf8(mark.unwrap_or_default()).unwrap_or_default();
            let Some((whose, marked)) = mark.trim_end().split_once('\n') else { continue };
            let marked = marked.parse::<Timestamp>();
            let is_old = marked.is_ok_and(|marked| {
                Duration::try_from(Timestamp::now().duration_since(marked)).is_ok_and(|since| since > age)
            });
            if whose == text && is_old {
                self.noted(client.delete_file(&path).await)?;
                removed.push(folder.name);
            }
        }
        Ok(removed)
    }

    fn silence(&self) -> Option<(String, String)> {
        self.known().silence.clone().map(|silence| (silence.since.to_string(), silence.why))
    }

    fn needs_a_person(&self) -> bool {
        self.known().silence.as_ref().is_some_and(|silence| silence.needs_a_person)
    }

    fn job<'a>(&self, handle: &'a str) -> Option<&'a str> {
        Some(handle.split_once('/')?.0)
    }

    fn remains(&self) -> Duration {
        REMAINS
    }
}

/// The most bytes of a mark.
const MOST_OF_MARK: i64 = 1_000;

#[async_trait::async_trait]
impl Follow for Pieces {
    async fn next(&mut self) -> Result<Followed> {
        Ok(Self::next(self).await?)
    }
}

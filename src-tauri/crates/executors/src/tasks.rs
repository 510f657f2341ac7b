//! Exports whose work is requests alone: tasks of this program, without a worker.
//!
//! What an export has made elsewhere is in its run folder, so that any program that supervises the run goes on with it
//! once the one with the task has ended.

use std::{
    collections::HashMap,
    fs::File,
    future,
    io::Write as _,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hub::Hub;
use platform::AtomicFile;
use run_folder::{
    end_half_line,
    export::{EndpointSettings, ExportReport, ExportSpec, Way},
    folder::RunFolder,
};
use schema::{Error, ErrorCode, Result};
use serde_json::{Map, Value, json};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use workbench::{EndpointParts, EndpointRequest, EndpointStep, Failure, Workbench};

use crate::executor::WorkerState;

/// The handle of every task: which program has it is known by the lock of the folder alone.
const HANDLE: &str = "task";
/// The file with what is there of an endpoint.
const PARTS: &str = "endpoint.json";
/// How long the removal of what a stopped export made may take.
const REMOVAL: Duration = Duration::from_mins(1);

/// The tasks of this program.
#[derive(Debug, Clone)]
pub(crate) struct Tasks {
    hub: Hub,
    changed: Arc<Notify>,
    /// How each is stopped, by the folder of its run.
    live: Arc<Mutex<HashMap<PathBuf, CancellationToken>>>,
}

impl Tasks {
    /// `changed` is notified when a task ends.
    pub(crate) fn new(hub: Hub, changed: Arc<Notify>) -> Self {
        Self { hub, changed, live: Arc::default() }
    }

    /// Whether a run is carried out by a task.
    pub(crate) fn has(folder: &RunFolder, handle: Option<&str>) -> bool {
        match handle {
            Some(handle) => handle == HANDLE,
            None => folder.export().is_ok_and(|spec| matches!(spec.way, Way::Endpoint(_))),
        }
    }

    /// Starts the task of a run, which holds the lock of the folder until its end. Returns the handle.
    pub(crate) fn start(&self, folder: &RunFolder, attempt: u32, claim: File) -> Result<String> {
        let ExportSpec { way: Way::Endpoint(settings), id, adapter, .. } = folder.export()? else {
            return Err(Error::new(ErrorCode::Invalid, "This export has a worker, and no task."));
        };
        let adapter = adapter.map(|adapter| PathBuf::from(adapter.source)).unwrap_or_default();
        let stop = CancellationToken::new();
        self.live().insert(folder.path().to_owned(), stop.clone());
        let (tasks, folder) = (self.clone(), folder.clone());
        tokio::spawn(async move {
            let events = Events(folder.events());
            if let Err(error) =
                tasks.carry_out(&folder, &settings, &id, adapter, attempt, &events, stop).await
            {
                tracing::warn!("the export {id}: {error}");
            }
            tasks.live().remove(folder.path());
            drop(claim);
            tasks.changed.notify_waiters();
        });
        Ok(HANDLE.to_owned())
    }

    /// How a run stands. One whose program ended before it is gone on with.
    pub(crate) fn state(&self, folder: &RunFolder, attempt: u32) -> WorkerState {
        if folder.is_claimed() {
            return WorkerState::Running { handle: HANDLE.to_owned() };
        }
        if Events(folder.events()).has_ended(attempt) {
            return WorkerState::Ended(None);
        }
        let started = match folder.claim() {
            Ok(Some(claim)) => self.start(folder, attempt, claim),
            Ok(None) => Ok(HANDLE.to_owned()),
            Err(error) => Err(error),
        };
        match started {
            Ok(handle) => WorkerState::Running { handle },
            Err(error) => WorkerState::Refused(error),
        }
    }

    /// Asks the task of a run to stop, if this program has it.
    pub(crate) fn stop(&self, folder: &RunFolder) {
        if let Some(stop) = self.live().get(folder.path()) {
            stop.cancel();
        }
    }

    fn live(&self) -> MutexGuard<'_, HashMap<PathBuf, CancellationToken>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[expect(clippy::too_many_arguments, reason = "they are what a run folder says")]
    async fn carry_out(
        &self,
        folder: &RunFolder,
        settings: &EndpointSettings,
        id: &str,
        adapter: PathBuf,
        attempt: u32,
        events: &Events,
        stop: CancellationToken,
    ) -> Result<()> {
        end_half_line(&events.0).map_err(|error| Error::file("write", &events.0, &error))?;
        events.send("started", json!({"attempt": attempt}))?;
        let made = tokio::select! {
            made = self.make(folder, settings, id, adapter.clone(), events) => Some(made),
            () = stop.cancelled() => None,
        };
        let end = match made {
            Some(Ok(output)) => json!({"status": "succeeded", "output": output}),
            Some(Err(error)) => {
                json!({"status": "failed", "message": error.message, "hint": error.hint})
            }
            None => {
                let removed = tokio::time::timeout(REMOVAL, self.remove(folder, settings, id, adapter)).await;
                let message = match removed {
                    Ok(Ok(())) => "It was stopped, and nothing of it is left there.".to_owned(),
                    Ok(Err(error)) => format!("It was stopped. What is there stays: {}", error.message),
                    Err(_) => {
                        "It was stopped. What is there stays: the workbench does not answer.".to_owned()
                    }
                };
                json!({"status": "stopped", "message": message})
            }
        };
        events.send("ended", end)
    }

    /// Makes the endpoint of a run. Returns where it is asked.
    async fn make(
        &self,
        folder: &RunFolder,
        settings: &EndpointSettings,
        id: &str,
        adapter: PathBuf,
        events: &Events,
    ) -> Result<String> {
        let (workbench, request) = self.request(settings, id, adapter).await?;
        let (place, last) = (folder.path().join(PARTS), Mutex::new(String::new()));
        let report = |step: EndpointStep, word: String, parts: EndpointParts| {
            future::ready(noted(&place, &parts, events, &last, step, &word).map_err(Failure::from))
        };
        let mut parts = parts(&place);
        workbench.make_endpoint(&request, &mut parts, report).await?;
        let output = workbench.endpoint_address();
        let facts = json!({
            "name": request.name, "host": workbench.settings().address.to_string(),
            "project": workbench.settings().project, "model_id": parts.model, "build_id": parts.build,
            "deployment_id": parts.deployment, "base_model": request.base,
        });
        let who = if settings.open {
            "Whoever has the model's access key may ask it; the workbench shows the key under Models."
        } else {
            "Whoever asks it needs the model's access key, which the workbench shows under Models, and a key of the \
             workbench."
        };
        let report = ExportReport {
            way: Way::Endpoint(settings.clone()).name().to_owned(),
            output: Some(output.clone()),
            notes: vec![format!("'{}' is served there.", request.name), who.to_owned()],
            facts: facts.as_object().cloned().unwrap_or_default(),
            ..ExportReport::default()
        };
        events.send("report", json!({"report": report}))?;
        Ok(output)
    }

    /// Removes what a run has made.
    async fn remove(
        &self,
        folder: &RunFolder,
        settings: &EndpointSettings,
        id: &str,
        adapter: PathBuf,
    ) -> Result<()> {
        let (workbench, request) = self.request(settings, id, adapter).await?;
        Ok(workbench.remove_endpoint(&request, &parts(&folder.path().join(PARTS))).await?)
    }

    /// The workbench, and what is asked of it.
    async fn request(
        &self,
        settings: &EndpointSettings,
        id: &str,
        adapter: PathBuf,
    ) -> Result<(Workbench, EndpointRequest)> {
        let EndpointSettings { name, description, generation, open, base_model, workbench, .. } = settings;
        let (Some(target), Some(base)) = (workbench, base_model) else {
            return Err(Error::new(
                ErrorCode::Invalid,
                "The export does not say where to and with which model.",
            )
            .hint("Start it again."));
        };
        let options = &target.options;
        let resources = options.resources().map_err(|problem| Error::new(ErrorCode::Invalid, problem))?;
        let request = EndpointRequest {
            mark: id.to_owned(),
            name: name.clone(),
            description: description.clone().unwrap_or_default(),
            base: base.clone(),
            adapter,
            generation: Value::Object(generation.clone()).to_string(),
            folder: target.folder.trim_start_matches("~/").to_owned(),
            runtime: options.runtime.clone().unwrap_or_default(),
            addons: options.runtime_addons(),
            cpu: resources.cpu,
            memory: resources.memory,
            gpus: resources.gpus,
            authentication: !open,
        };
        Ok((Workbench::of_target(target, self.hub.keyring()).await?, request))
    }
}

/// Writes down what is there, and how it stands where that is new.
fn noted(
    place: &std::path::Path,
    parts: &EndpointParts,
    events: &Events,
    last: &Mutex<String>,
    step: EndpointStep,
    word: &str,
) -> Result<()> {
    let (status, message) = match step {
        EndpointStep::Sending => ("sending", word.to_owned()),
        EndpointStep::Building => ("building", format!("The workbench builds it: {word}")),
        EndpointStep::Deploying => ("deploying", format!("The workbench starts it: {word}")),
    };
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    if *last == message {
        return Ok(());
    }
    let text = serde_json::to_vec(parts).map_err(|error| Error::internal("writing an export", &error))?;
    AtomicFile::write_all(place, &text)?;
    events.send("status", json!({"status": status, "message": message}))?;
    *last = message;
    Ok(())
}

/// What an earlier attempt, or another program, has made.
fn parts(place: &std::path::Path) -> EndpointParts {
    let text = std::fs::read(place).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// The events of a run, as a worker writes them.
struct Events(PathBuf);

impl Events {
    fn send(&self, event: &str, fields: Value) -> Result<()> {
        let mut line = Map::from_iter([
            ("time".to_owned(), json!(jiff::Timestamp::now().to_string())),
            ("event".to_owned(), json!(event)),
        ]);
        line.extend(fields.as_object().cloned().unwrap_or_default());
        let text = format!("{}\n", Value::Object(line));
        let failed = |error: std::io::Error| Error::file("write", &self.0, &error);
        let mut file = File::options().create(true).append(true).open(&self.0).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)
    }

    /// Whether that attempt has ended, by its last event of that kind.
    fn has_ended(&self, attempt: u32) -> bool {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        let (mut now, mut ended) = (0, false);
        for event in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            match event["event"].as_str() {
                Some("started") => (now, ended) = (event["attempt"].as_u64().unwrap_or_default(), false),
                Some("ended") => ended = true,
                _ => {}
            }
        }
        ended && now >= u64::from(attempt)
    }
}

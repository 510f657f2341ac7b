//! What a task does: requests to a workbench, until there is a result.

use std::{
    future,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use compute::TargetSettings;
use hub::Hub;
use platform::AtomicFile;
use run_folder::export::{EndpointSettings, ExportReport, ExportSpec, RegistrationSettings, Way};
use schema::{Error, ErrorCode, Result};
use serde_json::{Value, json};
use workbench::{EndpointParts, EndpointRequest, EndpointStep, Failure, RegistrationRequest, Workbench};

use super::events::Events;

/// The file with what is there of an endpoint.
const PARTS: &str = "endpoint.json";

/// The work of an export.
pub(super) struct Work {
    spec: ExportSpec,
    /// The run's folder.
    folder: PathBuf,
    attempt: u32,
    hub: Hub,
    /// What was said last.
    said: Mutex<String>,
}

/// Whether an export is carried out by a task.
pub(super) const fn takes(way: &Way) -> bool {
    !way.has_worker()
}

impl Work {
    pub(super) fn new(spec: ExportSpec, folder: PathBuf, attempt: u32, hub: Hub) -> Self {
        Self { spec, folder, attempt, hub, said: Mutex::default() }
    }

    /// Does it. Returns the address of the result.
    pub(super) async fn make(&self, events: &Events) -> Result<String> {
        match &self.spec.way {
            Way::Endpoint(settings) => self.make_endpoint(settings, events).await,
            Way::Registration(settings) => self.register(settings, events).await,
            _ => Err(Error::new(ErrorCode::Invalid, "This export has a worker, and no task.")),
        }
    }

    /// Removes what it has made there.
    pub(super) async fn remove(&self) -> Result<()> {
        match &self.spec.way {
            Way::Endpoint(settings) => {
                let (workbench, request) = self.endpoint(settings).await?;
                workbench.remove_endpoint(&request, &self.parts()).await?;
            }
            Way::Registration(settings) => {
                let (workbench, request) = self.registration(settings).await?;
                workbench.remove_registration(&request).await?;
            }
            _ => {}
        }
        Ok(())
    }

    async fn make_endpoint(&self, settings: &EndpointSettings, events: &Events) -> Result<String> {
        let (workbench, request) = self.endpoint(settings).await?;
        let report = |step: EndpointStep, word: String, parts: EndpointParts| {
            let sentence = match step {
                EndpointStep::Sending => word,
                EndpointStep::Building => format!("The workbench builds it: {word}"),
                EndpointStep::Deploying => format!("The workbench starts it: {word}"),
            };
            let noted = self.note(&parts).and_then(|()| self.say(events, step_name(step), sentence));
            future::ready(noted.map_err(Failure::from))
        };
        let mut parts = self.parts();
        workbench.make_endpoint(&request, &mut parts, report).await?;
        let who = if settings.open {
            "Whoever has the model's access key may ask it; the workbench shows the key under Models."
        } else {
            "Whoever asks it needs the model's access key, which the workbench shows under Models, and a key of the \
             workbench."
        };
        let facts = json!({
            "name": request.name, "host": workbench.settings().address.to_string(),
            "project": workbench.settings().project, "model": parts.model, "build_id": parts.build,
            "deployment_id": parts.deployment, "base_model": request.base,
        });
        let output = workbench.endpoint_address();
        let notes = vec![format!("'{}' is served there.", request.name), who.to_owned()];
        self.report(events, &output, notes, &facts)?;
        Ok(output)
    }

    async fn register(&self, settings: &RegistrationSettings, events: &Events) -> Result<String> {
        let (workbench, request) = self.registration(settings).await?;
        let report = |sentence: String| {
            future::ready(self.say(events, "registering", sentence).map_err(Failure::from))
        };
        let made = workbench.register_adapter(&request, report).await?;
        let facts = json!({
            "name": request.name, "host": workbench.settings().address.to_string(),
            "project": workbench.settings().project, "version": made.version.to_string(), "model": made.model,
            "experiment_id": made.experiment, "run_id": made.run, "base_model": request.base,
        });
        let output = format!("models:/{}/{}", request.name, made.version);
        let notes =
            vec![format!("It is version {} of '{}' in the registry there.", made.version, request.name)];
        self.report(events, &output, notes, &facts)?;
        Ok(output)
    }

    async fn endpoint(&self, settings: &EndpointSettings) -> Result<(Workbench, EndpointRequest)> {
        let EndpointSettings { name, description, generation, open, base_model, workbench, .. } = settings;
        let (target, base) = complete(workbench.as_deref(), base_model.as_ref())?;
        let resources = target.options.resources();
        let resources = resources.map_err(|problem| Error::new(ErrorCode::Invalid, problem))?;
        let request = EndpointRequest {
            // Another attempt goes on with what there is.
            mark: self.spec.id.clone(),
            name: name.clone(),
            description: description.clone().unwrap_or_default(),
            base,
            adapter: self.adapter(),
            generation: Value::Object(generation.clone()).to_string(),
            folder: folder(target),
            runtime: target.options.runtime.clone().unwrap_or_default(),
            addons: target.options.runtime_addons(),
            cpu: resources.cpu,
            memory: resources.memory,
            gpus: resources.gpus,
            authentication: !open,
        };
        Ok((Workbench::of_target(target, self.hub.keyring()).await?, request))
    }

    async fn registration(
        &self,
        settings: &RegistrationSettings,
    ) -> Result<(Workbench, RegistrationRequest)> {
        let RegistrationSettings { name, generation, base_model, workbench, .. } = settings;
        let (target, base) = complete(workbench.as_deref(), base_model.as_ref())?;
        let resources = target.options.resources();
        let resources = resources.map_err(|problem| Error::new(ErrorCode::Invalid, problem))?;
        let request = RegistrationRequest {
            mark: format!("{}-{}", self.spec.id, self.attempt),
            name: name.clone(),
            base,
            adapter_name: self.spec.adapter.as_ref().map(|adapter| adapter.name.clone()).unwrap_or_default(),
            adapter: self.adapter(),
            generation: Value::Object(generation.clone()),
            folder: folder(target),
            runtime: target.options.runtime.clone().unwrap_or_default(),
            addons: target.options.runtime_addons(),
            cpu: resources.cpu,
            memory: resources.memory,
        };
        Ok((Workbench::of_target(target, self.hub.keyring()).await?, request))
    }

    fn adapter(&self) -> PathBuf {
        self.spec.adapter.as_ref().map(|adapter| PathBuf::from(&adapter.source)).unwrap_or_default()
    }

    fn report(&self, events: &Events, output: &str, notes: Vec<String>, facts: &Value) -> Result<()> {
        let report = ExportReport {
            way: self.spec.way.name().to_owned(),
            output: Some(output.to_owned()),
            notes,
            facts: facts.as_object().cloned().unwrap_or_default(),
            ..ExportReport::default()
        };
        events.send("report", json!({"report": report}))
    }

    /// Says how it stands, where that is new.
    fn say(&self, events: &Events, status: &str, sentence: String) -> Result<()> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if *said != sentence {
            events.send("status", json!({"status": status, "message": sentence}))?;
            *said = sentence;
        }
        Ok(())
    }

    /// Writes down what is there of an endpoint.
    fn note(&self, parts: &EndpointParts) -> Result<()> {
        if *parts == self.parts() {
            return Ok(());
        }
        let text = serde_json::to_vec(parts).map_err(|error| Error::internal("writing an export", &error))?;
        AtomicFile::write_all(&self.folder.join(PARTS), &text)
    }

    /// What an earlier attempt, or another program, has made of an endpoint.
    fn parts(&self) -> EndpointParts {
        let text = std::fs::read(Path::new(&self.folder).join(PARTS)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }
}

const fn step_name(step: EndpointStep) -> &'static str {
    match step {
        EndpointStep::Sending => "sending",
        EndpointStep::Building => "building",
        EndpointStep::Deploying => "deploying",
    }
}

/// What the plan of an export completes.
fn complete<'a>(
    target: Option<&'a TargetSettings>,
    base: Option<&String>,
) -> Result<(&'a TargetSettings, String)> {
    target.zip(base.cloned()).ok_or_else(|| {
        Error::new(ErrorCode::Invalid, "The export does not say where to and with which base model.")
            .hint("Start it again.")
    })
}

/// The folder of a target, from the project's folder.
fn folder(target: &TargetSettings) -> String {
    target.folder.trim_start_matches("~/").to_owned()
}

//! A Cloudera AI workbench on loopback, for tests. It plays the parts of the API v2 that runs, files and models use,
//! from the contract in `contract/`, and fails in the ways that a test asks for.
//!
//! It is strict: a path, a verb, a key or a type that the contract does not know is refused as a real workbench might
//! not, and noted as a violation. Dropping a workbench with violations is a panic, so that a test can't miss one.
//!
//! A run of a job is a real process: the job's script in the project's folder, with the variables of a pod. What
//! workbenches do differently is set by [`Behavior`].

mod behavior;
mod calls;
mod contract;
mod experiments;
mod files;
mod jobs;
mod lists;
mod models;
mod process;
mod refusal;
mod seed;
mod server;
mod tls;
mod world;

use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    runtime::Runtime,
    sync::{Notify, watch},
};

pub use behavior::{Behavior, Fault};
use world::{World, user};

/// The key that every workbench takes.
pub const KEY: &str = "6f7e1d0c5b4a39281706f5e4d3c2b1a0.9c8b7a69584736251403f2e1d0cfbead";

/// A request as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The operation's name in the contract; empty if there is none, or if the key was refused.
    pub operation: String,
    /// The verb.
    pub verb: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query, still percent-encoded.
    pub query: String,
    /// The body, if it is JSON.
    pub body: Value,
}

/// The state that the answers come from.
pub(crate) struct State {
    world: Mutex<World>,
    behavior: Mutex<Behavior>,
    faults: Mutex<Vec<(String, Fault)>>,
    requests: Mutex<Vec<Request>>,
    violations: Mutex<Vec<String>>,
    expired: Mutex<bool>,
    /// Whether runs stay in the queue.
    held: watch::Sender<bool>,
    /// How runs are asked to stop, by their ids.
    stops: Mutex<BTreeMap<String, Arc<Notify>>>,
    /// The process groups of runs.
    groups: Mutex<Vec<u32>>,
    /// Builds after which a deployment is made, with its settings.
    deploy_when_built: Mutex<Vec<(String, Value)>>,
    folder: TempDir,
    address: Mutex<String>,
}

impl State {
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    pub(crate) fn behavior(&self) -> Behavior {
        self.behavior.lock().unwrap().clone()
    }

    pub(crate) fn violation(&self, what: String) {
        self.violations.lock().unwrap().push(what);
    }

    pub(crate) fn is_expired(&self) -> bool {
        *self.expired.lock().unwrap()
    }
    pub(crate) fn key(&self) -> &'static str {
        KEY
    }

    pub(crate) fn address(&self) -> String {
        self.address.lock().unwrap().clone()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn project_folder(&self, project: &str) -> PathBuf {
        self.folder.path().join("projects").join(project)
    }

    pub(crate) fn log_path(&self, run: &str) -> PathBuf {
        self.folder.path().join("logs").join(run)
    }

    /// The time by the workbench's clock.
    pub(crate) fn now(&self) -> String {
        (jiff::Timestamp::now() + self.behavior().clock_ahead).to_string()
    }

    pub(crate) fn next_fault(&self, operation: &str) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap();
        let next = faults.iter().position(|(name, _)| name == operation)?;
        Some(faults.remove(next).1)
    }

    pub(crate) fn stoppable(&self, run: &str) -> Arc<Notify> {
        Arc::clone(self.stops.lock().unwrap().entry(run.to_owned()).or_default())
    }

    pub(crate) fn stop(&self, run: &str) {
        self.stoppable(run).notify_one();
    }

    pub(crate) fn quota(&self) -> Value {
        let (world, behavior) = (self.world(), self.behavior());
        let runs: Vec<Value> = world.all("runs").into_iter().filter(jobs::is_active).collect();
        let used = |key: &str| runs.iter().filter_map(|run| run[key].as_f64()).sum::<f64>().to_string();
        let mut whose = json!({"id": 7, "name": user()["name"], "user_name": user()["username"]});
        whose["url"] = json!("/api/v1/users/ada");
        json!({
            "user": whose,
            "quota_usage": {"cpu": used("cpu"), "memory": used("memory"), "nvidia_gpu": used("nvidia_gpu")},
            "quota_configured": {
                "cpu": behavior.quota_cpu.to_string(), "memory": behavior.quota_memory.to_string(),
                "nvidia_gpu": behavior.quota_gpu.to_string(),
            },
        })
    }
}

/// A running workbench. It ends, with the processes of its runs, when the value is dropped.
///
/// # Panics
/// When it is dropped with violations of the contract that nobody took.
pub struct FakeWorkbench {
    state: Arc<State>,
    address: String,
    project: String,
    authority: Option<String>,
    /// Taken when the workbench ends: a runtime can't wait for its tasks within another.
    runtime: Option<Runtime>,
}

impl Default for FakeWorkbench {
    fn default() -> Self {
        Self::new()
    }
}

impl FakeWorkbench {
    /// Starts a workbench with an empty project, two runtimes with Python, and GPUs of one label.
    pub fn new() -> Self {
        Self::start(false)
    }

    /// Starts one that is reached by TLS, with a certificate of an authority that no system knows.
    pub fn with_tls() -> Self {
        Self::start(true)
    }

    fn start(tls: bool) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime for the workbench");
        let folder = tempfile::tempdir().expect("a folder for the projects");
        for name in ["projects", "logs"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        let state = Arc::new(State {
            world: Mutex::default(),
            behavior: Mutex::default(),
            faults: Mutex::default(),
            requests: Mutex::default(),
            violations: Mutex::default(),
            expired: Mutex::default(),
            held: watch::Sender::new(false),
            stops: Mutex::default(),
            groups: Mutex::default(),
            deploy_when_built: Mutex::default(),
            folder,
            address: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        listener.set_nonblocking(true).expect("a listener for the runtime");
        let scheme = if tls { "https" } else { "http" };
        let address = format!("{scheme}://{}", listener.local_addr().expect("an address"));
        state.address.lock().unwrap().clone_from(&address);
        let project = seed::fill(&state);
        let (config, authority) = tls.then(tls::config).unzip();
        let router = server::router(Arc::clone(&state));
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            match config {
                Some(config) => axum::serve(tls::TlsListener::new(listener, config), router).await,
                None => axum::serve(listener, router).await,
            }
        });
        Self { state, address, project, authority, runtime: Some(runtime) }
    }

    /// The address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The id of the project that it has from its start.
    pub fn project(&self) -> &str {
        &self.project
    }

    /// The certificate of the authority behind its TLS, as PEM.
    pub fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// The folder of a project.
    pub fn folder(&self, project: &str) -> PathBuf {
        self.state.project_folder(project)
    }

    /// What the process of a run wrote.
    pub fn log(&self, run: &str) -> String {
        std::fs::read_to_string(self.state.log_path(run)).unwrap_or_default()
    }

    /// Changes how it behaves from now on.
    pub fn behave(&self, change: impl FnOnce(&mut Behavior)) {
        change(&mut self.state.behavior.lock().unwrap());
    }

    /// The next requests for an operation of the contract, such as `create_job`, go wrong, one after the other.
    ///
    /// # Panics
    /// If the contract has no such operation.
    pub fn fail(&self, operation: &str, faults: impl IntoIterator<Item = Fault>) {
        assert!(contract::is_operation(operation), "there is no operation {operation}");
        let faults = faults.into_iter().map(|fault| (operation.to_owned(), fault));
        self.state.faults.lock().unwrap().extend(faults);
    }

    /// From now on, the key is refused; or is taken again.
    pub fn expire_key(&self, expired: bool) {
        *self.state.expired.lock().unwrap() = expired;
    }

    /// Keeps new runs in the queue, or lets them go.
    pub fn hold_runs(&self, held: bool) {
        self.state.held.send_replace(held);
    }

    /// Adds a runtime, an addon, a label of GPUs, a project or anything else, as the API shows it.
    ///
    /// `place` is the path of its collection without `/api/v2/`, such as `runtimes`.
    pub fn add(&self, place: &str, object: Value) {
        self.state.world().add(place, object);
    }

    /// The objects of a collection, as the API shows them.
    pub fn list(&self, place: &str) -> Vec<Value> {
        self.state.world().list(place).to_vec()
    }

    /// Removes an object with everything below it, as someone else at the workbench would.
    ///
    /// # Panics
    /// If there is no such object.
    pub fn remove(&self, place: &str, id: &str) {
        self.state.world().remove(place, id).unwrap_or_else(|refusal| panic!("{}", refusal.message));
    }

    /// Removes every object of a collection.
    pub fn clear(&self, place: &str) {
        self.state.world().clear(place);
    }

    /// The requests so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests.lock().unwrap().clone()
    }

    /// The number of requests for an operation so far.
    pub fn count(&self, operation: &str) -> usize {
        self.requests().iter().filter(|request| request.operation == operation).count()
    }

    /// What broke the contract so far; it is forgotten.
    pub fn take_violations(&self) -> Vec<String> {
        std::mem::take(&mut self.state.violations.lock().unwrap())
    }
}

impl Drop for FakeWorkbench {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        for group in self.state.groups.lock().unwrap().iter() {
            process::kill(Some(*group), rustix::process::Signal::KILL);
        }
        let violations = self.take_violations();
        if !std::thread::panicking() {
            assert!(violations.is_empty(), "the contract was broken: {violations:#?}");
        }
    }
}

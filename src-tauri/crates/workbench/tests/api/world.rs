//! A workbench and a client of it.

use std::{fs, future::Future, path::PathBuf, time::Duration};

use fake_workbench::{FakeWorkbench, Fault, KEY};
use serde_json::Value;
use tempfile::TempDir;
use workbench::{Address, ApiKey, JobRequest, JobRun, RunState, Settings, Times, Workbench};

/// Every way in which an answer is lost, or something is not done, and that passes.
pub(crate) fn passing_faults() -> [Fault; 6] {
    [
        Fault::Status(429, None),
        Fault::Status(503, Some(0)),
        Fault::DoneBut(500),
        Fault::DoneBut(504),
        Fault::DoneWithoutAnswer,
        Fault::Half,
    ]
}

/// Waits so short that a test is quick.
pub(crate) fn quick() -> Times {
    Times { first_wait: Duration::from_millis(1), longest_wait: Duration::from_secs(2), ..Times::default() }
}

pub(crate) struct World {
    pub(crate) there: FakeWorkbench,
    pub(crate) workbench: Workbench,
    pub(crate) folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_times(quick())
    }

    pub(crate) fn with_times(times: Times) -> Self {
        let there = FakeWorkbench::new();
        let workbench = Workbench::new(settings(&there), key(), times).unwrap();
        Self { there, workbench, folder: tempfile::tempdir().unwrap() }
    }

    /// A client of another project.
    pub(crate) fn of_project(&self, project: &str) -> Workbench {
        let settings = Settings { project: project.to_owned(), ..settings(&self.there) };
        Workbench::new(settings, key(), quick()).unwrap()
    }

    /// The project's folder there.
    pub(crate) fn place(&self) -> PathBuf {
        self.there.folder(self.there.project())
    }

    /// A file here with this content.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// The image of a runtime that fits.
    pub(crate) fn runtime(&self) -> String {
        self.there.list("runtimes")[2]["image_identifier"].as_str().unwrap().to_owned()
    }

    /// A job whose script there has this content.
    pub(crate) fn job(&self, name: &str, script: &str) -> JobRequest {
        fs::write(self.place().join("run.py"), script).unwrap();
        JobRequest {
            name: name.to_owned(),
            script: "run.py".to_owned(),
            runtime: self.runtime(),
            cpu: 2.0,
            memory: 8.0,
            ..JobRequest::default()
        }
    }

    /// The objects of a collection below the project there.
    pub(crate) fn list(&self, below: &str) -> Vec<Value> {
        self.there.list(&format!("projects/{}/{below}", self.there.project()))
    }

    /// Follows a run to a state.
    pub(crate) async fn until(&self, job: &str, run: &str, state: RunState) -> JobRun {
        eventually(async || {
            let run = self.workbench.job_run(job, run).await.unwrap();
            (run.status == state).then_some(run)
        })
        .await
    }
}

/// Asks again until there is an answer, for at most a minute.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(ask: impl Fn() -> F) -> T {
    for _ in 0..6_000 {
        if let Some(found) = ask().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come");
}

pub(crate) fn settings(there: &FakeWorkbench) -> Settings {
    Settings {
        address: Address::parse(&format!("{}/api/v1", there.address())).unwrap(),
        project: there.project().to_owned(),
        certificates: None,
    }
}

pub(crate) fn key() -> ApiKey {
    ApiKey::new(KEY).unwrap()
}

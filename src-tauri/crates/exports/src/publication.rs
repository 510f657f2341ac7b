//! What publishing sends, and what speaks against it, asked of the worker, which has the same rules when it
//! sends.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use python::WorkerCommand;
use schema::{Error, ErrorCode, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, process::Command};

use crate::plan::PlannedPublication;

/// The files that were looked at, as they were then.
const REMEMBERED: usize = 64;

/// What a worker found in files, kept while they stay as they are: a plan is made at every change of a form,
/// and weights take long to read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scans(Arc<Mutex<HashMap<(String, Stamp), Scanned>>>);

/// What changes with the content of a file or a folder: its size and its last change.
type Stamp = (u64, Option<SystemTime>);

/// The answer of a worker.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Scanned {
    /// The files and the findings.
    #[serde(flatten)]
    pub(crate) found: PlannedPublication,
    /// Why nothing can be sent.
    pub(crate) refusal: Option<ScanRefusal>,
}

/// Why nothing can be sent.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ScanRefusal {
    /// One sentence.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: Option<String>,
}

/// What is looked at.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    /// `adapter`, `model`, `dataset`, or `card` for the card alone.
    pub(crate) what: &'a str,
    /// The folder or the file.
    pub(crate) source: &'a str,
    /// The card, where it is looked at.
    pub(crate) card: Option<&'a str>,
    /// The name of the base model on the Hub.
    pub(crate) base_model: Option<&'a str>,
    /// The repository.
    pub(crate) repository: &'a str,
    /// The folder of the workspace.
    pub(crate) workspace: &'a Path,
}

impl Scans {
    /// What the worker finds, or found when the files were the same.
    pub(crate) async fn scan(&self, worker: &WorkerCommand, asked: &Asked<'_>) -> Result<Scanned> {
        let request = json!({
            "what": asked.what, "source": asked.source, "card": asked.card, "base_model": asked.base_model,
            "repository": asked.repository, "places": [asked.workspace, asked.source],
        });
        let key = (request.to_string(), stamp(Path::new(asked.source)));
        if let Some(known) = self.known().get(&key) {
            return Ok(known.clone());
        }
        let scanned = ask(worker, &request).await?;
        let mut known = self.known();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, scanned.clone());
        Ok(scanned)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<(String, Stamp), Scanned>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn ask(worker: &WorkerCommand, request: &Value) -> Result<Scanned> {
    let failed = |detail: &dyn std::fmt::Display| {
        Error::new(ErrorCode::Invalid, format!("The files could not be looked at: {detail}."))
            .hint("Look at the Python environment in Settings.")
    };
    let mut command = Command::from(worker.command(&["scan".as_ref()]));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(request.to_string().as_bytes()).await.map_err(|error| failed(&error))?;
    }
    let output = child.wait_with_output().await.map_err(|error| failed(&error))?;
    serde_json::from_slice(&output.stdout).map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr);
        failed(&said.lines().last().unwrap_or("the worker gave no answer"))
    })
}

/// The size and the last change of a file, or of all files in a folder.
fn stamp(place: &Path) -> Stamp {
    let mut all = (0, None);
    let mut left: Vec<PathBuf> = vec![place.to_owned()];
    while let Some(path) = left.pop() {
        let Ok(metadata) = path.metadata() else { continue };
        if metadata.is_dir() {
            let entries = path.read_dir().into_iter().flatten().flatten();
            left.extend(entries.map(|entry| entry.path()));
        } else {
            all.0 += metadata.len();
        }
        all.1 = all.1.max(metadata.modified().ok());
    }
    all
}

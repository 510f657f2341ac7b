//! What is fed, and what its answers must be like.

use std::{
    path::Path,
    sync::Arc,
    sync::atomic::{AtomicU64, Ordering},
};

use anyhow::{Result, bail, ensure};
use studio::{Error, ErrorCode, Studio, snapshot::ExportFormat, work::Work};
use tempfile::TempDir;

use crate::seeds::{self, Input};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Name {
    /// Reading a snapshot and planning its import into an empty studio.
    Snapshot,
    /// Showing rows of a dataset file and reading it whole.
    Datasets,
}

#[derive(Clone)]
pub(crate) struct Target {
    name: Name,
    studio: Studio,
    folder: Arc<TempDir>,
    files: Arc<AtomicU64>,
}

impl Target {
    pub(crate) async fn new(name: Name) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let studio = Studio::open(&folder.path().join("studio.db")).await?;
        Ok(Self { name, studio, folder: Arc::new(folder), files: Arc::default() })
    }

    pub(crate) fn name(&self) -> &'static str {
        match self.name {
            Name::Snapshot => "snapshot",
            Name::Datasets => "datasets",
        }
    }

    pub(crate) async fn seeds(&self) -> Result<Vec<Input>> {
        if let Name::Datasets = self.name {
            return Ok(seeds::datasets());
        }
        let copy = self.folder.path().join("seed.db");
        self.studio.export(&copy, ExportFormat::Sqlite, None, &Work::unwatched()).await?;
        let database = Input { kind: "db", bytes: std::fs::read(copy)? };
        Ok(seeds::snapshots().into_iter().chain([database]).collect())
    }

    /// What is said about a file, told so that the same thing is the same text.
    pub(crate) async fn read(&self, input: &Input) -> Result<String> {
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.path().join(format!("input{number}.{}", input.kind));
        std::fs::write(&path, &input.bytes)?;
        let said = match self.name {
            Name::Snapshot => self.plan(&path).await,
            Name::Datasets => self.look(&path).await,
        };
        for beside in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{beside}", path.display()));
        }
        Ok(said?.chars().filter(|c| !c.is_ascii_digit()).take(300).collect())
    }

    async fn plan(&self, path: &Path) -> Result<String> {
        let said = match self.studio.read_snapshot(path, &Work::unwatched()).await {
            Err(error) => refusal(path, &error)?,
            Ok(mut staged) => {
                let plan = staged.plan().await?;
                staged.discard().await;
                let problems: Vec<_> = plan.problems.iter().take(5).map(|p| p.message.as_str()).collect();
                format!(
                    "{:?} {problems:?} {}",
                    plan.tables.values().collect::<Vec<_>>(),
                    plan.skipped.len().min(3)
                )
            }
        };
        let rows: u64 = self.studio.workspace().await?.counts.iter().map(|count| count.rows).sum();
        ensure!(rows == 0, "the studio was changed");
        Ok(said)
    }

    async fn look(&self, path: &Path) -> Result<String> {
        let shown = self.studio.preview_dataset(&path.display().to_string(), 0, 20).await;
        let scanned = self.studio.scan_dataset(path, &Work::unwatched()).await;
        let source = path.display().to_string();
        let profiled = self.studio.profile_dataset(&source, &Work::unwatched()).await;
        match (&profiled, &scanned) {
            (Err(error), _) => _ = refusal(path, error)?,
            (Ok(profile), Ok(scan)) => ensure!(profile.rows == scan.rows, "its rows are counted in two ways"),
            (Ok(_), Err(error)) => bail!("it is profiled but not read: {error:?}"),
        }
        let shown = match shown {
            Err(error) => refusal(path, &error)?,
            Ok(shown) => {
                ensure!(
                    shown.rows.iter().all(|row| row.values.len() <= shown.columns.len()),
                    "a row has more values than there are columns"
                );
                format!("{} columns", shown.columns.len().min(3))
            }
        };
        let scanned = match scanned {
            Err(error) => refusal(path, &error)?,
            Ok(scan) => {
                let problems: Vec<_> = scan.problems.iter().take(5).map(|p| p.message.as_str()).collect();
                let kinds: Vec<_> = scan.columns.iter().take(5).map(|column| column.kind).collect();
                format!("{kinds:?} {problems:?}")
            }
        };
        Ok(format!("{shown} {scanned}"))
    }
}

/// A refusal that a person can use: it is no fault of the program.
fn refusal(path: &Path, error: &Error) -> Result<String> {
    ensure!(error.code != ErrorCode::Internal, "it blames itself: {error:?}");
    ensure!(!error.message.is_empty(), "it says nothing: {error:?}");
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    ensure!(error.message.contains(&name), "it does not name the file: {error:?}");
    Ok(error.message.replace(&path.display().to_string(), "FILE"))
}

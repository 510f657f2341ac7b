//! Fuzz targets: each takes the bytes of a file from elsewhere, reads them as the program would,
//! and says what is wrong with the answer. A good answer is a result that agrees with itself or a
//! refusal that names the file and does not blame the program.
//!
//! `targets/` links these with libFuzzer, which changes the bytes by the coverage they reach
//! (`cargo xtask fuzz`). `seeds/` are files to begin with; a file that found something becomes a
//! test in `findings/`. Both are read by this crate's tests, without libFuzzer.

mod archive;
mod dataset;
mod refusal;
mod rows_there;
mod snapshot;

use std::{
    panic,
    path::PathBuf,
    sync::{
        LazyLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use anyhow::{Result, anyhow, ensure};
use studio::Studio;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// What is fed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A snapshot, JSON or SQLite: planned, imported into an empty store, and planned again.
    Snapshot,
    /// A CSV file: previewed, scanned and profiled.
    DatasetCsv,
    /// The same with a JSON file.
    DatasetJson,
    /// The same with a JSON Lines file.
    DatasetJsonl,
    /// The same with a Parquet file.
    DatasetParquet,
    /// The tar of an archive: planned and imported into an empty store.
    Archive,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Snapshot,
        Self::DatasetCsv,
        Self::DatasetJson,
        Self::DatasetJsonl,
        Self::DatasetParquet,
        Self::Archive,
    ];

    /// The name of its binary and of its folders in `seeds/` and `findings/`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::DatasetCsv => "dataset-csv",
            Self::DatasetJson => "dataset-json",
            Self::DatasetJsonl => "dataset-jsonl",
            Self::DatasetParquet => "dataset-parquet",
            Self::Archive => "archive",
        }
    }

    /// The ending that a file with these bytes would have.
    fn extension(self, bytes: &[u8]) -> &'static str {
        match self {
            Self::Snapshot if bytes.starts_with(b"SQLite format 3\0") => "sqlite",
            Self::Snapshot | Self::DatasetJson => "json",
            Self::DatasetCsv => "csv",
            Self::DatasetJsonl => "jsonl",
            Self::DatasetParquet => "parquet",
            Self::Archive => "fts.tar.zst",
        }
    }
}

/// What all inputs share: a runtime, a folder for their files, and stores that take long to make.
pub struct Harness {
    runtime: Runtime,
    folder: TempDir,
    /// How many files were written.
    files: AtomicU64,
    /// Dataset files are read beside it; nothing changes it.
    datasets: Studio,
    /// A store without rows. Each snapshot is imported into a copy of it.
    empty_store: PathBuf,
}

impl Harness {
    /// A harness with a temporary folder of its own.
    pub fn new() -> Result<Self> {
        watch_panics();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let folder = tempfile::tempdir()?;
        let empty_store = folder.path().join("empty.db");
        let datasets = runtime.block_on(async {
            Studio::open(&empty_store).await?.close().await;
            Studio::open(&folder.path().join("datasets.db")).await
        })?;
        Ok(Self { runtime, folder, files: AtomicU64::new(0), datasets, empty_store })
    }

    /// Reads the bytes as the target would. An error is a finding.
    pub fn check(&self, target: Target, bytes: &[u8]) -> Result<()> {
        // Each file has a name of its own: the readers may remember what they found under a name.
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.path().join(format!("input-{number}.{}", target.extension(bytes)));
        std::fs::write(&path, bytes)?;
        let checked = self.runtime.block_on(async {
            match target {
                Target::Snapshot => snapshot::check(&path, &self.empty_store).await,
                Target::Archive => archive::check(&path, &self.empty_store).await,
                _ => dataset::check(&path, &self.datasets).await,
            }
        });
        for suffix in ["", "-wal", "-shm"] {
            // SQLite leaves the last two beside some files only.
            let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
        }
        // A library may panic on a thread of its own, and the reader go on as if the file had ended.
        ensure!(!PANICKED.swap(false, Ordering::Relaxed), "a thread panicked");
        checked
    }
}

/// Whether a thread panicked since this was last asked.
static PANICKED: AtomicBool = AtomicBool::new(false);

fn watch_panics() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PANICKED.store(true, Ordering::Relaxed);
        report(info);
    }));
}

/// [`Harness::check`] for libFuzzer, which keeps the bytes when the process aborts.
pub fn check_or_abort(target: Target, bytes: &[u8]) {
    static HARNESS: LazyLock<Result<Harness>> = LazyLock::new(Harness::new);
    let checked = match &*HARNESS {
        Ok(harness) => harness.check(target, bytes),
        Err(error) => Err(anyhow!("the harness could not be made: {error:#}")),
    };
    if let Err(finding) = checked {
        eprintln!("Finding of {}: {finding:#}", target.name());
        std::process::abort();
    }
}

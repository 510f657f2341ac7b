//! The tar of an archive: whatever it holds, files appear only in the chosen folder, and a refused archive
//! leaves neither files nor rows. Compression and seal are put around the bytes here: no change of a sealed
//! file would reach what is in it.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context as _, Result, ensure};
use studio::{
    Studio,
    archive::Placement,
    platform::Work,
    snapshot::{ImportPolicy, OnConflict},
};

use crate::refusal;

/// A skippable frame of 32 bytes, in which the seal is.
const FRAME: [u8; 8] = [0x50, 0x2A, 0x4D, 0x18, 32, 0, 0, 0];

pub(crate) async fn check(path: &Path, empty_store: &Path) -> Result<()> {
    let mut bytes = zstd::encode_all(&*std::fs::read(path)?, 1)?;
    let seal = blake3::hash(&bytes);
    bytes.extend(FRAME);
    bytes.extend(seal.as_bytes());
    std::fs::write(path, bytes)?;
    let own = tempfile::tempdir()?;
    let store = own.path().join("studio.db");
    std::fs::copy(empty_store, &store)?;
    let studio = Studio::open(&store).await?;
    let checked = import(&studio, path, own.path()).await;
    studio.close().await;
    checked
}

async fn import(studio: &Studio, path: &Path, own: &Path) -> Result<()> {
    let to = own.join("put");
    let before = names(own)?;
    let mut archive = match studio.archives().read(path, Some(&to), &Work::unwatched()).await {
        Ok(archive) => archive,
        Err(error) => {
            ensure!(rows(studio).await? == 0, "a refused archive changed the store");
            ensure!(names(own)? == before, "a refused archive left files");
            return refusal::check(path, &error);
        }
    };
    let plan = archive.plan().await.context("the plan")?;
    ensure!(rows(studio).await? == 0 && names(own)? == before, "a plan changed something");
    let policy =
        ImportPolicy { on_conflict: OnConflict::Replace, skip_invalid: true, ..ImportPolicy::default() };
    match studio.archives().import(&mut archive, &policy, &Work::unwatched()).await {
        Err(error) => {
            refusal::check(path, &error)?;
            ensure!(rows(studio).await? == 0, "a refused import changed the store");
            ensure!(!to.exists(), "a refused import left files");
        }
        Ok(report) => {
            for placed in &report.placed {
                ensure!(Path::new(&placed.path).parent() == Some(&to), "{} is elsewhere", placed.path);
            }
            let written = plan.folders.iter().filter(|folder| folder.placement == Placement::New).count();
            ensure!(report.placed.len() == written, "{written} folders planned: {:?}", report.placed);
        }
    }
    archive.discard().await;
    Ok(())
}

/// The names in a folder, but those of the database and its backups.
fn names(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with("studio.db") && name != "backups" {
            names.insert(name);
        }
    }
    Ok(names)
}

async fn rows(studio: &Studio) -> Result<u64> {
    Ok(studio.workspace().await?.counts.iter().map(|count| count.rows).sum())
}

//! An archive that was read: its plan, and its import.

use std::{
    collections::BTreeSet,
    fs::File,
    path::{Path, PathBuf},
};

use platform::{Work, blocking, disk};
use schema::{Error, Result, TableName};
use serde::Serialize;
use snapshot::{Conflict, ImportPolicy, OnConflict, Plan, Staged};
use store::Store;

use super::{
    here::{Here, here},
    place::{Placed, Unpack, place},
    read,
};
use crate::{
    left_out::LeftOut,
    manifest::{ArchivedFile, ArchivedReference, FILES, Manifest},
    progress::{self, ArchiveProgress, ArchiveStep},
    unfinished::{folder_in, refuse_full_disk},
};

/// What an import does with a folder of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// It is written, because a row that refers to it is new.
    New,
    /// It is written if the rows in conflict are replaced: the store has them with other files or none.
    IfReplaced,
    /// It is not written: the rows are here with the same files.
    Same,
    /// It is not written: no row that can be imported refers to it.
    Unused,
}

/// A folder of an archive in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct IncomingFolder {
    /// Its name in the archive.
    pub name: String,
    /// The rows that refer to it.
    pub references: Vec<ArchivedReference>,
    /// The number of its files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What the import does with it.
    pub placement: Placement,
    /// Where it would be written.
    pub place: String,
}

/// The plan of an import.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ArchiveImportPlan {
    /// The plan of the rows.
    pub rows: Plan,
    /// The version of the program that wrote the archive.
    pub program: String,
    /// When it was written.
    pub created: String,
    /// The folder in which files are written.
    pub to: String,
    /// The folders of the archive.
    pub folders: Vec<IncomingFolder>,
    /// What rows refer to and the archive does not hold.
    pub left_out: Vec<LeftOut>,
    /// The free bytes on the disk of the folder, if they are known.
    pub free: Option<u64>,
}

/// A folder that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PlacedFolder {
    /// Its path.
    pub path: String,
    /// The number of its files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// The result of an import.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ArchiveImportReport {
    /// The result for the rows.
    pub rows: snapshot::ImportReport,
    /// The folders that were written.
    pub placed: Vec<PlacedFolder>,
    /// What rows refer to and the archive did not hold.
    pub left_out: Vec<LeftOut>,
}

/// An archive that was read as a whole and agrees with its manifest. Its rows are staged; the store is not
/// changed.
#[derive(Debug)]
pub struct OpenArchive {
    path: PathBuf,
    manifest: Manifest,
    staged: Staged,
    /// What the store has, by folder and reference.
    here: Vec<Vec<Here>>,
    /// Whether the row of each reference is staged, by folder and reference.
    known: Vec<Vec<bool>>,
    /// Where each folder goes.
    places: Vec<PathBuf>,
    to: PathBuf,
}

impl OpenArchive {
    /// Reads an archive, compares it with its manifest, and stages its rows for a store.
    pub async fn read(store: &Store, path: &Path, to: &Path, work: &Work<ArchiveProgress>) -> Result<Self> {
        let path = std::path::absolute(path).map_err(|error| Error::file("read", path, &error))?;
        let beside = store.path().parent().unwrap_or(Path::new("."));
        let folder = folder_in(beside)?;
        let rows = folder.path().join("rows.json");
        let manifest = blocking("reading an archive", {
            let (path, rows, work) = (path.clone(), rows.clone(), work.clone());
            let create = move |at: Option<usize>, _: &ArchivedFile| match at {
                None => File::create(&rows).map(Some).map_err(|error| Error::file("write", &rows, &error)),
                Some(_) => Ok(None),
            };
            let (beside, file) = (beside.to_owned(), path.clone());
            let begin = move |manifest: &Manifest| refuse_full_disk(&file, &beside, manifest.rows.bytes);
            move || read::whole(&path, ArchiveStep::Checking, &work, begin, create)
        })
        .await?;
        let staged = Staged::read(store, &rows, &progress::rows(work, ArchiveStep::Comparing)).await;
        // Its own name means nothing outside.
        let staged = staged.map_err(|error| named(error, &rows, &path))?.named(path.display().to_string());
        let here = here(store, &manifest, work).await?;
        let known = here.iter().map(|folder| vec![false; folder.len()]).collect();
        let mut archive =
            Self { path, manifest, staged, here, known, places: Vec::new(), to: PathBuf::new() };
        archive.choose(to).await?;
        Ok(archive)
    }

    /// Chooses the folder in which files are written. Nothing is written yet.
    pub async fn choose(&mut self, to: &Path) -> Result<()> {
        self.to = std::path::absolute(to).map_err(|error| Error::file("write to", to, &error))?;
        self.places = free_places(&self.to, &self.manifest);
        for (at, folder) in self.manifest.folders.iter().enumerate() {
            let own = format!("{FILES}/{}", folder.name);
            for (number, reference) in folder.references.iter().enumerate() {
                let Some(column) = reference.declared() else { continue };
                let location = match &self.here[at][number] {
                    Here::Same(location) => location.clone(),
                    _ => {
                        let inner = reference.path.strip_prefix(&own).unwrap_or_default();
                        let parts = inner.split('/').filter(|part| !part.is_empty());
                        let place = parts.fold(self.places[at].clone(), |place, part| place.join(part));
                        place.display().to_string()
                    }
                };
                self.known[at][number] =
                    self.staged.set_text(reference.table, column, &reference.id, &location).await?;
            }
        }
        Ok(())
    }

    /// Compares the archive with the store.
    pub async fn plan(&mut self) -> Result<ArchiveImportPlan> {
        let rows = self.staged.plan().await?;
        let folders = self.manifest.folders.iter().enumerate().map(|(at, folder)| IncomingFolder {
            name: folder.name.clone(),
            references: folder.references.clone(),
            files: folder.files.len() as u64,
            bytes: folder.bytes(),
            placement: self.placement(at),
            place: self.places[at].display().to_string(),
        });
        Ok(ArchiveImportPlan {
            rows,
            program: self.manifest.program.clone(),
            created: self.manifest.created.clone(),
            to: self.to.display().to_string(),
            folders: folders.collect(),
            left_out: self.manifest.left_out.clone(),
            free: disk::free(&self.to),
        })
    }

    /// A page of the conflicting rows of a table. Needs a plan first.
    pub async fn conflicts(&mut self, table: TableName, offset: u32, limit: u32) -> Result<Vec<Conflict>> {
        self.staged.conflicts(table, offset, limit).await
    }

    /// Imports files and rows. A refused or failed import changes neither the store nor the disk.
    pub async fn import(
        &mut self,
        store: &Store,
        policy: &ImportPolicy,
        work: &Work<ArchiveProgress>,
    ) -> Result<ArchiveImportReport> {
        self.staged.check(policy).await?;
        let chosen = self.chosen(policy);
        let placed = self.place(chosen.clone(), work).await?;
        let rows = self.staged.import(store, policy, &progress::rows(work, ArchiveStep::Importing)).await?;
        placed.keep();
        let folder = |Unpack { at, place }: &Unpack| PlacedFolder {
            path: place.display().to_string(),
            files: self.manifest.folders[*at].files.len() as u64,
            bytes: self.manifest.folders[*at].bytes(),
        };
        Ok(ArchiveImportReport {
            rows,
            placed: chosen.iter().map(folder).collect(),
            left_out: self.manifest.left_out.clone(),
        })
    }

    /// Drops the staged rows.
    pub async fn discard(self) {
        self.staged.discard().await;
    }

    /// The folders that an import by this policy writes.
    fn chosen(&self, policy: &ImportPolicy) -> Vec<Unpack> {
        let replaces = |at: &usize| {
            self.references(*at).any(|(reference, here)| {
                *here == Here::Different && policy.on_conflict(reference.table) == OnConflict::Replace
            })
        };
        let written = |at: &usize| match self.placement(*at) {
            Placement::New => true,
            Placement::IfReplaced => replaces(at),
            Placement::Same | Placement::Unused => false,
        };
        let all = (0..self.manifest.folders.len()).filter(written);
        all.map(|at| Unpack { at, place: self.places[at].clone() }).collect()
    }

    async fn place(&self, chosen: Vec<Unpack>, work: &Work<ArchiveProgress>) -> Result<Placed> {
        let (path, to, manifest) = (self.path.clone(), self.to.clone(), self.manifest.clone());
        let work = work.clone();
        blocking("unpacking an archive", move || place(&path, &manifest, &to, &chosen, &work)).await
    }

    /// The references of a folder whose rows are staged, with what the store has of them.
    fn references(&self, at: usize) -> impl Iterator<Item = (&ArchivedReference, &Here)> {
        let known = self.known[at].iter();
        let all = self.manifest.folders[at].references.iter().zip(&self.here[at]).zip(known);
        all.filter(|(_, known)| **known).map(|(reference, _)| reference)
    }

    fn placement(&self, at: usize) -> Placement {
        let here: Vec<&Here> = self.references(at).map(|(_, here)| here).collect();
        match here {
            here if here.contains(&&Here::Nothing) => Placement::New,
            here if here.contains(&&Here::Different) => Placement::IfReplaced,
            here if here.is_empty() => Placement::Unused,
            _ => Placement::Same,
        }
    }
}

/// Where the folders of an archive go: to their names, with a number where something is there.
fn free_places(to: &Path, manifest: &Manifest) -> Vec<PathBuf> {
    let mut taken = BTreeSet::new();
    let place = |name: &String| {
        let (mut free, mut number) = (name.clone(), 2);
        // A link that leads nowhere is there as well.
        while to.join(&free).symlink_metadata().is_ok() || !taken.insert(free.to_lowercase()) {
            free = format!("{name}-{number}");
            number += 1;
        }
        to.join(free)
    };
    manifest.folders.iter().map(|folder| &folder.name).map(place).collect()
}

/// A refusal of the rows by the name of the archive.
fn named(error: Error, rows: &Path, archive: &Path) -> Error {
    let shown = format!("rows.json in {}", archive.display());
    Error { message: error.message.replace(&rows.display().to_string(), &shown), ..error }
}

//! The folders of an archive: the files of each, and the rows that refer to them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use platform::{Work, blocking};
use schema::Result;
use serde::Serialize;
use snapshot::OtherTexts;
use store::{Extent, Moment};

use super::{
    places::{PathInRow, places},
    walk::{self, Source},
};
use crate::{
    left_out::LeftOut,
    manifest::{ArchivedReference, FILES},
    names::slug,
    progress::{ArchiveProgress, ArchiveStep},
};

/// A folder that an archive would hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PlannedFolder {
    /// Its name in the archive.
    pub name: String,
    /// The file or the folder on this machine.
    pub location: String,
    /// The rows that refer to it.
    pub references: Vec<ArchivedReference>,
    /// The number of its files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// All files of an archive.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) folders: Vec<FolderContents>,
    pub(super) left_out: Vec<LeftOut>,
}

/// The files of a folder of an archive.
#[derive(Debug)]
pub(super) struct FolderContents {
    pub(super) name: String,
    /// The file or the folder, without links.
    location: PathBuf,
    pub(super) references: Vec<ArchivedReference>,
    pub(super) files: Vec<Source>,
}

impl FolderContents {
    pub(super) fn planned(&self) -> PlannedFolder {
        PlannedFolder {
            name: self.name.clone(),
            location: self.location.display().to_string(),
            references: self.references.clone(),
            files: self.files.len() as u64,
            bytes: self.files.iter().map(|file| file.bytes).sum(),
        }
    }
}

impl Contents {
    /// Lists the files that the rows of an extent refer to.
    pub(super) async fn list(
        moment: &mut Moment,
        extent: &Extent,
        with_models: bool,
        work: &Work<ArchiveProgress>,
    ) -> Result<Self> {
        let places = places(moment, extent).await?;
        let work = work.clone();
        blocking("looking at files", move || Self::new(places, with_models, &work)).await
    }

    fn new(places: Vec<PathInRow>, with_models: bool, work: &Work<ArchiveProgress>) -> Result<Self> {
        let mut left_out = Vec::new();
        // In the order of paths, in which a folder comes right before what is in it.
        let mut resolved: BTreeMap<PathBuf, Vec<PathInRow>> = BTreeMap::new();
        for place in places {
            match place.resolved(with_models) {
                Ok(path) => resolved.entry(path).or_default().push(place),
                Err(reason) => left_out.push(*reason),
            }
        }
        let mut roots: Vec<(PathBuf, Vec<(PathBuf, PathInRow)>)> = Vec::new();
        for (path, places) in resolved {
            let inside = roots.last().is_some_and(|(root, _)| path.starts_with(root));
            if !inside {
                roots.push((path.clone(), Vec::new()));
            }
            if let Some((_, referring)) = roots.last_mut() {
                referring.extend(places.into_iter().map(|place| (path.clone(), place)));
            }
        }
        // By the rows, so that archives of the same rows are alike on every machine.
        roots.sort_by_cached_key(|(_, referring)| referring.iter().map(|(_, place)| key(place)).min());
        let mut names = BTreeSet::new();
        let mut folders = Vec::new();
        for (done, (root, referring)) in roots.into_iter().enumerate() {
            work.tick(ArchiveProgress { step: ArchiveStep::Listing, done: done as u64, total: None })?;
            folders.push(folder(root, referring, &mut names, &mut left_out)?);
        }
        Ok(Self { folders, left_out })
    }

    pub(super) fn files(&self) -> u64 {
        self.folders.iter().map(|folder| folder.files.len() as u64).sum()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.folders.iter().flat_map(|folder| &folder.files).map(|file| file.bytes).sum()
    }

    /// The paths in the archive, which stand in its rows in place of those on this machine.
    pub(super) fn texts(&self) -> OtherTexts {
        let mut texts = OtherTexts::new();
        for reference in self.folders.iter().flat_map(|folder| &folder.references) {
            let Some(column) = reference.declared() else { continue };
            let row = (reference.table, reference.id.clone());
            texts.entry(row).or_default().push((column.name, reference.path.clone()));
        }
        texts
    }
}

fn folder(
    root: PathBuf,
    mut referring: Vec<(PathBuf, PathInRow)>,
    names: &mut BTreeSet<String>,
    left_out: &mut Vec<LeftOut>,
) -> Result<FolderContents> {
    referring.sort_by_cached_key(|(_, place)| key(place));
    let (_, first) = &referring[0];
    let name = name(first, names);
    let is_file = !root.is_dir();
    let files = if is_file {
        let bytes = std::fs::metadata(&root).map_err(|error| schema::Error::file("read", &root, &error))?;
        vec![Source { inner: walk::part(&root)?, file: root.clone(), bytes: bytes.len() }]
    } else {
        walk::files(&root, first, left_out)?
    };
    let own = format!("{FILES}/{name}");
    let mut references = Vec::new();
    for (path, place) in &referring {
        // A file lies in the folder that is made for it.
        let within =
            if is_file { Path::new(path.file_name().unwrap_or_default()) } else { inner(path, &root) };
        let mut archived = own.clone();
        for part in within {
            archived.push('/');
            archived.push_str(&walk::part(Path::new(part))?);
        }
        references.push(ArchivedReference {
            table: place.table.name,
            id: place.id.clone(),
            label: place.label.clone(),
            column: place.column.name.to_owned(),
            path: archived,
        });
    }
    Ok(FolderContents { name, location: root, references, files })
}

fn inner<'a>(path: &'a Path, root: &Path) -> &'a Path {
    path.strip_prefix(root).unwrap_or(Path::new(""))
}

/// The order of rows.
fn key(place: &PathInRow) -> (usize, String, &'static str) {
    let table = resources::TABLES.iter().position(|table| table.name == place.table.name);
    (table.unwrap_or_default(), place.id.clone(), place.column.name)
}

/// The most characters of a label in the name of a folder.
const LABEL: usize = 40;
/// The most characters of an id in it.
const ID: usize = 8;

/// A name for the folder of a row that no other folder has.
fn name(place: &PathInRow, names: &mut BTreeSet<String>) -> String {
    let parts = [slug(place.table.singular, LABEL), slug(&place.label, LABEL), slug(&place.id, ID)];
    let wanted =
        parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("-");
    let (mut name, mut number) = (wanted.clone(), 2);
    while !names.insert(name.to_lowercase()) {
        name = format!("{wanted}-{number}");
        number += 1;
    }
    name
}

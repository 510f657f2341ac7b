//! A folder in the Hub's layout: which of its files are rows, of which split, and what is passed over. The
//! rules are those of <https://huggingface.co/docs/hub/datasets-file-names-and-splits> and
//! <https://huggingface.co/docs/hub/datasets-manual-configuration>, as far as they are plain.

mod card;
mod names;
mod parts;
mod repository;
mod saved;
#[cfg(test)]
mod tests;
mod walk;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use resources::DatasetType;
use schema::{Error, ErrorCode, Result, TextEnum as _};
use serde::Serialize;

use super::{dataset_file::DatasetFile, file_name, problem::Problem};
pub use parts::DatasetConfig;
pub use repository::Repository;

/// A part of a dataset that is used for one purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Split {
    /// Its name: `train`, `validation`, `test` or another.
    pub name: String,
    /// Its files, by their path within the folder.
    pub files: Vec<String>,
}

/// What a folder is made of.
pub(super) struct Layout {
    /// The kind that all its files are of.
    pub(super) kind: DatasetType,
    /// The splits, that to train on first.
    pub(super) splits: Vec<Split>,
    /// What is passed over, and what is missing.
    pub(super) notes: Vec<Problem>,
}

/// The files of each split.
type Splits = BTreeMap<String, Vec<String>>;

impl Layout {
    /// That of a folder, as far as it is read.
    pub(super) fn new(file: &DatasetFile) -> Result<Self> {
        let (folder, part) = (&file.path, &file.options.part);
        let (found, mut notes) = walk::walk(folder)?;
        let readme = folder.join("README.md");
        let card = std::fs::read(&readme).ok();
        let card = card.as_deref().map(String::from_utf8_lossy);
        let repository = Repository {
            place: &folder.display().to_string(),
            card_place: &readme.display().to_string(),
            card: card.as_deref(),
            files: &found,
        };
        let splits = repository.splits(part, &mut notes)?;
        if splits.is_empty() {
            return Err(saved::refusal(folder).unwrap_or_else(|| without_files(folder, &notes)));
        }
        notes.extend(names::missing_parts(&splits));
        if part.is_whole() {
            notes.extend(passed_over(&found, &splits));
        }
        let kind = one_kind(folder, &splits)?;
        Ok(Self { kind, splits: ordered(splits), notes })
    }
}

/// The split to train on first.
fn ordered(splits: Splits) -> Vec<Split> {
    let rank =
        |name: &str| ["train", "validation", "test"].iter().position(|known| *known == name).unwrap_or(3);
    let mut splits: Vec<Split> = splits.into_iter().map(|(name, files)| Split { name, files }).collect();
    splits.sort_by_key(|split| rank(&split.name));
    splits
}

/// So many files are named; the others are counted.
const NAMED: usize = 3;

/// The dataset files that no split has.
fn passed_over(found: &[String], splits: &Splits) -> Option<Problem> {
    let used: Vec<&String> = splits.values().flatten().collect();
    let over: Vec<&str> = found.iter().filter(|file| !used.contains(file)).map(String::as_str).collect();
    let (verb, files) = if over.len() == 1 { ("is", "file") } else { ("are", "files") };
    let names = listed(&over);
    let message = format!("{} {files} {verb} in no split and not read: {names}.", over.len());
    (!over.is_empty()).then(|| Problem::warning(None, message))
}

/// `a, b, c and 4 more`.
fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMED) {
        Some(more @ 1..) => format!("{shown} and {more} more"),
        _ => shown,
    }
}

fn without_files(folder: &Path, notes: &[Problem]) -> Error {
    let what: String = notes.iter().map(|note| format!(" {}", note.message)).collect();
    let message = format!("{} is a folder without dataset files.{what}", folder.display());
    Error::new(ErrorCode::Invalid, message).hint(
        "Choose a folder with files like train.csv or data/test-00000-of-00001.parquet, or a single file.",
    )
}

/// The kind that all files are of.
fn one_kind(folder: &Path, splits: &Splits) -> Result<DatasetType> {
    let mut kinds: Vec<DatasetType> = Vec::new();
    for file in splits.values().flatten() {
        let kind = file_name::detect_file(&folder.join(file))?;
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if let [kind] = kinds.as_slice() {
        return Ok(*kind);
    }
    let names: Vec<&str> = kinds.iter().map(|kind| kind.label()).collect();
    let message = format!("{} contains files of several formats: {}.", folder.display(), names.join(", "));
    Err(Error::new(ErrorCode::Invalid, message)
        .hint("Leave only one format in the folder, or import its files one by one."))
}

/// The splits of a folder, that to train on first, and the kind that all its files are of.
pub(super) fn splits(file: &DatasetFile) -> Result<(DatasetType, Vec<Split>)> {
    let Layout { kind, splits, .. } = Layout::new(file)?;
    Ok((kind, splits))
}

/// The files of a dataset in the order they are read, those of one split or all.
pub(super) fn files_of<'a>(splits: &'a [Split], split: Option<&'a str>) -> impl Iterator<Item = &'a String> {
    splits.iter().filter(move |one| split.is_none_or(|name| one.name == name)).flat_map(|one| &one.files)
}

/// All files that are read of a dataset.
pub(super) fn all_files(file: &DatasetFile) -> Result<Vec<PathBuf>> {
    let path = &file.path;
    if !path.is_dir() {
        return Ok(vec![path.clone()]);
    }
    let (_, splits) = splits(file)?;
    Ok(files_of(&splits, None).map(|file| path.join(file)).collect())
}

/// The size of a dataset in bytes, as its files lie on the disk.
pub(super) fn size(file: &DatasetFile) -> Result<u64> {
    let length = |path: &std::path::PathBuf| {
        Ok(std::fs::metadata(path).map_err(|error| Error::file("read", path, &error))?.len())
    };
    all_files(file)?.iter().map(length).sum()
}

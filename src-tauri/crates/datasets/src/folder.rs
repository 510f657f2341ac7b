//! A folder in the Hub's layout: which of its files are rows, and of which split. The rules are those of
//! <https://huggingface.co/docs/hub/datasets-file-names-and-splits> and
//! <https://huggingface.co/docs/hub/datasets-manual-configuration>, as far as they are plain.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use resources::DatasetType;
use schema::{Error, ErrorCode, Result, TextEnum as _};
use serde::{Deserialize, Serialize};

use super::format;

/// A part of a dataset that is used for one purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Split {
    /// Its name: `train`, `validation`, `test` or another.
    pub name: String,
    /// Its files, by their path within the folder.
    pub files: Vec<String>,
}

/// The words in names of files and folders that tell a split.
const WORDS: [(&str, &str); 10] = [
    ("train", "train"),
    ("training", "train"),
    ("validation", "validation"),
    ("valid", "validation"),
    ("val", "validation"),
    ("dev", "validation"),
    ("test", "test"),
    ("testing", "test"),
    ("eval", "test"),
    ("evaluation", "test"),
];
/// Descriptions that lie beside the rows.
const NO_ROWS: [&str; 5] =
    ["dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json", "config.json"];
/// A folder with more files is not a dataset that somebody chose.
const MOST_FILES: usize = 100_000;

/// The splits of a folder, that to train on first, and the kind that all its files are of.
pub(super) fn splits(folder: &Path) -> Result<(DatasetType, Vec<Split>)> {
    let splits = match configured(folder)? {
        Some(splits) => splits,
        None => by_names(folder)?,
    };
    let mut kinds: Vec<DatasetType> = Vec::new();
    for file in splits.values().flatten() {
        let kind = format::detect_file(&folder.join(file))?;
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let shown = folder.display();
    let kind = match kinds.as_slice() {
        [kind] => *kind,
        [] => {
            let message = format!("{shown} is a folder without dataset files.");
            return Err(Error::new(ErrorCode::Invalid, message).hint(
                "Choose a folder with files like train.csv or data/test-00000-of-00001.parquet, or a single file.",
            ));
        }
        _ => {
            let names: Vec<&str> = kinds.iter().map(|kind| kind.label()).collect();
            let message = format!("{shown} contains files of several formats: {}.", names.join(", "));
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint("Leave only one format in the folder, or import its files one by one."));
        }
    };
    let rank =
        |name: &str| ["train", "validation", "test"].iter().position(|known| *known == name).unwrap_or(3);
    let mut splits: Vec<Split> = splits.into_iter().map(|(name, files)| Split { name, files }).collect();
    splits.sort_by_key(|split| rank(&split.name));
    Ok((kind, splits))
}

type Splits = BTreeMap<String, Vec<String>>;

/// By the names of files and folders, or everything to train on if none tells a split.
fn by_names(folder: &Path) -> Result<Splits> {
    let mut told = Splits::new();
    let mut untold = Vec::new();
    for file in files(folder, "", 3)? {
        let (inside, name) = file.rsplit_once('/').unwrap_or(("", &file));
        let parent = inside.strip_prefix("data").map_or(inside, |rest| rest.trim_start_matches('/'));
        let by_folder = if parent.contains('/') { None } else { split_of(parent) };
        // Only what lies at the top, in `data` or in a folder that is called after a split.
        match split_of(name).filter(|_| parent.is_empty()).or(by_folder) {
            Some(split) => told.entry(split.to_owned()).or_default().push(file),
            None if parent.is_empty() => untold.push(file),
            None => {}
        }
    }
    if told.is_empty() && !untold.is_empty() {
        told.insert("train".to_owned(), untold);
    }
    Ok(told)
}

/// The split that a name tells by a whole word: `test` in `my_test-00000.csv`, not in `fastest.csv`.
fn split_of(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let words = name.split(|c: char| !c.is_alphabetic());
    words.into_iter().find_map(|word| WORDS.iter().find(|(known, _)| *known == word)).map(|(_, split)| *split)
}

/// The dataset files in a folder, by their path within it, in order.
fn files(folder: &Path, inside: &str, depth: usize) -> Result<Vec<String>> {
    let here = folder.join(inside);
    let failed = |error| Error::file("read", &here, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(&here).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        if name.starts_with(['.', '_']) || NO_ROWS.contains(&name.as_str()) {
            continue;
        }
        if entry.path().is_dir() {
            if depth > 1 {
                found.extend(files(folder, &path, depth - 1)?);
            }
        } else if format::detect_file(&entry.path()).is_ok() {
            found.push(path);
        }
        if found.len() > MOST_FILES {
            let message = format!("{} contains more than {MOST_FILES} dataset files.", folder.display());
            return Err(Error::new(ErrorCode::Invalid, message).hint("Choose a folder inside it."));
        }
    }
    found.sort();
    Ok(found)
}

/// What a README's front matter says of the files.
#[derive(Deserialize)]
struct Card {
    #[serde(default)]
    configs: Vec<Config>,
}

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    config_name: String,
    #[serde(default)]
    default: bool,
    data_files: Option<DataFiles>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum DataFiles {
    One(String),
    Splits(Vec<SplitFiles>),
    Some(Vec<String>),
}

#[derive(Deserialize)]
struct SplitFiles {
    split: String,
    path: Patterns,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Patterns {
    One(String),
    Some(Vec<String>),
}

/// By the README, if it says; the default configuration, or the first.
fn configured(folder: &Path) -> Result<Option<Splits>> {
    let readme = folder.join("README.md");
    let Ok(text) = fs::read_to_string(&readme) else { return Ok(None) };
    let Some(front) = front_matter(&text) else { return Ok(None) };
    // A card may say anything else; only what is about files is looked at.
    let Ok(card) = serde_saphyr::from_str::<Card>(front) else { return Ok(None) };
    let configs = card.configs;
    let chosen = configs
        .iter()
        .find(|config| config.default)
        .or_else(|| configs.iter().find(|config| config.config_name == "default"))
        .or(configs.first());
    let Some(data_files) = chosen.and_then(|config| config.data_files.as_ref()) else { return Ok(None) };
    let train = "train".to_owned();
    let wanted: Vec<(String, Vec<String>)> = match data_files {
        DataFiles::One(pattern) => vec![(train, vec![pattern.clone()])],
        DataFiles::Some(patterns) => vec![(train, patterns.clone())],
        DataFiles::Splits(splits) => splits
            .iter()
            .map(|SplitFiles { split, path }| match path {
                Patterns::One(pattern) => (split.clone(), vec![pattern.clone()]),
                Patterns::Some(patterns) => (split.clone(), patterns.clone()),
            })
            .collect(),
    };
    let all = files(folder, "", 8)?;
    let mut splits = Splits::new();
    for (split, patterns) in wanted {
        for pattern in patterns {
            let matching = matching(&pattern, &all);
            if matching.is_empty() {
                let message = format!(
                    "{} names '{pattern}' for '{split}', but there is no such file.",
                    readme.display()
                );
                return Err(Error::new(ErrorCode::Invalid, message)
                    .hint("Complete the folder, or correct its README."));
            }
            splits.entry(split.clone()).or_default().extend(matching);
        }
    }
    Ok(Some(splits))
}

fn front_matter(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches('\u{feff}').strip_prefix("---")?;
    rest.find("\n---").and_then(|end| rest.get(..end))
}

/// Only files of the folder are ever matched: a pattern can't lead out of it.
fn matching(pattern: &str, files: &[String]) -> Vec<String> {
    let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::new() };
    let Ok(pattern) = glob::Pattern::new(pattern.trim_start_matches("./")) else { return Vec::new() };
    files.iter().filter(|file| pattern.matches_with(file, options)).cloned().collect()
}

/// The files of a dataset in the order they are read, those of one split or all.
pub(super) fn files_of<'a>(splits: &'a [Split], split: Option<&'a str>) -> impl Iterator<Item = &'a String> {
    splits.iter().filter(move |one| split.is_none_or(|name| one.name == name)).flat_map(|one| &one.files)
}

/// All files a dataset is made of.
pub(super) fn all_files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let (_, splits) = splits(path)?;
    Ok(files_of(&splits, None).map(|file| path.join(file)).collect())
}

/// The size of a dataset in bytes, as its files lie on the disk.
pub(super) fn size(path: &Path) -> Result<u64> {
    let length = |path: &std::path::PathBuf| {
        Ok(std::fs::metadata(path).map_err(|error| Error::file("read", path, &error))?.len())
    };
    all_files(path)?.iter().map(length).sum()
}

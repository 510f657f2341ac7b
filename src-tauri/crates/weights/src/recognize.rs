//! What a folder is that contains no model or no adapter where one is needed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use schema::{Error, ErrorCode};

use crate::{
    files::{ADAPTER_CONFIG, MODEL_CONFIG},
    other_formats,
    snapshot::snapshot_of,
};

/// The error for a folder without `config.json`.
pub(crate) fn not_a_model(folder: &Path, present: &[String]) -> Error {
    if present.iter().any(|name| name == ADAPTER_CONFIG) {
        return invalid(format!("{} contains an adapter, not a model ({MODEL_CONFIG}).", folder.display()))
            .hint("Add it as an adapter, or choose the folder of a model.");
    }
    let nothing = format!("{} contains no model: {MODEL_CONFIG} is missing.", folder.display());
    recognized(folder, present, &[MODEL_CONFIG]).unwrap_or_else(|| {
        invalid(nothing).hint("Choose the folder that contains this file, or get the model again.")
    })
}

/// The error for a folder without `adapter_config.json`.
pub(crate) fn not_an_adapter(folder: &Path, present: &[String]) -> Error {
    if present.iter().any(|name| name == MODEL_CONFIG) {
        return invalid(format!("{} contains a model, not an adapter ({ADAPTER_CONFIG}).", folder.display()))
            .hint("Add it as a model, or choose the folder of an adapter.");
    }
    let nothing = format!("{} contains no adapter: {ADAPTER_CONFIG} is missing.", folder.display());
    recognized(folder, present, &[ADAPTER_CONFIG]).unwrap_or_else(|| {
        invalid(nothing).hint("Choose the folder that contains this file, or save the adapter again.")
    })
}

/// The error for a folder with neither configuration.
pub(crate) fn neither(folder: &Path, present: &[String]) -> Error {
    recognized(folder, present, &[ADAPTER_CONFIG, MODEL_CONFIG]).unwrap_or_else(|| {
        invalid(format!(
            "{} contains neither a model ({MODEL_CONFIG}) nor an adapter ({ADAPTER_CONFIG}).",
            folder.display()
        ))
        .hint("Choose the folder that contains this file.")
    })
}

/// The error for a folder that is known to be something else. `wanted` are the configurations that a
/// folder inside of it may have.
fn recognized(folder: &Path, present: &[String], wanted: &[&str]) -> Option<Error> {
    let shown = folder.display();
    let has = |name: &str| present.iter().any(|file| file == name);
    if has("snapshots") && (has("refs") || has("blobs")) {
        let what = format!("{shown} is a repository's folder in the Hub's local cache.");
        return Some(match snapshot_of(folder) {
            Some(snapshot) => invalid(what).hint(format!("Choose its files: {}.", snapshot.display())),
            None => {
                invalid(format!("{what} Nothing of it is downloaded completely.")).hint("Download it again.")
            }
        });
    }
    if let Some((inside, checkpoint)) = inside(folder, wanted) {
        let what = if checkpoint { "the checkpoints of a training" } else { "a folder of weights" };
        let lacking = match wanted {
            [one] => format!("no {one}"),
            _ => "neither a model nor an adapter".to_owned(),
        };
        return Some(
            invalid(format!("{shown} contains {lacking} itself, but {what}."))
                .hint(format!("Choose {}.", inside.display())),
        );
    }
    if has("model_index.json") {
        return Some(
            invalid(format!(
                "{shown} contains a pipeline of the Diffusers library (model_index.json), \
                                     which can't be fine-tuned here."
            ))
            .hint("Choose the folder of a language model."),
        );
    }
    let needed = format!("{MODEL_CONFIG} and model.safetensors");
    let described = other_formats::described(present, &needed).filter(|_| wanted.contains(&MODEL_CONFIG))?;
    Some(invalid(format!("{shown} has no {MODEL_CONFIG}. {described}")))
}

/// How deep a folder is searched for weights: a training's output may have `checkpoints/checkpoint-500`.
const DEPTH: usize = 2;
/// How many entries of a folder are looked at.
const ENTRIES: usize = 1_000;

/// The folder inside of this one that has one of the files: the latest checkpoint, or else the first by
/// name; and whether it is a checkpoint.
fn inside(folder: &Path, wanted: &[&str]) -> Option<(PathBuf, bool)> {
    let mut level = vec![folder.to_owned()];
    for _ in 0..DEPTH {
        level = level.iter().flat_map(|folder| folders(folder)).take(ENTRIES).collect();
        let found = level.iter().filter(|folder| wanted.iter().any(|name| folder.join(name).is_file()));
        let found: Vec<_> = found.collect();
        let latest = found.iter().filter_map(|folder| Some((step(folder)?, *folder))).max();
        if let Some((_, checkpoint)) = latest {
            return Some((checkpoint.clone(), true));
        }
        if let Some(first) = found.into_iter().min() {
            return Some((first.clone(), false));
        }
    }
    None
}

/// The step of a checkpoint, by the name that Transformers gives its folder.
fn step(folder: &Path) -> Option<u64> {
    folder.file_name()?.to_str()?.strip_prefix("checkpoint-")?.parse().ok()
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().take(ENTRIES);
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect()
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::Invalid, message)
}

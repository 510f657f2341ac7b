//! Splits by the front matter of a README, the card of a dataset on the Hub.

use std::path::Path;

use schema::{Error, ErrorCode, Result};
use serde_json::Value;

use super::{Splits, names};
use crate::problem::Problem;

/// A split, and the patterns of its files.
type Wanted = Vec<(String, Vec<String>)>;

/// By the README, if it says; the default configuration, or the first. What of it is passed over is noted.
pub(super) fn splits(folder: &Path, found: &[String], notes: &mut Vec<Problem>) -> Result<Option<Splits>> {
    let readme = folder.join("README.md");
    let Ok(bytes) = std::fs::read(&readme) else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    let Some(front) = front_matter(&text) else { return Ok(None) };
    let mut note = |message: String| {
        notes.push(Problem { file: Some("README.md".to_owned()), ..Problem::warning(None, message) });
    };
    let card: Value = match serde_saphyr::from_str(front) {
        Ok(card) => card,
        Err(_) => {
            note(
                "The lines between --- are not YAML. What they say of the files is not followed.".to_owned(),
            );
            return Ok(None);
        }
    };
    let configs: Vec<&Value> = match card.get("configs") {
        Some(Value::Array(configs)) => configs.iter().collect(),
        Some(Value::Object(_)) => card.get("configs").into_iter().collect(),
        _ => return Ok(None),
    };
    let name = |config: &Value| config["config_name"].as_str().unwrap_or("default").to_owned();
    let chosen = configs
        .iter()
        .find(|config| config["default"].as_bool() == Some(true))
        .or_else(|| configs.iter().find(|config| name(config) == "default"))
        .or(configs.first());
    let Some(chosen) = chosen else { return Ok(None) };
    let others: Vec<String> =
        configs.iter().filter(|config| !std::ptr::eq(**config, *chosen)).map(|config| name(config)).collect();
    if !others.is_empty() {
        let (noun, verb) =
            if others.len() == 1 { ("configuration", "is") } else { ("configurations", "are") };
        note(format!(
            "The configuration '{}' is read; the {noun} {} {verb} not.",
            name(chosen),
            others.join(", ")
        ));
    }
    let directory = chosen["data_dir"].as_str().map(|inside| inside.trim_matches(['.', '/']).to_owned());
    let wanted = match &chosen["data_files"] {
        Value::Null => return Ok(directory.map(|inside| within(&inside, found))),
        data_files => wanted(data_files),
    };
    let Some(wanted) = wanted else {
        note("Its 'data_files' are in a form that is not known here, so they are not followed.".to_owned());
        return Ok(None);
    };
    let mut splits = Splits::new();
    for (split, patterns) in wanted {
        for pattern in patterns {
            let inner = match &directory {
                Some(inside) if !inside.is_empty() => {
                    format!("{inside}/{}", pattern.trim_start_matches("./"))
                }
                _ => pattern.clone(),
            };
            let matching = matching(&inner, found);
            if matching.is_empty() {
                let message = format!(
                    "{} names '{pattern}' for '{split}', but there is no such file.",
                    readme.display()
                );
                return Err(Error::new(ErrorCode::Invalid, message)
                    .hint("Complete the folder, or correct its README."));
            }
            let files: &mut Vec<String> = splits.entry(split.clone()).or_default();
            // A file that two patterns name is there once.
            for file in matching {
                if !files.contains(&file) {
                    files.push(file);
                }
            }
        }
    }
    Ok(Some(splits))
}

/// Each form that the Hub takes: a pattern, patterns, `split: pattern` and a list of `split` and `path`.
fn wanted(data_files: &Value) -> Option<Wanted> {
    let train = |patterns| vec![("train".to_owned(), patterns)];
    match data_files {
        Value::Object(splits) => {
            splits.iter().map(|(split, files)| Some((split.clone(), patterns(files)?))).collect()
        }
        Value::Array(parts) if parts.iter().any(Value::is_object) => {
            let part = |part: &Value| Some((part["split"].as_str()?.to_owned(), patterns(&part["path"])?));
            parts.iter().map(part).collect()
        }
        files => patterns(files).map(train),
    }
}

fn patterns(files: &Value) -> Option<Vec<String>> {
    match files {
        Value::String(pattern) => Some(vec![pattern.clone()]),
        Value::Array(patterns) => patterns.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

/// The files of a folder inside, by their names.
fn within(inside: &str, found: &[String]) -> Splits {
    let prefix = if inside.is_empty() { String::new() } else { format!("{inside}/") };
    let inner: Vec<String> =
        found.iter().filter_map(|file| file.strip_prefix(&prefix)).map(str::to_owned).collect();
    let whole = |files: Vec<String>| files.into_iter().map(|file| format!("{prefix}{file}")).collect();
    names::splits(&inner).into_iter().map(|(split, files)| (split, whole(files))).collect()
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

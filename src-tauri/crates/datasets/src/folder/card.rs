//! Splits by the front matter of a README, the card of a dataset on the Hub.

use schema::{Error, ErrorCode, Result};
use serde_json::Value;

use super::{Repository, Splits, names};
use crate::{problem::Problem, read_options::DatasetPart};

/// A split, and the patterns of its files.
type Wanted = Vec<(String, Vec<String>)>;

/// The configurations that a card declares; none if it declares none.
pub(super) struct Card(Vec<Value>);

impl Card {
    /// The card of a repository. What of it can't be followed is noted.
    pub(super) fn new(repository: &Repository<'_>, notes: &mut Vec<Problem>) -> Self {
        let Some(front) = repository.card.and_then(front_matter) else { return Self(Vec::new()) };
        let card: Value = match serde_saphyr::from_str(front) {
            Ok(card) => card,
            Err(_) => {
                let message =
                    "The lines between --- are not YAML. What they say of the files is not followed.";
                notes.push(noted(message));
                return Self(Vec::new());
            }
        };
        match card.get("configs") {
            Some(Value::Array(configs)) => Self(configs.clone()),
            Some(config @ Value::Object(_)) => Self(vec![config.clone()]),
            _ => Self(Vec::new()),
        }
    }

    /// The names of the configurations, and the place of the default one.
    pub(super) fn names(&self) -> (Vec<String>, usize) {
        let names: Vec<String> = self.0.iter().map(name).collect();
        let default = self.0.iter().position(|config| config["default"].as_bool() == Some(true));
        let default = default.or_else(|| names.iter().position(|name| name == DEFAULT)).unwrap_or_default();
        (names, default)
    }
}

/// The name of the only configuration of a repository whose card declares none.
pub(super) const DEFAULT: &str = "default";

fn name(config: &Value) -> String {
    config["config_name"].as_str().unwrap_or(DEFAULT).to_owned()
}

fn noted(message: impl Into<String>) -> Problem {
    Problem { file: Some("README.md".to_owned()), ..Problem::warning(None, message.into()) }
}

/// By the card, if it says: those of the chosen configuration, else of the default one, or the first. Splits that
/// are not chosen are there without files. What of the card is passed over is noted.
pub(super) fn splits(
    repository: &Repository<'_>,
    part: &DatasetPart,
    notes: &mut Vec<Problem>,
) -> Result<Option<Splits>> {
    let found = repository.files;
    let card = Card::new(repository, notes);
    let (all, default) = card.names();
    let place = match &part.config {
        Some(wanted) => match all.iter().position(|one| one == wanted) {
            Some(place) => place,
            None if all.is_empty() && wanted == DEFAULT => return Ok(None),
            None => return Err(no_config(repository, wanted, &all)),
        },
        None => default,
    };
    let Some(chosen) = card.0.get(place) else { return Ok(None) };
    let mut note = |message: String| notes.push(noted(message));
    let others: Vec<&str> =
        all.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, name)| name.as_str()).collect();
    if part.config.is_none() && !others.is_empty() {
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
        if part.split.as_ref().is_some_and(|chosen| *chosen != split) {
            splits.entry(split).or_default();
            continue;
        }
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
                    repository.card_place
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

fn no_config(repository: &Repository<'_>, wanted: &str, all: &[String]) -> Error {
    let all = if all.is_empty() { DEFAULT.to_owned() } else { all.join(", ") };
    let message = format!("{} has no configuration '{wanted}'.", repository.place);
    Error::new(ErrorCode::NotFound, message).hint(format!("It has {all}."))
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

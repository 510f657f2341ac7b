//! Which files of a folder contain its weights: a single file, or parts with an index.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use crate::{
    files::ADAPTER_PREFIX,
    json::document,
    words::{and, sentences},
};

/// The files that weights of one kind are saved in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WeightFiles {
    /// The name of a safetensors file, without part number and extension.
    safetensors: &'static str,
    /// The name of a file in PyTorch's own format, without part number and extension.
    pytorch: &'static str,
    /// Whether parts are found by an index alone.
    pub(crate) is_model: bool,
}

impl WeightFiles {
    /// The files of a model, as Transformers looks for them
    /// (`_get_resolved_checkpoint_files` in transformers 5.23).
    pub(crate) const MODEL: Self = Self { safetensors: "model", pytorch: "pytorch_model", is_model: true };
    /// The files of an adapter, as PEFT looks for them.
    pub(crate) const ADAPTER: Self =
        Self { safetensors: "adapter_model", pytorch: "adapter_model", is_model: false };

    /// The safetensors files, or else the files in PyTorch's own format, that the weights consist of;
    /// none if the folder has neither.
    pub(crate) fn find(self, folder: &Path, present: &[String]) -> Option<Parts> {
        let all = [(self.safetensors, Format::Safetensors), (self.pytorch, Format::PyTorch)];
        all.into_iter().find_map(|(stem, format)| Parts::new(folder, present, stem, format, self.is_model))
    }

    /// The name that the weights in one file have.
    pub(crate) fn single(self) -> String {
        format!("{}.safetensors", self.safetensors)
    }

    /// Safetensors files in the folder that have other names.
    pub(crate) fn others(self, present: &[String]) -> Vec<String> {
        let other = |name: &&String| name.ends_with(".safetensors") && !name.starts_with(ADAPTER_PREFIX);
        if self.is_model { present.iter().filter(other).cloned().collect() } else { Vec::new() }
    }
}

/// The format of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Safetensors,
    /// Pickled by PyTorch.
    PyTorch,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Safetensors => ".safetensors",
            Self::PyTorch => ".bin",
        }
    }
}

/// The files that the weights consist of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) format: Format,
    /// Files that are there.
    pub(crate) present: Vec<String>,
    /// Files that are missing.
    pub(crate) missing: Vec<String>,
    /// What is wrong with the index, in sentences.
    pub(crate) problems: Vec<String>,
}

impl Parts {
    fn new(folder: &Path, present: &[String], stem: &str, format: Format, is_model: bool) -> Option<Self> {
        let extension = format.extension();
        let (single, index) = (format!("{stem}{extension}"), format!("{stem}{extension}.index.json"));
        let part = |name: &str| {
            let (at, of) =
                name.strip_prefix(stem)?.strip_prefix('-')?.strip_suffix(extension)?.split_once("-of-")?;
            (at.len() == 5 && of.len() == 5 && at.parse::<u32>().is_ok()).then(|| of.parse::<u32>().ok())?
        };
        let mut problems = Vec::new();
        let has_index = present.contains(&index);
        let listed = has_index.then(|| listed(&folder.join(&index), &mut problems)).flatten();
        // Transformers prefers the single file to an index of others.
        let listed = listed.filter(|files| files.contains(&single) || !present.contains(&single));
        let numbered = || {
            // Of parts with different totals, those of which most are there.
            let totals = present.iter().filter_map(|name| part(name));
            let of = totals.max_by_key(|of| present.iter().filter(|name| part(name) == Some(*of)).count())?;
            Some((1..=of.min(MOST_PARTS)).map(|at| format!("{stem}-{at:05}-of-{of:05}{extension}")).collect())
        };
        let by_index = listed.is_some();
        let files: BTreeSet<String> = if let Some(files) = listed {
            files
        } else if present.contains(&single) {
            BTreeSet::from([single.clone()])
        } else if let Some(files) = numbered() {
            if is_model && !has_index {
                problems.push(format!(
                    "{index} is missing, without which Transformers does not find the parts of the weights. \
                     Get it from where the parts came from."
                ));
            }
            files
        } else if has_index {
            BTreeSet::new()
        } else {
            return None;
        };
        let (mut found, missing): (Vec<_>, Vec<_>) =
            files.iter().cloned().partition(|name| folder.join(name).exists());
        let own = |name: &&String| **name == single || part(name).is_some();
        let unlisted: Vec<_> =
            present.iter().filter(own).filter(|name| !files.contains(*name)).cloned().collect();
        if by_index && !missing.is_empty() && !unlisted.is_empty() {
            problems.push(format!(
                "{index} does not name {}, which the folder contains: the index belongs to other weights. \
                 Get it again, or the files that it names.",
                and(&unlisted)
            ));
        }
        if found.is_empty() {
            found = unlisted;
        }
        Some(Self { format, present: found, missing, problems })
    }
}

/// The most parts that the name of one implies. The largest models in use have some hundred.
const MOST_PARTS: u32 = 10_000;

/// The files that an index lists. `None` if it can't be read, which is a problem, or lists none.
fn listed(index: &Path, problems: &mut Vec<String>) -> Option<BTreeSet<String>> {
    let document = document(index).map_err(|error| problems.push(sentences(error))).ok()?;
    problems.extend(document.problem);
    let files = document.object.get("weight_map").and_then(Value::as_object)?;
    let named = files.values().filter_map(Value::as_str).map(str::to_owned);
    // A name with a path could refer to a file outside the folder.
    let (outside, inside): (BTreeSet<_>, _) = named.partition(|name| name.contains(['/', '\\']));
    if let Some(name) = outside.first() {
        problems.push(format!("The index of the weights names {name}, which is in another folder."));
    }
    Some(inside)
}

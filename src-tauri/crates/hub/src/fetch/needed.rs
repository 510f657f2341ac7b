//! Which files of a repository are needed: those that Transformers, PEFT and the readers of datasets open.

use std::path::Path;

use schema::{Error, ErrorCode, Result, TextEnum as _};

use super::listing::RemoteFile;
use crate::CachedKind;

/// Weights in formats that are not read here, and states of a training.
const OTHER_WEIGHTS: [&str; 13] = [
    ".bin",
    ".ckpt",
    ".gguf",
    ".h5",
    ".mlmodel",
    ".msgpack",
    ".npz",
    ".onnx",
    ".ot",
    ".pdparams",
    ".pt",
    ".pth",
    ".safetensors",
];

/// Files about the repository, or code. Code of a repository is never run.
const NOT_READ: [&str; 12] = [
    ".gif",
    ".gitattributes",
    ".gitignore",
    ".jpeg",
    ".jpg",
    ".mp4",
    ".pdf",
    ".png",
    ".py",
    ".svg",
    ".webp",
    ".zip",
];

/// The needed files, and the names of the others. `rows` are the files with rows of a dataset; without them, all
/// that can be read are needed.
///
/// # Errors
///
/// If the repository is of another kind.
pub(crate) fn needed(
    kind: CachedKind,
    name: &str,
    files: Vec<RemoteFile>,
    rows: Option<&[String]>,
) -> Result<(Vec<RemoteFile>, Vec<String>)> {
    let has = |wanted: &str| files.iter().any(|file| file.name == wanted);
    let weights = match kind {
        CachedKind::Dataset => Vec::new(),
        CachedKind::Adapter if !has("adapter_config.json") => {
            return Err(other_kind(name, "adapter", "it has no adapter_config.json"));
        }
        CachedKind::Adapter => adapter_weights(&files),
        CachedKind::Model if !has("config.json") && has("adapter_config.json") => {
            return Err(other_kind(name, "model", "it holds an adapter"));
        }
        CachedKind::Model if !has("config.json") => {
            return Err(other_kind(name, "model for Transformers", "it has no config.json"));
        }
        CachedKind::Model => model_weights(&files),
    };
    if weights.is_empty() && kind != CachedKind::Dataset {
        return Err(other_kind(name, kind.as_str(), "it has weights neither as safetensors nor for PyTorch"));
    }
    let is_needed = |file: &RemoteFile| match kind {
        CachedKind::Dataset => {
            let has_rows = rows.map_or_else(|| is_dataset_file(&file.name), |rows| rows.contains(&file.name));
            has_rows || is_text_about(&file.name)
        }
        CachedKind::Model | CachedKind::Adapter => weights.contains(&file.name) || is_setting(&file.name),
    };
    let (needed, others): (Vec<_>, Vec<_>) = files.into_iter().partition(is_needed);
    if kind == CachedKind::Dataset && !needed.iter().any(|file| is_dataset_file(&file.name)) {
        return Err(other_kind(
            name,
            "dataset of CSV, JSON, JSON Lines or Parquet files",
            "it has no such file",
        ));
    }
    Ok((needed, others.into_iter().map(|file| file.name).collect()))
}

fn other_kind(name: &str, wanted: &str, why: &str) -> Error {
    let message = format!("{name} is no {wanted}: {why}.");
    Error::new(ErrorCode::Invalid, message)
        .hint("Check the name, and whether it is that of a model, an adapter or a dataset.")
}

/// The weights that Transformers loads, of the first kind that is there: one file, then shards.
fn model_weights(files: &[RemoteFile]) -> Vec<String> {
    let at_root = |accepts: &dyn Fn(&str) -> bool| -> Vec<String> {
        files
            .iter()
            .map(|file| &file.name)
            .filter(|name| !name.contains('/') && accepts(name))
            .cloned()
            .collect()
    };
    let is_shard = |name: &str, stem: &str, ending: &str| {
        let numbers = name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(ending));
        numbers.is_some_and(|numbers| numbers.starts_with('-') && numbers.contains("-of-"))
    };
    let whole = |wanted: &'static str| at_root(&move |name| name == wanted);
    let shards = |stem: &'static str, ending: &'static str| {
        let index = format!("{stem}{ending}.index.json");
        at_root(&move |name| is_shard(name, stem, ending) || name == index)
    };
    let kinds = [
        whole("model.safetensors"),
        shards("model", ".safetensors"),
        whole("pytorch_model.bin"),
        shards("pytorch_model", ".bin"),
        // One that has another name alone.
        at_root(&|name| name.ends_with(".safetensors")),
    ];
    kinds.into_iter().find(|kind| !kind.is_empty()).unwrap_or_default()
}

fn adapter_weights(files: &[RemoteFile]) -> Vec<String> {
    let names = ["adapter_model.safetensors", "adapter_model.bin"];
    let found = names.iter().find(|name| files.iter().any(|file| file.name == **name));
    found.map(|name| vec![(*name).to_owned()]).unwrap_or_default()
}

/// Configs, tokenizers and chat templates. Those of one model lie at the root.
fn is_setting(name: &str) -> bool {
    let lower = name.to_lowercase();
    let is_placed = !name.contains('/') || lower.starts_with("additional_chat_templates/");
    is_placed
        && !OTHER_WEIGHTS.iter().chain(&NOT_READ).any(|ending| lower.ends_with(ending))
        // The index of weights that are not fetched.
        && !lower.ends_with(".index.json")
}

fn is_dataset_file(name: &str) -> bool {
    datasets::is_dataset_name(Path::new(name))
}

/// The card, whose head says which files are which split.
fn is_text_about(name: &str) -> bool {
    let lower = name.to_lowercase();
    !name.contains('/') && (lower.starts_with("readme") || lower.starts_with("license"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::listing::FileHash;

    fn needed_of(kind: CachedKind, names: &[&str]) -> Result<Vec<String>> {
        let file = |name: &&str| RemoteFile {
            name: (*name).to_owned(),
            size: 1,
            hash: FileHash::GitBlob("0".repeat(40)),
        };
        let (needed, others) = needed(kind, "acme/tiny", names.iter().map(file).collect(), None)?;
        assert_eq!(needed.len() + others.len(), names.len());
        Ok(needed.into_iter().map(|file| file.name).collect())
    }

    #[test]
    fn one_form_of_the_weights_is_needed_in_the_order_of_transformers() {
        let rest = ["README.md", "config.json", "tokenizer.json"];
        let shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
        let index = "model.safetensors.index.json";
        let others = [
            "model.fp16.safetensors",
            "consolidated.safetensors",
            "original/consolidated.00.pth",
            "tf_model.h5",
            "onnx/model.onnx",
            "model-q4.gguf",
            "flax_model.msgpack",
            "runs/events.json",
            "modeling_tiny.py",
            "training_args.bin",
        ];
        let bin = ["pytorch_model.bin"];
        let parts: [(&[&str], &[&str]); 4] = [
            (&["model.safetensors"], &["pytorch_model.bin"]),
            (&[shards[0], shards[1], index], &bin),
            (&bin, &[]),
            (&["pytorch_model-00001-of-00001.bin", "pytorch_model.bin.index.json"], &[]),
        ];
        for (weights, beside) in parts {
            let all: Vec<&str> = rest.iter().chain(weights).chain(beside).chain(&others).copied().collect();
            let mut wanted: Vec<&str> = rest.iter().chain(weights).copied().collect();
            let mut found = needed_of(CachedKind::Model, &all).unwrap();
            wanted.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, wanted);
        }
    }

    #[test]
    fn an_adapter_is_its_config_its_weights_and_its_tokenizer() {
        let all = [
            "adapter_config.json",
            "adapter_model.safetensors",
            "adapter_model.bin",
            "optimizer.pt",
            "checkpoint-5/adapter_model.safetensors",
            "chat_template.jinja",
            "additional_chat_templates/tool_use.jinja",
        ];
        let found = needed_of(CachedKind::Adapter, &all).unwrap();
        assert_eq!(found, [all[0], all[1], all[5], all[6]]);
        let error = needed_of(CachedKind::Adapter, &["config.json", "model.safetensors"]).unwrap_err();
        assert!(error.message.contains("is no adapter"), "{error}");
        let error = needed_of(CachedKind::Model, &all).unwrap_err();
        assert!(error.message.contains("it holds an adapter"), "{error}");
    }

    #[test]
    fn a_dataset_is_its_card_and_the_files_that_are_read() {
        let all = [
            "README.md",
            "data/train-00000-of-00001.parquet",
            "test.jsonl.gz",
            "loader.py",
            "a/b.CSV",
            "x.png",
        ];
        assert_eq!(needed_of(CachedKind::Dataset, &all).unwrap(), [all[0], all[1], all[2], all[4]]);
        let error = needed_of(CachedKind::Dataset, &["README.md", "data.arrow"]).unwrap_err();
        assert!(error.message.contains("it has no such file"), "{error}");
    }
}

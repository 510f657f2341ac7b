//! Engines on this machine that serve the same model to many clients: vLLM, and llama.cpp's server.

use std::{
    env,
    path::{Path, PathBuf},
};

use run_folder::spec::Source;
use serde::Serialize;

use crate::names::ServedModel;

/// An engine that is installed here, and the command that serves the model by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EngineCommand {
    /// Its name.
    pub engine: &'static str,
    /// A line for a shell; none where it can't serve the model.
    pub command: Option<String>,
    /// What to know of it, or why there is no command.
    pub note: Option<String>,
}

/// The ranks that vLLM takes as the largest.
const VLLM_RANKS: [u64; 8] = [8, 16, 32, 64, 128, 256, 320, 512];
/// The largest rank of its adapters unless another is set.
const VLLM_RANK: u64 = 16;

/// An adapter as it lies on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EngineAdapter {
    pub(crate) source: String,
    /// Its largest rank, if it is known.
    pub(crate) rank: Option<u64>,
}

/// The engines in the folders of `PATH`, with the commands that serve these by their names.
pub(crate) fn commands(
    model: &Source,
    adapters: &[EngineAdapter],
    names: &[ServedModel],
) -> Vec<EngineCommand> {
    let mut found = Vec::new();
    if installed("vllm") {
        found.push(EngineCommand { engine: "vLLM", command: Some(vllm(model, adapters, names)), note: None });
    }
    if installed("llama-server") {
        found.push(llama(model, adapters, names));
    }
    found
}

fn installed(program: &str) -> bool {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    let folders = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>());
    folders.into_iter().flatten().any(|folder| folder.join(&name).is_file())
}

fn vllm(model: &Source, adapters: &[EngineAdapter], names: &[ServedModel]) -> String {
    let name = names.first().map_or(model.name.as_str(), |model| &model.name);
    let mut words = vec!["vllm", "serve", &model.source, "--served-model-name", name, "--host", "127.0.0.1"];
    words.extend(["--port", "8000"]);
    let mut words: Vec<String> = words.into_iter().map(quoted).collect();
    if !adapters.is_empty() {
        words.push("--enable-lora".to_owned());
        let most = adapters.iter().filter_map(|adapter| adapter.rank).max().unwrap_or(VLLM_RANK);
        if let Some(rank) = VLLM_RANKS.into_iter().find(|rank| *rank >= most && *rank > VLLM_RANK) {
            words.extend(["--max-lora-rank".to_owned(), rank.to_string()]);
        }
        words.push("--lora-modules".to_owned());
        let named = names.iter().skip(1).zip(adapters);
        words.extend(named.map(|(name, adapter)| quoted(&format!("{}={}", name.name, adapter.source))));
    }
    words.join(" ")
}

fn llama(model: &Source, adapters: &[EngineAdapter], names: &[ServedModel]) -> EngineCommand {
    let engine = "llama.cpp";
    let files: Option<Vec<PathBuf>> =
        adapters.iter().map(|adapter| gguf(Path::new(&adapter.source))).collect();
    let (Some(file), Some(adapters)) = (gguf(Path::new(&model.source)), files) else {
        let note = "It serves GGUF files, and there is none in the folder of the model or of an adapter.";
        return EngineCommand { engine, command: None, note: Some(note.to_owned()) };
    };
    let name = names.first().map_or(model.name.as_str(), |model| &model.name);
    let mut words = vec!["llama-server".to_owned(), "-m".to_owned(), quoted(&file.display().to_string())];
    words.extend(["--alias".to_owned(), quoted(name)]);
    for adapter in &adapters {
        words.extend(["--lora".to_owned(), quoted(&adapter.display().to_string())]);
    }
    words.extend(["--host", "127.0.0.1", "--port", "8080"].map(str::to_owned));
    let note = (!adapters.is_empty()).then(|| "It applies all adapters at once.".to_owned());
    EngineCommand { engine, command: Some(words.join(" ")), note }
}

/// The first GGUF file in a folder, or the file itself.
fn gguf(place: &Path) -> Option<PathBuf> {
    let is_gguf = |path: &Path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gguf"));
    if place.is_file() {
        return Some(place.to_owned()).filter(|place| is_gguf(place));
    }
    let entries = std::fs::read_dir(place).ok()?.flatten().map(|entry| entry.path());
    entries.filter(|path| is_gguf(path)).min()
}

/// A word for a POSIX shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@,+".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(source: &str) -> Source {
        Source::new("m", "Tiny one", source.to_owned())
    }

    fn names() -> Vec<ServedModel> {
        ["Tiny one", "it's"]
            .into_iter()
            .map(|name| ServedModel { name: name.to_owned(), adapter_id: None })
            .collect()
    }

    #[test]
    fn vllm_gets_the_model_and_its_adapters_by_name() {
        let adapters = [EngineAdapter { source: "/a b".to_owned(), rank: Some(24) }];
        assert_eq!(
            vllm(&source("org/tiny"), &adapters, &names()),
            "vllm serve org/tiny --served-model-name 'Tiny one' --host 127.0.0.1 --port 8000 --enable-lora \
             --max-lora-rank 32 --lora-modules 'it'\\''s=/a b'"
        );
        assert!(!vllm(&source("/m"), &[], &names()).contains("lora"));
    }

    #[test]
    fn llama_gets_a_file_or_says_what_it_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().display().to_string();
        assert_eq!(llama(&source(&place), &[], &names()).command, None);
        std::fs::write(folder.path().join("model.gguf"), "").unwrap();
        let command = llama(&source(&place), &[], &names()).command.unwrap();
        assert_eq!(
            command,
            format!("llama-server -m {place}/model.gguf --alias 'Tiny one' --host 127.0.0.1 --port 8080")
        );
    }
}

//! The same search in the local cache.

use std::path::Path;

use schema::Result;
use weights::Weights;

use super::{FoundRepository, RepositoryFormat, SearchPage, SearchRequest, SearchSource};
use crate::{Cached, CachedKind, Hub, HubAnswer};

/// The repositories in the cache that the request asks for, the last used first. `answer` says why the Hub
/// was not searched.
pub(super) fn search(hub: &Hub, request: &SearchRequest, mut answer: HubAnswer) -> Result<SearchPage> {
    let words: Vec<String> = request.text.split_whitespace().map(str::to_lowercase).collect();
    let is_named = |cached: &Cached| {
        let name = cached.name.to_lowercase();
        words.iter().all(|word| name.contains(word))
    };
    let repositories =
        hub.cached()?.into_iter().filter(|cached| cached.kind.on_hub() == request.kind && is_named(cached));
    let found = repositories.map(found).filter(|found| {
        request.format.is_none_or(|format| found.formats.contains(&format))
            && request.is_small_enough(found.parameters)
    });
    answer.message.push_str(" These are the repositories on this machine.");
    if request.task.is_some() || request.license.is_some() {
        answer.message.push_str(" Their tasks and licenses are not known, so those filters do not apply.");
    }
    Ok(SearchPage {
        source: SearchSource::Cache,
        answer: Some(answer),
        repositories: found.collect(),
        next: None,
    })
}

fn found(cached: Cached) -> FoundRepository {
    let folder = Path::new(&cached.folder);
    // What can't be read counts as unknown here: the cache's own list says what is wrong with it.
    let weights = (cached.kind != CachedKind::Dataset).then(|| Weights::read(folder).ok()).flatten();
    let (parameters, precisions, base_model) = match weights {
        Some(Weights::Model(facts)) => (facts.parameters, facts.precisions, None),
        Some(Weights::Adapter(facts)) => (facts.parameters, facts.precisions, facts.base_model),
        None => (None, Vec::new(), None),
    };
    FoundRepository {
        kind: cached.kind,
        task: None,
        license: None,
        parameters,
        precisions,
        bytes: Some(cached.bytes),
        rows: None,
        formats: formats(cached.kind, folder),
        base_model,
        downloads: None,
        likes: None,
        updated_at: None,
        gated: false,
        private: false,
        name: cached.name,
    }
}

fn formats(kind: CachedKind, folder: &Path) -> Vec<RepositoryFormat> {
    let mut formats = Vec::new();
    if kind == CachedKind::Adapter {
        formats.push(RepositoryFormat::Peft);
    }
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
                continue;
            }
            let path = entry.path();
            let format = match path.extension().and_then(|extension| extension.to_str()) {
                Some("safetensors") => RepositoryFormat::Safetensors,
                Some("gguf") => RepositoryFormat::Gguf,
                Some("parquet") => RepositoryFormat::Parquet,
                Some("json" | "jsonl") => RepositoryFormat::Json,
                Some("csv") => RepositoryFormat::Csv,
                _ => continue,
            };
            // Settings of models are JSON too.
            if format.kind() == kind.on_hub() && !formats.contains(&format) {
                formats.push(format);
            }
        }
    }
    formats
}

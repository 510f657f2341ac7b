//! Reads the entries of the Hub's lists. Values that are missing or have another type count as unknown.

use schema::TextEnum as _;
use serde_json::{Map, Value};

use super::{FoundRepository, RepositoryFormat};
use crate::{
    CachedKind, HubKind,
    shapes::{is_gated, precisions, text},
};

type Object = Map<String, Value>;

/// An entry of a list; `None` without a name that can be used.
pub(super) fn found(kind: HubKind, entry: &Object) -> Option<FoundRepository> {
    let name = text(entry, "id").filter(|name| resources::is_hub_name(name))?;
    let tags: Vec<&str> =
        entry.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let formats: Vec<RepositoryFormat> = RepositoryFormat::ALL
        .iter()
        .copied()
        .filter(|format| format.kind() == kind && tags.contains(&format.tag().as_str()))
        .collect();
    let is_adapter =
        text(entry, "library_name").as_deref() == Some("peft") || formats.contains(&RepositoryFormat::Peft);
    let number = |name: &str| entry.get(name).and_then(Value::as_u64);
    let precisions = precisions(entry.get("safetensors"));
    let total = |name: &str| entry.get(name).and_then(|part| part.get("total")).and_then(Value::as_u64);
    Some(FoundRepository {
        kind: match kind {
            HubKind::Dataset => CachedKind::Dataset,
            HubKind::Model if is_adapter => CachedKind::Adapter,
            HubKind::Model => CachedKind::Model,
        },
        name,
        task: text(entry, "pipeline_tag").or_else(|| tagged(&tags, "task_categories:")),
        license: tagged(&tags, "license:"),
        parameters: total("safetensors").or_else(|| total("gguf")),
        bytes: match kind {
            HubKind::Model => precisions.iter().map(weights::Precision::bytes).sum::<Option<u64>>(),
            HubKind::Dataset => number("mainSize"),
        }
        .filter(|bytes| *bytes > 0),
        precisions,
        rows: tagged(&tags, "size_categories:"),
        formats,
        base_model: base_model(&tags),
        downloads: number("downloads"),
        likes: number("likes"),
        updated_at: text(entry, "lastModified"),
        gated: is_gated(entry),
        private: entry.get("private").and_then(Value::as_bool).unwrap_or_default(),
    })
}

fn tagged(tags: &[&str], prefix: &str) -> Option<String> {
    tags.iter().find_map(|tag| tag.strip_prefix(prefix)).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The name in `base_model:acme/tiny`. The tag is repeated with the relation: `base_model:adapter:acme/tiny`.
fn base_model(tags: &[&str]) -> Option<String> {
    let names = tags.iter().filter_map(|tag| tag.strip_prefix("base_model:"));
    names
        .filter_map(|name| name.rsplit(':').next())
        .find(|name| resources::is_hub_name(name))
        .map(str::to_owned)
}

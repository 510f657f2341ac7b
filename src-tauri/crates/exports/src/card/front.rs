//! The first lines of a card, between `---`, in the keys that the Hub knows
//! (<https://huggingface.co/docs/hub/model-cards>, <https://huggingface.co/docs/hub/datasets-cards>).

use schema::{Error, Result};
use serde::Serialize;

/// The lines of a model or an adapter.
#[derive(Debug, Default, Serialize)]
pub(super) struct ModelFront {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) base_model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) base_model_relation: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) datasets: Vec<String>,
    pub(super) library_name: &'static str,
    pub(super) license: String,
    pub(super) pipeline_tag: &'static str,
    pub(super) tags: Vec<String>,
    #[serde(rename = "model-index", skip_serializing_if = "Vec::is_empty")]
    pub(super) model_index: Vec<IndexEntry>,
}

/// A model with its results.
#[derive(Debug, Serialize)]
pub(super) struct IndexEntry {
    pub(super) name: String,
    pub(super) results: Vec<IndexResult>,
}

/// The results on one dataset.
#[derive(Debug, Serialize)]
pub(super) struct IndexResult {
    pub(super) task: IndexTask,
    pub(super) dataset: IndexDataset,
    pub(super) metrics: Vec<IndexMetric>,
}

/// A task, by its name on the Hub.
#[derive(Debug, Serialize)]
pub(super) struct IndexTask {
    pub(super) r#type: &'static str,
}

/// A dataset: `type` is its name on the Hub, or what it is called where it is not there.
#[derive(Debug, Serialize)]
pub(super) struct IndexDataset {
    pub(super) name: String,
    pub(super) r#type: String,
}

/// A number.
#[derive(Debug, Serialize)]
pub(super) struct IndexMetric {
    pub(super) r#type: String,
    pub(super) value: f64,
    pub(super) name: String,
}

/// The lines of a dataset.
#[derive(Debug, Default, Serialize)]
pub(super) struct DatasetFront {
    pub(super) license: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) size_categories: Option<Vec<&'static str>>,
    pub(super) tags: Vec<String>,
}

/// The lines as they stand at the beginning of a card.
pub(super) fn written(front: &impl Serialize) -> Result<String> {
    let yaml = serde_saphyr::to_string(front).map_err(|error| Error::internal("writing a card", &error))?;
    Ok(format!("---\n{}\n---\n\n", yaml.trim_end()))
}

//! `job.json` of an export, and the report of its worker. `worker/README.md` describes the same fields for
//! the worker's side.

mod endpoint;
mod gguf;
mod merge;
mod publish;
mod register;
mod registration;
mod report;
mod way;

use std::path::{Path, PathBuf};

use python::EnvironmentKind;
use resources::{Model, ModelType};
use schema::{Choice, MappedDict as _, Resource as _, Row, TableName};
use serde::{Deserialize, Serialize};

use crate::spec::Source;

pub use endpoint::EndpointSettings;
pub use gguf::{GgufOf, GgufSettings, GgufType, OllamaSettings};
pub use merge::{MergePrecision, MergeSettings};
pub use publish::{PublishSettings, Published};
pub use register::RegisterSettings;
pub use registration::RegistrationSettings;
pub use report::{ExportCheck, ExportReport, ExportedFile};
pub use way::Way;

/// The most texts that a result is compared on.
pub const MOST_SAMPLES: usize = 8;

/// A frozen export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ExportSpec {
    /// The version of the run folder's contract, [`crate::spec::VERSION`].
    pub version: u32,
    /// `export`.
    pub kind: ExportKind,
    /// The run's id.
    pub id: String,
    /// What lists call the run.
    pub name: String,
    /// The model, or the base model of the adapter; none for a dataset.
    pub model: Option<Source>,
    /// The adapter; none for a model alone.
    pub adapter: Option<Source>,
    /// The dataset, where one is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<Source>,
    /// Whether the adapter was trained on quantized weights of the model, or on a quantized copy of it.
    #[serde(default)]
    pub trained_quantized: bool,
    /// The folder or the file that is written, which must not exist yet; none where nothing is written here.
    pub to: Option<String>,
    /// Up to [`MOST_SAMPLES`] texts with which the result is compared with what it was made from.
    pub samples: Vec<String>,
    /// The seed of every random choice.
    pub seed: u32,
    /// What is written, and how.
    #[serde(flatten)]
    pub way: Way,
}

/// The kind of run, as `job.json` has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ExportKind {
    /// The only one.
    #[default]
    Export,
}

impl ExportSpec {
    /// The environment that the run is carried out in.
    pub const fn environment(&self) -> EnvironmentKind {
        self.way.environment()
    }

    /// Where the worker writes before it renames what it wrote.
    pub fn partial(&self) -> Option<PathBuf> {
        let to = Path::new(self.to.as_deref()?);
        Some(to.with_file_name(format!(".{}.{}.partial", to.file_name()?.to_string_lossy(), self.id)))
    }

    /// The report with the place of the result on this machine: the worker of a compute target names one there.
    pub fn at_home(&self, report: ExportReport) -> ExportReport {
        let output = report.output.map(|output| self.to.clone().unwrap_or(output));
        ExportReport { output, ..report }
    }

    /// The row to register for a result at that path or address; none where none was asked for.
    pub fn made(&self, output: &str) -> Option<(TableName, Row)> {
        match &self.way {
            Way::Merge(settings) if settings.register => {
                let from = [&self.model, &self.adapter].into_iter().flatten();
                let from: Vec<&str> = from.map(|source| source.name.as_str()).collect();
                let model = Model {
                    r#type: Some(Choice::Known(ModelType::Project)),
                    name: Some(self.name.clone()),
                    description: Some(format!("Merged from {}.", from.join(" and "))),
                    location: Some(output.to_owned()),
                    ..Model::default()
                };
                Some((Model::NAME, model.to_dict()))
            }
            Way::Merge(_)
            | Way::Gguf(_)
            | Way::Ollama(_)
            | Way::Publish(_)
            | Way::Mlflow(_)
            | Way::Endpoint(_)
            | Way::Registration(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_frozen_export_has_its_way_beside_its_settings() {
        let job = json!({
            "version": 1, "kind": "export", "id": "1", "name": "Merged", "way": "merge",
            "model": {"id": "m", "name": "Base", "source": "/base"},
            "adapter": {"id": "a", "name": "Labels", "source": "/adapter"},
            "trained_quantized": false, "to": "/merged",
            "settings": {"precision": "bfloat16", "shard_size": null, "register": true},
            "samples": ["text"], "seed": 42,
        });
        let spec: ExportSpec = serde_json::from_value(job.clone()).unwrap();
        let settings =
            MergeSettings { precision: Some(MergePrecision::Bfloat16), shard_size: None, register: true };
        assert_eq!(spec.way, Way::Merge(settings));
        assert_eq!(serde_json::to_value(&spec).unwrap(), job);
    }
}

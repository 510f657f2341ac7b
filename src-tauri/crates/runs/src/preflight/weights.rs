//! The models and adapters of a job.

use std::path::Path;

use ::weights::PlaceState;
use inspect::WeightsSource;
use resources::{Adapter, AdapterType, EvaluationJob, FineTuningJob, Model, ModelType};
use schema::{Choice, Result, column};

use super::context::Preflight;
use crate::spec::Source;

impl Preflight<'_> {
    /// Where the model with that id is loaded from; none where it is not there or can't be loaded.
    pub(crate) async fn model(&mut self, id: &str) -> Result<Option<Source>> {
        let column = column!(FineTuningJob, base_model_id);
        let Some(model) = self.row::<Model>(id).await? else { return Ok(None) };
        let source = match model.row.r#type.as_ref().and_then(Choice::known) {
            Some(ModelType::ModelRegistry) => {
                self.diagnostics.refuse(
                    column,
                    "Models of a registry can't be loaded on this machine. Choose a folder or a hub model.",
                );
                None
            }
            Some(ModelType::Huggingface) => {
                let name = model.row.huggingface_model_name.as_deref().unwrap_or_default();
                self.cached_or_hub(name, column)
            }
            _ => {
                let place = self.runs.inspector.model(&WeightsSource::Id(id.to_owned())).await?.place;
                let there = place.state == PlaceState::There;
                if !there {
                    self.diagnostics.refuse(column, place.message);
                }
                self.folder(model.row.typed.location, there)
            }
        };
        Ok(source.map(|source| Source { id: id.to_owned(), name: model.label, source }))
    }

    /// Where the adapter with that id is loaded from, to be used with that model; none where it is
    /// not there or can't be loaded.
    pub(crate) async fn adapter(&mut self, id: &str, model: &str) -> Result<Option<Source>> {
        let column = column!(EvaluationJob, adapter_id);
        let Some(adapter) = self.row::<Adapter>(id).await? else { return Ok(None) };
        if adapter.row.model_id.as_ref().is_some_and(|own| own.as_str() != model) {
            // The sentence of the job's own rule, so that it is kept once.
            self.diagnostics.refuse(column, "This adapter was trained on another base model.");
        }
        let source = match adapter.row.r#type.as_ref().and_then(Choice::known) {
            Some(AdapterType::ModelRegistry) => {
                self.diagnostics.refuse(column, "Adapters of a registry can't be loaded on this machine.");
                None
            }
            Some(AdapterType::Huggingface) => {
                let name = adapter.row.huggingface_name.as_deref().unwrap_or_default();
                self.cached_or_hub(name, column)
            }
            _ => {
                let facts =
                    self.runs.inspector.adapter(&WeightsSource::Id(id.to_owned()), Some(model)).await?;
                let there = facts.place.state == PlaceState::There;
                if !there {
                    let message = format!("'{}': {}", adapter.label, facts.place.message);
                    self.diagnostics.refuse(column, message);
                }
                for misfit in facts.misfits {
                    self.diagnostics.warn(column, misfit);
                }
                self.folder(adapter.row.typed.location, there)
            }
        };
        Ok(source.map(|source| Source { id: id.to_owned(), name: adapter.label, source }))
    }

    /// A folder of the user's own, if its weights are complete.
    fn folder(&mut self, location: Option<String>, there: bool) -> Option<String> {
        if let Some(folder) = &location {
            self.inputs.add_file(Path::new(folder));
        }
        location.filter(|_| there)
    }

    /// The folder in the local cache of the hub; else the name, unless the program works offline.
    fn cached_or_hub(&mut self, name: &str, column: &str) -> Option<String> {
        let cached = self.runs.hub.cached_model(name);
        self.inputs.add_cached(name, cached.as_deref());
        if let Some(folder) = cached {
            return Some(folder.display().to_string());
        }
        if self.runs.hub.is_offline() {
            self.diagnostics.refuse(
                column,
                format!(
                    "{name} is not in the local cache, and the program is set to work offline. \
                     Go online in Settings, or choose a folder."
                ),
            );
            return None;
        }
        self.diagnostics
            .warn(column, format!("{name} is not in the local cache: it is fetched from the hub first."));
        Some(name.to_owned())
    }
}

//! The models and adapters of a job.

use std::path::Path;

use ::weights::{Place, PlaceState};
use hub::{Cached, CachedKind, CachedState, DatasetPart};
use inspect::{AdapterReport, WeightsSource};
use resources::{Adapter, AdapterType, FineTuningJob, Model, ModelType};
use schema::{Choice, Result, column};

use super::{context::Preflight, fetch::Wanted};
use run_folder::spec::Source;

impl Preflight<'_> {
    /// Where the model with that id is loaded from; none where it is not there or can't be loaded.
    pub(crate) async fn model(&mut self, id: &str) -> Result<Option<Source>> {
        let column = column!(FineTuningJob, base_model_id);
        let Some(model) = self.row::<Model>(id).await? else { return Ok(None) };
        let source = match model.row.r#type.as_ref().and_then(Choice::known) {
            Some(ModelType::ModelRegistry) => {
                self.diagnostics.refuse(
                    column,
                    "Models of a registry can't be loaded on this machine. Choose a folder or a Hub model.",
                );
                None
            }
            Some(ModelType::Huggingface) => {
                let name = model.row.huggingface_model_name.as_deref().unwrap_or_default();
                let place = self.runs.inspector.model(&WeightsSource::Id(id.to_owned())).await?.place;
                self.cached_or_hub(CachedKind::Model, name, column, &place).await?
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
        Ok(source.map(|source| Source::new(id, &model.label, source)))
    }

    /// Where the adapter with that id is loaded from, to be used with that model; none where it is
    /// not there or can't be loaded. `column` is the field that names it.
    pub(crate) async fn adapter(&mut self, id: &str, model: &str, column: &str) -> Result<Option<Source>> {
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
                let report = self.inspected_adapter(id, model, column).await?;
                self.cached_or_hub(CachedKind::Adapter, name, column, &report.place).await?
            }
            _ => {
                let place = self.inspected_adapter(id, model, column).await?.place;
                let there = place.state == PlaceState::There;
                if !there {
                    self.diagnostics.refuse(column, format!("'{}': {}", adapter.label, place.message));
                }
                self.folder(adapter.row.typed.location, there)
            }
        };
        Ok(source.map(|source| Source::new(id, &adapter.label, source)))
    }

    /// What is known of an adapter beside a model, with warnings of what does not fit.
    async fn inspected_adapter(&mut self, id: &str, model: &str, column: &str) -> Result<AdapterReport> {
        let report = self.runs.inspector.adapter(&WeightsSource::Id(id.to_owned()), Some(model)).await?;
        let notes = report.facts.as_ref().map(|facts| &facts.notes).into_iter().flatten();
        for message in notes.chain(&report.misfits) {
            self.diagnostics.warn(column, message);
        }
        Ok(report)
    }

    /// A folder of the user's own, if its weights are complete.
    fn folder(&mut self, location: Option<String>, there: bool) -> Option<String> {
        if let Some(folder) = &location {
            self.inputs.add_file(Path::new(folder));
        }
        location.filter(|_| there)
    }

    /// The folder in the local cache of the Hub; else the name, of which the missing files are fetched
    /// unless the program works offline.
    async fn cached_or_hub(
        &mut self,
        kind: CachedKind,
        name: &str,
        column: &str,
        place: &Place,
    ) -> Result<Option<String>> {
        let cached = self.runs.hub.cached_repository(name);
        let folder = cached.as_ref().filter(|cached| !cached.revision.is_empty());
        self.inputs.add_cached(name, folder.map(|cached| Path::new(&cached.folder)));
        // A download may go on in the same folder.
        if place.state == PlaceState::Incomplete {
            self.inputs.set_incomplete();
        }
        let lacking = match cached {
            Some(Cached { state: CachedState::Complete, .. }) if place.state == PlaceState::Incomplete => {
                self.diagnostics.refuse(column, format!("{name}, in the local cache: {}", place.message));
                return Ok(None);
            }
            Some(Cached { state: CachedState::Complete, folder, .. }) => return Ok(Some(folder)),
            Some(_) => "is not completely in the local cache",
            None => "is not in the local cache",
        };
        if self.runs.hub.is_offline() {
            self.diagnostics.refuse(
                column,
                format!(
                    "{name} {lacking}, and the program is set to work offline. \
                     Go online in Settings, or choose a folder."
                ),
            );
            return Ok(None);
        }
        self.plan_fetch(Wanted { kind, name, part: DatasetPart::default() }, column, lacking).await?;
        Ok(Some(name.to_owned()))
    }
}

//! The properties of the store's models and adapters, read from their folders or from the local cache of
//! the Hub, and whether adapters fit their models.
//!
//! May use: `schema`, `platform`, `resources`, `weights`, `hub`, `store`.

mod check;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use hub::{Cached, Hub};
use platform::{absolute, blocking};
use resources::{Adapter, AdapterType, Model, ModelType};
use schema::{Choice, ErrorCode, Resource, Result, Row, Stored, TableName};
use store::{ListQuery, Store, UseSample};
use weights::{AdapterFacts, BaseModel, ModelFacts, Modules, Place, PlaceState, Tensors, Weights};

/// Where the weights to be read are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum WeightsSource {
    /// A row, by its id.
    Id(String),
    /// A folder.
    Folder(PathBuf),
}

/// A model and its properties.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ModelReport {
    /// Where its weights are.
    pub place: Place,
    /// Its properties, if its files are on this machine.
    pub facts: Option<ModelFacts>,
}

/// An adapter, its properties and its base model.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct AdapterReport {
    /// Where its weights are.
    pub place: Place,
    /// Its properties, if its files are on this machine.
    pub facts: Option<AdapterFacts>,
    /// The models of the store that it names as its base model.
    pub bases: Vec<UseSample>,
    /// Why it may not fit the model it was compared with, in sentences.
    pub misfits: Vec<String>,
}

/// Reads the folders of models and adapters. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Inspector {
    store: Store,
    hub: Hub,
}

impl Inspector {
    /// Inspects the rows of a store; models on the Hub are read from its cache.
    pub fn new(store: Store, hub: Hub) -> Self {
        Self { store, hub }
    }

    /// Reads a folder with a model or an adapter.
    pub async fn folder(&self, folder: &Path) -> Result<Weights> {
        let folder = PathBuf::from(absolute(&text_of(folder)));
        blocking("reading a folder", move || Weights::read(&folder)).await
    }

    /// Reads a model.
    pub async fn model(&self, source: &WeightsSource) -> Result<ModelReport> {
        let model = self.model_row(source).await?;
        let hub = self.hub.clone();
        blocking("reading a model", move || Ok(read_model(&hub, &model).0)).await
    }

    /// The properties of a model, if its files are on this machine, and the modules that LoRA can change.
    pub async fn modules(&self, source: &WeightsSource) -> Result<(Option<ModelFacts>, Modules)> {
        let model = self.model_row(source).await?;
        let hub = self.hub.clone();
        blocking("reading the modules of a model", move || {
            let (report, tensors) = read_model(&hub, &model);
            let modules =
                report.facts.as_ref().map(|facts| Modules::new(facts, &tensors)).unwrap_or_default();
            Ok((report.facts, modules))
        })
        .await
    }

    async fn model_row(&self, source: &WeightsSource) -> Result<Model> {
        match source {
            WeightsSource::Id(id) => self.typed_row(id).await,
            // A row without a type is treated as a folder.
            WeightsSource::Folder(folder) => {
                Ok(Model { location: Some(text_of(folder)), ..Model::default() })
            }
        }
    }

    /// Reads an adapter and compares it with a model. `model` is the id of a model; `None` for the
    /// adapter's base model.
    pub async fn adapter(&self, source: &WeightsSource, model: Option<&str>) -> Result<AdapterReport> {
        let adapter = match source {
            WeightsSource::Id(id) => self.typed_row(id).await?,
            WeightsSource::Folder(folder) => {
                Adapter { location: Some(text_of(folder)), ..Adapter::default() }
            }
        };
        let model = match model.or(adapter.model_id.as_ref().map(|id| id.as_str())) {
            Some(id) => match self.typed_row::<Model>(id).await {
                Ok(model) => Some(model),
                // A check reports the reference; the adapter's own properties are shown all the same.
                Err(error) if error.code == ErrorCode::NotFound => None,
                Err(error) => return Err(error),
            },
            None => None,
        };
        let hub = self.hub.clone();
        let mut report = blocking("reading an adapter", move || {
            let (mut report, tensors) = read_adapter(&hub, &adapter);
            if let (Some(facts), Some(model)) = (&report.facts, &model) {
                report.misfits = misfits(facts, &tensors, model, &read_model(&hub, model));
            }
            Ok(report)
        })
        .await?;
        let base = report.facts.as_ref().and_then(|facts| facts.base_model.as_deref());
        if let Some(base) = base {
            report.bases = self.models_named(BaseModel(base)).await?;
        }
        Ok(report)
    }

    /// The models of the store to which a name or a path refers.
    async fn models_named(&self, base: BaseModel<'_>) -> Result<Vec<UseSample>> {
        let mut found: Vec<UseSample> = Vec::new();
        // The search returns candidates; `BaseModel::is` decides.
        let name = base.hub_name();
        let words = [Some(base.0), name.as_deref()].into_iter().flatten();
        for word in words.flat_map(|text| [text.trim_end_matches('/').to_owned(), text.replace('/', "--")]) {
            let query = ListQuery { search: Some(word), limit: 1_000, ..ListQuery::default() };
            for row in self.store.list(TableName::Models, &query).await?.rows {
                let id = id_of(&row.row);
                let known = found.iter().any(|sample| sample.id == id);
                if !known && base.is(&Stored::<Model>::from_row(row.row)) {
                    found.push(UseSample { id, label: row.label });
                }
            }
        }
        Ok(found)
    }

    /// The row with this id.
    async fn typed_row<R: Resource>(&self, id: &str) -> Result<R> {
        Ok(Stored::from_row(self.store.get(R::NAME, id).await?.row).typed)
    }
}

fn read_model(hub: &Hub, model: &Model) -> (ModelReport, Tensors) {
    let place = match model.r#type.as_ref().and_then(Choice::known) {
        Some(ModelType::Huggingface) => on_hub(hub, model.huggingface_model_name.as_deref()),
        Some(ModelType::ModelRegistry) => in_registry(),
        _ => in_folder(model.location.as_deref()),
    };
    let (place, read) = read_place(place, ModelFacts::read_with_tensors);
    let (facts, tensors) = read.unzip();
    let place = facts.as_ref().map_or(place.clone(), |f| lacking(place, &f.missing, &f.problems));
    (ModelReport { place, facts }, tensors.unwrap_or_default())
}

fn read_adapter(hub: &Hub, adapter: &Adapter) -> (AdapterReport, Tensors) {
    let place = match adapter.r#type.as_ref().and_then(Choice::known) {
        Some(AdapterType::Huggingface) => on_hub(hub, adapter.huggingface_name.as_deref()),
        Some(AdapterType::ModelRegistry) => in_registry(),
        // Rows of the reference studio have a folder and no type.
        _ => in_folder(adapter.location.as_deref()),
    };
    let (place, read) = read_place(place, AdapterFacts::read_with_tensors);
    let (facts, tensors) = read.unzip();
    let place = facts.as_ref().map_or(place.clone(), |f| lacking(place, &f.missing, &f.problems));
    let report = AdapterReport { place, facts, bases: Vec::new(), misfits: Vec::new() };
    (report, tensors.unwrap_or_default())
}

/// Reads the folder of a place if it exists. If it can't be parsed, the place is incomplete.
fn read_place<T>(place: Place, read: impl FnOnce(&Path) -> Result<T>) -> (Place, Option<T>) {
    let exists = matches!(place.state, PlaceState::There | PlaceState::Incomplete);
    let folder = place.folder.as_deref().filter(|_| exists);
    match folder.map(|folder| read(Path::new(folder))) {
        Some(Ok(read)) => (place, Some(read)),
        Some(Err(error)) => {
            let sentences = [Some(error.message), error.hint];
            let message = sentences.into_iter().flatten().collect::<Vec<_>>().join(" ");
            (lacking(place, &[], &[message]), None)
        }
        None => (place, None),
    }
}

/// Incomplete, if there are missing files or problems. Of a download that is known to be unfinished, that
/// is what is said.
fn lacking(place: Place, missing: &[String], problems: &[String]) -> Place {
    if place.state == PlaceState::Incomplete { place } else { place.lacking(missing, problems) }
}

fn on_hub(hub: &Hub, name: Option<&str>) -> Place {
    match name.and_then(|name| hub.cached_repository(name)) {
        Some(Cached { folder, problem, .. }) => {
            let place = Place { cached: true, ..Place::folder(Path::new(&folder)) };
            match problem {
                Some(problem) => place.lacking(&[], &[problem]),
                None => Place { message: "In the Hub's local cache.".to_owned(), ..place },
            }
        }
        None => Place::new(PlaceState::Hub, "On the Hub, not in the local cache."),
    }
}

fn in_folder(location: Option<&str>) -> Place {
    match location {
        Some(location) => Place::folder(Path::new(&absolute(location))),
        None => Place::new(PlaceState::Missing, "No folder is set."),
    }
}

fn in_registry() -> Place {
    Place::new(PlaceState::Registry, "In the registry, to which the program has no access.")
}

/// Why an adapter may not fit a model.
fn misfits(
    facts: &AdapterFacts,
    adapter: &Tensors,
    model: &Model,
    (report, weights): &(ModelReport, Tensors),
) -> Vec<String> {
    let other = facts.base_model.as_deref().filter(|base| !BaseModel(base).is(model)).map(|base| {
        let called = model.name.as_deref().or(model.huggingface_model_name.as_deref()).unwrap_or_default();
        format!("The adapter's configuration names the base model {base}, not {called}.")
    });
    let known = report.facts.as_ref();
    let shapes = known.map(|known| weights::misfits(facts, adapter, known, weights)).unwrap_or_default();
    other.into_iter().chain(shapes).collect()
}

fn text_of(folder: &Path) -> String {
    folder.display().to_string()
}

fn id_of(row: &Row) -> String {
    row.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_owned()
}

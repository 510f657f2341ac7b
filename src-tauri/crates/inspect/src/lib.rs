//! What the models and adapters of the store are, read from their folders or from the local cache
//! of the hub.
//!
//! May use: `schema`, `platform`, `resources`, `weights`, `hub`, `store`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use hub::Hub;
use platform::absolute;
use platform::blocking;
use resources::Adapter;
use resources::AdapterType;
use resources::Model;
use resources::ModelType;
use schema::Choice;
use schema::ErrorCode;
use schema::Resource;
use schema::Result;
use schema::TableName;
use schema::lenient;
use store::Finding;
use store::FindingSeverity;
use store::ListQuery;
use store::Listed;
use store::UseSample;
use store::{Remedy, Store};
use weights::AdapterFacts;
use weights::BaseModel;
use weights::ModelFacts;
use weights::Place;
use weights::PlaceState;
use weights::Tensors;
use weights::Weights;

/// A model: where it is and what it is.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct ModelReport {
    /// Where it is.
    pub place: Place,
    /// What it is, as far as its files are here.
    pub facts: Option<ModelFacts>,
}

/// An adapter: where it is, what it is, and which model it belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct AdapterReport {
    /// Where it is.
    pub place: Place,
    /// What it is, as far as its files are here.
    pub facts: Option<AdapterFacts>,
    /// The models here that it names as its base.
    pub bases: Vec<UseSample>,
    /// Why the model it was held against may be the wrong one, in sentences.
    pub misfits: Vec<String>,
}

/// Reads the folders of models and adapters. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Inspector {
    store: Store,
    hub: Hub,
}

impl Inspector {
    /// An inspector of the rows of a store and the cache of a hub.
    pub fn new(store: Store, hub: Hub) -> Self {
        Self { store, hub }
    }

    /// What the folder holds.
    pub async fn folder(&self, folder: &Path) -> Result<Weights> {
        let folder = PathBuf::from(absolute(&folder.display().to_string()));
        blocking("reading a folder", move || Weights::read(&folder)).await
    }

    /// What a model is. `source` is the id of a model or the path of a folder.
    pub async fn model(&self, source: &str) -> Result<ModelReport> {
        let model = match self.typed_row::<Model>(source).await? {
            Some(model) => model,
            // A row without a type is one of a folder.
            None => Model { location: Some(source.to_owned()), ..Model::default() },
        };
        let hub = self.hub.clone();
        blocking("reading a model", move || Ok(read_model(&hub, &model).0)).await
    }

    /// What an adapter is, and whether it fits a model. `source` is the id of an adapter or the
    /// path of a folder; it is held against its own base model unless `model` names another.
    pub async fn adapter(&self, source: &str, model: Option<&str>) -> Result<AdapterReport> {
        let adapter = match self.typed_row::<Adapter>(source).await? {
            Some(adapter) => adapter,
            None => Adapter { location: Some(source.to_owned()), ..Adapter::default() },
        };
        let model = match model.or(adapter.model_id.as_ref().map(|id| id.as_str())) {
            Some(id) => self.typed_row::<Model>(id).await?,
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
            report.bases = self.models_called(BaseModel(base)).await?;
        }
        Ok(report)
    }

    /// The models here that a name or a path means.
    async fn models_called(&self, base: BaseModel<'_>) -> Result<Vec<UseSample>> {
        let mut found: Vec<UseSample> = Vec::new();
        // The words of the name narrow the rows down; the rule decides.
        let name = base.hub_name();
        let words = [Some(base.0), name.as_deref()].into_iter().flatten();
        for word in words.flat_map(|text| [text.trim_end_matches('/').to_owned(), text.replace('/', "--")]) {
            let query = ListQuery { search: Some(word), limit: 1_000, ..ListQuery::default() };
            for row in self.store.list(TableName::Models, &query).await?.rows {
                let id = id_of(&row);
                let known = found.iter().any(|sample| sample.id == id);
                if !known && base.is(&lenient::<Model>(&row.row)) {
                    found.push(UseSample { id, label: row.label });
                }
            }
        }
        Ok(found)
    }

    /// Holds every adapter whose files are here against its model, and looks for incomplete
    /// weights.
    pub async fn check(&self) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for table in [TableName::Models, TableName::Adapters] {
            let mut query = ListQuery { limit: 1_000, ..ListQuery::default() };
            loop {
                let rows = self.store.list(table, &query).await?.rows;
                let last = rows.len() < query.limit as usize;
                query.offset += query.limit;
                for row in rows {
                    self.check_row(table, &row, &mut findings).await?;
                }
                if last {
                    break;
                }
            }
        }
        Ok(findings)
    }

    async fn check_row(&self, table: TableName, row: &Listed, findings: &mut Vec<Finding>) -> Result<()> {
        let id = id_of(row);
        let (place, misfits) = match table {
            TableName::Models => (self.model(&id).await?.place, Vec::new()),
            _ => {
                let report = self.adapter(&id, None).await?;
                (report.place, report.misfits)
            }
        };
        // A cache is allowed to hold only a part, and a folder that isn't there is said already.
        let broken = place.state == PlaceState::Incomplete && !place.cached;
        let broken = broken.then_some(("location", place.message));
        let found = broken.into_iter().chain(misfits.into_iter().map(|message| ("model_id", message)));
        findings.extend(found.map(|(column, message)| Finding {
            severity: FindingSeverity::Warning,
            table: Some(table),
            id: Some(id.clone()),
            column: Some(column.to_owned()),
            message: format!("'{}': {message}", row.label),
            remedy: Some(Remedy::Edit),
        }));
        Ok(())
    }

    /// The row with that id; none where the text is no id but may be a path.
    async fn typed_row<R: Resource>(&self, source: &str) -> Result<Option<R>> {
        match self.store.get(R::NAME, source).await {
            Ok(listed) => Ok(Some(lenient(&listed.row))),
            // What looks like an id is not taken for a folder's name.
            Err(error) if error.code == ErrorCode::NotFound && uuid::Uuid::parse_str(source).is_err() => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
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
    let place = facts.as_ref().map_or(place.clone(), |f| place.lacking(&f.missing, &f.problems));
    (ModelReport { place, facts }, tensors.unwrap_or_default())
}

fn read_adapter(hub: &Hub, adapter: &Adapter) -> (AdapterReport, Tensors) {
    let place = match adapter.r#type.as_ref().and_then(Choice::known) {
        Some(AdapterType::Huggingface) => on_hub(hub, adapter.huggingface_name.as_deref()),
        Some(AdapterType::ModelRegistry) => in_registry(),
        // Rows of the reference studio have no type, and a folder.
        _ => in_folder(adapter.location.as_deref()),
    };
    let (place, read) = read_place(place, AdapterFacts::read_with_tensors);
    let (facts, tensors) = read.unzip();
    let place = facts.as_ref().map_or(place.clone(), |f| place.lacking(&f.missing, &f.problems));
    let report = AdapterReport { place, facts, bases: Vec::new(), misfits: Vec::new() };
    (report, tensors.unwrap_or_default())
}

/// Reads the folder of a place, if it is there; a folder that can't be parsed is incomplete.
fn read_place<T>(place: Place, read: impl FnOnce(&Path) -> Result<T>) -> (Place, Option<T>) {
    let folder = place.folder.as_deref().filter(|_| place.state == PlaceState::There);
    match folder.map(|folder| read(Path::new(folder))) {
        Some(Ok(read)) => (place, Some(read)),
        Some(Err(error)) => (place.lacking(&[], &[error.message]), None),
        None => (place, None),
    }
}

fn on_hub(hub: &Hub, name: Option<&str>) -> Place {
    match name.and_then(|name| hub.cached_model(name)) {
        Some(folder) => {
            let message = "In the local cache of the hub.".to_owned();
            Place { cached: true, message, ..Place::folder(&folder) }
        }
        None => Place::new(PlaceState::Hub, "On the hub; nothing of it is in the local cache."),
    }
}

fn in_folder(location: Option<&str>) -> Place {
    match location {
        Some(location) => Place::folder(Path::new(&absolute(location))),
        None => Place::new(PlaceState::Missing, "No folder is set."),
    }
}

fn in_registry() -> Place {
    Place::new(PlaceState::Registry, "In the registry, which is not asked from here.")
}

/// Why a model may be the wrong one for an adapter.
fn misfits(
    facts: &AdapterFacts,
    adapter: &Tensors,
    model: &Model,
    (report, weights): &(ModelReport, Tensors),
) -> Vec<String> {
    let other = facts.base_model.as_deref().filter(|base| !BaseModel(base).is(model)).map(|base| {
        let called = model.name.as_deref().or(model.huggingface_model_name.as_deref()).unwrap_or_default();
        format!("The adapter says that it was trained on {base}, not on {called}.")
    });
    let known = report.facts.as_ref();
    let shapes = known.map(|known| weights::misfits(facts, adapter, known, weights)).unwrap_or_default();
    other.into_iter().chain(shapes).collect()
}

fn id_of(listed: &Listed) -> String {
    listed.row.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_owned()
}

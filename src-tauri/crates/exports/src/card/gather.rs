//! What a card says, from the rows of the store, the run that trained, evaluations, and what is known of the
//! base model.

use std::path::{Path, PathBuf};

use hub::{Hub, HubFacts, HubKind};
use resources::{Adapter, Dataset, EvaluationJob, Model, Tuning, hub_name_in_path};
use run_folder::{
    folder::RunFolder,
    spec::{Spec, Task, TrainingSpec},
};
use schema::{ErrorCode, Resource, Result, TextEnum as _};
use serde_json::{Map, Value};
use store::Store;

use super::{
    dataset::DatasetCard,
    metrics::{self, CardEvaluation},
    model::{ModelCard, Relation},
};

/// Parts of the names of settings that say where something is on this machine, or what it is called here.
const OWN: [&str; 6] = ["dir", "path", "token", "hub_", "run_name", "report_to"];

/// Makes cards of the rows of a store.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cards<'a> {
    store: &'a Store,
    hub: &'a Hub,
}

impl<'a> Cards<'a> {
    /// Cards of the rows of a store.
    pub(crate) const fn new(store: &'a Store, hub: &'a Hub) -> Self {
        Self { store, hub }
    }

    /// The card of an adapter, or of the model that it is merged into. `base` is the name of the base model on
    /// the Hub where the rows do not say it.
    pub(crate) async fn adapter(
        &self,
        id: &str,
        relation: Relation,
        base: Option<&str>,
    ) -> Result<ModelCard> {
        let adapter = self.store.stored::<Adapter>(id).await?.typed;
        let model = match &adapter.model_id {
            Some(id) => self.found::<Model>(id.as_str()).await?,
            None => None,
        };
        let base = base.map(str::to_owned).or_else(|| model.as_ref().and_then(hub_name));
        let mut card = ModelCard {
            name: adapter.name.clone().unwrap_or_else(|| "Adapter".to_owned()),
            license: self.license(base.as_deref(), model.as_ref()).await?,
            base_model: base,
            relation: Some(relation),
            tags: vec!["lora".to_owned()],
            ..ModelCard::default()
        };
        if let Some(job) = &adapter.fine_tuning_job_id {
            self.add_training(&mut card, &RunFolder::new(self.store.path(), job.as_str())).await?;
        }
        self.add_evaluations(&mut card, |job| job.adapter_id.as_ref().is_some_and(|of| of.as_str() == id))
            .await?;
        Ok(card)
    }

    /// The card of a model.
    pub(crate) async fn model(&self, id: &str, base: Option<&str>) -> Result<ModelCard> {
        let model = self.store.stored::<Model>(id).await?.typed;
        let license = self.license(base, Some(&model)).await?;
        let mut card = ModelCard {
            name: model.name.clone().unwrap_or_else(|| "Model".to_owned()),
            relation: base.map(|_| Relation::Finetune),
            base_model: base.map(str::to_owned),
            license,
            ..ModelCard::default()
        };
        let is_alone = |job: &EvaluationJob| {
            job.adapter_id.is_none() && job.base_model_id.as_ref().is_some_and(|of| of.as_str() == id)
        };
        self.add_evaluations(&mut card, is_alone).await?;
        Ok(card)
    }

    /// The card of a dataset.
    pub(crate) async fn dataset(&self, id: &str) -> Result<DatasetCard> {
        let dataset = self.store.stored::<Dataset>(id).await?.typed;
        let reading = self.store.last_reading(id).await?;
        let rows = reading.as_ref().map(|reading| reading.rows);
        let splits = splits_of(dataset.location.as_deref(), rows).await;
        Ok(DatasetCard {
            columns: dataset.column_names().unwrap_or_default(),
            splits,
            rows,
            hash: reading.map(|reading| reading.hash),
            name: dataset.name.unwrap_or_else(|| "Dataset".to_owned()),
        })
    }

    /// The license of a base model, as the Hub or its own README gives it.
    async fn license(&self, name: Option<&str>, model: Option<&Model>) -> Result<Option<String>> {
        if let Some(name) = name {
            let known = self.store.hub_answer(HubKind::Model.into_str(), name).await?;
            let facts = known.and_then(|record| serde_json::from_str::<HubFacts>(&record.facts).ok());
            if let Some(license) = facts.and_then(|facts| facts.license) {
                return Ok(Some(license));
            }
            if let Some(license) = self.hub.cached_model(name).and_then(|folder| license_in(&folder)) {
                return Ok(Some(license));
            }
        }
        let folder = model.and_then(|model| model.location.as_deref());
        Ok(folder.and_then(|folder| license_in(Path::new(folder))))
    }

    /// What the run of a training says, if its folder is still there.
    async fn add_training(&self, card: &mut ModelCard, folder: &RunFolder) -> Result<()> {
        let Ok(spec) = folder.spec() else { return Ok(()) };
        let Task::Training(training) = &spec.task else { return Ok(()) };
        let dataset = self.found::<Dataset>(&spec.dataset.id).await?;
        let named = dataset.and_then(|dataset| dataset.huggingface_name);
        card.training = training_of(&spec, training, named.as_deref());
        card.datasets.extend(named);
        card.settings = settings_of("", &training.training_arguments);
        if training.tuning == Tuning::Lora {
            card.settings.extend(settings_of("LoRA: ", &training.lora));
        }
        card.prompt = spec.prompt.and_then(|prompt| prompt.input_template);
        card.gives_scores = training.method.into_str() == "reward";
        card.tags.push(training.method.into_str().to_owned());
        Ok(())
    }

    async fn add_evaluations(
        &self,
        card: &mut ModelCard,
        is_of: impl Fn(&EvaluationJob) -> bool,
    ) -> Result<()> {
        let jobs = self.store.all_stored::<EvaluationJob>().await?;
        for job in jobs.into_iter().map(|job| job.typed).filter(|job| is_of(job)) {
            let Some(folder) = job.evaluation_dir.as_deref() else { continue };
            let metrics = metrics::of_folder(Path::new(folder));
            if metrics.is_empty() {
                continue;
            }
            let dataset = match &job.dataset_id {
                Some(id) => self.found::<Dataset>(id.as_str()).await?,
                None => None,
            };
            let dataset = dataset.unwrap_or_default();
            card.evaluations.push(CardEvaluation {
                dataset: dataset.name.unwrap_or_else(|| "held-out rows".to_owned()),
                hub_name: dataset.huggingface_name,
                metrics,
            });
        }
        Ok(())
    }

    /// A row, unless it was deleted.
    async fn found<R: Resource>(&self, id: &str) -> Result<Option<R>> {
        match self.store.stored::<R>(id).await {
            Ok(row) => Ok(Some(row.typed)),
            Err(error) if error.code == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The splits of a file or folder. The rows of several are only known together.
async fn splits_of(location: Option<&str>, rows: Option<u64>) -> Vec<(String, Option<u64>)> {
    let Some(path) = location.map(PathBuf::from) else { return Vec::new() };
    let names = platform::blocking("reading the splits", move || datasets::split_names(path));
    // What can't be read is said where the files are listed.
    let names = names.await.unwrap_or_default();
    let rows = rows.filter(|_| names.len() == 1);
    names.into_iter().map(|name| (name, rows)).collect()
}

/// The name of a model on the Hub, if it has one.
pub(crate) fn hub_name(model: &Model) -> Option<String> {
    model.huggingface_model_name.clone().or_else(|| hub_name_in_path(model.location.as_deref()?))
}

/// The license that the README of a folder gives.
fn license_in(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join("README.md")).ok()?;
    let (front, _) = text.strip_prefix("---\n")?.split_once("\n---")?;
    let front: Value = serde_saphyr::from_str(front).ok()?;
    // The Hub has the key `other` for licenses that it does not list; their name is in a key of its own.
    let name = front.get("license").and_then(Value::as_str).filter(|name| *name != "other");
    name.or_else(|| front.get("license_name")?.as_str()).map(str::to_owned)
}

fn training_of(spec: &Spec, training: &TrainingSpec, hub_name: Option<&str>) -> Vec<(String, String)> {
    let weights = match (training.tuning, training.lora.get("r").and_then(Value::as_u64)) {
        (Tuning::Full, _) => "All weights".to_owned(),
        (Tuning::Lora, Some(rank)) => format!("LoRA of rank {rank}"),
        (Tuning::Lora, None) => "LoRA".to_owned(),
    };
    let dataset = match hub_name {
        Some(name) => format!("[{name}](https://huggingface.co/datasets/{name})"),
        None => format!("{}, which is not on the Hub", spec.dataset.name),
    };
    let rows =
        spec.rows.as_ref().map(|rows| format!("{} to train on, {} to evaluate on", rows.train, rows.eval));
    let known = [
        ("Method", Some(training.method.label().to_owned())),
        ("Trained", Some(weights)),
        ("Base model quantized", training.quantization.as_ref().map(|_| "yes".to_owned())),
        ("Dataset", Some(dataset)),
        ("Rows", rows),
        ("Seed", Some(spec.seed.to_string())),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// Settings as text, without those that concern this machine.
fn settings_of(prefix: &str, settings: &Map<String, Value>) -> Vec<(String, String)> {
    let is_shown = |name: &str, value: &Value| {
        !OWN.iter().any(|part| name.contains(part))
            && !value.is_null()
            && !value.as_str().is_some_and(|text| text.contains(['/', '\\']))
    };
    let shown = settings.iter().filter(|(name, value)| is_shown(name, value));
    shown
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (format!("{prefix}{name}"), text)
        })
        .collect()
}

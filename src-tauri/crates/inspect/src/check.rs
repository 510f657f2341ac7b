//! What is wrong with the weights that rows refer to.

use std::collections::{HashMap, HashSet};

use hub::Hub;
use platform::blocking;
use resources::{Adapter, FineTuningJob, Model};
use schema::{Resource, Result, Stored, column};
use store::{Finding, FindingSeverity, Remedy};
use weights::{BITSANDBYTES, Place, PlaceState, asks_for_quantization};

use crate::{Inspector, id_of, misfits, read_adapter, read_model};

impl Inspector {
    /// Looks for incomplete weights, for adapters that do not fit their models, and for trainings that
    /// quantize what is quantized. Each folder is read once.
    pub async fn check(&self) -> Result<Vec<Finding>> {
        let rows = Rows {
            models: self.store.all_stored().await?,
            adapters: self.store.all_stored().await?,
            trainings: self.store.all_stored().await?,
        };
        let hub = self.hub.clone();
        blocking("reading the folders of models and adapters", move || Ok(check(&hub, &rows))).await
    }
}

/// The rows that are checked.
struct Rows {
    models: Vec<Stored<Model>>,
    adapters: Vec<Stored<Adapter>>,
    trainings: Vec<Stored<FineTuningJob>>,
}

fn check(hub: &Hub, Rows { models, adapters, trainings }: &Rows) -> Vec<Finding> {
    let named = |adapter: &Stored<Adapter>| adapter.model_id.as_ref().map(|id| id.as_str().to_owned());
    let bases: HashSet<String> = adapters.iter().filter_map(named).collect();
    let mut read = HashMap::new();
    let mut quantized = HashMap::new();
    let mut findings = Vec::new();
    for model in models {
        let (report, tensors) = read_model(hub, &model.typed);
        let said = report.facts.as_ref().map(|facts| (&*facts.problems, &*facts.notes)).unwrap_or_default();
        findings.extend(findings_of(
            model,
            column!(Model, huggingface_model_name),
            &report.place,
            said,
            Vec::new(),
        ));
        let id = id_of(&model.raw);
        if let Some(method) = report.facts.as_ref().and_then(|facts| facts.quantization.clone()) {
            quantized.insert(id.clone(), method);
        }
        if bases.contains(&id) {
            read.insert(id, (&model.typed, (report, tensors)));
        }
    }
    for adapter in adapters {
        let (report, tensors) = read_adapter(hub, &adapter.typed);
        let base = named(adapter).and_then(|id| read.get(&id));
        let misfits = match (&report.facts, base) {
            (Some(facts), Some((model, base))) => misfits(facts, &tensors, model, base),
            _ => Vec::new(),
        };
        let said = report.facts.as_ref().map(|facts| (&*facts.problems, &*facts.notes)).unwrap_or_default();
        findings.extend(findings_of(
            adapter,
            column!(Adapter, huggingface_name),
            &report.place,
            said,
            misfits,
        ));
    }
    findings.extend(trainings.iter().filter_map(|training| quantized_twice(training, &quantized)));
    findings
}

/// What is wrong with the weights of a row, and the problems and notes of its folder. `hub_column` is the
/// column with its name on the Hub.
fn findings_of<R: Resource>(
    row: &Stored<R>,
    hub_column: &str,
    place: &Place,
    (problems, notes): (&[String], &[String]),
    misfits: Vec<String>,
) -> Vec<Finding> {
    // A folder that does not exist is the store's finding.
    let column = if place.cached { hub_column } else { column!(Model, location) };
    let broken = (place.state == PlaceState::Incomplete).then(|| (column, place.message.clone()));
    // Those of an unfinished download follow from its being unfinished.
    let problems = problems.iter().filter(|problem| !place.cached && **problem != place.message);
    let said = problems.chain(notes).map(|sentence| (column, sentence.clone()));
    let misfits = misfits.into_iter().map(|message| (column!(Adapter, model_id), message));
    let found = broken.into_iter().chain(said).chain(misfits);
    found.map(|(column, message)| finding(row, column, &message)).collect()
}

fn finding<R: Resource>(row: &Stored<R>, column: &str, message: &str) -> Finding {
    Finding {
        severity: FindingSeverity::Warning,
        table: Some(R::NAME),
        id: Some(id_of(&row.raw)),
        column: Some(column.to_owned()),
        message: format!("'{}': {message}", R::TABLE.label_of(&row.raw)),
        remedy: Some(Remedy::Edit),
    }
}

/// A training that quantizes a model which is quantized in another way. `quantized` has the methods by
/// the ids of models.
fn quantized_twice(training: &Stored<FineTuningJob>, quantized: &HashMap<String, String>) -> Option<Finding> {
    let method = quantized.get(training.base_model_id.as_ref()?.as_str())?;
    let texts = [
        (column!(FineTuningJob, adapter_bnb_config), &training.adapter_bnb_config),
        (column!(FineTuningJob, model_bnb_config), &training.model_bnb_config),
    ];
    let asks = |text: &str| serde_json::from_str(text).is_ok_and(|settings| asks_for_quantization(&settings));
    let asking = texts.into_iter().find(|(_, text)| text.as_deref().is_some_and(asks));
    let (column, _) = asking.filter(|_| method != BITSANDBYTES)?;
    let message = format!("Its base model is quantized already ({method}), and can't be quantized again.");
    Some(finding(training, column, &message))
}

//! The shapes of the hub's answers. They may change; what is missing or of another kind counts as
//! not known.

use serde_json::{Map, Value};
use weights::{ModelFacts, Precision};

use super::{HubFacts, HubSplit};

type Object = Map<String, Value>;

/// `GET /api/models/{name}`.
pub(super) fn model(said: &Object, name: &str) -> HubFacts {
    let config = said.get("config").and_then(Value::as_object).map(ModelFacts::from_config);
    let config = config.unwrap_or_default();
    let safetensors = said.get("safetensors");
    let sizes = safetensors.and_then(|s| s.get("parameters")).and_then(Value::as_object);
    let mut precisions: Vec<Precision> = sizes
        .into_iter()
        .flatten()
        .filter_map(|(dtype, count)| Some(Precision { dtype: dtype.clone(), parameters: count.as_u64()? }))
        .collect();
    precisions.sort_by_key(|precision| std::cmp::Reverse(precision.parameters));
    let base = card(said, "base_model");
    let base = base.and_then(|base| base.as_str().or_else(|| base.get(0)?.as_str()));
    HubFacts {
        architectures: config.architectures,
        model_type: config.model_type,
        parameters: safetensors.and_then(|s| s.get("total")).and_then(Value::as_u64),
        precisions,
        base_model: base.map(str::to_owned),
        adapter: text(said, "library_name").as_deref() == Some("peft"),
        ..repository(said, name)
    }
}

/// `GET /api/datasets/{name}`.
pub(super) fn dataset(said: &Object, name: &str) -> HubFacts {
    let mut facts = HubFacts { description: text(said, "description"), ..repository(said, name) };
    dataset_info(&mut facts, card(said, "dataset_info"));
    facts
}

fn repository(said: &Object, name: &str) -> HubFacts {
    let license =
        card(said, "license").and_then(|license| license.as_str().or_else(|| license.get(0)?.as_str()));
    HubFacts {
        name: text(said, "id").unwrap_or_else(|| name.to_owned()),
        revision: text(said, "sha"),
        private: said.get("private").and_then(Value::as_bool).unwrap_or_default(),
        // `false`, or how access is granted: "auto", "manual".
        gated: said.get("gated").is_some_and(|gated| gated.as_bool().unwrap_or(gated.is_string())),
        license: license.map(str::to_owned),
        bytes: said.get("usedStorage").and_then(Value::as_u64),
        ..HubFacts::default()
    }
}

/// The information on a dataset's subsets: one alone, a list of them, or one by each name. The
/// default subset speaks for the dataset, else the first.
pub(super) fn dataset_info(facts: &mut HubFacts, info: Option<&Value>) {
    let subsets: Vec<(Option<&str>, &Value)> = match info {
        Some(Value::Array(list)) => list.iter().map(|one| (None, one)).collect(),
        Some(one @ Value::Object(map)) if map.contains_key("features") || map.contains_key("splits") => {
            vec![(None, one)]
        }
        Some(Value::Object(map)) => map.iter().map(|(name, one)| (Some(name.as_str()), one)).collect(),
        _ => return,
    };
    let name_of = |(name, one): &(Option<&str>, &Value)| {
        let told = one.get("config_name").and_then(Value::as_str);
        told.or(*name).map(str::to_owned)
    };
    let default = subsets.iter().find(|subset| name_of(subset).as_deref() == Some("default"));
    let Some(chosen) = default.or(subsets.first()) else { return };
    facts.columns = columns(chosen.1.get("features"));
    facts.splits = splits(chosen.1.get("splits"));
    facts.subset = name_of(chosen).filter(|_| subsets.len() > 1);
    let size = |name: &str| chosen.1.get(name).and_then(Value::as_u64);
    facts.bytes = facts.bytes.or_else(|| size("download_size")).or_else(|| size("dataset_size"));
}

/// A list with names, as in a card, or names with what they are.
fn columns(features: Option<&Value>) -> Option<Vec<String>> {
    let name = |one: &Value| one.get("name").and_then(Value::as_str).map(str::to_owned);
    match features? {
        Value::Array(list) => list.iter().map(name).collect(),
        Value::Object(map) => Some(map.keys().cloned().collect()),
        _ => None,
    }
}

fn splits(splits: Option<&Value>) -> Vec<HubSplit> {
    let split = |key: Option<&String>, one: &Value| {
        let name = one.get("name").and_then(Value::as_str).or(key.map(String::as_str))?.to_owned();
        Some(HubSplit { name, rows: one.get("num_examples").and_then(Value::as_u64) })
    };
    match splits {
        Some(Value::Array(list)) => list.iter().filter_map(|one| split(None, one)).collect(),
        Some(Value::Object(map)) => map.iter().filter_map(|(name, one)| split(Some(name), one)).collect(),
        _ => Vec::new(),
    }
}

fn card<'a>(said: &'a Object, name: &str) -> Option<&'a Value> {
    said.get("cardData")?.get(name)
}

fn text(said: &Object, name: &str) -> Option<String> {
    let text = said.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

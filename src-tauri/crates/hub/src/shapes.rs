//! Reads the Hub's answers. Their form may change: values that are missing or have another type count
//! as unknown.

use serde_json::{Map, Value};
use weights::{ModelFacts, Precision};

use super::{HubFacts, HubSplit};

type Object = Map<String, Value>;

/// `GET /api/models/{name}`.
pub(crate) fn model(answer: &Object, name: &str) -> HubFacts {
    let config = answer.get("config").and_then(Value::as_object).map(ModelFacts::from_config);
    let config = config.unwrap_or_default();
    let safetensors = answer.get("safetensors");
    let base = card(answer, "base_model");
    let base = base.and_then(|base| base.as_str().or_else(|| base.get(0)?.as_str()));
    HubFacts {
        architectures: config.architectures,
        model_type: config.model_type,
        parameters: safetensors.and_then(|s| s.get("total")).and_then(Value::as_u64),
        precisions: precisions(safetensors),
        base_model: base.map(str::to_owned),
        adapter: text(answer, "library_name").as_deref() == Some("peft"),
        ..repository(answer, name)
    }
}

/// `GET /api/datasets/{name}`.
pub(crate) fn dataset(answer: &Object, name: &str) -> HubFacts {
    let mut facts = HubFacts { description: text(answer, "description"), ..repository(answer, name) };
    dataset_info(&mut facts, card(answer, "dataset_info"));
    facts
}

fn repository(answer: &Object, name: &str) -> HubFacts {
    let license =
        card(answer, "license").and_then(|license| license.as_str().or_else(|| license.get(0)?.as_str()));
    HubFacts {
        name: text(answer, "id").unwrap_or_else(|| name.to_owned()),
        revision: text(answer, "sha"),
        private: answer.get("private").and_then(Value::as_bool).unwrap_or_default(),
        gated: is_gated(answer),
        license: license.map(str::to_owned),
        bytes: answer.get("usedStorage").and_then(Value::as_u64),
        ..HubFacts::default()
    }
}

/// The number formats in `safetensors`, the most common first.
pub(crate) fn precisions(safetensors: Option<&Value>) -> Vec<Precision> {
    let counts = safetensors.and_then(|s| s.get("parameters")).and_then(Value::as_object);
    let mut precisions: Vec<Precision> = counts
        .into_iter()
        .flatten()
        .filter_map(|(dtype, count)| Some(Precision { dtype: dtype.clone(), parameters: count.as_u64()? }))
        .collect();
    precisions.sort_by_key(|precision| std::cmp::Reverse(precision.parameters));
    precisions
}

/// Whether access must be requested: `gated` is `false`, or says how access is granted ("auto", "manual").
pub(crate) fn is_gated(answer: &Object) -> bool {
    answer.get("gated").is_some_and(|gated| gated.as_bool().unwrap_or(gated.is_string()))
}

/// Reads the information on a dataset's subsets: one, a list, or a map by name. The subset `default` is
/// used, else the first.
pub(crate) fn dataset_info(facts: &mut HubFacts, info: Option<&Value>) {
    let subsets: Vec<(Option<&str>, &Value)> = match info {
        Some(Value::Array(list)) => list.iter().map(|one| (None, one)).collect(),
        Some(one @ Value::Object(map)) if map.contains_key("features") || map.contains_key("splits") => {
            vec![(None, one)]
        }
        Some(Value::Object(map)) => map.iter().map(|(name, one)| (Some(name.as_str()), one)).collect(),
        _ => return,
    };
    let name_of = |(name, one): &(Option<&str>, &Value)| {
        let own = one.get("config_name").and_then(Value::as_str);
        own.or(*name).map(str::to_owned)
    };
    let default = subsets.iter().find(|subset| name_of(subset).as_deref() == Some("default"));
    let Some(chosen) = default.or(subsets.first()) else { return };
    facts.columns = columns(chosen.1.get("features"));
    facts.splits = splits(chosen.1.get("splits"));
    facts.subset = name_of(chosen).filter(|_| subsets.len() > 1);
    let size = |name: &str| chosen.1.get(name).and_then(Value::as_u64);
    facts.bytes = facts.bytes.or_else(|| size("download_size")).or_else(|| size("dataset_size"));
}

/// The names in a list of features, as in a card, or in a map.
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

fn card<'a>(answer: &'a Object, name: &str) -> Option<&'a Value> {
    answer.get("cardData")?.get(name)
}

/// A text that is not blank.
pub(crate) fn text(answer: &Object, name: &str) -> Option<String> {
    let text = answer.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

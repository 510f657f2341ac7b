//! The names of settings: those of earlier releases, those that a run ignores, and those that no library
//! has.

use std::{collections::HashMap, sync::LazyLock};

use schema::nearest;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{ConfigType, MarkKind, SettingMark, TypedSettings};

/// What the worker does with names too.
#[derive(Default, Deserialize)]
struct Shared {
    /// Former names of training arguments, and their names today.
    renamed: HashMap<String, String>,
    /// Settings that the worker leaves out, by the type of the config.
    ignored: HashMap<String, Vec<String>>,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../worker/fine_tuning_worker/shared.json")).unwrap_or_default()
});

/// What else training arguments may hold, since they don't say which method they are for: the names by
/// which [`TAKEN`] has it, and what people read.
const BY_METHOD: [(&str, &str); 5] = [
    ("dpo", "DPO"),
    ("kto", "KTO"),
    ("orpo", "ORPO"),
    ("reward", "reward models"),
    ("studio", "the studio's own trainer"),
];

/// All names that the libraries take in the versions that the studio installs, by the type of the config;
/// those of training arguments by method too, where supervised fine-tuning has no such name. A test of
/// the worker holds them equal to the installed libraries.
static TAKEN: LazyLock<HashMap<String, Vec<String>>> =
    LazyLock::new(|| serde_json::from_str(include_str!("settings/names.json")).unwrap_or_default());

/// The name of today for a former name of a training argument.
fn renamed(name: &str) -> Option<&'static str> {
    SHARED.renamed.get(name).map(String::as_str)
}

/// The name of today for any name of a setting.
pub(crate) fn today(kind: ConfigType, name: &str) -> &str {
    renamed(name).filter(|_| kind == ConfigType::TrainingArguments).unwrap_or(name)
}

/// The training arguments under the names of today. Where both names are given, today's counts.
pub fn current_names(arguments: &Map<String, Value>) -> Map<String, Value> {
    let (former, mut current): (Map<_, _>, Map<_, _>) =
        arguments.clone().into_iter().partition(|(name, _)| renamed(name).is_some());
    for (name, value) in former {
        let Some(name) = renamed(&name) else { continue };
        current.entry(name).or_insert(value);
    }
    current
}

/// A remark about a name that has no description, or that a run ignores.
pub(crate) fn mark(
    known: &TypedSettings,
    given: &Map<String, Value>,
    name: &str,
    value: &Value,
) -> Option<SettingMark> {
    let kind = known.r#type.into_str();
    if let Some(message) = ignored(known.r#type, name, value) {
        return message.map(|message| SettingMark::note(name, message));
    }
    if known.named(name).next().is_some() {
        return None;
    }
    if known.r#type == ConfigType::TrainingArguments
        && let Some(message) = former(given, name, value)
    {
        return Some(SettingMark::note(name, message));
    }
    let unchecked =
        |message| Some(SettingMark { setting: name.to_owned(), kind: MarkKind::Unchecked, message });
    let taken = TAKEN.get(kind).map(Vec::as_slice).unwrap_or_default();
    if taken.iter().any(|taken| taken == name) {
        return unchecked(format!("{name} is not checked: the studio does not know it."));
    }
    let methods = methods_with(known.r#type, name);
    if !methods.is_empty() {
        return unchecked(format!("{name} is not checked: it is a setting of {}.", methods.join(", ")));
    }
    let question = nearest(name, taken).map_or(String::new(), |name| format!(" Did you mean {name}?"));
    let message = format!(
        "{name} is no setting of {}, and a run with it stops as soon as it starts.{question}",
        known.library.replace(", ", " or ")
    );
    Some(SettingMark { setting: name.to_owned(), kind: MarkKind::Unknown, message })
}

/// What people read of the methods that have an argument; none where `method`, as a job names it, is one
/// of them, or the argument is no library's.
pub fn other_methods(method: &str, name: &str) -> Option<String> {
    let names = |key: &str| TAKEN.get(key).map(Vec::as_slice).unwrap_or_default();
    let has = |key: &str, name: &str| names(key).iter().any(|taken| taken == name);
    let kind = ConfigType::TrainingArguments;
    if has(kind.into_str(), name) {
        let lacks = |method: &str| has(&format!("not_{method}"), name);
        let others = BY_METHOD.iter().filter(|(key, _)| *key != "studio" && !lacks(key));
        let titles: Vec<&str> = others.map(|(_, title)| *title).collect();
        return lacks(method).then(|| [&["supervised fine-tuning"], titles.as_slice()].concat().join(", "));
    }
    let others = methods_with(kind, name);
    let own = has(method, name) || has("studio", name);
    (!own && !others.is_empty()).then(|| others.join(", "))
}

/// The methods of training that have an argument which supervised fine-tuning lacks.
fn methods_with(kind: ConfigType, name: &str) -> Vec<&'static str> {
    let has = |key| TAKEN.get(key).is_some_and(|taken| taken.iter().any(|taken| taken == name));
    let found = BY_METHOD.iter().filter(|(key, _)| kind == ConfigType::TrainingArguments && has(*key));
    found.map(|(_, title)| *title).collect()
}

fn former(given: &Map<String, Value>, name: &str, value: &Value) -> Option<String> {
    if name == "group_by_length" {
        return Some(if value == &Value::Bool(true) {
            "group_by_length is a former name, and is read as train_sampling_strategy group_by_length."
                .to_owned()
        } else {
            "group_by_length is a former name, and is left out: it is off.".to_owned()
        });
    }
    let today = renamed(name)?;
    Some(if given.contains_key(today) {
        format!("{name} is ignored: {today}, its name today, is given too.")
    } else {
        format!("{name} is the former name of {today}, and is read as it.")
    })
}

/// What is said of a setting that a run leaves out: `None` if it does not, and nothing if the value means
/// nothing either.
fn ignored(kind: ConfigType, name: &str, value: &Value) -> Option<Option<String>> {
    let ignored = SHARED.ignored.get(kind.into_str())?;
    // The rule of this setting describes it.
    if name == "num_return_sequences" || !ignored.iter().any(|ignored| ignored == name) {
        return None;
    }
    if value.is_null() || value == &Value::Bool(false) {
        return Some(None);
    }
    Some(match name {
        "peft_type" if value.as_str() == Some("LORA") => None,
        "peft_type" => Some(format!("peft_type {value} is ignored: the adapter of a training is LoRA.")),
        "inference_mode" => Some(
            "inference_mode is ignored: it belongs to a finished adapter, and a training needs it off."
                .to_owned(),
        ),
        "base_model_name_or_path" => Some(format!(
            "base_model_name_or_path is ignored: the adapter is trained on the model of the job, not on {}.",
            value.as_str().unwrap_or("another")
        )),
        "revision" => {
            Some("revision is ignored: it belongs to the base model of a finished adapter.".to_owned())
        }
        "return_dict_in_generate" => {
            Some("return_dict_in_generate is ignored: the answers are texts.".to_owned())
        }
        "transformers_version" => None,
        _ => Some(format!("{name} is ignored: the studio decides where a run writes and resumes.")),
    })
}

//! What can be written as GGUF, from the file that the worker reads too.

use std::{collections::BTreeSet, fs, path::Path, sync::LazyLock};

use serde::Deserialize;
use serde_json::{Map, Value};

/// What can be written as GGUF.
#[derive(Debug, Default, Deserialize)]
struct Limits {
    types: Vec<Type>,
    adapter: Vec<Law>,
    embeddings: BTreeSet<String>,
    architectures: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
struct Type {
    name: String,
    bits: f64,
}

/// A setting of adapters with which an adapter alone would come out wrong, unless its value is allowed.
#[derive(Debug, Deserialize)]
struct Law {
    setting: String,
    allowed: Vec<Value>,
    what: String,
}

static LIMITS: LazyLock<Limits> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../worker/fine_tuning_worker/gguf.json")).unwrap_or_default()
});

/// The bits of a weight in a type, about; none for a type that is not known.
pub(super) fn bits(kind: &str) -> Option<f64> {
    LIMITS.types.iter().find(|known| known.name == kind).map(|known| known.bits)
}

/// Whether models of this architecture can be converted.
pub(super) fn converts(architecture: &str) -> bool {
    LIMITS.architectures.contains(architecture)
}

/// Why the adapter in a folder can't be written alone; none if it can, or can't be read.
pub(super) fn refusal(adapter: &Path) -> Option<String> {
    let text = fs::read(adapter.join("adapter_config.json")).ok()?;
    let config: Map<String, Value> = serde_json::from_slice(&text).ok()?;
    let value = |setting: &str| config.get(setting).unwrap_or(&Value::Null);
    if let Some(law) = LIMITS.adapter.iter().find(|law| !law.allowed.contains(value(&law.setting))) {
        let (what, setting) = (&law.what, &law.setting);
        return Some(format!(
            "This adapter has {what} ({setting}), which a GGUF file of an adapter can't hold. Write the merged \
             model instead."
        ));
    }
    let targets: Vec<&str> = match value("target_modules") {
        Value::String(pattern) => vec![pattern],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let last = |name: &&str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let embedding = targets.into_iter().find(|name| LIMITS.embeddings.contains(&last(name)))?;
    Some(format!(
        "This adapter changes the embeddings ({embedding}), which a GGUF file of an adapter can't hold. Write the \
         merged model instead."
    ))
}

#[cfg(test)]
mod tests {
    use run_folder::export::GgufType;
    use schema::TextEnum as _;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_is_one_that_the_worker_writes() {
        let known: Vec<&str> = LIMITS.types.iter().map(|kind| kind.name.as_str()).collect();
        let ours: Vec<&str> = GgufType::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(ours, known);
    }

    #[test]
    fn adapters_that_would_come_out_wrong_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |setting: &str, value: Value| {
            let mut config =
                json!({"peft_type": "LORA", "task_type": "CAUSAL_LM", "target_modules": ["q_proj"]});
            config[setting] = value;
            fs::write(folder.path().join("adapter_config.json"), config.to_string()).unwrap();
            refusal(folder.path())
        };
        assert_eq!(refused("r", json!(8)), None);
        assert_eq!(refused("use_rslora", json!(false)), None);
        assert!(
            refused("use_rslora", json!(true)).unwrap().starts_with("This adapter has rsLoRA (use_rslora)")
        );
        assert!(refused("init_lora_weights", json!("pissa")).is_some());
        let embeddings = refused("target_modules", json!(["q_proj", "model.embed_tokens"])).unwrap();
        assert!(embeddings.contains("(model.embed_tokens)"), "{embeddings}");
    }
}

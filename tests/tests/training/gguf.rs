//! Exports to GGUF and Ollama, in the environment for them.

use std::{fs, path::Path};

use serde_json::{Value, json};
use stories::Fts;

use crate::recipe::{python, text};

/// A studio with a chat model that can be converted, an adapter of it, and one that can only be merged.
struct World {
    fts: Fts,
    model: String,
    adapter: String,
    scaled: String,
}

impl World {
    fn new() -> Self {
        let fts = Fts::new().with_variable("OMP_NUM_THREADS", "1");
        let made = fts.path("made");
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/worker/tests");
        python(&["-B", &text(&tests.join("tiny_gguf.py")), &made]);
        let fields = json!({"type": "project", "name": "Tiny chat", "location": format!("{made}/model")});
        let model = fts.create("models", &fields);
        let adapter = |name: &str| {
            let location = format!("{made}/{name}");
            let fields = json!({"type": "project", "name": name, "location": location, "model_id": model});
            fts.create("adapters", &fields)
        };
        let (adapter, scaled) = (adapter("adapter"), adapter("scaled"));
        Self { fts, model, adapter, scaled }
    }
}

/// Whether each check of a report passed, by its name.
fn passed(report: &Value, name: &str) -> Value {
    let checks = report["checks"].as_array().expect("checks");
    let check = checks.iter().find(|check| check["name"] == name);
    check.unwrap_or_else(|| panic!("{name} was not checked: {report}"))["passed"].clone()
}

#[test]
fn an_adapter_is_merged_converted_and_quantized() {
    let world = World::new();
    let to = world.fts.path("out/labels.gguf");
    let report = world.fts.json(&["adapter", "gguf", &world.scaled, "--to", &to, "--type", "q4_k_m"]);
    assert_eq!((&report["output"], &report["facts"]["type"]), (&json!(to), &json!("q4_k_m")));
    for name in ["logits", "loads", "tokens"] {
        assert_eq!(passed(&report, name), true, "{name}: {report}");
    }
    // What K-quants change is printed and not judged.
    assert_eq!(passed(&report, "answers"), Value::Null);
    let bytes = fs::read(&to).expect("the file");
    assert!(bytes.starts_with(b"GGUF") && report["bytes"] == bytes.len(), "{report}");

    let again = world.fts.refused(&["adapter", "gguf", &world.scaled, "--to", &to]);
    assert!(again.message.contains("exists already"), "{}", again.message);
    let other = world.fts.path("out/scaled.gguf");
    let alone = ["adapter", "gguf", &world.scaled, "--to", &other, "--type", "f16", "--alone"];
    assert!(world.fts.refused(&alone).message.contains("rsLoRA"));
    assert_eq!(fs::read_dir(world.fts.path("out")).expect("the folder").count(), 1);
}

#[test]
fn an_adapter_alone_answers_on_its_base() {
    let world = World::new();
    let to = world.fts.path("adapter.gguf");
    let report =
        world.fts.json(&["adapter", "gguf", &world.adapter, "--to", &to, "--type", "f16", "--alone"]);
    for name in ["loads", "tokens", "log_probability", "answers"] {
        assert_eq!(passed(&report, name), true, "{name}: {report}");
    }
}

#[test]
fn a_folder_for_ollama_has_the_models_own_template() {
    let world = World::new();
    let to = world.fts.path("tiny");
    let settings = ["--type", "q8_0", "--system", "Label tickets.", "--parameter", "temperature=0"];
    let command = ["model", "ollama", &world.model, "--to", &to];
    let report = world.fts.json(&[command.as_slice(), settings.as_slice()].concat());
    assert_eq!((passed(&report, "template"), &report["facts"]["name"]), (true.into(), &json!("tiny-chat")));
    assert_eq!((&report["facts"]["template"], &report["facts"]["created"]), (&json!("ChatML"), &Value::Null));
    let file = fs::read_to_string(Path::new(&to).join("Modelfile")).expect("a Modelfile");
    assert!(file.starts_with("FROM ./model.gguf\nTEMPLATE \"\"\""), "{file}");
    assert!(file.contains("PARAMETER temperature 0\n") && file.contains("PARAMETER stop \"<|im_end|>\"\n"));
    assert!(file.ends_with("SYSTEM \"\"\"Label tickets.\"\"\"\n"), "{file}");
    assert!(Path::new(&to).join("model.gguf").is_file());
}

//! Configs: settings that parse, kept once.

use serde_json::json;
use stories::Fts;

#[test]
fn an_identical_config_is_recognised() {
    let fts = Fts::new();
    let config = |text: &str| json!({"type": "lora_config", "config": text, "description": "Small"});
    let first = fts.create("configs", &config(r#"{"r": 16, "bias": "none"}"#));
    assert_eq!(fts.create("configs", &config(r#"{ "bias":"none", "r":16 }"#)), first);
    assert_ne!(fts.create("configs", &config(r#"{"r": 16.0, "bias": "none"}"#)), first, "16.0 is not 16");
    let other_type = json!({"type": "custom", "config": r#"{"r": 16, "bias": "none"}"#});
    assert_ne!(fts.create("configs", &other_type), first);
    assert_eq!(fts.count("configs"), 3);

    let row = fts.get("configs", &first);
    assert_eq!((&row["description"], &row["is_default"]), (&json!("Small"), &json!(0)));
}

#[test]
fn each_type_has_its_language() {
    let fts = Fts::new();
    fts.create("configs", &json!({"type": "axolotl", "config": "adapter: lora\nlora_r: 32\n"}));
    let refused = [
        json!({"type": "axolotl", "config": "a: [1"}),
        json!({"type": "generation_config", "config": "do_sample: true"}),
        json!({"type": "generation_config", "config": "[1, 2]"}),
    ];
    for fields in refused {
        let refusal = fts.create_refused("configs", &fields);
        assert_eq!(
            (refusal.code.as_str(), refusal.columns),
            ("invalid", vec!["config".to_owned()]),
            "{fields}"
        );
    }
    assert_eq!(fts.create_refused("configs", &json!({"type": "secret", "config": "{}"})).columns, ["type"]);
    assert_eq!(fts.count("configs"), 1);
}

#[test]
fn one_is_found_changed_and_deleted() {
    let fts = Fts::new();
    let fields =
        json!({"type": "generation_config", "config": r#"{"top_p": 0.9}"#, "description": "Careful"});
    let id = fts.create("configs", &fields);
    assert_eq!(fts.json(&["list", "configs", "--search", "careful"])["rows"][0]["id"], json!(id));
    let row = fts.json(&["update", "configs", &id, "--data", r#"{"config": "{\"top_p\": 0.5}"}"#]);
    assert_eq!(row["config"], r#"{"top_p": 0.5}"#);
    assert_eq!(fts.refused(&["update", "configs", &id, "--data", r#"{"config": "{"}"#]).columns, ["config"]);
    fts.json(&["delete", "configs", &id]);
    assert_eq!(fts.count("configs"), 0);
}

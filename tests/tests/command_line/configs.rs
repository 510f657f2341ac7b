//! Configs: settings that parse, kept once.

use serde_json::json;
use stories::Fts;

#[test]
fn an_identical_config_is_recognized() {
    let fts = Fts::new();
    let config = |text: &str| json!({"type": "lora_config", "config": text, "description": "Small"});
    let first = fts.create("configs", &config(r#"{"r": 16, "lora_dropout": 0}"#));
    assert_eq!(fts.create("configs", &config(r#"{ "lora_dropout":0, "r":16 }"#)), first);
    assert_ne!(fts.create("configs", &config(r#"{"r": 16, "lora_dropout": 0.0}"#)), first, "0.0 is not 0");
    let other_type = json!({"type": "custom", "config": r#"{"r": 16, "lora_dropout": 0}"#});
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

#[test]
fn wrong_settings_are_named_and_unknown_ones_taken() {
    let fts = Fts::new();
    let config = |text: &str| json!({"type": "training_arguments", "config": text});
    let refusal =
        fts.create_refused("configs", &config(r#"{"learning_rate": 0, "fp16": true, "bf16": true}"#));
    assert_eq!(refusal.columns, ["config", "config"]);
    assert!(
        refusal.message.contains("learning_rate") && refusal.message.contains("bf16"),
        "{}",
        refusal.message
    );
    let id = fts.create("configs", &config(r#"{"of_mine": 1, "seed": 7}"#));
    assert_eq!(fts.get("configs", &id)["config"], r#"{"of_mine": 1, "seed": 7}"#);
}

#[test]
fn a_config_is_made_from_a_preset_and_becomes_one() {
    let fts = Fts::new();
    let presets = || fts.json(&["config-presets", "--type", "lora_config"]);
    let shipped = presets();
    let first = &shipped[0];
    assert_eq!((&first["name"], &first["id"]), (&json!("Studio default"), &json!(null)));
    assert_eq!(fts.count("configs"), 0, "presets are no rows");
    let id = fts
        .create("configs", &json!({"type": "lora_config", "description": "Mine", "config": first["config"]}));
    fts.json(&["set-preset", &id]);
    let with_mine = presets();
    assert_eq!(with_mine.as_array().map(Vec::len), shipped.as_array().map(|shipped| shipped.len() + 1));
    assert_eq!(
        with_mine.as_array().and_then(|all| all.last()).map(|last| last["id"].clone()),
        Some(json!(id))
    );
    fts.json(&["set-preset", &id, "--off"]);
    assert_eq!(presets(), shipped);
    assert_eq!(fts.refused(&["set-preset", "nobody"]).code, "not_found");
}

#[test]
fn two_configs_are_compared_by_what_they_say() {
    let fts = Fts::new();
    let a = fts.create(
        "configs",
        &json!({"type": "custom", "description": "A", "config": r#"{"r": 8, "x": {"y": 1}}"#}),
    );
    let b = fts.create(
        "configs",
        &json!({"type": "axolotl", "description": "B", "config": "x:\n  y: 2 # two\nr: 8\nz: 1\n"}),
    );
    let found = fts.json(&["diff-configs", &a, &b]);
    assert_eq!((&found["a"]["label"], &found["b"]["label"]), (&json!("A"), &json!("B")));
    assert_eq!(
        found["settings"],
        json!([
            {"path": "x.y", "change": "changed", "a": "1", "b": "2"},
            {"path": "z", "change": "added", "a": null, "b": "1"},
        ])
    );
    assert_eq!(fts.json(&["diff-configs", &a, &b, "--all"])["settings"].as_array().map(Vec::len), Some(3));
    assert_eq!(fts.refused(&["diff-configs", &a, "nobody"]).code, "not_found");
}

#[test]
fn an_axolotl_format_is_found_for_a_dataset() {
    let fts = Fts::new();
    let file = fts.file("rows.csv", "instruction,input,output\nAdd,1 2,3\n");
    let formats = fts.json(&["axolotl-formats", &fts.import(&file, "Sums")]);
    assert_eq!(
        formats[0],
        json!({"name": "alpaca", "matching": ["instruction", "input", "output"], "missing": []})
    );
    assert_eq!(formats[1]["missing"], json!(["reflection", "corrected"]), "as many match");
    assert_eq!(formats.as_array().map(Vec::len), Some(20));
}

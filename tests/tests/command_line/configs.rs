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

#[test]
fn what_a_training_would_stumble_over_is_said_when_a_config_is_made() {
    let fts = Fts::new();
    let create = |kind: &str, text: &str| {
        let fields = json!({"type": kind, "config": text}).to_string();
        let answer = fts.run(&["create", "configs", "--data", &fields]);
        assert_eq!(answer.code, 0, "{text}: {}", answer.err);
        answer.err
    };
    for (kind, text, printed) in [
        (
            "training_arguments",
            r#"{"evaluation_strategy": "no"}"#,
            "config: evaluation_strategy is the former name of eval_strategy, and is read as it.\n",
        ),
        (
            "training_arguments",
            r#"{"max_seq_length": 9, "max_length": 8}"#,
            "config: max_seq_length is ignored: max_length, its name today, is given too.\n",
        ),
        (
            "training_arguments",
            r#"{"learning_rte": 0.1}"#,
            "config: learning_rte is no setting of transformers or trl, and a run with it stops as soon as it starts. Did you mean learning_rate?\n",
        ),
        (
            "lora_config",
            r#"{"r": 8, "lora_alpha": 16.0, "inference_mode": true}"#,
            "config: inference_mode is ignored: it belongs to a finished adapter, and a training needs it off.\n",
        ),
        ("lora_config", "\u{feff}{\"r\": 4}", ""),
        ("generation_config", r#"{"early_stopping": "never", "num_beams": 2}"#, ""),
        (
            "axolotl",
            "learning_rate: 2e-4\n",
            "config: learning_rate: YAML reads 2e-4 as a text. axolotl takes it as the number 0.0002 where it wants one; a number for every reader is 2.0e-4.\n",
        ),
    ] {
        assert_eq!(create(kind, text), printed, "{text}");
    }
    let fields = json!({"type": "lora_config", "config": r#"{"rnk": 8}"#}).to_string();
    let answer = fts.run(&["--json", "create", "configs", "--data", &fields]);
    let warning: serde_json::Value = serde_json::from_str(&answer.err).unwrap();
    assert_eq!(warning["warning"]["column"], "config", "{warning}");
    let row: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    let id = row["id"].as_str().unwrap();
    let changed = fts.run(&["update", "configs", id, "--data", r#"{"config": "{\"rnak\": 8}"}"#]);
    assert!(changed.err.starts_with("config: rnak is no setting of peft"), "{}", changed.err);
}

/// Each as the parser that reads it for a training.
#[test]
fn yaml_that_only_looks_the_same_makes_two_configs() {
    let fts = Fts::new();
    let create = |text: &str| fts.create("configs", &json!({"type": "axolotl", "config": text}));
    assert_ne!(create("flag: n\n"), create("flag: no\n"), "n is a text");
    assert_ne!(create("seed: 0123\n"), create("seed: 123\n"), "0123 is 83");
    assert_eq!(create("seed: 83\n"), create("seed: 0123\n"));
    assert_eq!(create("seed: 7\n"), create("seed: 007\n"));
    let (a, b) = (create("seed: 0123\nlr: 0o17\n"), create("seed: 1:30\nlr: 15\n"));
    assert_eq!(
        fts.json(&["diff-configs", &a, &b])["settings"],
        json!([
            {"path": "seed", "change": "changed", "a": "83", "b": "90"},
            {"path": "lr", "change": "changed", "a": "\"0o17\"", "b": "15"},
        ])
    );
}

#[test]
fn a_config_is_refused_in_plain_words() {
    let fts = Fts::new();
    let refused = |kind: &str, text: &str| {
        let refusal = fts.create_refused("configs", &json!({"type": kind, "config": text}));
        assert_eq!(refusal.columns, ["config"], "{text}");
        refusal.message
    };
    for (kind, text, printed) in [
        ("lora_config", r#"{"r": 8, "r": 16}"#, "The key r stands here a second time."),
        ("lora_config", "{\"r\": 8} // rank", "JSON has no comments"),
        ("lora_config", "{'r': 8}", "texts and keys stand in double quotes"),
        ("lora_config", "{\"lora_dropout\": NaN}", "NaN is written by Python alone"),
        ("axolotl", "a: 1\na: 2\n", "The key a stands here a second time."),
        ("axolotl", "a: 1\n---\nb: 2\n", "A second document begins here."),
        (
            "bitsandbytes_config",
            r#"{"load_in_4bit": true, "bnb_4bit_compute_dtype": "torch.bfloat16"}"#,
            "Write bfloat16.",
        ),
        (
            "bitsandbytes_config",
            r#"{"load_in_8bit": true, "llm_int8_skip_modules": "null"}"#,
            "must be a list of texts",
        ),
    ] {
        let message = refused(kind, text);
        assert!(message.contains(printed), "{text}: {message}");
    }
}

#[test]
fn fields_are_read_as_strictly_as_configs() {
    let fts = Fts::new();
    let usage = |data: &str| {
        let answer = fts.run(&["create", "configs", "--data", data]);
        assert_eq!(answer.code, 2, "{data}: {}", answer.err);
        answer.err
    };
    for (data, printed) in [
        (r#"{"type": "custom", "type": "axolotl"}"#, "The key type stands here a second time."),
        ("{'type': 'custom'}", "texts and keys stand in double quotes"),
        ("[]", "The value of --data is not a JSON object: it is another value."),
        ("", "The text is empty."),
    ] {
        let said = usage(data);
        assert!(said.contains(printed), "{data}: {said}");
    }
    let file = fts.file("marked.json", "\u{feff}{\"type\": \"custom\", \"config\": \"{}\"}");
    assert_eq!(fts.run(&["create", "configs", "--data", &format!("@{file}")]).code, 0);
}

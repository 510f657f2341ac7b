//! Settings described once, checked, started from and compared.

use serde_json::{Value, json};
use studio::{
    configs::{
        Change, MarkKind, SETTINGS, SettingGroup, SettingKind, built_in_presets, check_settings, compare,
        parse_config, settings_of,
    },
    resources::ConfigType,
    schema::TableName,
};

use crate::world::{World, columns, id, row};

/// Section 3 of the reference's description, word for word.
const DEFAULTS: [(ConfigType, &str); 4] = [
    (
        ConfigType::GenerationConfig,
        r#"{"do_sample":true,"temperature":0.8,"max_new_tokens":60,"top_p":1,"top_k":50,"num_beams":1,"repetition_penalty":1.1,"max_length":null}"#,
    ),
    (
        ConfigType::BitsandbytesConfig,
        r#"{"load_in_4bit":true,"bnb_4bit_quant_type":"nf4","bnb_4bit_compute_dtype":"float16","bnb_4bit_use_double_quant":true,"quant_method":"bitsandbytes"}"#,
    ),
    (
        ConfigType::LoraConfig,
        // The reference names no targets, and PEFT knows those of few architectures.
        r#"{"r":16,"lora_alpha":32,"lora_dropout":0.05,"target_modules":"all-linear","bias":"none","task_type":"CAUSAL_LM"}"#,
    ),
    (
        ConfigType::TrainingArguments,
        r#"{"num_train_epochs":1,"optim":"paged_adamw_32bit","per_device_train_batch_size":1,"gradient_accumulation_steps":4,"warmup_ratio":0.03,"max_grad_norm":0.3,"learning_rate":0.0002,"fp16":true,"logging_steps":1,"lr_scheduler_type":"constant","disable_tqdm":true,"report_to":"mlflow","ddp_find_unused_parameters":false}"#,
    ),
];

fn marks(kind: ConfigType, text: &str, mark: MarkKind) -> Vec<String> {
    let marks = check_settings(kind, &parse_config(Some(kind), text).unwrap());
    marks.into_iter().filter(|found| found.kind == mark).map(|found| found.setting).collect()
}

#[test]
fn the_defaults_are_the_references_but_for_targets_and_pass_their_own_check() {
    for (kind, expected) in DEFAULTS {
        let settings = settings_of(kind).unwrap();
        let compact = parse_config(Some(kind), settings.default).unwrap().to_string();
        assert_eq!(compact, expected, "values, and their order");
        for mark in check_settings(kind, &parse_config(Some(kind), expected).unwrap()) {
            assert_eq!(mark.kind, MarkKind::Note, "{mark:?}");
        }
    }
}

#[test]
fn every_setting_takes_what_holds_when_it_is_left_out() {
    for settings in SETTINGS {
        let mut names = Vec::new();
        let each = |group: &SettingGroup| {
            group.settings.iter().map(|setting| (group.method, setting)).collect::<Vec<_>>()
        };
        for (method, setting) in settings.groups.iter().flat_map(each) {
            names.push((method, setting.name));
            let value: Value = serde_json::from_str(setting.left_out).unwrap();
            let text = json!({ setting.name: value }).to_string();
            assert!(marks(settings.r#type, &text, MarkKind::Wrong).is_empty(), "{text}");
            assert!(!setting.label.is_empty() && setting.help.ends_with(['.']), "{setting:?}");
            // No kind takes anything.
            let wrong = json!({ setting.name: {"a": {}} }).to_string();
            assert_eq!(marks(settings.r#type, &wrong, MarkKind::Wrong)[0], setting.name, "{wrong}");
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "no setting stands twice");
    }
}

#[test]
fn values_are_held_against_kinds_and_bounds() {
    use ConfigType::{BitsandbytesConfig, GenerationConfig, LoraConfig, TrainingArguments};
    for (kind, bad) in [
        (LoraConfig, r#"{"r": 0}"#),
        (LoraConfig, r#"{"r": 8.0}"#),
        (LoraConfig, r#"{"r": true}"#),
        (LoraConfig, r#"{"r": null}"#),
        (LoraConfig, r#"{"lora_dropout": 1.5}"#),
        (LoraConfig, r#"{"lora_dropout": -0.1}"#),
        (LoraConfig, r#"{"bias": "some"}"#),
        (LoraConfig, r#"{"target_modules": [1]}"#),
        (GenerationConfig, r#"{"temperature": 0}"#),
        (GenerationConfig, r#"{"do_sample": 1}"#),
        (TrainingArguments, r#"{"learning_rate": "2e-4"}"#),
        (TrainingArguments, r#"{"save_steps": 1.5}"#),
        (TrainingArguments, r#"{"optim": 3}"#),
        (BitsandbytesConfig, r#"{"bnb_4bit_quant_type": "nf3"}"#),
    ] {
        assert_eq!(marks(kind, bad, MarkKind::Wrong).len(), 1, "{bad}");
    }
    for (kind, good) in [
        (LoraConfig, r#"{"target_modules": "all-linear"}"#),
        (LoraConfig, r#"{"target_modules": ["q_proj"], "modules_to_save": null}"#),
        (GenerationConfig, r#"{"do_sample": true, "temperature": null, "top_k": 0, "top_p": 1}"#),
        (TrainingArguments, r#"{"save_steps": 0.25, "eval_strategy": "steps", "eval_steps": 100.0}"#),
        (TrainingArguments, r#"{"optim": "my_own", "learning_rate": 2e-4}"#),
    ] {
        assert!(marks(kind, good, MarkKind::Wrong).is_empty(), "{good}");
    }
}

#[test]
fn settings_are_held_against_each_other() {
    use ConfigType::{BitsandbytesConfig, GenerationConfig, LoraConfig, TrainingArguments};
    for (kind, text, mark, at) in [
        (TrainingArguments, r#"{"fp16": true, "bf16": true}"#, MarkKind::Wrong, "bf16"),
        (TrainingArguments, r#"{"warmup_ratio": 0.1, "warmup_steps": 5}"#, MarkKind::Note, "warmup_ratio"),
        (
            TrainingArguments,
            r#"{"lr_scheduler_type": "constant", "warmup_steps": 5}"#,
            MarkKind::Note,
            "lr_scheduler_type",
        ),
        (
            TrainingArguments,
            r#"{"load_best_model_at_end": true, "eval_strategy": "epoch"}"#,
            MarkKind::Wrong,
            "load_best_model_at_end",
        ),
        (TrainingArguments, r#"{"lr_scheduler_type": "greedy"}"#, MarkKind::Wrong, "lr_scheduler_type"),
        (TrainingArguments, r#"{"eval_steps": 10}"#, MarkKind::Note, "eval_steps"),
        (TrainingArguments, r#"{"max_steps": 5, "num_train_epochs": 1}"#, MarkKind::Note, "num_train_epochs"),
        (
            BitsandbytesConfig,
            r#"{"load_in_4bit": true, "load_in_8bit": true}"#,
            MarkKind::Wrong,
            "load_in_8bit",
        ),
        (BitsandbytesConfig, "{}", MarkKind::Note, "load_in_4bit"),
        (
            BitsandbytesConfig,
            r#"{"load_in_8bit": true, "bnb_4bit_quant_type": "nf4"}"#,
            MarkKind::Note,
            "bnb_4bit_quant_type",
        ),
        (GenerationConfig, r#"{"do_sample": false, "temperature": 0.5}"#, MarkKind::Note, "temperature"),
        (GenerationConfig, r#"{"num_return_sequences": 2}"#, MarkKind::Wrong, "num_return_sequences"),
        (GenerationConfig, r#"{"max_new_tokens": 10, "max_length": 20}"#, MarkKind::Note, "max_length"),
        (LoraConfig, r#"{"lora_bias": true, "use_dora": true}"#, MarkKind::Wrong, "lora_bias"),
    ] {
        assert_eq!(marks(kind, text, mark), [at], "{text}");
    }
}

#[tokio::test]
async fn wrong_settings_are_refused_and_unknown_ones_kept() {
    let world = World::new().await;
    let create = async |text: &str| {
        world.create(TableName::Configs, json!({"type": "lora_config", "config": text})).await
    };
    let error = create(r#"{"r": 0, "lora_alpha": "x"}"#).await.unwrap_err();
    assert_eq!(columns(&error), ["config", "config"], "each problem is named");
    assert!(
        error.message.contains("r must be at least 1") && error.message.contains("lora_alpha"),
        "{error}"
    );
    let text = r#"{"zeta": [1, {"b": 2}], "r": 8, "alpha_of_mine": "kept"}"#;
    let made = create(text).await.unwrap();
    assert_eq!(made.row["config"], text, "as it was written");
    assert_eq!(marks(ConfigType::LoraConfig, text, MarkKind::Unknown), ["zeta", "alpha_of_mine"]);
    // What stands already is not looked at again.
    let mut stranger = world.stranger().await;
    sqlx::query("UPDATE configs SET config = '{\"r\": 0}'").execute(&mut stranger).await.unwrap();
    let renamed = row(json!({"description": "Old"}));
    world.studio.rows().update(TableName::Configs, &id(&made), renamed).await.unwrap();
}

#[tokio::test]
async fn a_text_is_looked_at_before_it_is_saved() {
    let world = World::new().await;
    let kind = ConfigType::LoraConfig;
    let check =
        async |text: &str, id: Option<&str>| world.studio.configs().check(kind, text, id).await.unwrap();
    let found = check("{\n  \"r\": 8,\n  oops\n}", None).await;
    let problem = found.problem.unwrap();
    assert_eq!((problem.line, problem.column), (Some(3), Some(3)), "{problem}");
    assert!(
        problem.message.starts_with("This is not JSON: ") && !problem.message.contains("line"),
        "{problem}"
    );

    let yaml = world.studio.configs().check(ConfigType::Axolotl, "a: 1\nb: [1\nc: 2\n", None).await.unwrap();
    let problem = yaml.problem.unwrap();
    assert_eq!(
        problem.to_string(),
        "Line 3, column 2: This is not YAML: a second colon stands here. Put a text with a colon in quotes, and check what stands above for an unclosed bracket."
    );
    for (text, line) in [("a: 1\n b: 2\n", 2), ("a: 1\na: 2\n", 2), ("a: *gone\n", 1), ("a: \"x\n", 1)] {
        let found = world.studio.configs().check(ConfigType::Axolotl, text, None).await.unwrap();
        let problem = found.problem.expect(text);
        assert_eq!(problem.line, Some(line), "{text:?} {problem}");
        assert!(!problem.message.contains("line") && !problem.message.contains("error:"), "{problem}");
    }
    let list = check("[]", None).await.problem.unwrap();
    assert_eq!(list.to_string(), "The settings must be named: write them as key and value.");

    let fields =
        json!({"type": "lora_config", "description": "Mine", "config": r#"{"r": 8, "bias": "none"}"#});
    let mine = id(&world.create(TableName::Configs, fields).await.unwrap());
    let twin = check("{\"bias\":\"none\",\n\"r\":8}", None).await.twin.unwrap();
    assert_eq!((twin.id.as_str(), twin.label.as_str()), (mine.as_str(), "Mine"));
    assert_eq!(
        check(r#"{"r": 8, "bias": "none"}"#, Some(&mine)).await.twin,
        None,
        "a row is not its own twin"
    );
    assert_eq!(check(r#"{"r": 9, "bias": "none"}"#, None).await.twin, None);
}

#[tokio::test]
async fn presets_come_with_the_program_and_can_be_added() {
    let world = World::new().await;
    let shipped = built_in_presets();
    for preset in &shipped {
        let value = parse_config(Some(preset.r#type), &preset.config).unwrap();
        for mark in check_settings(preset.r#type, &value) {
            assert_eq!(mark.kind, MarkKind::Note, "{}: {mark:?}", preset.name);
        }
        assert!(!preset.about.is_empty());
    }
    for (kind, default) in DEFAULTS {
        let first = shipped.iter().find(|preset| preset.r#type == kind).unwrap();
        assert_eq!(parse_config(Some(kind), &first.config).unwrap().to_string(), default);
    }
    assert_eq!(world.studio.configs().presets().await.unwrap(), shipped, "none of them is a row");

    let text = r#"{"r": 12}"#;
    let fields = json!({"type": "lora_config", "description": "Ours", "config": text});
    let ours = id(&world.create(TableName::Configs, fields).await.unwrap());
    for _ in 0..2 {
        world.studio.configs().set_preset(&ours, true).await.unwrap();
        let presets = world.studio.configs().presets().await.unwrap();
        assert_eq!(presets.len(), shipped.len() + 1);
        let last = presets.last().unwrap();
        assert_eq!(
            (last.name.as_str(), last.config.as_str(), last.id.as_deref()),
            ("Ours", text, Some(&*ours))
        );
    }
    world.studio.configs().set_preset(&ours, false).await.unwrap();
    assert_eq!(world.studio.configs().presets().await.unwrap(), shipped);
    world.studio.configs().set_preset(&ours, true).await.unwrap();
    world
        .studio
        .store()
        .delete(TableName::Configs, std::slice::from_ref(&ours), studio::store::Dependents::Refuse)
        .await
        .unwrap();
    assert_eq!(world.studio.configs().presets().await.unwrap(), shipped, "a deleted one is none");
    assert!(world.studio.configs().set_preset(&ours, true).await.is_err());
}

#[test]
fn only_what_differs_in_meaning_differs() {
    let a = json!({"r": 8, "nested": {"x": 1, "y": [1, 2]}, "gone": null, "datasets": [{"path": "p", "type": "alpaca"}]});
    let b = json!({"nested": {"y": [1, 2], "x": 1.0}, "r": 8, "datasets": [{"path": "p", "type": "oasst", "new": true}, {"path": "q"}]});
    let found = compare(&a, &b);
    let reported: Vec<_> =
        found.iter().map(|one| (one.path.as_str(), one.change, one.a.as_deref(), one.b.as_deref())).collect();
    assert_eq!(
        reported,
        [
            ("r", Change::Equal, Some("8"), Some("8")),
            ("nested.x", Change::Changed, Some("1"), Some("1.0")),
            ("nested.y", Change::Equal, Some("[1,2]"), Some("[1,2]")),
            ("gone", Change::Removed, Some("null"), None),
            ("datasets[0].path", Change::Equal, Some("\"p\""), Some("\"p\"")),
            ("datasets[0].type", Change::Changed, Some("\"alpaca\""), Some("\"oasst\"")),
            ("datasets[0].new", Change::Added, None, Some("true")),
            ("datasets[1].path", Change::Added, None, Some("\"q\"")),
        ]
    );
    let from_nothing = compare(&json!({}), &json!({"a": {}, "b": [{"c": 1}]}));
    let paths: Vec<_> = from_nothing.iter().map(|one| (one.path.as_str(), one.change)).collect();
    assert_eq!(paths, [("a", Change::Added), ("b[0].c", Change::Added)]);
    let swapped = compare(&json!({"a": {"b": 1}}), &json!({"a": 1}));
    assert_eq!(
        (swapped.len(), swapped[0].change),
        (1, Change::Changed),
        "a set against a number is one change"
    );
}

#[tokio::test]
async fn yaml_is_compared_with_json_by_what_it_says() {
    let world = World::new().await;
    let create = async |kind: &str, text: &str| {
        id(&world.create(TableName::Configs, json!({"type": kind, "config": text})).await.unwrap())
    };
    let yaml = create("axolotl", "# rank\nr: 8\nname: x\n").await;
    let other = create("custom", r#"{"name": "x", "r": 16}"#).await;
    let found = world.studio.configs().compare(&yaml, &other).await.unwrap().settings;
    let changed: Vec<_> = found.iter().filter(|one| one.change != Change::Equal).collect();
    assert_eq!((changed.len(), changed[0].path.as_str()), (1, "r"));
    let mut stranger = world.stranger().await;
    sqlx::query("UPDATE configs SET config = '{' WHERE id = ?")
        .bind(&other)
        .execute(&mut stranger)
        .await
        .unwrap();
    let error = world.studio.configs().compare(&yaml, &other).await.unwrap_err();
    assert!(error.message.contains("can't be compared") && error.message.contains("Line 1"), "{error}");
}

#[test]
fn an_open_choice_says_so() {
    let settings = settings_of(ConfigType::TrainingArguments).unwrap();
    let open = |name: &str| {
        matches!(settings.named(name).next().unwrap().kind, SettingKind::Choice { open: true, .. })
    };
    assert!(open("optim") && !open("lr_scheduler_type"));
}

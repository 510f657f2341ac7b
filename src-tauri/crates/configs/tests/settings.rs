//! Settings as the libraries take and refuse them, and their names.
#![cfg(test)]

use configs::{
    ConfigType, MarkKind, SETTINGS, SettingKind, SettingMark, check_config, check_method, current_names,
    other_methods, settings_of,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A case that the worker's own test puts before the installed libraries.
#[derive(Deserialize)]
struct Case {
    r#type: String,
    settings: Value,
    /// Whether the libraries take the settings.
    taken: bool,
}

fn marks(kind: ConfigType, text: &str, mark: MarkKind) -> Vec<SettingMark> {
    let checked = check_config(kind, text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    checked.marks.into_iter().filter(|found| found.kind == mark).collect()
}

fn messages(kind: ConfigType, text: &str, mark: MarkKind) -> Vec<String> {
    marks(kind, text, mark).into_iter().map(|mark| mark.message).collect()
}

#[test]
fn what_the_libraries_refuse_is_refused_and_what_they_take_is_taken() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../../worker/tests/settings.json")).unwrap();
    for Case { r#type, settings, taken } in &cases {
        let kind = r#type.parse::<ConfigType>().unwrap();
        let wrong = messages(kind, &settings.to_string(), MarkKind::Wrong);
        assert_eq!(wrong.is_empty(), *taken, "{type} {settings}: {wrong:?}");
    }
    assert!(cases.len() > 70);
}

#[test]
fn a_refusal_says_the_rule() {
    use ConfigType::{BitsandbytesConfig, GenerationConfig, LoraConfig, TrainingArguments};
    for (kind, text, reported) in [
        (
            BitsandbytesConfig,
            r#"{"load_in_4bit": true, "bnb_4bit_compute_dtype": "torch.bfloat16"}"#,
            "bnb_4bit_compute_dtype must be one of bfloat16, float16, float32, float64, half, float, double, not \"torch.bfloat16\". Write bfloat16.",
        ),
        (
            BitsandbytesConfig,
            r#"{"load_in_8bit": true, "llm_int8_skip_modules": "null"}"#,
            "llm_int8_skip_modules must be a list of texts, such as [\"lm_head\"], not \"null\"; or null for not set.",
        ),
        (
            BitsandbytesConfig,
            r#"{"load_in_8bit": true, "llm_int8_threshold": 6}"#,
            "llm_int8_threshold must be written with a decimal point: 6.0, not 6.",
        ),
        (
            GenerationConfig,
            r#"{"early_stopping": "always"}"#,
            "early_stopping must be true, false or never, not \"always\"; or null for not set.",
        ),
        (LoraConfig, r#"{"lora_alpha": 0}"#, "lora_alpha must be greater than 0, not 0."),
        (
            LoraConfig,
            r#"{"modules_to_save": "lm_head"}"#,
            "modules_to_save must be a list of texts, such as [\"lm_head\"]: peft reads a text letter by letter.",
        ),
        (
            TrainingArguments,
            r#"{"max_seq_length": "long"}"#,
            "max_seq_length must be a whole number, not \"long\"; or null for not set.",
        ),
        (TrainingArguments, r#"{"seed": 4294967296}"#, "seed must be at most 4294967295."),
    ] {
        assert_eq!(messages(kind, text, MarkKind::Wrong), [reported], "{text}");
    }
}

#[test]
fn former_names_are_noted_alone_and_beside_those_of_today() {
    let kind = ConfigType::TrainingArguments;
    for (text, reported) in [
        (
            r#"{"evaluation_strategy": "epoch"}"#,
            "evaluation_strategy is the former name of eval_strategy, and is read as it.",
        ),
        (r#"{"max_seq_length": 512}"#, "max_seq_length is the former name of max_length, and is read as it."),
        (r#"{"no_cuda": true}"#, "no_cuda is the former name of use_cpu, and is read as it."),
        (
            r#"{"per_gpu_train_batch_size": 4}"#,
            "per_gpu_train_batch_size is the former name of per_device_train_batch_size, and is read as it.",
        ),
        (
            r#"{"max_seq_length": 512, "max_length": 256}"#,
            "max_seq_length is ignored: max_length, its name today, is given too.",
        ),
        (
            r#"{"group_by_length": true}"#,
            "group_by_length is a former name, and is read as train_sampling_strategy group_by_length.",
        ),
        (r#"{"group_by_length": false}"#, "group_by_length is a former name, and is left out: it is off."),
        (
            r#"{"output_dir": "/tmp/x"}"#,
            "output_dir is ignored: the studio decides where a run writes and resumes.",
        ),
        (
            r#"{"warmup_ratio": 0.1, "warmup_steps": 5}"#,
            "warmup_ratio is ignored: warmup_steps is given too.",
        ),
        (
            r#"{"optim": "adamw_hf"}"#,
            "optim \"adamw_hf\" is no optimizer of transformers, and a run with it stops as soon as it starts.",
        ),
    ] {
        let found = messages(kind, text, MarkKind::Note);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].starts_with(reported), "{text}: {found:?}");
        assert!(messages(kind, text, MarkKind::Unknown).is_empty(), "{text}");
    }
}

#[test]
fn an_unknown_name_is_reported_with_the_nearest() {
    use ConfigType::{BitsandbytesConfig, GenerationConfig, LoraConfig, TrainingArguments};
    for (kind, name, reported) in [
        (
            TrainingArguments,
            "learning_rte",
            "learning_rte is no setting of transformers or trl, and a run with it stops as soon as it starts. Did you mean learning_rate?",
        ),
        (TrainingArguments, "train_batch_size", "Did you mean "),
        (
            TrainingArguments,
            "xyzzy",
            "xyzzy is no setting of transformers or trl, and a run with it stops as soon as it starts.",
        ),
        (LoraConfig, "rank", "rank is no setting of peft, and a run with it stops as soon as it starts."),
        (LoraConfig, "lora_dropuot", "Did you mean lora_dropout?"),
        (BitsandbytesConfig, "bnb_4bit_use_double_quants", "Did you mean bnb_4bit_use_double_quant?"),
        (GenerationConfig, "max_tokens", "max_tokens is no setting of transformers"),
    ] {
        let found = messages(kind, &json!({ name: 1 }).to_string(), MarkKind::Unknown);
        assert_eq!(found.len(), 1, "{name}");
        assert!(found[0].contains(reported), "{name}: {found:?}");
    }
    let unchecked = messages(LoraConfig, r#"{"layer_replication": {}}"#, MarkKind::Unchecked);
    assert_eq!(unchecked, ["layer_replication is not checked: the studio does not know it."]);
}

fn arguments(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_loss_is_taken_by_its_methods_alone() {
    let kind = ConfigType::TrainingArguments;
    for (text, takes) in [
        (r#"{"loss_type": "dft"}"#, &["sft"][..]),
        (r#"{"loss_type": "ipo"}"#, &["dpo"]),
        (r#"{"loss_type": ["sigmoid", "sft"]}"#, &["dpo"]),
        (r#"{"loss_type": "apo_zero_unpaired"}"#, &["kto"]),
        (r#"{"loss_type": "log"}"#, &[]),
        (r#"{"loss_type": []}"#, &[]),
        (r#"{"beta": 0.2}"#, &["sft", "dpo", "kto"]),
        (r#"{"beta": 0}"#, &["sft"]),
    ] {
        for method in ["sft", "dpo", "kto"] {
            let wrong = check_method(method, &arguments(text));
            assert_eq!(wrong.is_empty(), takes.contains(&method), "{method} {text}: {wrong:?}");
        }
        let none = takes.is_empty() || text.contains(": 0}");
        assert_eq!(marks(kind, text, MarkKind::Wrong).len(), usize::from(none), "{text}");
    }
    let wrong = check_method("kto", &arguments(r#"{"loss_type": "ipo"}"#));
    assert_eq!(wrong[0].message, "loss_type must be one of kto, apo_zero_unpaired, not \"ipo\".");
    let wrong = messages(kind, r#"{"loss_type": "log"}"#, MarkKind::Wrong);
    assert_eq!(wrong, ["loss_type can't be \"log\": no method of training takes it."]);
}

#[test]
fn arguments_of_other_methods_are_distinguished() {
    for (method, name, others) in [
        ("sft", "beta", Some("DPO, KTO, ORPO")),
        ("dpo", "beta", None),
        ("reward", "beta", Some("DPO, KTO, ORPO")),
        ("dpo", "completion_only_loss", Some("supervised fine-tuning")),
        ("orpo", "loss_type", Some("supervised fine-tuning, DPO, KTO")),
        ("sft", "completion_only_loss", None),
        ("kto", "learning_rate", None),
        ("kto", "loraplus_lr_ratio", None),
        ("kto", "no_name_of_a_library", None),
    ] {
        assert_eq!(other_methods(method, name).as_deref(), others, "{method} {name}");
    }
}

/// Whether a text says in two sentences or more when one would choose what it is about.
fn is_help(text: &str) -> bool {
    text.split(". ").count() >= 2 && text.contains("Choose ") && text.ends_with('.')
}

#[test]
fn each_setting_says_in_two_sentences_when_one_would_choose_it() {
    for group in SETTINGS.iter().flat_map(|settings| settings.groups) {
        for setting in group.settings {
            let options = match setting.kind {
                SettingKind::Explained { options, .. } => options,
                _ => &[],
            };
            let helps = options.iter().map(|option| (option.value, option.help));
            for (of, help) in helps.chain([(setting.name, setting.help)]) {
                assert!(is_help(help), "{of}: {help}");
            }
        }
    }
    let groups = settings_of(ConfigType::TrainingArguments).unwrap().groups;
    let methods: Vec<_> = groups.iter().filter_map(|group| group.method).collect();
    assert_eq!(methods, ["sft", "dpo", "kto", "orpo", "reward"]);
}

#[test]
fn an_argument_of_one_method_is_no_unknown_name() {
    let reported = |name: &str| {
        let text = json!({ name: 1 }).to_string();
        assert!(marks(ConfigType::TrainingArguments, &text, MarkKind::Unknown).is_empty(), "{name}");
        messages(ConfigType::TrainingArguments, &text, MarkKind::Unchecked).remove(0)
    };
    let expected = "ld_alpha is not checked: it is a setting of DPO.";
    assert_eq!(reported("ld_alpha"), expected);
    // A setting of the studio's own trainer, which the form has.
    let ratio = r#"{"loraplus_lr_ratio": 16}"#;
    for kind in [MarkKind::Unknown, MarkKind::Unchecked] {
        assert!(marks(ConfigType::TrainingArguments, ratio, kind).is_empty());
    }
    assert_eq!(marks(ConfigType::LoraConfig, r#"{"beta": 1}"#, MarkKind::Unknown).len(), 1);
}

#[test]
fn the_config_of_a_finished_adapter_is_recognized() {
    let text = r#"{"peft_type": "LORA", "inference_mode": true, "base_model_name_or_path": "lab/other", "r": 8, "lora_alpha": 16.0, "revision": null}"#;
    let kind = ConfigType::LoraConfig;
    assert_eq!(
        messages(kind, text, MarkKind::Note),
        [
            "inference_mode is ignored: it belongs to a finished adapter, and a training needs it off.",
            "base_model_name_or_path is ignored: the adapter is trained on the model of the job, not on lab/other.",
        ]
    );
    assert!(marks(kind, text, MarkKind::Wrong).is_empty() && marks(kind, text, MarkKind::Unknown).is_empty());
    let quiet = r#"{"peft_type": "LORA", "inference_mode": false, "base_model_name_or_path": null, "revision": null}"#;
    assert_eq!(check_config(kind, quiet).unwrap().marks, []);
    let other = r#"{"peft_type": "ADALORA", "revision": "v2"}"#;
    assert_eq!(
        messages(kind, other, MarkKind::Note),
        [
            "peft_type \"ADALORA\" is ignored: the adapter of a training is LoRA.",
            "revision is ignored: it belongs to the base model of a finished adapter.",
        ]
    );
}

#[test]
fn yaml_that_is_not_as_it_looks_is_noted() {
    let kind = ConfigType::Axolotl;
    for (text, reported) in [
        (
            "learning_rate: 2e-4\n",
            "learning_rate: YAML reads 2e-4 as a text. axolotl takes it as the number 0.0002 where it wants one; a number for every reader is 2.0e-4.",
        ),
        ("lr: 1e5\n", "a number for every reader is 1.0e+5."),
        ("lr: 2.5e4\n", "a number for every reader is 2.5e+4."),
        ("lr: -.5\n", "lr: YAML reads -.5 as a text."),
        (
            "seed: 0123\n",
            "seed: YAML reads 0123 as the number 83, in another base. Write 83, or \"0123\" for a text.",
        ),
        (
            "warmup: 1:30\n",
            "warmup: YAML reads 1:30 as the number 90, in base 60. Write 90, or \"1:30\" for a text.",
        ),
        ("a: 0o17\n", "a: YAML reads 0o17 as a text. Write 15 for the number."),
        ("flag: n\n", "flag: YAML reads n as a text. Write false."),
        ("flag: Y\n", "flag: YAML reads Y as a text. Write true."),
        (
            "datasets:\n  - path: x\n    day: 2024-01-31\n",
            "datasets[0].day: YAML reads 2024-01-31 as a date, which no setting takes. Write \"2024-01-31\" for a text.",
        ),
        ("on: push\n", "The key on is read as true, not as a name. Write \"on\"."),
        ("a:\n  1: x\n", "The key 1 is read as a number, not as a name. Write \"1\"."),
        ("a: &x 2e-4\nb: *x\nc: [*x]\n", "a: YAML reads 2e-4 as a text."),
    ] {
        let found = messages(kind, text, MarkKind::Note);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].contains(reported), "{text}: {found:?}");
    }
    let plain = "a: 1\nb: 2.0e-4\nc: no\nd: 'n'\ne: \"0123\"\nf: 007\ng: 0x1f\nh: 1_000\ni: +5\nj: text\nk: -0\nl: ~\nm: 1.5\nn: .5\n";
    assert_eq!(check_config(kind, plain).unwrap().marks, []);
    assert_eq!(check_config(kind, configs::axolotl::TEMPLATE).unwrap().marks, []);
}

#[test]
fn arguments_are_read_under_the_names_of_today() {
    let today = |given: Value| {
        let given: Map<String, Value> = given.as_object().cloned().unwrap();
        Value::Object(current_names(&given))
    };
    assert_eq!(
        today(json!({"max_seq_length": 256, "no_cuda": true, "r": 1})),
        json!({"r": 1, "max_length": 256, "use_cpu": true})
    );
    assert_eq!(today(json!({"max_seq_length": 256, "max_length": 512})), json!({"max_length": 512}));
    assert_eq!(today(json!({"max_length": 512, "max_seq_length": 256})), json!({"max_length": 512}));
}

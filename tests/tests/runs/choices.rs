//! What the choices of a training refuse, and how they stand in the specification of its run.

use serde_json::json;
use stories::samples;

use crate::methods::{chats, columns, fields, job, planned, refused, trained, world};

pub(crate) const ARGUMENTS: &str = "training_arguments_config";

#[test]
fn what_does_not_fit_is_refused_by_its_field() {
    let world = world(&chats(10));
    let other = world
        .fts
        .create("models", &json!({"type": "project", "name": "Other", "location": world.fts.path("model")}));
    samples::adapter(world.fts.path("adapter").as_ref(), &world.fts.path("model"));
    let adapter = world.fts.create(
        "adapters",
        &json!({"type": "project", "name": "Of another", "model_id": other, "location": world.fts.path("adapter")}),
    );
    let prompt = world.fts.create(
        "prompts",
        &json!({
            "name": "Own", "dataset_id": world.dataset, "input_template": "{conversations}",
            "completion_template": "{conversations}",
        }),
    );
    let cases = [
        (json!({"method": "dpo", "row_format": "conversation"}), vec!["row_format"]),
        (json!({"method": "dpo"}), vec!["dataset_id"]),
        (json!({"row_format": "preference", "method": "sft"}), vec!["row_format", "dataset_id"]),
        (json!({"prompt_id": prompt, "row_format": "conversation"}), vec!["prompt_id"]),
        (json!({"chat_template": "/no/such/file"}), vec!["chat_template"]),
        (json!({"chat_template": "none"}), vec!["chat_template"]),
        (json!({"train_test_split": 1, "early_stopping_patience": 2}), vec!["early_stopping_patience"]),
        (json!({"early_stopping_patience": 0}), vec!["early_stopping_patience"]),
        (json!({"adapter_init": "nowhere"}), vec!["adapter_init"]),
        (json!({"adapter_init": adapter}), vec!["adapter_init"]),
        (json!({"tuning": "full", "lora_config": "{\"r\": 8}"}), vec!["lora_config"]),
        (json!({"tuning": "full", "adapter_init": adapter}), vec!["adapter_init"]),
        (json!({"training_arguments_config": r#"{"packing": true, "max_length": null}"#}), vec![ARGUMENTS]),
        (
            json!({"tuning": "full", "training_arguments_config": r#"{"loraplus_lr_ratio": 4}"#}),
            vec![ARGUMENTS],
        ),
        (json!({"lora_config": r#"{"init_lora_weights": "eva"}"#}), vec!["lora_config"]),
        (json!({"lora_config": r#"{"rank_pattern": {"q_proj": 0}}"#}), vec!["lora_config"]),
        (
            json!({"user_script": world.fts.file("train.py", ""), "method": "sft"}),
            vec!["prompt_id", "method"],
        ),
    ];
    for (choices, wanted) in cases {
        let problems = refused(&world, &choices);
        assert_eq!(columns(&problems), wanted, "{choices}: {problems:?}");
        assert!(problems.iter().all(|(_, message)| message.ends_with('.')), "{problems:?}");
    }
    let unknown =
        world.fts.refused(&["train", "--data", &fields(&world, &json!({"method": "ppo"})).to_string()]);
    assert_eq!(unknown.columns, ["method"]);
}

#[test]
fn what_supervised_fine_tuning_alone_takes_is_refused_elsewhere_or_warned_of() {
    let world = world(&vec![json!({"prompt": "Hi", "chosen": "Hello", "rejected": "Go"}); 10]);
    let packed = json!({"training_arguments_config": r#"{"packing": true}"#});
    assert_eq!(columns(&refused(&world, &packed)), [ARGUMENTS]);
    let noisy = planned(&world, &json!({"training_arguments_config": r#"{"neftune_noise_alpha": 5}"#}));
    assert_eq!((&noisy["problems"], &noisy["warnings"][0]["column"]), (&json!([]), &json!(ARGUMENTS)));
}

#[test]
fn each_setting_is_in_the_specification_of_the_run() {
    let world = world(&chats(10));
    let arguments = json!({
        "num_train_epochs": 1, "learning_rate": 1e-4, "lr_scheduler_type": "cosine", "label_smoothing_factor": 0.1,
        "neftune_noise_alpha": 5, "packing": true, "max_length": 64, "eval_strategy": "steps", "eval_steps": 5,
        "save_strategy": "steps", "save_steps": 5, "load_best_model_at_end": true, "loraplus_lr_ratio": 4,
    });
    let lora = json!({
        "r": 4, "use_dora": true, "use_rslora": true, "init_lora_weights": "orthogonal",
        "modules_to_save": ["embed_tokens"], "rank_pattern": {"q_proj": 8}, "alpha_pattern": {"q_proj": 16},
        "target_modules": ["q_proj"],
    });
    let given = json!({
        "training_arguments_config": arguments.to_string(), "lora_config": lora.to_string(),
        "early_stopping_patience": 2, "num_epochs": null, "learning_rate": null,
    });
    let job = job(&world, &trained(&world, &given));
    for (name, value) in arguments.as_object().expect("arguments") {
        assert_eq!(&job["training_arguments"][name], value, "{name}");
    }
    assert_eq!((&job["lora"], &job["early_stopping_patience"]), (&lora, &json!(2)));
}

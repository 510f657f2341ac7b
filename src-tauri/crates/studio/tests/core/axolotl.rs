//! The formats and the template of axolotl.

use serde_json::{Value, json};
use studio::{
    configs::{axolotl, parse_config},
    resources::ConfigType,
    schema::TableName,
};

use crate::world::{World, id};

#[test]
fn all_axolotl_formats_are_known_with_the_order_of_their_columns() {
    let names: Vec<_> = axolotl::FORMATS.iter().map(|format| (format.name, format.keys.join(" "))).collect();
    let expected = [
        ("alpaca", "instruction input output"),
        ("jeopardy", "question category answer"),
        ("oasst", "INSTRUCTION RESPONSE"),
        ("gpteacher", "instruction input response"),
        ("reflection", "instruction input output reflection corrected"),
        ("explainchoice", "question choices solution explanation"),
        ("concisechoice", "question choices solution explanation"),
        ("summarizetldr", "article summary"),
        ("alpaca_chat", "instruction input response"),
        ("alpaca_chat.load_qa", "question answer"),
        ("alpaca_chat.load_concise", "instruction input response"),
        ("alpaca_chat.load_camel_ai", "message_1 message_2"),
        ("alpaca_w_system.load_open_orca", "system_prompt question response"),
        ("context_qa", "article question answer"),
        ("context_qa.load_v2", "context question answer"),
        ("context_qa.load_404", "article unanswerable_question"),
        ("creative_acr.load_answer", "instruction revision"),
        ("creative_acr.load_critique", "scores critiques instruction answer"),
        ("creative_acr.load_revise", "scores critiques instruction answer revision"),
        ("metharme", "prompt generation"),
    ];
    assert_eq!(names, expected.map(|(name, keys)| (name, keys.to_owned())));
    // A dataset with just a format's columns is recognized as it, or as one with the same columns.
    for format in axolotl::FORMATS {
        let columns: Vec<String> = format.keys.iter().map(|key| (*key).to_owned()).collect();
        let best = axolotl::match_formats(&columns);
        let same = axolotl::FORMATS.iter().find(|other| other.keys == format.keys).unwrap();
        assert_eq!((best[0].name, best[0].missing.len()), (same.name, 0), "{}", format.name);
        assert_eq!(best.len(), 20);
    }
}

#[tokio::test]
async fn formats_are_offered_by_the_columns_of_a_dataset() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let formats = world.studio.configs().axolotl_formats(&dataset).await.unwrap();
    let order: Vec<_> = formats.iter().take(4).map(|format| (format.name, format.missing.clone())).collect();
    // Two columns in common; the one that lacks none first, then by the order of the list.
    assert_eq!(
        order,
        [
            ("alpaca_chat.load_qa", vec![]),
            ("jeopardy", vec!["category"]),
            ("context_qa", vec!["article"]),
            ("context_qa.load_v2", vec!["context"]),
        ]
    );
    let hub = json!({"type": "huggingface", "huggingface_name": "lab/rows"});
    let hub = id(&world.create(TableName::Datasets, hub).await.unwrap());
    let error = world.studio.configs().axolotl_formats(&hub).await.unwrap_err();
    assert!(error.message.contains("lab/rows") && error.hint.is_some(), "{error}");
}

#[test]
fn the_axolotl_template_has_its_fifty_one_settings() {
    let value = parse_config(Some(ConfigType::Axolotl), axolotl::TEMPLATE).unwrap();
    let settings = value.as_object().unwrap();
    assert_eq!(settings.len(), 51);
    let set: serde_json::Map<_, _> =
        settings.clone().into_iter().filter(|(_, value)| !value.is_null()).collect();
    let expected = json!({
        "tokenizer_type": "AutoTokenizer", "load_in_8bit": true, "load_in_4bit": false, "strict": false,
        "datasets": [{"path": null, "type": null}], "val_set_size": 0.05, "sequence_len": 4096,
        "sample_packing": true, "eval_sample_packing": false, "pad_to_sequence_len": true,
        "adapter": "lora", "lora_r": 32, "lora_alpha": 16, "lora_dropout": 0.05,
        "lora_target_linear": true, "gradient_accumulation_steps": 4, "micro_batch_size": 2,
        "optimizer": "adamw_bnb_8bit", "lr_scheduler": "cosine", "train_on_inputs": false,
        "group_by_length": false, "bf16": "auto", "tf32": false, "gradient_checkpointing": true,
        "logging_steps": 1, "flash_attention": true, "warmup_steps": 10, "evals_per_epoch": 4,
        "saves_per_epoch": 1, "weight_decay": 0.0,
    });
    assert_eq!(Value::Object(set), expected);
    let empty = [
        "base_model",
        "dataset_prepared_path",
        "lora_model_dir",
        "lora_fan_in_fan_out",
        "wandb_project",
        "wandb_entity",
        "wandb_watch",
        "wandb_name",
        "wandb_log_model",
        "num_epochs",
        "learning_rate",
        "fp16",
        "early_stopping_patience",
        "resume_from_checkpoint",
        "local_rank",
        "xformers_attention",
        "debug",
        "deepspeed",
        "fsdp",
        "fsdp_config",
        "special_tokens",
    ];
    assert!(empty.iter().all(|name| settings.get(*name) == Some(&Value::Null)));
    assert!(axolotl::TEMPLATE.contains("# "), "comments say what settings do");
}

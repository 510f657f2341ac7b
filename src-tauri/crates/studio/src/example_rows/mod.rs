//! The rows of the example workspace: a shop's messages, two prompts for them, configs, and models by
//! Hub name. Their ids are fixed, by which they are recognized.

mod messages;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use platform::AtomicFile;
use schema::Error;
use schema::Result;
use schema::Row;
use schema::TableName;

const DATASET: &str = "e1a00000-0000-4000-8000-000000000001";

/// The numbers in which the ids of the example end, by table.
const IDS: [(TableName, &[u8]); 4] = [
    (TableName::Datasets, &[1]),
    (TableName::Models, &[11, 12]),
    (TableName::Prompts, &[21, 22]),
    (TableName::Configs, &[31, 32, 33]),
];

fn id(number: u8) -> String {
    format!("e1a00000-0000-4000-8000-{number:012}")
}

/// The ids of all rows of the example.
pub(crate) fn ids() -> Vec<(TableName, Vec<String>)> {
    IDS.iter().map(|(table, numbers)| (*table, numbers.iter().map(|number| id(*number)).collect())).collect()
}

/// Writes the messages into a folder, unless the file exists.
pub(crate) fn write_messages(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("shop-messages.csv");
    if path.is_file() {
        return Ok(path);
    }
    std::fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
    AtomicFile::write_all(&path, messages::csv().as_bytes())?;
    Ok(path)
}

/// The rows. Each refers to earlier ones only.
pub(crate) fn rows(messages: &Path) -> Vec<(TableName, Row)> {
    let rows = [
        (
            TableName::Datasets,
            1,
            json!({
                "type": "project_csv", "name": "Shop messages", "location": messages,
                "description": "300 made-up messages to a shop, with what each wants and a reply.",
            }),
        ),
        (
            TableName::Models,
            11,
            json!({
                "type": "huggingface", "huggingface_model_name": "HuggingFaceTB/SmolLM2-135M-Instruct",
                "name": "SmolLM2 135M", "framework": "pytorch",
                "description": "Small enough to train on a laptop.",
            }),
        ),
        (
            TableName::Models,
            12,
            json!({
                "type": "huggingface", "huggingface_model_name": "Qwen/Qwen2.5-0.5B-Instruct",
                "name": "Qwen2.5 0.5B", "framework": "pytorch",
                "description": "A step up that still trains without a large GPU.",
            }),
        ),
        (
            TableName::Prompts,
            21,
            json!({
                "name": "Sort a message", "dataset_id": DATASET,
                "description": "The model answers with one of ten intents.",
                "input_template": "Say in one word what the customer wants.\n\nCustomer: {message}\nIntent: ",
                "completion_template": "{intent}",
            }),
        ),
        (
            TableName::Prompts,
            22,
            json!({
                "name": "Answer a message", "dataset_id": DATASET,
                "description": "The model answers as the shop would.",
                "input_template": "You answer for a friendly shop.\n\nCustomer: {message}\nShop: ",
                "completion_template": "{reply}",
            }),
        ),
        (
            TableName::Configs,
            31,
            json!({
                "type": "training_arguments", "description": "A short first training",
                "config": text(&json!({
                    "num_train_epochs": 1, "per_device_train_batch_size": 4, "gradient_accumulation_steps": 4,
                    "learning_rate": 0.0002, "warmup_ratio": 0.03, "lr_scheduler_type": "cosine",
                    "logging_steps": 5,
                })),
            }),
        ),
        (
            TableName::Configs,
            32,
            json!({
                "type": "lora_config", "description": "A small LoRA adapter",
                "config": text(&lora()),
            }),
        ),
        (
            TableName::Configs,
            33,
            json!({
                "type": "generation_config", "description": "Short and always the same answer",
                "config": text(&json!({"do_sample": false, "max_new_tokens": 80, "repetition_penalty": 1.05})),
            }),
        ),
    ];
    let with_id = |(table, number, fields): (TableName, u8, Value)| {
        let mut row = fields.as_object().cloned().unwrap_or_default();
        row.insert("id".to_owned(), id(number).into());
        (table, row)
    };
    rows.into_iter().map(with_id).collect()
}

/// The default with a smaller rank.
fn lora() -> Value {
    let mut settings = configs::defaults::of_job(configs::ConfigType::LoraConfig, None).unwrap_or_default();
    settings.extend([("r".to_owned(), 8.into()), ("lora_alpha".to_owned(), 16.into())]);
    settings.into()
}

fn text(settings: &Value) -> String {
    format!("{settings:#}")
}

//! Configurations to start from. Those that come with the program are no rows until one is saved.

use serde::Serialize;

use super::{axolotl, defaults};
use crate::ConfigType;

/// A configuration to start from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Preset {
    /// What it configures.
    pub r#type: ConfigType,
    /// What a person calls it.
    pub name: String,
    /// When to choose it; empty for one's own.
    pub about: String,
    /// The settings, as text.
    pub config: String,
    /// The row it is kept in; none for what comes with the program.
    pub id: Option<String>,
}

/// The presets that come with the program; of each type, what a new configuration starts with
/// comes first.
pub fn built_in_presets() -> Vec<Preset> {
    let preset = |kind: ConfigType, name: &str, about: &str, config: String| Preset {
        r#type: kind,
        name: name.to_owned(),
        about: about.to_owned(),
        config,
        id: None,
    };
    let studio = super::SETTINGS.iter().map(|settings| {
        let kind = settings.r#type;
        let about = format!("What a new config starts with. {}", defaults::use_in_jobs(kind));
        preset(kind, "Studio default", &about, indented(settings.default))
    });
    let shipped =
        SHIPPED.iter().map(|(kind, name, about, config)| preset(*kind, name, about, indented(config)));
    let lora = LORA.iter().map(|(name, about, changed)| {
        preset(ConfigType::LoraConfig, name, about, defaults::with_default(ConfigType::LoraConfig, changed))
    });
    let about = "Every setting of the studio's axolotl template, the empty ones too.";
    let template = preset(ConfigType::Axolotl, "Template", about, axolotl::TEMPLATE.to_owned());
    studio.chain(shipped).chain(lora).chain([template]).collect()
}

/// The same settings, one a line.
fn indented(json: &str) -> String {
    serde_json::from_str::<serde_json::Value>(json)
        .map_or_else(|_| json.to_owned(), |value| format!("{value:#}"))
}

const SHIPPED: &[(ConfigType, &str, &str, &str)] = &[
    (
        ConfigType::TrainingArguments,
        "Quick try",
        "Twenty steps, on any machine, to see that everything fits together.",
        r#"{"max_steps": 20, "per_device_train_batch_size": 1, "gradient_accumulation_steps": 1, "max_length": 512, "learning_rate": 0.0002, "optim": "adamw_torch", "save_strategy": "no", "logging_steps": 1, "report_to": "none"}"#,
    ),
    (
        ConfigType::TrainingArguments,
        "Standard on a GPU",
        "Three epochs with a warm-up and a falling rate, evaluated and saved after each. For a GPU with bfloat16.",
        r#"{"num_train_epochs": 3, "per_device_train_batch_size": 4, "gradient_accumulation_steps": 4, "learning_rate": 0.0002, "lr_scheduler_type": "cosine", "warmup_steps": 0.03, "optim": "paged_adamw_8bit", "max_grad_norm": 0.3, "bf16": true, "gradient_checkpointing": true, "eval_strategy": "epoch", "save_strategy": "epoch", "save_total_limit": 2, "logging_steps": 10, "report_to": "mlflow"}"#,
    ),
    (
        ConfigType::TrainingArguments,
        "Careful on a GPU",
        "A low rate and some decay, and the best checkpoint wins. For small datasets that are soon learned by heart.",
        r#"{"num_train_epochs": 5, "per_device_train_batch_size": 4, "gradient_accumulation_steps": 4, "learning_rate": 5e-5, "lr_scheduler_type": "cosine", "warmup_steps": 0.1, "optim": "paged_adamw_8bit", "weight_decay": 0.01, "max_grad_norm": 0.3, "bf16": true, "gradient_checkpointing": true, "eval_strategy": "epoch", "save_strategy": "epoch", "save_total_limit": 2, "load_best_model_at_end": true, "logging_steps": 10, "report_to": "mlflow"}"#,
    ),
    (
        ConfigType::TrainingArguments,
        "Standard on a CPU",
        "One epoch of short rows without anything that asks for a GPU. For small models.",
        r#"{"num_train_epochs": 1, "per_device_train_batch_size": 2, "gradient_accumulation_steps": 4, "max_length": 512, "learning_rate": 0.0002, "lr_scheduler_type": "linear", "warmup_steps": 0.03, "optim": "adamw_torch", "use_cpu": true, "eval_strategy": "epoch", "save_strategy": "epoch", "save_total_limit": 1, "logging_steps": 5, "report_to": "mlflow"}"#,
    ),
    (
        ConfigType::BitsandbytesConfig,
        "QLoRA, 4 bits",
        "The least memory: 4 bits, computed in bfloat16. For GPUs since Ampere.",
        r#"{"load_in_4bit": true, "bnb_4bit_quant_type": "nf4", "bnb_4bit_compute_dtype": "bfloat16", "bnb_4bit_use_double_quant": true, "quant_method": "bitsandbytes"}"#,
    ),
    (
        ConfigType::BitsandbytesConfig,
        "8 bits",
        "Half the memory of 16 bits, and closer to the original than 4.",
        r#"{"load_in_8bit": true, "quant_method": "bitsandbytes"}"#,
    ),
    (
        ConfigType::GenerationConfig,
        "Greedy",
        "Always the likeliest token, so that the same prompt gives the same answer. For labels and evaluations.",
        r#"{"do_sample": false, "max_new_tokens": 60}"#,
    ),
    (
        ConfigType::GenerationConfig,
        "Balanced",
        "Some variety without surprises. For answers and summaries.",
        r#"{"do_sample": true, "temperature": 0.7, "top_p": 0.9, "max_new_tokens": 256}"#,
    ),
    (
        ConfigType::GenerationConfig,
        "Creative",
        "Much variety and little repetition. For texts and ideas.",
        r#"{"do_sample": true, "temperature": 1.0, "top_p": 0.95, "repetition_penalty": 1.1, "max_new_tokens": 512}"#,
    ),
];

/// Changes of the default for LoRA: where it acts stands there alone.
const LORA: &[(&str, &str, &str)] = &[
    ("Small, rank 8", "A small adapter. For a style or a format.", r#"{"r": 8, "lora_alpha": 16}"#),
    ("Medium, rank 32", "A good start for most tasks.", r#"{"r": 32, "lora_alpha": 64}"#),
    (
        "Large, rank 128",
        "A scale that stays stable. For new knowledge and many rows; the most memory.",
        r#"{"r": 128, "lora_alpha": 128, "use_rslora": true}"#,
    ),
];

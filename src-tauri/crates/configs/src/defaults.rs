//! What a job uses where it has no config of its own. Presets, the preflight, the worker and the
//! forms all read these values; what the worker needs too is in its package's `shared.json`.

use std::{collections::HashMap, sync::LazyLock};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{ConfigType, settings_of};

/// The training arguments that need CUDA, and what replaces them on another device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct WithoutCuda {
    /// Arguments that are switched off.
    pub switches: Vec<String>,
    /// Parts of the names of optimizers that need CUDA.
    pub optimizers: Vec<String>,
    /// The optimizer in their place.
    pub optimizer: String,
}

/// How a training saves checkpoints where its arguments do not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Checkpoints {
    /// Steps between checkpoints.
    pub save_steps: u64,
    /// How many checkpoints are kept.
    pub save_total_limit: u64,
}

/// What an evaluation does where its request does not say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EvaluationDefaults {
    /// The part of the held-back rows that is evaluated on.
    pub fraction: f64,
    /// How many rows are answered at once.
    pub batch_size: u32,
    /// The generation settings: the likeliest token, so that a second evaluation gives the same
    /// answers.
    pub generation: Map<String, Value>,
}

/// A GPU with CUDA, as far as the defaults depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gpu {
    /// Whether it computes in bfloat16.
    pub bfloat16: bool,
}

/// The learning rates of a method where nothing else is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
pub struct LearningRates {
    /// Of an adapter; none for the rate of a job's column.
    pub lora: Option<f64>,
    /// Of the whole model.
    pub full: Option<f64>,
}

#[derive(Default, Deserialize)]
struct Shared {
    seed: u32,
    without_cuda: WithoutCuda,
    checkpoints: Checkpoints,
    evaluation: EvaluationDefaults,
    learning_rates: HashMap<String, LearningRates>,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let text = include_str!("../../../worker/fine_tuning_worker/shared.json");
    serde_json::from_str(text).unwrap_or_default()
});

/// The seed of every random choice of a run.
pub fn seed() -> u32 {
    SHARED.seed
}

/// The training arguments that need CUDA, and what replaces them.
pub fn without_cuda() -> &'static WithoutCuda {
    &SHARED.without_cuda
}

/// How a training saves checkpoints.
pub fn checkpoints() -> Checkpoints {
    SHARED.checkpoints
}

/// What an evaluation does where its request does not say.
pub fn evaluation() -> &'static EvaluationDefaults {
    &SHARED.evaluation
}

/// The learning rates of a method by its text; none for one that is not known. Those of whole models are the
/// defaults of TRL's configs. An adapter starts at zero and takes larger steps: its rates are ten times those.
pub fn learning_rates(method: &str) -> Option<LearningRates> {
    SHARED.learning_rates.get(method).copied()
}

/// What a job without a config of that type uses on a machine with or without a GPU; none where it
/// uses no settings of that type at all.
pub fn of_job(kind: ConfigType, gpu: Option<Gpu>) -> Option<Map<String, Value>> {
    match kind {
        ConfigType::TrainingArguments => Some(training_arguments(gpu)),
        ConfigType::LoraConfig => Some(default_of(kind)),
        ConfigType::GenerationConfig => Some(SHARED.evaluation.generation.clone()),
        _ => None,
    }
}

/// The settings of a new config of that type.
fn default_of(kind: ConfigType) -> Map<String, Value> {
    let default = settings_of(kind).map_or("{}", |settings| settings.default);
    serde_json::from_str(default).unwrap_or_default()
}

/// The settings of a new config with some of them changed, one a line.
pub(crate) fn with_default(kind: ConfigType, changed: &str) -> String {
    let mut settings = default_of(kind);
    settings.extend(serde_json::from_str::<Map<String, Value>>(changed).unwrap_or_default());
    format!("{:#}", Value::Object(settings))
}

/// How a preset relates to a job without a config of that type: the second sentence of what the
/// studio's default says of itself.
pub(crate) fn use_in_jobs(kind: ConfigType) -> &'static str {
    match kind {
        ConfigType::TrainingArguments => "A training without one uses settings made for its machine.",
        ConfigType::BitsandbytesConfig => "A job without one does not quantize its model.",
        ConfigType::GenerationConfig => "An evaluation without one always takes the likeliest token.",
        ConfigType::LoraConfig => "A training without one uses it too.",
        _ => "",
    }
}

fn training_arguments(gpu: Option<Gpu>) -> Map<String, Value> {
    let arguments = match gpu {
        Some(Gpu { bfloat16 }) => json!({
            "per_device_train_batch_size": 4, "gradient_accumulation_steps": 4,
            if bfloat16 { "bf16" } else { "fp16" }: true,
            "gradient_checkpointing": true, "optim": "adamw_torch_fused", "lr_scheduler_type": "cosine",
            "warmup_ratio": 0.03, "max_grad_norm": 1.0, "max_length": 1024, "logging_steps": 1,
            "report_to": "mlflow",
        }),
        None => json!({
            "per_device_train_batch_size": 8, "gradient_accumulation_steps": 1, "optim": "adamw_torch",
            "lr_scheduler_type": "cosine", "warmup_ratio": 0.03, "max_grad_norm": 1.0, "max_length": 512,
            "logging_steps": 1, "report_to": "mlflow",
        }),
    };
    arguments.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SETTINGS, built_in_presets};

    #[test]
    fn the_values_of_the_worker_can_be_read() {
        assert_eq!(seed(), 42);
        assert_eq!(checkpoints(), Checkpoints { save_steps: 500, save_total_limit: 2 });
        assert_eq!(learning_rates("dpo"), Some(LearningRates { lora: Some(1e-5), full: Some(1e-6) }));
        assert_eq!(without_cuda().optimizer, "adamw_torch");
        assert_eq!((evaluation().fraction, evaluation().batch_size), (1.0, 8));
    }

    #[test]
    fn what_a_preset_says_of_jobs_without_a_config_is_true() {
        for settings in SETTINGS {
            let kind = settings.r#type;
            let presets = built_in_presets();
            let preset = presets.iter().find(|preset| preset.r#type == kind).unwrap();
            let says = |sentence: &str| preset.about.contains(sentence);
            let default: Map<String, Value> = serde_json::from_str(&preset.config).unwrap();
            let (cpu, gpu) = (of_job(kind, None), of_job(kind, Some(Gpu { bfloat16: true })));
            assert_eq!(says("uses it too"), cpu.as_ref() == Some(&default), "{kind:?}");
            assert_eq!(says("made for its machine"), cpu != gpu, "{kind:?}");
            assert_eq!(says("does not quantize"), cpu.is_none(), "{kind:?}");
            let greedy = cpu.is_some_and(|settings| settings.get("do_sample") == Some(&Value::Bool(false)));
            assert_eq!(says("the likeliest token"), greedy, "{kind:?}");
        }
    }

    #[test]
    fn every_lora_preset_acts_on_all_linear_layers() {
        let presets = built_in_presets();
        let lora: Vec<_> = presets.iter().filter(|preset| preset.r#type == ConfigType::LoraConfig).collect();
        assert_eq!(lora.len(), 4);
        for preset in lora {
            let settings: Map<String, Value> = serde_json::from_str(&preset.config).unwrap();
            assert_eq!(settings["target_modules"], "all-linear", "{}", preset.name);
        }
    }

    #[test]
    fn the_greedy_preset_is_what_an_evaluation_uses() {
        let presets = built_in_presets();
        let greedy = presets.iter().find(|preset| preset.name == "Greedy").unwrap();
        let settings: Map<String, Value> = serde_json::from_str(&greedy.config).unwrap();
        assert_eq!(Some(settings), of_job(ConfigType::GenerationConfig, None));
    }
}

//! A PEFT adapter, read from its folder
//! (<https://huggingface.co/docs/peft/developer_guides/checkpoint>).

use std::path::Path;

use schema::Result;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    Precision, Tensors,
    files::{ADAPTER_CONFIG, ADAPTER_STEM, object},
    model::texts,
};

/// The properties of an adapter, read without loading its weights.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct AdapterFacts {
    /// The PEFT method, such as `LORA`.
    pub peft_type: Option<String>,
    /// The task it was trained for, such as `CAUSAL_LM`.
    pub task_type: Option<String>,
    /// The rank (`r`).
    pub rank: Option<u64>,
    /// The scale (`lora_alpha`).
    pub alpha: Option<f64>,
    /// The dropout (`lora_dropout`).
    pub dropout: Option<f64>,
    /// The modules of the base model that it changes (`target_modules`): names, or one pattern.
    pub target_modules: Vec<String>,
    /// Which biases it changes: `none`, `all`, `lora_only`.
    pub bias: Option<String>,
    /// The base model that its configuration names: a hub name or a folder.
    pub base_model: Option<String>,
    /// The number of parameters.
    pub parameters: Option<u64>,
    /// The number formats of the weights, the most common first.
    pub precisions: Vec<Precision>,
    /// The size of the folder in bytes.
    pub bytes: u64,
    /// Missing files.
    pub missing: Vec<String>,
    /// Other problems, in sentences.
    pub problems: Vec<String>,
    /// Why `parameters` is unknown although there is no problem.
    pub unread: Option<String>,
}

impl AdapterFacts {
    /// Reads an adapter's folder.
    pub fn read(folder: &Path) -> Result<Self> {
        Self::read_with_tensors(folder).map(|(facts, _)| facts)
    }

    /// Reads the adapter and the shapes of its tensors.
    pub fn read_with_tensors(folder: &Path) -> Result<(Self, Tensors)> {
        let config = object(&folder.join(ADAPTER_CONFIG))?;
        let tensors = Tensors::read(folder, ADAPTER_STEM)?;
        let facts = Self {
            parameters: tensors.parameters,
            precisions: tensors.precisions.clone(),
            missing: tensors.missing.clone(),
            problems: tensors.problems.clone(),
            unread: tensors.unread.clone(),
            bytes: platform::disk::folder_size(folder),
            ..Self::from_config(&config)
        };
        Ok((facts, tensors))
    }

    fn from_config(config: &Map<String, Value>) -> Self {
        let text = |name: &str| {
            let text = config.get(name).and_then(Value::as_str).map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let number = |name: &str| config.get(name).and_then(Value::as_f64);
        Self {
            peft_type: text("peft_type"),
            task_type: text("task_type"),
            rank: config.get("r").and_then(Value::as_u64),
            alpha: number("lora_alpha"),
            dropout: number("lora_dropout"),
            target_modules: texts(config.get("target_modules")),
            bias: text("bias"),
            base_model: text("base_model_name_or_path"),
            ..Self::default()
        }
    }
}

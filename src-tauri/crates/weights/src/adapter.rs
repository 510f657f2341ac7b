//! What a PEFT adapter's folder says about the adapter
//! (<https://huggingface.co/docs/peft/developer_guides/checkpoint>).

use std::path::Path;

use schema::Result;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Precision, Tensors, files::object, model::texts};

/// Every PEFT adapter has it.
pub(super) const CONFIG: &str = "adapter_config.json";
/// What its weights are called.
pub(super) const STEM: &str = "adapter_model";

/// What is known of an adapter without loading it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, specta::Type)]
pub struct AdapterFacts {
    /// The method, such as `LORA`.
    pub peft_type: Option<String>,
    /// The task it was trained for, such as `CAUSAL_LM`.
    pub task_type: Option<String>,
    /// The rank of its matrices (`r`).
    pub rank: Option<u64>,
    /// How strongly it is mixed in (`lora_alpha`).
    pub alpha: Option<f64>,
    /// The dropout it was trained with (`lora_dropout`).
    pub dropout: Option<f64>,
    /// The modules of the base model that it changes: names, or one pattern.
    pub target_modules: Vec<String>,
    /// Which biases it changes: `none`, `all`, `lora_only`.
    pub bias: Option<String>,
    /// The model it says it was trained on: a hub name or a folder.
    pub base_model: Option<String>,
    /// How many numbers its weights have.
    pub parameters: Option<u64>,
    /// The number formats of the weights, the commonest first.
    pub precisions: Vec<Precision>,
    /// The size of the folder in bytes.
    pub bytes: u64,
    /// Files that should be there and aren't.
    pub missing: Vec<String>,
    /// What else is wrong.
    pub problems: Vec<String>,
    /// Why `parameters` is not known although nothing is wrong.
    pub unread: Option<String>,
}

impl AdapterFacts {
    /// Reads an adapter's folder.
    pub fn read(folder: &Path) -> Result<Self> {
        Self::read_with_tensors(folder).map(|(facts, _)| facts)
    }

    /// The facts, and the shapes of the tensors they were taken from.
    pub fn read_with_tensors(folder: &Path) -> Result<(Self, Tensors)> {
        let config = object(&folder.join(CONFIG))?;
        let tensors = Tensors::read(folder, STEM)?;
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

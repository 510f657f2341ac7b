//! A model, read from its folder.

use std::path::Path;

use schema::Result;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    Precision, Tensors,
    config::Config,
    files::{MODEL_CONFIG, names},
    json::document,
    parts::WeightFiles,
    quantization::{self, Quantization},
    recognize::not_a_model,
    tokenizer::TokenizerFiles,
};

/// The properties of a model, read without loading its weights.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ModelFacts {
    /// The classes of Transformers that run it, such as `LlamaForCausalLM`.
    pub architectures: Vec<String>,
    /// The family, such as `llama`.
    pub model_type: Option<String>,
    /// The number of parameters, by the headers of the safetensors files.
    pub parameters: Option<u64>,
    /// Whether `parameters` counts packed numbers, each of which holds several weights of a quantized
    /// model.
    pub packed: bool,
    /// The number formats of the weights, the most common first.
    pub precisions: Vec<Precision>,
    /// The method with which the weights were quantized, such as `bitsandbytes` or `gptq`.
    pub quantization: Option<String>,
    /// The largest number of tokens in its context.
    pub context_length: Option<u64>,
    /// How the context was extended after the first training, such as "yarn, factor 4".
    pub rope_scaling: Option<String>,
    /// The number of tokens in its vocabulary.
    pub vocabulary: Option<u64>,
    /// The number of layers.
    pub layers: Option<u64>,
    /// The width of a layer.
    pub hidden_size: Option<u64>,
    /// The inner width of a layer's feed-forward part.
    #[serde(skip)]
    pub intermediate_size: Option<u64>,
    /// The width of the queries of all heads of a layer together.
    #[serde(skip)]
    pub attention_size: Option<u64>,
    /// The width of the keys of all heads of a layer together, which is that of the values too.
    #[serde(skip)]
    pub key_value_size: Option<u64>,
    /// The size of the folder in bytes.
    pub bytes: u64,
    /// The folder has a tokenizer.
    pub tokenizer: bool,
    /// The folder has a chat template that is used unless another is asked for.
    pub chat_template: bool,
    /// Missing files.
    pub missing: Vec<String>,
    /// Other problems, in sentences. With one, the model can't be loaded.
    pub problems: Vec<String>,
    /// What is unusual and no hindrance, in sentences.
    pub notes: Vec<String>,
    /// Why `parameters` is unknown although there is no problem.
    pub unread: Option<String>,
}

impl ModelFacts {
    /// Reads a model's folder.
    pub fn read(folder: &Path) -> Result<Self> {
        Self::read_with_tensors(folder).map(|(facts, _)| facts)
    }

    /// Reads the model and the shapes of its tensors.
    ///
    /// # Errors
    /// The folder has no `config.json`, or one that can't be parsed. The message says what the folder
    /// has instead.
    pub fn read_with_tensors(folder: &Path) -> Result<(Self, Tensors)> {
        let present = names(folder)?;
        if !present.iter().any(|name| name == MODEL_CONFIG) {
            return Err(not_a_model(folder, &present));
        }
        let config = document(&folder.join(MODEL_CONFIG))?;
        let tensors = Tensors::read(folder, WeightFiles::MODEL)?;
        let tokenizer = TokenizerFiles::read(folder, &present);
        let quantization = Quantization::find(folder, &Config::new(&config.object), &tensors);
        let mut notes = tokenizer.notes;
        if let Some(Quantization { method, in_config: false }) = &quantization {
            notes.push(format!(
                "The weights are quantized ({method}), but {MODEL_CONFIG} does not say so, and Transformers \
                 looks only there. Add its quantization_config, or get the model again."
            ));
        }
        let mut problems = tensors.problems.clone();
        problems.extend(config.problem);
        problems.extend(tokenizer.problems);
        let facts = Self {
            parameters: tensors.parameters,
            packed: quantization.is_some() && quantization::is_packed(&tensors),
            precisions: tensors.precisions.clone(),
            quantization: quantization.map(|found| found.method),
            missing: tensors.missing.clone(),
            problems,
            notes,
            unread: tensors.unread.clone(),
            bytes: platform::disk::folder_size(folder),
            tokenizer: tokenizer.present,
            chat_template: tokenizer.chat_template,
            ..Self::from_config(&config.object)
        };
        Ok((facts, tensors))
    }

    /// The properties in a `config.json`.
    pub fn from_config(config: &Map<String, Value>) -> Self {
        let nested = Config::new(config);
        Self {
            architectures: texts(config.get("architectures")),
            model_type: config.get("model_type").and_then(Value::as_str).map(str::to_owned),
            quantization: quantization::in_config(&nested),
            context_length: nested.context_length(),
            rope_scaling: nested.rope_scaling(),
            vocabulary: nested.vocabulary(),
            layers: nested.layers(),
            hidden_size: nested.hidden_size(),
            intermediate_size: nested.intermediate_size(),
            attention_size: nested.attention_size(),
            key_value_size: nested.key_value_size(),
            ..Self::default()
        }
    }
}

/// A text, or a list of texts.
pub(crate) fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

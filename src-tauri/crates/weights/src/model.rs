//! A model, read from its folder.

use std::path::Path;

use schema::Result;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    Precision, Tensors,
    files::{MODEL_CONFIG, MODEL_STEM, names, object},
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
    /// The number formats of the weights, the most common first.
    pub precisions: Vec<Precision>,
    /// The method with which the weights were quantized, such as `bitsandbytes` or `gptq`. `parameters`
    /// then counts packed numbers.
    pub quantization: Option<String>,
    /// The largest number of tokens in its context.
    pub context_length: Option<u64>,
    /// The number of tokens in its vocabulary.
    pub vocabulary: Option<u64>,
    /// The number of layers.
    pub layers: Option<u64>,
    /// The width of a layer.
    pub hidden_size: Option<u64>,
    /// The size of the folder in bytes.
    pub bytes: u64,
    /// The folder has a tokenizer.
    pub tokenizer: bool,
    /// The folder has a chat template.
    pub chat_template: bool,
    /// Missing files.
    pub missing: Vec<String>,
    /// Other problems, in sentences.
    pub problems: Vec<String>,
    /// Why `parameters` is unknown although there is no problem.
    pub unread: Option<String>,
}

impl ModelFacts {
    /// Reads a model's folder.
    pub fn read(folder: &Path) -> Result<Self> {
        Self::read_with_tensors(folder).map(|(facts, _)| facts)
    }

    /// Reads the model and the shapes of its tensors.
    pub fn read_with_tensors(folder: &Path) -> Result<(Self, Tensors)> {
        let tensors = Tensors::read(folder, MODEL_STEM)?;
        let config = object(&folder.join(MODEL_CONFIG))?;
        let present = names(folder)?;
        let facts = Self {
            parameters: tensors.parameters,
            precisions: tensors.precisions.clone(),
            missing: tensors.missing.clone(),
            problems: tensors.problems.clone(),
            unread: tensors.unread.clone(),
            bytes: platform::disk::folder_size(folder),
            tokenizer: present.iter().any(|name| TOKENIZERS.contains(&name.as_str())),
            chat_template: has_chat_template(folder, &present),
            ..Self::from_config(&config)
        };
        Ok((facts, tensors))
    }

    /// The properties in a `config.json`.
    pub fn from_config(config: &Map<String, Value>) -> Self {
        let number = |names: &[&str]| first(config, names).and_then(Value::as_u64);
        let quantization = config.get("quantization_config").and_then(|q| q.get("quant_method"));
        Self {
            architectures: texts(config.get("architectures")),
            model_type: config.get("model_type").and_then(Value::as_str).map(str::to_owned),
            quantization: quantization.and_then(Value::as_str).map(str::to_owned),
            context_length: number(CONTEXT),
            vocabulary: number(&["vocab_size"]),
            layers: number(&["num_hidden_layers", "n_layer", "num_layers", "n_layers"]),
            hidden_size: number(&["hidden_size", "n_embd", "d_model"]),
            ..Self::default()
        }
    }
}

/// The names of the context length in the configurations of different model families.
const CONTEXT: &[&str] =
    &["max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "seq_length", "n_ctx"];

/// Files of tokenizers; one of them is enough.
const TOKENIZERS: &[&str] =
    &["tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt", "spiece.model", "tekken.json"];

/// The value of the first of these names, in the configuration itself or in that of the text model of a
/// multimodal model.
fn first<'a>(config: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    let text = config.get("text_config").and_then(Value::as_object);
    let places = [Some(config), text].into_iter().flatten();
    places.into_iter().find_map(|place| names.iter().find_map(|name| place.get(*name)))
}

/// A text, or a list of texts.
pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn has_chat_template(folder: &Path, present: &[String]) -> bool {
    let own = ["chat_template.jinja", "chat_template.json"];
    let inside = || {
        let config = object(&folder.join("tokenizer_config.json")).ok();
        config.is_some_and(|config| config.get("chat_template").is_some_and(|template| !template.is_null()))
    };
    present.iter().any(|name| own.contains(&name.as_str())) || inside()
}

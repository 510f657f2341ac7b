//! With which method weights were quantized, by the forms in which libraries write it.

use std::path::Path;

use safetensors::Dtype;
use serde_json::{Map, Value};

use crate::{config::Config, json::document, tensors::Tensors};

/// Quantized weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quantization {
    /// The method, by the name that Transformers has for it.
    pub(crate) method: String,
    /// Whether `config.json` says so, the only place where Transformers looks.
    pub(crate) in_config: bool,
}

impl Quantization {
    /// By `config.json`, else by the files beside it, else by the names of the tensors.
    pub(crate) fn find(folder: &Path, config: &Config<'_>, tensors: &Tensors) -> Option<Self> {
        let elsewhere = || in_files(folder).or_else(|| in_tensors(tensors));
        let found = |method, in_config| Self { method, in_config };
        in_config(config)
            .map(|method| found(method, true))
            .or_else(|| elsewhere().map(|method| found(method, false)))
    }
}

/// The method that a configuration names.
pub(crate) fn in_config(config: &Config<'_>) -> Option<String> {
    let own = config.own();
    config
        .find(|place| place.get("quantization_config")?.as_object().and_then(method))
        .or_else(|| own.get("quantization_config")?.as_object().and_then(method))
        // Written by llm-compressor before compressed-tensors 0.7.
        .or_else(|| {
            config.find(|place| object(place, "compression_config").map(|_| "compressed-tensors".to_owned()))
        })
        // Written by MLX.
        .or_else(|| object(own, "quantization").filter(|q| q.contains_key("bits")).map(|_| "mlx".to_owned()))
}

fn object<'a>(place: &'a Map<String, Value>, key: &str) -> Option<&'a Map<String, Value>> {
    place.get(key)?.as_object().filter(|object| !object.is_empty())
}

/// The method that a training can quantize a model with.
pub const BITSANDBYTES: &str = "bitsandbytes";

/// Whether settings of bitsandbytes ask for a quantization.
pub fn asks_for_quantization(settings: &Map<String, Value>) -> bool {
    ["load_in_4bit", "load_in_8bit"].iter().any(|name| settings.get(*name) == Some(&Value::Bool(true)))
}

/// The method of a quantization's settings. Transformers and the libraries that quantize name it in
/// `quant_method`; older versions are known by their settings.
fn method(settings: &Map<String, Value>) -> Option<String> {
    let on = |key: &str| settings.get(key).is_some_and(|value| *value == Value::Bool(true));
    // Transformers decides so itself, whatever the method's name is (`supports_quant_method`).
    if ["load_in_8bit", "load_in_4bit", "_load_in_8bit", "_load_in_4bit"].into_iter().any(on) {
        return Some(BITSANDBYTES.to_owned());
    }
    let named = ["quant_method", "quant_algo"].into_iter().find_map(|key| settings.get(key)?.as_str());
    if let Some(named) = named.map(str::trim).filter(|named| !named.is_empty()) {
        return Some(named.to_ascii_lowercase());
    }
    let has = |keys: &[&str]| keys.iter().any(|key| settings.contains_key(*key));
    let known = FORMS.iter().find(|(_, keys)| has(keys)).map(|(method, _)| *method);
    // Settings that say of nothing that it is on, such as bitsandbytes with both sizes off.
    let off = settings
        .keys()
        .all(|key| key.contains("load_in") || key.starts_with("bnb_") || key.starts_with("llm_int8"));
    known.or((!off).then_some("an unknown method")).map(str::to_owned)
}

/// Settings that only one method has.
const FORMS: &[(&str, &[&str])] = &[
    ("awq", &["w_bit", "zero_point", "q_group_size"]),
    ("gptq", &["desc_act", "damp_percent", "true_sequential"]),
    ("compressed-tensors", &["config_groups", "sparsity_config"]),
    ("torchao", &["quant_type"]),
    ("hqq", &["quant_config"]),
    ("fp8", &["weight_block_size", "activation_scheme"]),
];

/// Files in which libraries keep the settings beside `config.json`, with the method of those that do not
/// name it.
const FILES: &[(&str, &str)] = &[
    ("quantize_config.json", "gptq"),
    ("quant_config.json", "awq"),
    ("hf_quant_config.json", "modelopt"),
    ("qmodel.pt", "hqq"),
];

fn in_files(folder: &Path) -> Option<String> {
    let (path, usual) =
        FILES.iter().map(|(name, method)| (folder.join(name), *method)).find(|(path, _)| path.exists())?;
    let settings = document(&path).ok().map(|document| document.object).unwrap_or_default();
    let named = settings.get("quant_method").and_then(Value::as_str).map(str::to_ascii_lowercase);
    Some(named.unwrap_or_else(|| usual.to_owned()))
}

/// How the names of tensors end that only quantized weights have.
const TENSORS: &[(&str, &str)] = &[
    (".SCB", "bitsandbytes"),
    (".absmax", "bitsandbytes"),
    ("bitsandbytes__nf4", "bitsandbytes"),
    ("bitsandbytes__fp4", "bitsandbytes"),
    (".weight_packed", "compressed-tensors"),
    (".qweight", "gptq"),
    (".W_q", "hqq"),
    (".weight_scale_inv", "fp8"),
];

fn in_tensors(tensors: &Tensors) -> Option<String> {
    let known =
        |name: &str| TENSORS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, method)| *method);
    tensors.shapes.keys().find_map(|name| known(name)).map(str::to_owned)
}

/// Whether the numbers of quantized weights hold several weights each: bytes and words in matrices. A
/// byte or an 8-bit number that stands for one weight has a format of its own.
pub(crate) fn is_packed(tensors: &Tensors) -> bool {
    let packed = |(dtype, shape): &(Dtype, Vec<usize>)| {
        shape.len() > 1 && matches!(dtype, Dtype::U8 | Dtype::I16 | Dtype::U16 | Dtype::I32 | Dtype::U32)
    };
    tensors.shapes.values().any(packed)
}

//! Weights in forms that Transformers does not load.

use crate::words::and;

/// What a folder has in place of weights that Transformers loads, in a sentence; `None` if it has no
/// such files. `expected` is the file that Transformers loads.
pub(crate) fn described(present: &[String], expected: &str) -> Option<String> {
    let ending = |endings: &[&str]| -> Vec<String> {
        let has = |name: &&String| {
            let name = name.to_ascii_lowercase();
            endings.iter().any(|ending| name.ends_with(ending))
        };
        present.iter().filter(has).cloned().collect()
    };
    let gguf = ending(&[".gguf"]);
    if !gguf.is_empty() {
        return Some(format!(
            "The weights are in the GGUF format of llama.cpp ({}), which is for inference and can't be \
             fine-tuned. Get the model in the form it was converted from, with {expected}.",
            and(&gguf)
        ));
    }
    let native: Vec<_> = present.iter().filter(|name| name.starts_with("consolidated")).cloned().collect();
    if !native.is_empty() {
        let whose = if ending(&[".pth"]).is_empty() { "Mistral's" } else { "Meta's" };
        return Some(format!(
            "The weights are in {whose} own form ({}), which Transformers does not load. \
             Get the model with {expected}.",
            and(&native)
        ));
    }
    let frameworks = ending(&[".onnx", ".h5", ".msgpack", ".ot", ".tflite", ".mlmodel", ".mlpackage"]);
    if !frameworks.is_empty() {
        return Some(format!(
            "The weights are in the format of another framework ({}), which can't be fine-tuned here. \
             Get the model with {expected}.",
            and(&frameworks)
        ));
    }
    let mut others = ending(&[".safetensors", ".bin", ".pt", ".pth", ".ckpt"]);
    others.retain(|name| !BESIDE_WEIGHTS.iter().any(|beside| name.starts_with(beside)));
    (!others.is_empty()).then(|| {
        format!(
            "Transformers loads {expected}, which is missing; the folder has {}. \
             If that is the whole model, rename it.",
            and(&others)
        )
    })
}

/// How the names of files begin that a training or a tokenizer writes beside weights.
const BESIDE_WEIGHTS: &[&str] = &[
    "training_args",
    "optimizer",
    "scheduler",
    "scaler",
    "rng_state",
    "random_states",
    "adapter_model",
    "sentencepiece",
    "spiece",
    "vocab",
    "tokenizer",
];

//! Folders of models, adapters and the Hub's cache, as other programs write them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use safetensors::{Dtype, tensor::TensorView};
use serde_json::{Value, json};

/// The weights of a tiny llama: two layers, each eight wide.
pub(crate) const LLAMA: &[(&str, &[usize])] = &[
    ("model.embed_tokens.weight", &[32, 8]),
    ("model.layers.0.self_attn.q_proj.weight", &[8, 8]),
    ("model.layers.0.self_attn.v_proj.weight", &[4, 8]),
    ("model.layers.1.self_attn.q_proj.weight", &[8, 8]),
    ("model.layers.1.self_attn.v_proj.weight", &[4, 8]),
    ("model.norm.weight", &[8]),
];
/// 32 × 8 + 2 × (8 × 8 + 4 × 8) + 8.
pub(crate) const LLAMA_PARAMETERS: u64 = 456;

/// Writes a real safetensors file of zeros.
pub(crate) fn safetensors(path: &Path, dtype: Dtype, tensors: &[(&str, &[usize])]) {
    let zeros = vec![0; 65_536];
    let views = tensors.iter().map(|(name, shape)| {
        let bytes = shape.iter().product::<usize>() * dtype.bitsize() / 8;
        ((*name).to_owned(), TensorView::new(dtype, shape.to_vec(), &zeros[..bytes]).unwrap())
    });
    fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

pub(crate) fn json_file(path: &Path, value: &Value) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, value.to_string()).unwrap();
}

pub(crate) fn llama_config() -> Value {
    json!({
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 8,
        "num_hidden_layers": 2, "vocab_size": 32, "max_position_embeddings": 2048,
        "torch_dtype": "bfloat16",
    })
}

/// A whole model with its tokenizer.
pub(crate) fn llama(folder: &Path) -> PathBuf {
    json_file(&folder.join("config.json"), &llama_config());
    json_file(&folder.join("tokenizer.json"), &json!({}));
    json_file(&folder.join("tokenizer_config.json"), &json!({"chat_template": "{{ messages }}"}));
    safetensors(&folder.join("model.safetensors"), Dtype::BF16, LLAMA);
    folder.to_owned()
}

/// A LoRA adapter of rank 2 for a model of two layers that are `width` wide.
pub(crate) fn lora(folder: &Path, base: &str, width: usize) -> PathBuf {
    json_file(
        &folder.join("adapter_config.json"),
        &json!({
            "peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 2, "lora_alpha": 4, "lora_dropout": 0.05,
            "bias": "none", "target_modules": ["q_proj", "v_proj"], "base_model_name_or_path": base,
        }),
    );
    let name = |layer: u8, side: &str| {
        format!("base_model.model.model.layers.{layer}.self_attn.q_proj.lora_{side}.weight")
    };
    let names = [0, 1].map(|layer| (name(layer, "A"), name(layer, "B")));
    let (a, b) = ([2, width], [width, 2]);
    let tensors: Vec<_> =
        names.iter().flat_map(|(left, right)| [(&**left, &a[..]), (&**right, &b[..])]).collect();
    safetensors(&folder.join("adapter_model.safetensors"), Dtype::F32, &tensors);
    folder.to_owned()
}

/// The commit that every repository of a test's cache is at.
pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// The folder of a revision in a cache; whatever is written into it counts as fetched.
pub(crate) fn fetched(cache: &Path, repository: &str) -> PathBuf {
    let repository = cache.join(repository);
    let snapshot = repository.join("snapshots").join(COMMIT);
    fs::create_dir_all(&snapshot).unwrap();
    fs::create_dir_all(repository.join("refs")).unwrap();
    fs::write(repository.join("refs/main"), COMMIT).unwrap();
    snapshot
}

//! The sizes of an adapter's tensors beside those of a model.

use std::collections::BTreeMap;

use safetensors::Dtype;

use crate::{ModelFacts, Tensors};

/// The size of the adapter of one module.
#[derive(Debug, Default)]
struct AdapterSize {
    inputs: Option<usize>,
    outputs: Option<usize>,
}

/// The sizes by the name of the module in the base model, from the pairs of LoRA matrices.
fn adapter_sizes(adapter: &Tensors) -> BTreeMap<&str, AdapterSize> {
    let mut sizes = BTreeMap::<&str, AdapterSize>::new();
    for (name, (_, shape)) in &adapter.shapes {
        let name = own_name(name);
        let [first, second] = shape[..] else { continue };
        if let Some((module, _)) = name.split_once(".lora_A") {
            sizes.entry(module).or_default().inputs = Some(second);
        } else if let Some((module, _)) = name.split_once(".lora_B") {
            sizes.entry(module).or_default().outputs = Some(first);
        }
    }
    sizes
}

/// Modules whose inputs have the width of a layer.
const WIDE: &[&str] = &["q_proj", "k_proj", "v_proj", "gate_proj", "up_proj"];

/// Modules that have another width in the adapter, by the weights of the model, else by its
/// configuration.
pub(crate) fn different_sizes(adapter: &Tensors, model: &ModelFacts, weights: &Tensors) -> Option<String> {
    let sizes = adapter_sizes(adapter);
    let by_weights = sizes.iter().find_map(|(module, size)| {
        let (inputs, outputs) = (size.inputs?, size.outputs?);
        let (dtype, shape) = weights.shapes.get(&format!("{module}.weight"))?;
        let [rows, columns] = shape[..] else { return None };
        // Quantized weights are packed into other shapes, and some families transpose their
        // matrices.
        let fits = !is_float(*dtype) || (rows, columns) == (outputs, inputs) || (rows, columns) == (inputs, outputs);
        (!fits).then(|| {
            format!(
                "The adapter was made for another model: {module} is {outputs} × {inputs} in it, and {rows} × {columns} here."
            )
        })
    });
    by_weights.or_else(|| {
        let width = usize::try_from(model.hidden_size?).ok()?;
        sizes.iter().find_map(|(module, size)| {
            let inputs = size.inputs?;
            let wide = WIDE.iter().any(|name| module.ends_with(name));
            (wide && inputs != width).then(|| {
                format!("The adapter was made for layers that are {inputs} wide; this model's are {width}.")
            })
        })
    })
}

fn is_float(dtype: Dtype) -> bool {
    matches!(dtype, Dtype::F16 | Dtype::BF16 | Dtype::F32 | Dtype::F64)
}

/// Names of the modules with a row for each token of the vocabulary.
const VOCABULARIES: &[&str] = &["embed_tokens", "lm_head", "wte", "word_embeddings", "embed_in", "embed_out"];

/// A vocabulary in the adapter that has another number of tokens.
pub(crate) fn different_vocabulary(
    adapter: &Tensors,
    model: &ModelFacts,
    weights: &Tensors,
) -> Option<String> {
    adapter.shapes.iter().find_map(|(name, (_, shape))| {
        let [rows, columns] = shape[..] else { return None };
        let name = own_name(name);
        let end = VOCABULARIES.iter().find_map(|module| {
            let at = name.find(module)? + module.len();
            name[at..].starts_with('.').then_some(at)
        })?;
        let (module, tensor) = (&name[..end], &name[end + 1..]);
        let tokens = match tensor.split('.').next()? {
            "weight" | "modules_to_save" | "base_layer" | "lora_B" => rows,
            "lora_embedding_A" => columns,
            _ => return None,
        };
        let saved = weights.shapes.get(&format!("{module}.weight")).filter(|(dtype, _)| is_float(*dtype));
        let own = saved.and_then(|(_, shape)| shape.first().copied());
        let own = own.or_else(|| usize::try_from(model.vocabulary?).ok())?;
        (tokens != own && tokens > 0).then(|| {
            format!(
                "The adapter was made for a vocabulary of {tokens} tokens ({module}), and this model's has {own}. \
                 Use the model whose vocabulary was changed in the same way."
            )
        })
    })
}

/// The name that a tensor has in the base model, before which PEFT puts the names of its own modules.
pub(crate) fn own_name(name: &str) -> &str {
    name.strip_prefix("base_model.model.").unwrap_or(name)
}

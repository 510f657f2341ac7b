//! Whether an adapter fits a model, by the name of its base model and by the shapes of both.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use resources::{Model, hub_name_in_path, is_hub_name};
use safetensors::Dtype;

use super::{AdapterFacts, ModelFacts, Tensors};

/// The base model that an adapter names (`base_model_name_or_path`): a hub name or a folder.
#[derive(Debug, Clone, Copy)]
pub struct BaseModel<'a>(pub &'a str);

impl BaseModel<'_> {
    /// The name on the hub, if this is one or a folder in the cache of the hub.
    pub fn hub_name(&self) -> Option<String> {
        hub_name_in_path(self.0).or_else(|| is_hub_name(self.0).then(|| self.0.to_owned()))
    }

    /// Whether this row is the model. Case does not matter in hub names.
    pub fn is(&self, model: &Model) -> bool {
        let location = model.location.as_deref();
        let cached = location.and_then(hub_name_in_path);
        let names = [model.huggingface_model_name.as_deref(), cached.as_deref()];
        let same_name = self
            .hub_name()
            .is_some_and(|wanted| names.into_iter().flatten().any(|name| name.eq_ignore_ascii_case(&wanted)));
        same_name
            || model.name.as_deref() == Some(self.0)
            || location.is_some_and(|at| same_folder(at, self.0))
    }
}

fn same_folder(one: &str, other: &str) -> bool {
    let real = |path: &str| Path::new(path).canonicalize().ok();
    // `Path` compares components, so a slash at the end does not matter.
    Path::new(one) == Path::new(other) || real(one).is_some_and(|one| Some(one) == real(other))
}

/// The differences between an adapter's weights and a model's, in sentences. Files that can't be read
/// are not compared.
pub fn misfits(
    facts: &AdapterFacts,
    adapter: &Tensors,
    model: &ModelFacts,
    weights: &Tensors,
) -> Vec<String> {
    missing_targets(facts, weights)
        .into_iter()
        .chain(different_sizes(&adapter_sizes(adapter), model, weights))
        .collect()
}

/// Target modules that the model does not have. In PEFT, a name stands for every module that ends with
/// it.
fn missing_targets(facts: &AdapterFacts, weights: &Tensors) -> Option<String> {
    // The tensors of missing parts are unknown.
    if weights.shapes.is_empty() || !weights.missing.is_empty() || !weights.problems.is_empty() {
        return None;
    }
    let modules: BTreeSet<&str> =
        weights.shapes.keys().filter_map(|name| Some(name.rsplit_once('.')?.0)).collect();
    let exists = |target: &str| {
        modules.iter().any(|module| {
            module.strip_suffix(target).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    };
    // "all-linear" and patterns are no names.
    let is_name = |name: &&String| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let missing: Vec<_> =
        facts.target_modules.iter().filter(is_name).filter(|target| !exists(target)).cloned().collect();
    let what = if missing.len() == 1 { "the module" } else { "the modules" };
    (!missing.is_empty())
        .then(|| format!("The adapter changes {what} {}, which the model doesn't have.", missing.join(", ")))
}

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
        let name = name.strip_prefix("base_model.model.").unwrap_or(name);
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

fn different_sizes(
    sizes: &BTreeMap<&str, AdapterSize>,
    model: &ModelFacts,
    weights: &Tensors,
) -> Option<String> {
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

//! Whether an adapter belongs to a model: by the name it gives, and by the shapes of both.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use resources::{Model, hub_name_in_path, is_hub_name};
use safetensors::Dtype;

use super::{AdapterFacts, ModelFacts, Tensors};

/// The model an adapter says it was trained on: `base_model_name_or_path`, a hub name or a folder.
#[derive(Debug, Clone, Copy)]
pub struct BaseModel<'a>(pub &'a str);

impl BaseModel<'_> {
    /// The name on the hub, from a name as from a folder of the hub's cache.
    pub fn hub_name(&self) -> Option<String> {
        hub_name_in_path(self.0).or_else(|| is_hub_name(self.0).then(|| self.0.to_owned()))
    }

    /// Whether this row is that model. Hub names don't tell upper case from lower.
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
    // Paths are compared part by part, so a slash at the end means nothing.
    Path::new(one) == Path::new(other) || real(one).is_some_and(|one| Some(one) == real(other))
}

/// What in an adapter's weights does not fit a model's, in sentences. What can't be read of either
/// is not held against them.
pub fn misfits(
    facts: &AdapterFacts,
    adapter: &Tensors,
    model: &ModelFacts,
    weights: &Tensors,
) -> Vec<String> {
    absent_targets(facts, weights).into_iter().chain(other_sizes(&changes(adapter), model, weights)).collect()
}

/// Names of modules that the model has none of. PEFT takes a name for every module that ends in it.
fn absent_targets(facts: &AdapterFacts, weights: &Tensors) -> Option<String> {
    // An index with missing parts says nothing about what is in them.
    if weights.shapes.is_empty() || !weights.missing.is_empty() || !weights.problems.is_empty() {
        return None;
    }
    let modules: BTreeSet<&str> =
        weights.shapes.keys().filter_map(|name| Some(name.rsplit_once('.')?.0)).collect();
    let is_there = |target: &str| {
        modules.iter().any(|module| {
            module.strip_suffix(target).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    };
    // "all-linear" and patterns choose modules in other ways.
    let is_name = |name: &&String| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let absent: Vec<_> =
        facts.target_modules.iter().filter(is_name).filter(|target| !is_there(target)).cloned().collect();
    let what = if absent.len() == 1 { "the module" } else { "the modules" };
    (!absent.is_empty())
        .then(|| format!("The adapter changes {what} {}, which the model doesn't have.", absent.join(", ")))
}

/// What an adapter does to one module: from so many inputs to so many outputs.
#[derive(Debug, Default)]
struct Change {
    inputs: Option<usize>,
    outputs: Option<usize>,
}

/// The changed modules by their name in the base model, from the pairs of matrices of LoRA.
fn changes(adapter: &Tensors) -> BTreeMap<&str, Change> {
    let mut changes = BTreeMap::<&str, Change>::new();
    for (name, (_, shape)) in &adapter.shapes {
        let name = name.strip_prefix("base_model.model.").unwrap_or(name);
        let [first, second] = shape[..] else { continue };
        if let Some((module, _)) = name.split_once(".lora_A") {
            changes.entry(module).or_default().inputs = Some(second);
        } else if let Some((module, _)) = name.split_once(".lora_B") {
            changes.entry(module).or_default().outputs = Some(first);
        }
    }
    changes
}

/// These take a layer's whole width in.
const WIDE: &[&str] = &["q_proj", "k_proj", "v_proj", "gate_proj", "up_proj"];

fn other_sizes(changes: &BTreeMap<&str, Change>, model: &ModelFacts, weights: &Tensors) -> Option<String> {
    let by_weights = changes.iter().find_map(|(module, change)| {
        let (inputs, outputs) = (change.inputs?, change.outputs?);
        let (dtype, shape) = weights.shapes.get(&format!("{module}.weight"))?;
        let [rows, columns] = shape[..] else { return None };
        // Packed weights have other shapes than the matrices they stand for, and some families
        // keep their matrices turned.
        let fits = !is_float(*dtype) || (rows, columns) == (outputs, inputs) || (rows, columns) == (inputs, outputs);
        (!fits).then(|| {
            format!(
                "The adapter was made for another model: {module} is {outputs} × {inputs} in it, and {rows} × {columns} here."
            )
        })
    });
    by_weights.or_else(|| {
        let width = usize::try_from(model.hidden_size?).ok()?;
        changes.iter().find_map(|(module, change)| {
            let inputs = change.inputs?;
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

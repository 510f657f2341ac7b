//! The modules of a model that LoRA can change, known without loading it.

use std::collections::BTreeSet;

use safetensors::Dtype;

use super::{
    architecture::{Architecture, Kind, is_number, numbered, short},
    experts::ExpertSizes,
    layer_shape::{FiledLayer, filed_layers, is_unpacked},
    parameters::{self, Parameter},
};
use crate::{ModelFacts, Tensors};

/// The modules of a model that LoRA can change.
#[derive(Debug, Clone, Default)]
pub struct Modules {
    pub(super) architecture: Option<&'static Architecture>,
    pub(super) modules: Vec<Module>,
    pub(super) experts: ExpertSizes,
    /// The vocabulary and the width, which an output layer that shares the weights of the embeddings has.
    pub(super) embedding: Option<[u64; 2]>,
    /// Whether the output layer shares the weights of the embeddings.
    pub(super) tied: bool,
    /// Parameters that are no modules, and all others of two or three dimensions.
    pub(super) parameters: Vec<Parameter>,
    /// Whether all files are here.
    pub(super) whole: bool,
}

/// A layer with a weight of two dimensions.
#[derive(Debug, Clone)]
pub(super) struct Module {
    /// Its name in the loaded model.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Outputs and inputs; none where the files don't say.
    pub(super) shape: Option<[u64; 2]>,
    /// Whether it adds a bias to its outputs.
    pub(super) biased: bool,
    /// Whether its weight is a tensor in the files. A tied output layer's is not.
    pub(super) filed: bool,
}

impl Modules {
    /// The modules of a model whose files are here: those that its architecture has, as far as the files
    /// hold them. Without whole files, those of the architecture. Those of an unknown architecture are
    /// guessed by names and shapes.
    pub fn new(facts: &ModelFacts, tensors: &Tensors) -> Self {
        let architecture = facts.model_type.as_deref().and_then(Architecture::find);
        let whole = !tensors.shapes.is_empty() && tensors.missing.is_empty() && tensors.problems.is_empty();
        let modules = match architecture {
            Some(architecture) if whole => in_files(architecture, tensors, facts.hidden_size),
            Some(architecture) => of_architecture(architecture),
            None => guessed(facts, tensors),
        };
        let experts = architecture.and_then(|architecture| architecture.experts);
        let of_tokens = |shape: &[u64; 2]| facts.vocabulary.is_none_or(|vocabulary| shape[0] == vocabulary);
        let embeddings = modules.iter().filter(|module| module.kind == Kind::Embedding);
        let embedding = embeddings.filter_map(|module| module.shape).find(of_tokens);
        Self {
            architecture,
            tied: whole && modules.iter().any(|module| module.kind == Kind::Head && !module.filed),
            embedding,
            experts: experts.map(|experts| ExpertSizes::new(experts, tensors)).unwrap_or_default(),
            parameters: match architecture {
                Some(architecture) if !whole => parameters::of_architecture(architecture),
                _ => parameters::in_files(architecture, tensors),
            },
            modules,
            whole,
        }
    }

    /// The modules of an architecture, of a model whose files are elsewhere.
    pub fn from_model_type(model_type: &str) -> Self {
        let architecture = Architecture::find(model_type);
        let modules = architecture.map(of_architecture).unwrap_or_default();
        let parameters = architecture.map(parameters::of_architecture).unwrap_or_default();
        Self { architecture, modules, parameters, ..Self::default() }
    }

    /// Whether it is known which modules there are.
    pub fn are_known(&self) -> bool {
        self.modules.iter().any(|module| module.kind == Kind::Linear)
    }

    /// The shortest names of the linear layers, to choose from.
    pub fn choices(&self) -> Vec<String> {
        let linear = self.modules.iter().filter(|module| module.kind == Kind::Linear);
        linear.map(|module| shortest(&module.name)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The parameters of fused experts, which no target module reaches.
    pub fn fused(&self) -> Vec<String> {
        let Some(architecture) = self.architecture else { return Vec::new() };
        if architecture.experts.is_some() {
            return Vec::new();
        }
        let names = architecture.fused.iter().map(|name| shortest_parameter(name));
        names.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// The modules of an architecture that the files hold.
fn in_files(architecture: &'static Architecture, tensors: &Tensors, width: Option<u64>) -> Vec<Module> {
    let by_file = architecture.by_file();
    let mut modules: Vec<Module> = Vec::new();
    for FiledLayer { name: file, shape } in filed_layers(tensors, width) {
        let Some((kind, pattern)) = by_file.get(&short(file)) else { continue };
        let Some(name) = numbered(pattern, file) else { continue };
        let swapped = architecture.transposed && *kind == Kind::Linear;
        let shape = shape.map(|[rows, columns]| if swapped { [columns, rows] } else { [rows, columns] });
        let shape = shape.filter(|_| !architecture.tied);
        let biased = tensors.shapes.contains_key(&format!("{file}.bias"))
            || (architecture.biased && *kind == Kind::Head);
        modules.push(Module { name, kind: *kind, shape, biased, filed: true });
    }
    // A tied output layer is not in the files.
    let head = modules.iter().any(|module| module.kind == Kind::Head);
    let is_elsewhere = |(kind, pattern): &(Kind, &str)| {
        (*kind == Kind::Head && !head) || architecture.unfiled.iter().any(|unfiled| unfiled == pattern)
    };
    modules.extend(by_file.into_values().filter(is_elsewhere).map(|named| unfiled(architecture, named)));
    modules
}

fn of_architecture(architecture: &'static Architecture) -> Vec<Module> {
    let named = architecture.by_file().into_values();
    let mut modules: Vec<Module> = named.map(|named| unfiled(architecture, named)).collect();
    modules.sort_by(|one, other| one.name.cmp(&other.name));
    modules
}

fn unfiled(architecture: &Architecture, (kind, pattern): (Kind, &str)) -> Module {
    let biased = architecture.biased && kind == Kind::Head;
    Module { name: pattern.replace('*', "0"), kind, shape: None, biased, filed: false }
}

/// The matrices of an unknown architecture, without those that are no linear layers by their names.
fn guessed(facts: &ModelFacts, tensors: &Tensors) -> Vec<Module> {
    let is_other = |name: &str| {
        let last = name.rsplit('.').next().unwrap_or_default();
        name.contains("embed")
            || name.contains("norm")
            || name.contains(".experts.")
            || ["wte", "wpe", "gate", "router"].contains(&last)
    };
    let kind = |name: &str, shape: [u64; 2]| match name {
        "lm_head" | "embed_out" | "output" => Kind::Head,
        _ if is_other(name) || facts.vocabulary == Some(shape[0]) => Kind::Embedding,
        _ => Kind::Linear,
    };
    let weights = matrices(tensors)
        .filter_map(|(tensor, dtype, shape)| Some((tensor.strip_suffix(".weight")?, dtype, shape)));
    weights
        .map(|(name, dtype, shape)| Module {
            name: name.to_owned(),
            kind: kind(name, shape),
            shape: is_unpacked(dtype).then_some(shape),
            biased: tensors.shapes.contains_key(&format!("{name}.bias")),
            filed: true,
        })
        .collect()
}

/// The tensors with two dimensions.
fn matrices(tensors: &Tensors) -> impl Iterator<Item = (&str, Dtype, [u64; 2])> {
    tensors.shapes.iter().filter_map(|(name, (dtype, shape))| match shape[..] {
        [rows, columns] => Some((name.as_str(), *dtype, [rows as u64, columns as u64])),
        _ => None,
    })
}

/// The last part of a name that is no number, with the numbers behind it.
fn shortest(name: &str) -> String {
    let parts: Vec<&str> = name.split('.').collect();
    let at = parts.iter().rposition(|part| !is_number(part)).unwrap_or_default();
    parts.get(at..).unwrap_or_default().join(".")
}

/// The part of a parameter's name behind its layer.
fn shortest_parameter(name: &str) -> String {
    name.rsplit_once("*.").map_or(name, |(_, rest)| rest).to_owned()
}

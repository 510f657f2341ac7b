//! Parameters that LoRA can change without a module: the fused ones of experts, and whatever else the files
//! name.

use super::{
    architecture::{Architecture, Experts, is_number, numbered, short},
    layer_shape::is_unpacked,
};
use crate::Tensors;

/// A parameter of the loaded model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) name: String,
    /// What LoRA adds for each rank: inputs and outputs, of all experts. None where the files don't say.
    pub(super) features: Option<u64>,
}

/// The fused parameters of an architecture, in a model whose files are elsewhere.
pub(super) fn of_architecture(architecture: &Architecture) -> Vec<Parameter> {
    let name = |pattern: &String| pattern.replace('*', "0");
    architecture.fused.iter().map(|pattern| Parameter { name: name(pattern), features: None }).collect()
}

/// The parameters of a model by its files, in which experts may be separate. Of what is neither a module nor a
/// fused parameter, only the name in the files is known: the loaded model may have it in another form.
pub(super) fn in_files(architecture: Option<&Architecture>, tensors: &Tensors) -> Vec<Parameter> {
    let fused = architecture.map(|architecture| architecture.fused.as_slice()).unwrap_or_default();
    let modules = architecture.map(Architecture::by_file).unwrap_or_default();
    let mut found: Vec<Parameter> = Vec::new();
    for (file, (dtype, shape)) in &tensors.shapes {
        let own = short(file);
        if modules.contains_key(own.strip_suffix(".weight").unwrap_or(&own)) {
            continue;
        }
        let pattern = fused.iter().find(|pattern| short(pattern) == own);
        let name = pattern.and_then(|pattern| numbered(pattern, file));
        let features = match (&name, &shape[..]) {
            (Some(_), [experts, one, other]) if is_unpacked(*dtype) => {
                Some((*experts as u64).saturating_mul(*one as u64 + *other as u64))
            }
            _ => None,
        };
        found.push(Parameter { name: name.unwrap_or_else(|| file.clone()), features });
    }
    for pattern in fused {
        let is_here = |parameter: &Parameter| short(&parameter.name) == short(pattern);
        if !found.iter().any(is_here) {
            let joined = architecture.and_then(|known| known.experts).map(|e| joined(e, pattern, tensors));
            let unknown = || vec![Parameter { name: pattern.replace('*', "0"), features: None }];
            found.extend(joined.filter(|joined| !joined.is_empty()).unwrap_or_else(unknown));
        }
    }
    found
}

/// The parameters of one pattern, put together from separate experts of the files.
fn joined(experts: Experts, pattern: &str, tensors: &Tensors) -> Vec<Parameter> {
    let down = pattern.ends_with("down_proj");
    let wanted = if down { experts.down() } else { experts.halves()[0] };
    let mut found: Vec<Parameter> = Vec::new();
    for (file, (dtype, shape)) in &tensors.shapes {
        let Some((rest, leaf)) = file.strip_suffix(".weight").and_then(|name| name.rsplit_once('.')) else {
            continue;
        };
        let Some((stack, number)) = rest.rsplit_once('.') else { continue };
        if leaf != wanted || !is_number(number) || !stack.ends_with("experts") {
            continue;
        }
        let ([rows, columns], Some(name)) = (&shape[..], numbered(pattern, stack)) else { continue };
        // The two halves have inputs in common, and each its outputs.
        let one = *columns as u64 + *rows as u64 * if down { 1 } else { 2 };
        let one = is_unpacked(*dtype).then_some(one);
        let sum = |features: Option<u64>| Some(features?.saturating_add(one?));
        match found.iter_mut().find(|parameter| parameter.name == name) {
            Some(parameter) => parameter.features = sum(parameter.features),
            None => found.push(Parameter { name, features: one }),
        }
    }
    found
}

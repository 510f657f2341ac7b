//! Whether an adapter fits a model, by the names and shapes of the tensors of both.

use std::collections::BTreeSet;

use crate::{
    AdapterFacts, ModelFacts, Tensors,
    adapter::listed_in_text,
    layers::{too_few_layers, too_many_layers},
    modules::is_within,
    sizes::{different_sizes, different_vocabulary},
    words::and,
};

/// The differences between an adapter's weights and a model's, in sentences. Files that can't be read
/// are not compared.
pub fn misfits(
    facts: &AdapterFacts,
    adapter: &Tensors,
    model: &ModelFacts,
    weights: &Tensors,
) -> Vec<String> {
    missing_modules(facts, weights)
        .into_iter()
        .chain(missing_parameters(facts, weights))
        .chain(too_many_layers(adapter, model, weights))
        .chain(too_few_layers(facts, adapter, weights))
        .chain(different_vocabulary(adapter, model, weights))
        .chain(different_sizes(adapter, model, weights))
        .collect()
}

/// Target modules that the model does not have. In PEFT, a name stands for every module that ends with
/// it, and a pattern for those whose whole name it matches.
fn missing_modules(facts: &AdapterFacts, weights: &Tensors) -> Option<String> {
    // The tensors of missing parts are unknown.
    if !weights.are_known() {
        return None;
    }
    let modules: BTreeSet<&str> =
        weights.shapes.keys().filter_map(|name| Some(name.rsplit_once('.')?.0)).collect();
    if let ([pattern], true) = (&*facts.target_modules, facts.by_pattern) {
        // A list in a text is a note of the adapter's own.
        let is_known = pattern == "all-linear" || listed_in_text(pattern).is_some();
        // Python's patterns have forms that this library lacks; they are not judged.
        let targets = facts.targets().filter(|_| !is_known)?;
        let matches = modules.iter().any(|module| targets.has(module));
        return (!matches).then(|| {
            format!(
                "The adapter's pattern of modules, {}, matches no module of the model.",
                facts.target_modules.join("")
            )
        });
    }
    let exists = |target: &str| modules.iter().any(|module| is_within(module, target));
    // "all-linear" is no name, and a head that shares the weights of the vocabulary is not saved.
    let is_judged = |name: &&String| {
        name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')) && !HEADS.contains(&name.as_str())
    };
    let missing: Vec<_> =
        facts.target_modules.iter().filter(is_judged).filter(|target| !exists(target)).cloned().collect();
    let what = if missing.len() == 1 { "the module" } else { "the modules" };
    (!missing.is_empty())
        .then(|| format!("The adapter changes {what} {}, which the model doesn't have.", missing.join(", ")))
}

/// Names of the last layer, which has scores for the vocabulary.
const HEADS: &[&str] = &["lm_head", "embed_out", "output"];

/// Target parameters that the model does not have.
fn missing_parameters(facts: &AdapterFacts, weights: &Tensors) -> Option<String> {
    if !weights.are_known() {
        return None;
    }
    let exists = |target: &str| weights.shapes.keys().any(|name| is_within(name, target));
    let missing: Vec<_> = facts.target_parameters.iter().filter(|target| !exists(target)).cloned().collect();
    (!missing.is_empty()).then(|| {
        format!("The adapter changes the parameters {}, which the model doesn't have.", and(&missing))
    })
}

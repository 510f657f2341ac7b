//! The layers that an adapter has weights for, beside those of a model.

use std::collections::{BTreeMap, BTreeSet};

use crate::{AdapterFacts, ModelFacts, Tensors, sizes::own_name};

/// More layers in the adapter than the model has.
pub(crate) fn too_many_layers(adapter: &Tensors, model: &ModelFacts, weights: &Tensors) -> Option<String> {
    let own = layers(weights);
    layers(adapter).into_iter().find_map(|(stack, layers)| {
        let own = match own.get(stack) {
            Some(own) if weights.are_known() => *own,
            // A model with images or sound has several stacks, and its configuration counts one.
            _ if matches!(stack, "model.layers" | "transformer.h") => model.layers?,
            _ => return None,
        };
        (layers > own).then(|| {
            format!("The adapter was made for a model with at least {layers} layers ({stack}); this one has {own}.")
        })
    })
}

/// The number of layers in each stack, such as `model.layers`: one more than the highest number.
fn layers(tensors: &Tensors) -> BTreeMap<&str, u64> {
    let mut stacks = BTreeMap::new();
    for place in tensors.shapes.keys().filter_map(|name| LayerName::from_name(own_name(name))) {
        let most: &mut u64 = stacks.entry(place.stack).or_default();
        *most = (*most).max(place.layer + 1);
    }
    stacks
}

/// Where a name lies in a stack of layers: `model.layers`, `5`, `self_attn.q_proj`.
struct LayerName<'a> {
    stack: &'a str,
    layer: u64,
    within: &'a str,
}

impl<'a> LayerName<'a> {
    fn from_name(name: &'a str) -> Option<Self> {
        let mut start = 0;
        for part in name.split('.') {
            if let (Ok(number), true) = (part.parse::<u32>(), start > 0) {
                let within = name.get(start + part.len() + 1..).unwrap_or_default();
                return Some(Self { stack: &name[..start - 1], layer: number.into(), within });
            }
            start += part.len() + 1;
        }
        None
    }
}

/// Fewer layers in the adapter than the model has, although its settings choose modules in all of them: the
/// layers behind have such modules, and the adapter has no weights for one.
pub(crate) fn too_few_layers(facts: &AdapterFacts, adapter: &Tensors, weights: &Tensors) -> Option<String> {
    if !weights.are_known() || facts.chooses_layers {
        return None;
    }
    let changed = adapter.shapes.keys().filter_map(|name| Some(own_name(name).split_once(".lora_A")?.0));
    let places: Vec<LayerName<'_>> = changed.filter_map(LayerName::from_name).collect();
    let within: BTreeSet<_> = places.iter().map(|place| (place.stack, place.within)).collect();
    let mut last = BTreeMap::<&str, u64>::new();
    for place in &places {
        let layer = last.entry(place.stack).or_default();
        *layer = (*layer).max(place.layer);
    }
    let modules = weights.shapes.keys().filter_map(|name| Some(name.rsplit_once('.')?.0));
    let targets = facts.targets()?;
    let stack = modules.filter_map(|module| Some((module, LayerName::from_name(module)?))).find_map(
        |(module, place)| {
            let behind = last.get(place.stack).is_some_and(|last| place.layer > *last);
            (behind && within.contains(&(place.stack, place.within)) && targets.has(module))
                .then_some(place.stack)
        },
    )?;
    let (has, own) = (last.get(stack)? + 1, layers(weights).get(stack).copied()?);
    let noun = if has == 1 { "layer" } else { "layers" };
    Some(format!(
        "The adapter has weights for {has} {noun} ({stack}), and this model has {own}: the others would stay as they \
         are. It was made for another model, or saved in part."
    ))
}

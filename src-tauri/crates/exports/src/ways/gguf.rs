//! A model or an adapter as one GGUF file.

use std::path::Path;

use run_folder::export::{GgufOf, GgufSettings, GgufType};

use super::gguf_limits::{bits, converts, refusal};
use crate::draft::Draft;

/// Bytes of a GGUF file that are not weights: the vocabulary and the metadata.
const OTHER_PARTS: u64 = 20_000_000;
/// Bits of a weight in the file from which a quantizer writes, at most.
const WIDEST: f64 = 32.0;

/// Adds the size of the file to a plan, and what keeps it from being written.
pub(super) fn plan(draft: &mut Draft<'_>, settings: &GgufSettings) {
    let to = draft.plan.to.clone().unwrap_or_default();
    if !to.is_empty() && !Path::new(&to).extension().is_some_and(|end| end.eq_ignore_ascii_case("gguf")) {
        draft.refuse("to", "The name of a GGUF file ends in .gguf.");
    }
    match settings.of {
        GgufOf::Merged => model(draft, settings.r#type),
        GgufOf::Adapter => adapter(draft, settings.r#type),
    }
}

/// The model, merged with the adapter if there is one.
pub(super) fn model(draft: &mut Draft<'_>, kind: GgufType) {
    refuse_architecture(draft);
    if draft.adapter.as_ref().is_some_and(|report| report.facts.as_ref().is_some_and(gives_scores)) {
        draft.refuse(
            "source",
            "This is a reward model: it gives scores and no answers, so llama.cpp can't run it.",
        );
    }
    let Some(facts) = draft.model.as_ref().and_then(|report| report.facts.clone()) else { return };
    if facts.quantization.is_some() {
        draft.refuse(
            "base",
            "The model is quantized, and such weights can't be converted. Choose the model that it was quantized \
             from.",
        );
    }
    let parameters = facts.parameters.unwrap_or(facts.bytes / 2);
    draft.plan.precision = Some(kind.into_str().to_uppercase());
    draft.plan.bytes = bits(kind.into_str()).map(|bits| size(parameters, bits) + OTHER_PARTS);
    let merged = if draft.plan.adapter.is_some() { facts.bytes } else { 0 };
    let unquantized = if quantizes(kind) { size(parameters, WIDEST).min(facts.bytes) } else { 0 };
    draft.plan.temporary_bytes = merged + unquantized;
}

/// The adapter alone.
fn adapter(draft: &mut Draft<'_>, kind: GgufType) {
    refuse_architecture(draft);
    if draft.plan.adapter.is_none() && draft.adapter.is_none() {
        draft.refuse("of", "This is a model, so there is no adapter to write alone.");
    }
    if quantizes(kind) {
        draft.refuse("type", "An adapter is not quantized. Choose F16, which keeps it small as well.");
    }
    if let Some(why) = draft.plan.adapter.as_ref().and_then(|adapter| refusal(Path::new(&adapter.source))) {
        draft.refuse("of", why);
    }
    let facts = draft.adapter.as_ref().and_then(|report| report.facts.clone());
    if let Some(parameters) = facts.and_then(|facts| facts.parameters) {
        draft.plan.bytes = bits(kind.into_str()).map(|bits| size(parameters, bits));
    }
    // It is checked on its base model, which is converted to 16 bits for that.
    let base = draft.model.as_ref().and_then(|report| report.facts.as_ref()?.parameters);
    draft.plan.temporary_bytes = base.map_or(0, |parameters| size(parameters, 16.0));
    draft.plan.precision = Some(kind.into_str().to_uppercase());
}

fn refuse_architecture(draft: &mut Draft<'_>) {
    let Some(facts) = draft.model.as_ref().and_then(|report| report.facts.as_ref()) else { return };
    let field = if draft.adapter.is_some() { "base" } else { "source" };
    let message = match facts.architectures.first() {
        Some(name) if converts(name) => return,
        Some(name) => {
            format!("Models of the architecture {name} can't be converted: llama.cpp has none like it.")
        }
        None => "The model names no architecture, so it can't be converted.".to_owned(),
    };
    draft.refuse(field, message);
}

fn gives_scores(facts: &weights::AdapterFacts) -> bool {
    facts.task_type.as_deref() == Some("SEQ_CLS")
}

/// Whether llama.cpp's quantizer writes this type, from a file that the converter wrote.
const fn quantizes(kind: GgufType) -> bool {
    matches!(kind, GgufType::Q6 | GgufType::Q5 | GgufType::Q4 | GgufType::Q3 | GgufType::Q2)
}

/// The bytes of so many weights.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes are shown with few digits, and none is negative"
)]
fn size(parameters: u64, bits: f64) -> u64 {
    (parameters as f64 * bits / 8.0) as u64
}

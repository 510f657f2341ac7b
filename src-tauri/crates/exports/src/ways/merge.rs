//! An adapter that is merged into its base model.

use run_folder::export::{MergePrecision, MergeSettings};
use weights::ModelFacts;

use crate::draft::Draft;

/// PEFT methods that change what the model reads in place of its weights.
const PROMPT_METHODS: [&str; 4] = ["PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING", "MULTITASK_PROMPT_TUNING"];
/// Bytes of the files beside the weights.
const OTHER_FILES: u64 = 20_000_000;

/// Adds the size and the precision of the merged model to a plan, and what keeps it from being merged.
pub(super) fn plan(draft: &mut Draft<'_>, settings: &MergeSettings) {
    if draft.plan.adapter.is_none() && draft.adapter.is_none() {
        draft.refuse("source", "Only an adapter is merged. Choose one.");
    }
    let adapter = draft.adapter.as_ref().and_then(|report| report.facts.clone());
    if let Some(facts) = adapter {
        let method = facts.peft_type.unwrap_or_default();
        if PROMPT_METHODS.contains(&&*method) {
            draft.refuse(
                "source",
                format!(
                    "This adapter ({method}) puts tokens in front of what the model reads and changes no weights, \
                     so it can't be merged. Use it as an adapter."
                ),
            );
        }
    }
    let Some(facts) = draft.model.as_ref().and_then(|report| report.facts.clone()) else { return };
    if let Some(quantization) = &facts.quantization {
        draft.refuse(
            "base",
            format!(
                "The base model is quantized ({quantization}), and an adapter merged into such weights answers \
                 differently. Choose the model that it was quantized from."
            ),
        );
    }
    let precision = settings.precision.or_else(|| own_precision(&facts));
    draft.plan.precision = precision.map(|precision| name(precision).to_owned());
    let bytes = facts.parameters.zip(precision).map(|(count, precision)| count * precision.bytes());
    draft.plan.bytes = Some(bytes.unwrap_or(facts.bytes) + OTHER_FILES);
}

/// The number format of most of the weights.
fn own_precision(facts: &ModelFacts) -> Option<MergePrecision> {
    match facts.precisions.first()?.dtype.as_str() {
        "F32" => Some(MergePrecision::Float32),
        "BF16" => Some(MergePrecision::Bfloat16),
        "F16" => Some(MergePrecision::Float16),
        _ => None,
    }
}

const fn name(precision: MergePrecision) -> &'static str {
    match precision {
        MergePrecision::Float32 => "float32",
        MergePrecision::Bfloat16 => "bfloat16",
        MergePrecision::Float16 => "float16",
    }
}

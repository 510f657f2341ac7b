//! The dataset formats of axolotl, and how well a dataset's columns fit them.

use serde::Serialize;

/// A format in which axolotl reads the rows of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct DatasetFormat {
    /// The value of `datasets[0].type`.
    pub name: &'static str,
    /// The columns it reads, in order.
    pub keys: &'static [&'static str],
}

/// How well a dataset's columns fit a format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct FormatMatch {
    /// The format's name.
    pub name: &'static str,
    /// The columns it reads that the dataset has.
    pub matching: Vec<&'static str>,
    /// The columns it reads that the dataset lacks.
    pub missing: Vec<&'static str>,
}

macro_rules! formats {
    ($($name:literal: $($key:literal)+;)+) => {
        /// All formats, with their columns in axolotl's order.
        pub const FORMATS: &[DatasetFormat] = &[$(DatasetFormat { name: $name, keys: &[$($key),+] }),+];
    };
}

formats! {
    "alpaca": "instruction" "input" "output";
    "jeopardy": "question" "category" "answer";
    "oasst": "INSTRUCTION" "RESPONSE";
    "gpteacher": "instruction" "input" "response";
    "reflection": "instruction" "input" "output" "reflection" "corrected";
    "explainchoice": "question" "choices" "solution" "explanation";
    "concisechoice": "question" "choices" "solution" "explanation";
    "summarizetldr": "article" "summary";
    "alpaca_chat": "instruction" "input" "response";
    "alpaca_chat.load_qa": "question" "answer";
    "alpaca_chat.load_concise": "instruction" "input" "response";
    "alpaca_chat.load_camel_ai": "message_1" "message_2";
    "alpaca_w_system.load_open_orca": "system_prompt" "question" "response";
    "context_qa": "article" "question" "answer";
    "context_qa.load_v2": "context" "question" "answer";
    "context_qa.load_404": "article" "unanswerable_question";
    "creative_acr.load_answer": "instruction" "revision";
    "creative_acr.load_critique": "scores" "critiques" "instruction" "answer";
    "creative_acr.load_revise": "scores" "critiques" "instruction" "answer" "revision";
    "metharme": "prompt" "generation";
}

/// All formats, the best match first: by the number of matching columns, then those without missing
/// columns, then those with fewer columns.
pub fn match_formats(columns: &[String]) -> Vec<FormatMatch> {
    let fit = |format: &DatasetFormat| {
        let (matching, missing) =
            format.keys.iter().copied().partition(|key| columns.iter().any(|column| column == key));
        FormatMatch { name: format.name, matching, missing }
    };
    let mut fits: Vec<_> = FORMATS.iter().map(fit).collect();
    // The sort is stable, so equal matches stay in the order of the list.
    fits.sort_by_key(|fit| (std::cmp::Reverse(fit.matching.len()), fit.missing.len()));
    fits
}

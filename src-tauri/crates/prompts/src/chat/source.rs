//! What a chat template consists of when a run keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A chat template with all that its texts depend on beside the conversation, so that a run renders the
/// same today and in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TemplateSource {
    /// The template's text, in Jinja.
    pub text: String,
    /// Where it comes from: `model`, the name of one that is bundled, or the path of a file.
    pub name: String,
    /// The tokenizer's special tokens by the names that templates use: `bos_token`, `eos_token`, ….
    #[serde(default)]
    pub special_tokens: BTreeMap<String, String>,
    /// The local time that `strftime_now` gives, as `2026-11-28T13:50:00`.
    pub now: String,
}

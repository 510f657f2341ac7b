//! How long a text is, and how far it is from its begin to a place in it.

use super::tokens::{Counter, rough};

/// The length of a text in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Its tokens.
    pub tokens: u64,
    /// How many of them end before a byte that was asked about, or there.
    pub before: u64,
    /// Whether the tokenizer of the model counted.
    pub exact: bool,
}

impl Counter {
    /// The length of a text, and of what is before that byte of it. `special_tokens` says that the tokenizer adds
    /// those that it puts around a text.
    pub fn extent(&self, text: &str, special_tokens: bool, byte: usize) -> Extent {
        match self.offsets(text, special_tokens) {
            Some(offsets) => Extent {
                tokens: offsets.len() as u64,
                before: offsets.iter().position(|(_, end)| *end > byte).unwrap_or(offsets.len()) as u64,
                exact: true,
            },
            None => {
                let before = text.get(..byte).unwrap_or_default();
                Extent { tokens: rough(text).count, before: rough(before).count, exact: false }
            }
        }
    }
}

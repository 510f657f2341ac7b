//! Token counts: by the model's tokenizer if its `tokenizer.json` is on this machine, else estimated.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use platform::blocking;
use schema::{Error, ErrorCode, Result};
use serde::Serialize;
use tokenizers::Tokenizer;
use tokio::sync::Mutex;

/// A number of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TokenCount {
    /// The number.
    pub count: u64,
    /// Whether the model's tokenizer counted; otherwise it is an estimate of four bytes a token.
    pub exact: bool,
}

/// English prose has about four bytes a token in today's vocabularies; other languages and code
/// have fewer.
const BYTES_PER_TOKEN: usize = 4;

/// The longest text that is tokenized, in bytes. Longer texts, which exceed the context of models, are
/// estimated.
const LONGEST_COUNTED: usize = 1 << 20;

/// The largest `tokenizer.json` that is read, in bytes. Those in use have up to about 35 MiB.
const LARGEST_FILE: u64 = 128 << 20;

/// How long a text is that a tokenizer adds nothing to. Positions are code points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Its length.
    pub tokens: TokenCount,
    /// Where the tokens after the limit begin; none where it fits.
    pub cut: Option<usize>,
    /// The length of each of its parts in tokens. A token that belongs to two counts for the first.
    pub parts: Vec<u64>,
}

/// A token that was added to a vocabulary: it is found in texts before they are split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedToken {
    /// Its place in the vocabulary, and in the model's embeddings.
    pub id: u32,
    /// Its text.
    pub text: String,
}

/// Counts tokens for one model.
#[derive(Debug, Clone)]
pub enum Counter {
    /// Estimates.
    Rough,
    /// Uses the model's tokenizer.
    Exact(Arc<Tokenizer>),
}

impl Counter {
    /// The number of tokens of a text.
    pub(super) fn count(&self, text: &str) -> TokenCount {
        match self.offsets(text, false) {
            Some(offsets) => TokenCount { count: offsets.len() as u64, exact: true },
            None => rough(text),
        }
    }

    /// The number of tokens of a training text, including the special tokens of the tokenizer and the
    /// end token that training adds; and the byte offset from which on the text exceeds `limit` tokens.
    pub(super) fn count_training(&self, text: &str, limit: Option<u32>) -> (TokenCount, Option<usize>) {
        let limit = limit.map_or(usize::MAX, |limit| limit as usize);
        match self.offsets(text, true) {
            Some(offsets) => {
                let beyond = offsets.iter().skip(limit).find(|(start, end)| end > start);
                let cut = beyond.map(|(start, _)| text.floor_char_boundary(*start));
                (TokenCount { count: offsets.len() as u64 + 1, exact: true }, cut)
            }
            None => {
                let start = limit.saturating_mul(BYTES_PER_TOKEN);
                let cut = (start < text.len()).then(|| text.floor_char_boundary(start));
                (TokenCount { count: self.count(text).count + 1, exact: false }, cut)
            }
        }
    }

    /// The texts of the tokens with a meaning of their own, such as the end of a turn. None are known without
    /// the model's tokenizer.
    pub fn special_tokens(&self) -> Vec<String> {
        let Self::Exact(tokenizer) = self else { return Vec::new() };
        let added = tokenizer.get_added_tokens_decoder();
        added.values().filter(|token| token.special).map(|token| token.content.clone()).collect()
    }

    /// The tokens that were added to the vocabulary, in the order of their ids. None are known without the model's
    /// tokenizer.
    pub fn added_tokens(&self) -> Vec<AddedToken> {
        let Self::Exact(tokenizer) = self else { return Vec::new() };
        let added = tokenizer.get_added_tokens_decoder().into_iter();
        let mut tokens: Vec<AddedToken> =
            added.map(|(id, token)| AddedToken { id, text: token.content }).collect();
        tokens.sort_unstable_by_key(|token| token.id);
        tokens
    }

    /// Measures a text and parts of it, half-open ranges of code points in ascending order.
    pub fn measure(&self, text: &str, parts: &[(usize, usize)], limit: Option<u64>) -> Measured {
        let limit = limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let tokenized = match self {
            Self::Exact(tokenizer) if text.len() <= LONGEST_COUNTED => {
                tokenizer.encode_char_offsets(text, false).ok()
            }
            _ => None,
        };
        let Some(tokenized) = tokenized else {
            let length = text.chars().count();
            let cut = limit.saturating_mul(BYTES_PER_TOKEN);
            return Measured {
                tokens: rough(text),
                cut: (cut < length).then_some(cut),
                parts: parts
                    .iter()
                    .map(|(start, end)| (end - start).div_ceil(BYTES_PER_TOKEN) as u64)
                    .collect(),
            };
        };
        let offsets = tokenized.get_offsets();
        let starts_in = |(start, end): &(usize, usize)| {
            offsets.iter().filter(|(at, _)| (start..end).contains(&at)).count() as u64
        };
        Measured {
            tokens: TokenCount { count: offsets.len() as u64, exact: true },
            cut: offsets.iter().skip(limit).find(|(start, end)| end > start).map(|(start, _)| *start),
            parts: parts.iter().map(starts_in).collect(),
        }
    }

    /// The byte range of each token; `None` if the text must be estimated.
    pub(super) fn offsets(&self, text: &str, special_tokens: bool) -> Option<Vec<(usize, usize)>> {
        let Self::Exact(tokenizer) = self else { return None };
        if text.len() > LONGEST_COUNTED {
            return None;
        }
        match tokenizer.encode(text, special_tokens) {
            Ok(encoding) => Some(encoding.get_offsets().to_vec()),
            Err(error) => {
                tracing::warn!("counting tokens: {error}");
                None
            }
        }
    }
}

pub(super) fn rough(text: &str) -> TokenCount {
    TokenCount { count: text.len().div_ceil(BYTES_PER_TOKEN) as u64, exact: false }
}

/// A cache of the last used tokenizers, so that a preview does not read the file at each key press.
#[derive(Clone, Default)]
pub struct Tokenizers {
    loaded: Arc<Mutex<Vec<Loaded>>>,
}

impl std::fmt::Debug for Tokenizers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokenizers")
    }
}

struct Loaded {
    path: PathBuf,
    stamp: Stamp,
    tokenizer: Arc<Tokenizer>,
}

/// Size and time of a file, which show that it was changed.
type Stamp = (u64, Option<SystemTime>);

/// How many tokenizers are kept. Each takes up to some hundred megabytes of memory.
const KEPT: usize = 2;

impl Tokenizers {
    /// The tokenizer in a file, which is read unless it is in the cache and unchanged.
    pub async fn counter(&self, path: &Path) -> Result<Counter> {
        let metadata = fs::metadata(path).map_err(|error| Error::file("read", path, &error))?;
        let stamp = (metadata.len(), metadata.modified().ok());
        // Held while reading, so that the same file is not read twice at once.
        let mut loaded = self.loaded.lock().await;
        if let Some(at) = loaded.iter().position(|known| known.path == path && known.stamp == stamp) {
            let known = loaded.remove(at);
            let counter = Counter::Exact(known.tokenizer.clone());
            loaded.push(known);
            return Ok(counter);
        }
        let file = path.to_path_buf();
        // The library panics on some inconsistent files.
        let tokenizer =
            blocking("reading a tokenizer", move || read(&file)).await.map_err(|error| match error.code {
                ErrorCode::Internal => unusable(path, "its content is inconsistent"),
                _ => error,
            })?;
        let tokenizer = Arc::new(tokenizer);
        loaded.retain(|known| known.path != path);
        if loaded.len() >= KEPT {
            loaded.remove(0);
        }
        loaded.push(Loaded { path: path.to_path_buf(), stamp, tokenizer: tokenizer.clone() });
        Ok(Counter::Exact(tokenizer))
    }
}

fn read(path: &Path) -> Result<Tokenizer> {
    let failed = |error: std::io::Error| Error::file("read", path, &error);
    if fs::metadata(path).map_err(failed)?.len() > LARGEST_FILE {
        return Err(unusable(path, "it is over 128 MiB"));
    }
    let bytes = fs::read(path).map_err(failed)?;
    let mut tokenizer = Tokenizer::from_bytes(&bytes).map_err(|error| {
        tracing::warn!("reading {}: {error}", path.display());
        unusable(path, &reason(&bytes))
    })?;
    // The file may set both; counts must be of the whole text.
    tokenizer.with_padding(None);
    tokenizer.with_truncation(None).map_err(|error| {
        tracing::warn!("reading {}: {error}", path.display());
        unusable(path, "its settings for long texts can't be turned off")
    })?;
    Ok(tokenizer)
}

/// Why the library refuses a file, in place of its own words, which name parts of its source.
fn reason(bytes: &[u8]) -> String {
    let Ok(file) = serde_json::from_slice::<serde_json::Value>(bytes) else {
        return "it is not JSON, or it is cut short".to_owned();
    };
    let kind = file.get("model").and_then(|model| model.get("type")).and_then(serde_json::Value::as_str);
    match kind {
        None => "it has no model of tokens".to_owned(),
        Some(kind) if KINDS.contains(&kind) => {
            format!(
                "it is damaged, or written by a newer version of the library, in a part of its '{kind}' tokenizer"
            )
        }
        Some(kind) => {
            format!(
                "its kind of tokenizer, '{kind}', is not known here; a newer version of the library may have written it"
            )
        }
    }
}

/// The kinds of tokenizer that the library has (`tokenizers` 0.22).
const KINDS: &[&str] = &["BPE", "WordPiece", "WordLevel", "Unigram"];

fn unusable(path: &Path, reason: &str) -> Error {
    let reason = reason.trim_end_matches('.');
    Error::new(ErrorCode::File, format!("{} can't be used as a tokenizer: {reason}.", path.display()))
        .hint("The number of tokens is estimated instead.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_the_library_refuses_is_described_in_plain_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokenizer.json");
        for (text, expected) in [
            ("{\"version\": ", "not JSON, or it is cut short"),
            ("version https://git-lfs.github.com/spec/v1\n", "not JSON"),
            ("[]", "has no model of tokens"),
            (r#"{"version":"1.0","model":{"type":"Future","vocab":{}}}"#, "'Future', is not known here"),
            (
                r#"{"version":"1.0","model":{"type":"BPE","vocab":[]}}"#,
                "damaged, or written by a newer version",
            ),
            (
                r#"{"version":"1.0","pre_tokenizer":{"type":"Future"},"model":{"type":"WordLevel","vocab":{"a":0},"unk_token":"a"}}"#,
                "damaged, or written by a newer version",
            ),
        ] {
            fs::write(&path, text).unwrap();
            let message = Tokenizers::default().counter(&path).await.unwrap_err().message;
            assert!(message.contains(expected), "{text}: {message}");
            assert!(!message.contains("untagged") && !message.contains("expected"), "{message}");
        }
    }

    #[test]
    fn an_estimate_goes_by_bytes_and_cuts_between_characters() {
        let rough = Counter::Rough;
        assert_eq!(rough.count(""), TokenCount { count: 0, exact: false });
        assert_eq!(rough.count("12345").count, 2);
        let (count, cut) = rough.count_training("123é5", Some(1));
        assert_eq!((count.count, cut), (3, Some(3)));
        assert_eq!(rough.count_training("1234", Some(1)).1, None);
        assert_eq!(rough.count_training("12345", None).1, None);
    }
}

//! Errors as the status of a call.

use studio::Error;
use tonic::{
    Code, Status,
    metadata::{MetadataMap, MetadataValue},
};

/// The trailing metadata with the stable code of an error.
const CODE: &str = "fts-error-code";
/// The trailing metadata with the whole error as JSON: its code, sentence, hint and columns.
const ERROR: &str = "fts-error-bin";
/// Clients refuse headers of more than 8 KiB together. Base64 and percent encoding make texts longer.
const LONGEST: usize = 2_000;

/// The status of an error. It is always `UNKNOWN` with the sentence, which is all that clients of the reference
/// studio read.
pub(crate) fn status_of(error: &Error) -> Status {
    let mut metadata = MetadataMap::new();
    let code = serde_json::to_value(error.code).ok();
    if let Some(code) = code.as_ref().and_then(|code| code.as_str()).and_then(|code| code.parse().ok()) {
        metadata.insert(CODE, code);
    }
    let whole = serde_json::to_string(error).unwrap_or_default();
    if whole.len() <= LONGEST {
        metadata.insert_bin(ERROR, MetadataValue::from_bytes(whole.as_bytes()));
    }
    Status::with_metadata(Code::Unknown, trailer(&error.message), metadata)
}

/// The status of a call that carries no key, or another one.
pub(crate) fn unauthenticated() -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert(CODE, MetadataValue::from_static("unauthenticated"));
    let message =
        "The call carries no key, or another one. Send it as the metadata 'authorization: Bearer KEY'.";
    Status::with_metadata(Code::Unknown, message, metadata)
}

/// As much of a text as fits into the trailers.
pub(crate) fn trailer(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

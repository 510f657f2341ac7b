//! JSON as Python's `json` module writes and reads it.
//!
//! `serde_json` reads it, after a pass over the text that replaces `NaN`, `Infinity` and `-Infinity`,
//! which Python writes and standard JSON lacks. A JSON5 reader would read them too, and also comments,
//! single quotes and trailing commas, which Transformers refuses.

use std::{borrow::Cow, io::Read as _, path::Path};

use schema::{Error, Result};
use serde::de::IgnoredAny;
use serde_json::{Map, Value, error::Category};

use crate::files::{open_regular, parse_error};

/// The largest configuration that is read, in bytes. A tokenizer's with all its added tokens has a
/// few megabytes.
const LARGEST_CONFIG: u64 = 32 << 20;
/// The largest `tokenizer.json` that is read, in bytes. Those in use have up to about 35 MiB.
const LARGEST_TOKENIZER: u64 = 128 << 20;

/// A JSON object in a file.
pub(crate) struct Document {
    /// The object. Numbers that JSON does not have are null in it.
    pub(crate) object: Map<String, Value>,
    /// What Transformers and PEFT would not accept although it was read.
    pub(crate) problem: Option<String>,
}

/// Reads a JSON object from a file of at most [`LARGEST_CONFIG`] bytes.
pub(crate) fn document(path: &Path) -> Result<Document> {
    let bytes = content(path, LARGEST_CONFIG)?;
    let text = bytes.strip_prefix(platform::BYTE_ORDER_MARK).unwrap_or(&bytes);
    let object = parse(text).map_err(|reason| parse_error(path, &reason))?;
    let problem = (text.len() < bytes.len()).then(|| {
        format!(
            "{} begins with a byte-order mark, which Transformers does not accept. \
             Save the file as UTF-8 without one.",
            path.display()
        )
    });
    Ok(Document { object, problem })
}

/// Why a file, such as a tokenizer's, is no JSON; `None` if it is.
pub(crate) fn damage(path: &Path) -> Option<Error> {
    let bytes = match content(path, LARGEST_TOKENIZER) {
        Ok(bytes) => bytes,
        Err(error) => return Some(error),
    };
    let error = serde_json::from_slice::<IgnoredAny>(&bytes).err()?;
    let standard = standard(&bytes);
    let is_json =
        matches!(standard, Cow::Owned(_)) && serde_json::from_slice::<IgnoredAny>(&standard).is_ok();
    (!is_json).then(|| parse_error(path, &reason(&bytes, &error)))
}

/// Parses an object.
///
/// # Errors
/// Why the text is none, to follow "can't be parsed: ".
pub(crate) fn parse(bytes: &[u8]) -> std::result::Result<Map<String, Value>, String> {
    serde_json::from_slice(&standard(bytes)).map_err(|error| reason(bytes, &error))
}

/// The content of a file that is no Git LFS pointer and not larger than `largest` bytes.
fn content(path: &Path, largest: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = open_regular(path)?;
    file.take(largest + 1).read_to_end(&mut bytes).map_err(|error| Error::file("read", path, &error))?;
    if bytes.len() as u64 > largest {
        return Err(parse_error(path, &format_args!("it has more than {} MiB", largest >> 20)));
    }
    if platform::is_lfs_pointer(&bytes) { Err(pointer_error(path)) } else { Ok(bytes) }
}

/// The error for a Git LFS pointer.
pub(crate) fn pointer_error(path: &Path) -> Error {
    let message = format!("{} is a Git LFS pointer: its content was not downloaded.", path.display());
    Error::new(schema::ErrorCode::File, message)
        .hint("Run 'git lfs pull' in its folder, or download the file again.")
}

/// The text with null for `NaN`, `Infinity` and `-Infinity` outside of strings.
fn standard(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut replaced: Option<Vec<u8>> = None;
    let (mut at, mut copied, mut in_string) = (0, 0, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => at += 1,
            b'N' | b'I' | b'-' if !in_string => {
                let rest = &bytes[at..];
                let word = [&b"NaN"[..], b"Infinity", b"-Infinity"].into_iter().find(|w| rest.starts_with(w));
                if let Some(word) = word {
                    let text = replaced.get_or_insert_default();
                    text.extend_from_slice(&bytes[copied..at]);
                    text.extend_from_slice(b"null");
                    copied = at + word.len();
                    at = copied - 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    match replaced {
        None => Cow::Borrowed(bytes),
        Some(mut text) => {
            text.extend_from_slice(&bytes[copied..]);
            Cow::Owned(text)
        }
    }
}

/// Why a text is not JSON, in words that name what it looks like, or the line.
fn reason(bytes: &[u8], error: &serde_json::Error) -> String {
    let text = bytes.trim_ascii_start();
    let found = match text {
        [] => Some("it is empty"),
        [b'<', ..] => Some("it is a web page or XML, not JSON"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("it is UTF-16 text; save it as UTF-8"),
        _ if text.iter().all(|byte| *byte == 0) => Some("it contains nothing but zero bytes"),
        _ if error.classify() == Category::Data => Some("it is JSON, but not an object"),
        _ => None,
    };
    if let Some(found) = found {
        return found.to_owned();
    }
    let line = error.line();
    if error.classify() == Category::Eof {
        return format!("it ends in the middle, in line {line}");
    }
    if std::str::from_utf8(bytes).is_err() {
        return "it is not UTF-8 text".to_owned();
    }
    format!("line {line} is not JSON")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_that_python_writes_are_null() {
        let cases = [
            (r#"{"a":NaN}"#, r#"{"a":null}"#),
            (r#"{"a":[0.0, Infinity, -Infinity, -1]}"#, r#"{"a":[0.0,null,null,-1]}"#),
            (r#"{"NaN":"-Infinity \" NaN","b":"\\"}"#, r#"{"NaN":"-Infinity \" NaN","b":"\\"}"#),
        ];
        for (text, expected) in cases {
            assert_eq!(Value::from(parse(text.as_bytes()).unwrap()).to_string(), expected, "{text}");
        }
    }

    #[test]
    fn a_text_that_is_no_object_is_named_in_plain_words() {
        let cases: [(&[u8], &str); 14] = [
            (b"", "it is empty"),
            (b" \n ", "it is empty"),
            (b"\n<!doctype html>", "it is a web page or XML, not JSON"),
            (b"\xff\xfe{\0}\0", "it is UTF-16 text; save it as UTF-8"),
            (b"\0\0\0\0", "it contains nothing but zero bytes"),
            (b"[1]", "it is JSON, but not an object"),
            (b"\"text\"", "it is JSON, but not an object"),
            (b"NaN", "it is JSON, but not an object"),
            (b"{\n\"a\": [1,\n", "it ends in the middle, in line 3"),
            (b"{\"a\": \"b", "it ends in the middle, in line 1"),
            (b"{\"a\": 1,}", "line 1 is not JSON"),
            (b"{\n// no\n}", "line 2 is not JSON"),
            (b"{\"a\": \"\xe4\"}", "it is not UTF-8 text"),
            (b"{\"a\": Infinite}", "line 1 is not JSON"),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).unwrap_err(), expected, "{}", String::from_utf8_lossy(text));
        }
    }

    proptest! {
        #[test]
        fn any_object_is_read_as_the_library_reads_it(text in r#"\{"k":"(\\["\\n]|[NaInfity, \[\]{}:-]){0,12}","n":-?[0-9]{1,4}\}"#) {
            let expected: Option<Map<String, Value>> = serde_json::from_str(&text).ok();
            prop_assert_eq!(parse(text.as_bytes()).ok(), expected);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = parse(&bytes);
        }
    }
}

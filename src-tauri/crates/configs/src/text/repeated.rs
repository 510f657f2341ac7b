//! Keys that stand twice in an object of JSON. Parsers keep the last of them without a word.

use std::collections::HashSet;

/// The first key of a text, which is JSON, that its object has already, and where it begins in bytes.
pub(super) fn key(text: &str) -> Option<(String, usize)> {
    // The keys of each open object; none for an open list.
    let mut open: Vec<Option<HashSet<String>>> = Vec::new();
    let mut is_key = false;
    let mut rest = text.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            '{' => open.push(Some(HashSet::new())),
            '[' => open.push(None),
            '}' | ']' => _ = open.pop(),
            ':' => is_key = false,
            '"' => {
                let mut escaped = false;
                for (_, c) in rest.by_ref() {
                    match c {
                        _ if escaped => escaped = false,
                        '\\' => escaped = true,
                        '"' => break,
                        _ => {}
                    }
                }
                let Some(keys) = open.last_mut().and_then(Option::as_mut).filter(|_| is_key) else {
                    continue;
                };
                // Two spellings of a key, such as "a" and "\u0061", are the same key.
                let key: String = serde_json::from_str(&text[at..rest.offset()]).unwrap_or_default();
                if !keys.insert(key.clone()) {
                    return Some((key, at));
                }
                continue;
            }
            _ => {}
        }
        if matches!(c, '{' | ',') {
            is_key = true;
        }
    }
    None
}

//! Parts of sentences.

use schema::Error;

/// The names in a list, joined as in a sentence. Of many, the first five and their number.
pub(crate) fn and(names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        [first @ .., last] if names.len() <= 6 => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..names.len().min(5)].join(", "), names.len().saturating_sub(5)),
    }
}

/// The sentences of an error: what is wrong, and what to do.
pub(crate) fn sentences(error: Error) -> String {
    match error.hint {
        Some(hint) => format!("{} {hint}", error.message),
        None => error.message,
    }
}

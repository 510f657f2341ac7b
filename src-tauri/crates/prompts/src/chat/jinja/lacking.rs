//! What a template may hold that this program does not render as Jinja does, or not within bounds.

use super::tokens::{Kind, Token};

/// Methods of Python's `dict`, which Jinja finds before a key of the same name behind a dot.
const DICT_METHODS: &[&str] = &[
    "clear",
    "copy",
    "fromkeys",
    "get",
    "items",
    "keys",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "values",
];

/// Tokens of a tag: the parser recurses for each operator.
const MOST_TOKENS: usize = 2_000;
/// Filters of a tag: each may nest a value once more.
const MOST_FILTERS: usize = 64;
/// The largest number that something may be repeated by. What repeats a list charges for the list alone,
/// not for what its entries hold.
const MOST_REPEATS: u32 = 100;

/// What the token is that this program does not render, for a sentence.
pub(super) fn lacking(tokens: &[Token<'_>], at: usize) -> Option<String> {
    let token = tokens.get(at)?;
    let before = tokens.get(at.checked_sub(1)?)?;
    let is_called = tokens.get(at + 1).is_some_and(|next| next.text == "(");
    match token.kind {
        Kind::Name if before.text == "." && DICT_METHODS.contains(&token.text) && !is_called => {
            Some(format!("the method {} without a call", token.text))
        }
        // At the beginning of an argument it unpacks a list.
        Kind::Times if !matches!(before.kind, Kind::Open | Kind::Comma) && !repeats_little(tokens, at) => {
            Some("* between two variables".to_owned())
        }
        _ => None,
    }
}

/// Whether a `*` repeats a text or something by a small number.
fn repeats_little(tokens: &[Token<'_>], at: usize) -> bool {
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| tokens.get(at));
    let power = tokens.get(at + 2).is_some_and(|token| token.text == "**");
    beside.into_iter().any(|token| match token.kind {
        Kind::Text => true,
        Kind::Number => !power && token.text.parse::<u32>().is_ok_and(|times| times <= MOST_REPEATS),
        _ => false,
    })
}

/// Whether Jinja escapes what is added to a text that is marked as safe.
pub(super) fn escapes(tokens: &[Token<'_>]) -> bool {
    let safe = tokens.windows(2).any(|pair| pair[0].kind == Kind::Pipe && pair[1].is("safe"));
    safe && tokens.iter().any(|token| token.text == "+")
}

/// Why a tag is refused for its size.
pub(super) fn too_large(text: &str, tokens: &[Token<'_>]) -> Option<String> {
    let filters = tokens.iter().filter(|token| token.kind == Kind::Pipe).count();
    let line = tokens.first().map_or(1, |token| line(text, token.start));
    (tokens.len() > MOST_TOKENS || filters > MOST_FILTERS).then(|| {
        format!(
            "the tag in line {line} has more than {MOST_TOKENS} words and signs, or more than {MOST_FILTERS} \
             filters"
        )
    })
}

/// The line of a byte, from 1.
pub(super) fn line(text: &str, at: usize) -> usize {
    1 + text.get(..at).unwrap_or_default().matches('\n').count()
}

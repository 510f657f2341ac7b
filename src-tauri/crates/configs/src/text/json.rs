//! JSON texts of configs: strict JSON, with each key once.

use serde_json::{Value, error::Category};

use super::repeated;
use crate::TextProblem;

/// The value of a text.
pub(super) fn read(text: &str) -> Result<Value, TextProblem> {
    if text.trim().is_empty() {
        return Err(TextProblem::at("The text is empty. Write settings in braces, as in {\"r\": 8}.", 1, 1));
    }
    let value = serde_json::from_str(text).map_err(|error| {
        let at = byte_of(text, error.line(), error.column());
        problem(text, at, error.classify(), &error)
    })?;
    match repeated::key(text) {
        Some((key, at)) => Err(TextProblem::at_byte(text, at, super::repeated_key(&key))),
        None => Ok(value),
    }
}

/// The byte that the parser stopped at. Its columns count bytes, and are 0 on an empty line.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        Some(newline) => text.match_indices('\n').nth(newline).map_or(0, |(at, _)| at + 1),
        None => 0,
    };
    let at = (start + column.saturating_sub(1)).min(text.len());
    text.floor_char_boundary(at)
}

fn problem(text: &str, at: usize, category: Category, error: &serde_json::Error) -> TextProblem {
    let (at, why) = match category {
        Category::Eof => (at, unfinished(text)),
        _ => cause(text, at, &error.to_string()),
    };
    TextProblem::at_byte(text, at, format!("This is not JSON: {why}."))
}

/// What is missing at the end of a text that is otherwise JSON.
fn unfinished(text: &str) -> String {
    let (mut in_text, mut escaped, mut open) = (false, false, Vec::new());
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '{' | '[' if !in_text => open.push(c),
            '}' | ']' if !in_text => _ = open.pop(),
            _ => {}
        }
    }
    match open.last() {
        _ if in_text => "it ends within a text, whose closing quote is missing".to_owned(),
        Some('{') => "it ends before the } that closes the settings".to_owned(),
        Some(_) => "it ends before the ] that closes a list".to_owned(),
        None => "it ends before a value".to_owned(),
    }
}

/// The place and the cause of a fault at a place of the text. `message` is the parser's; it decides where several
/// causes leave the same text.
fn cause(text: &str, at: usize, message: &str) -> (usize, String) {
    // The parser may have read a part of a word such as `nan` or `-Infinity`.
    let (start, word) = word_at(text, at);
    let rest = &text[at..];
    let c = rest.chars().next();
    let owned = |at: usize, why: &str| (at, why.to_owned());
    if message.starts_with("recursion limit") {
        return owned(at, "lists and objects lie more than 128 deep in each other here");
    }
    if message.contains("hex escape") || message.starts_with("invalid unicode") {
        return owned(at, r"half of a character, \ud800 to \udfff, stands alone here");
    }
    if message.starts_with("invalid escape") {
        return owned(at, r"\ begins no known escape here. Write \\ for a backslash");
    }
    if message.starts_with("control character") {
        return owned(
            at,
            r"a line break or a tab stands in a text. Write it as \n or \t, or close the quotes",
        );
    }
    if message.starts_with("number out of range") {
        return owned(start, "this number is too large for any setting");
    }
    if message.starts_with("trailing comma") || trailing_comma(text, at) {
        return owned(at, "a comma stands before this bracket with nothing behind it. Delete the comma");
    }
    if rest.starts_with("//") || rest.starts_with("/*") || c == Some('#') {
        return owned(at, "JSON has no comments. Delete this one");
    }
    match word.trim_start_matches(['-', '+']) {
        "NaN" | "nan" | "Infinity" | "inf" => {
            return (
                start,
                format!(
                    "{word} is written by Python alone, and no setting takes it. Write a number, or null"
                ),
            );
        }
        "True" | "TRUE" => return (start, format!("{word} is Python. Write true")),
        "False" | "FALSE" => return (start, format!("{word} is Python. Write false")),
        "None" | "undefined" | "NULL" | "Null" => return (start, format!("{word} is no JSON. Write null")),
        _ => {}
    }
    match c {
        Some(invisible) if is_invisible(invisible) => {
            (at, format!("{} stands here. Delete it", shown(c, "")))
        }
        Some('\'') => owned(at, "texts and keys stand in double quotes, not in single ones"),
        Some('“' | '”' | '„' | '‘' | '’') => {
            owned(at, "texts and keys stand in straight quotes, \", not in curly ones")
        }
        Some('+') => owned(at, "a number has no plus in front"),
        Some('.') => owned(at, "a number has a digit before its point, as 0.5 has"),
        _ if message.starts_with("trailing characters") => {
            owned(at, "more text follows after the end of the settings. Delete it, or put it inside")
        }
        _ if message.starts_with("key must be a string") => {
            owned(at, "a key stands in double quotes, as in \"r\": 8")
        }
        _ if message.starts_with("expected `:`") => owned(at, "a colon is missing after this key"),
        _ if message.starts_with("expected `,`") => match c {
            Some('"' | '{' | '[') => owned(at, "a comma is missing in front of this"),
            _ => (at, format!("a comma or a closing bracket is missing in front of {}", shown(c, &word))),
        },
        _ if message.starts_with("invalid number") => {
            if word.trim_start_matches('-').starts_with('0') {
                (start, format!("a number does not begin with zeros, as {word} does"))
            } else {
                (start, format!("{word} is no number"))
            }
        }
        _ if at == text.len() - text.trim_start().len() && word.starts_with(char::is_alphabetic) => (
            start,
            format!("it begins with {word} instead of {{. Put the settings in braces, as in {{\"r\": 8}}"),
        ),
        _ if word.is_empty() => (at, format!("{} can't stand here", shown(c, ""))),
        _ => (start, format!("a text such as {word} stands in double quotes")),
    }
}

fn shown(c: Option<char>, word: &str) -> String {
    match c {
        _ if !word.is_empty() => word.to_owned(),
        Some(c) if is_invisible(c) => {
            format!("the invisible character U+{:04X}", u32::from(c))
        }
        Some(c) => format!("'{c}'"),
        None => "the end".to_owned(),
    }
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}')
}

/// Whether a bracket closes here after a comma.
fn trailing_comma(text: &str, at: usize) -> bool {
    text[at..].starts_with(['}', ']']) && text[..at].trim_end().ends_with(',')
}

/// The word or number around a byte, and where it begins.
fn word_at(text: &str, at: usize) -> (usize, String) {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.');
    let start =
        text[..at].char_indices().rev().take_while(|(_, c)| is_part(*c)).last().map_or(at, |(at, _)| at);
    (start, text[start..].chars().take_while(|c| is_part(*c)).take(40).collect())
}

//! Texts as Python's `str` takes them apart.

/// Whether `str.isspace` is true for the character: Unicode's white space, and four separators of ASCII.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// The text without white space, or without any of the characters, at its left end and its right end.
pub(in crate::chat) fn strip<'a>(text: &'a str, chars: Option<&str>, left: bool, right: bool) -> &'a str {
    let drop = |c: char| chars.map_or_else(|| is_space(c), |chars| chars.contains(c));
    let text = if left { text.trim_start_matches(drop) } else { text };
    if right { text.trim_end_matches(drop) } else { text }
}

/// `str.split` or `str.rsplit` at white space.
pub(super) fn words(text: &str, most: Option<usize>, from_right: bool) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest =
        if from_right { text.trim_end_matches(is_space) } else { text.trim_start_matches(is_space) };
    while !rest.is_empty() {
        // What is left keeps the white space at its other end.
        if most.is_some_and(|most| words.len() >= most) {
            words.push(rest);
            break;
        }
        if from_right {
            let start =
                rest.rfind(is_space).map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
            words.push(&rest[start..]);
            rest = rest[..start].trim_end_matches(is_space);
        } else {
            let end = rest.find(is_space).unwrap_or(rest.len());
            words.push(&rest[..end]);
            rest = rest[end..].trim_start_matches(is_space);
        }
    }
    if from_right {
        words.reverse();
    }
    words
}

/// `str.split` or `str.rsplit` at a text that is not empty.
pub(super) fn split<'a>(text: &'a str, at: &str, most: Option<usize>, from_right: bool) -> Vec<&'a str> {
    let count = most.map_or(usize::MAX, |most| most.saturating_add(1));
    if from_right {
        let mut parts: Vec<_> = text.rsplitn(count, at).collect();
        parts.reverse();
        parts
    } else {
        text.splitn(count, at).collect()
    }
}

/// `str.splitlines`.
pub(super) fn lines(text: &str, keep_ends: bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(ends_line).unwrap_or(rest.len());
        let behind = match rest.get(end..).and_then(|end| end.chars().next()) {
            Some('\r') if rest[end..].starts_with("\r\n") => end + 2,
            Some(c) => end + c.len_utf8(),
            None => end,
        };
        lines.push(&rest[..if keep_ends { behind } else { end }]);
        rest = &rest[behind..];
    }
    lines
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The text between two positions, which count characters, from the end if they are negative.
pub(super) fn between(text: &str, start: Option<i64>, end: Option<i64>) -> Option<&str> {
    let count = i64::try_from(text.chars().count()).ok()?;
    let place = |at: i64| if at < 0 { (at + count).max(0) } else { at };
    let (start, end) = (start.map_or(0, place), end.map_or(count, place).min(count));
    if start > end {
        return None;
    }
    let byte = |at: i64| {
        let at = usize::try_from(at).unwrap_or_default();
        text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
    };
    text.get(byte(start)..byte(end))
}

/// `str.swapcase`.
pub(super) fn swap_case(text: &str) -> String {
    let mut swapped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_uppercase() {
            swapped.extend(c.to_lowercase());
        } else {
            swapped.extend(c.to_uppercase());
        }
    }
    swapped
}

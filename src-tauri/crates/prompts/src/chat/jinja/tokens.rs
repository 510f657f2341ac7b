//! The tokens within a Jinja tag, in the few kinds that the rewriting of templates distinguishes.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Text,
    Number,
    Open,
    Close,
    Comma,
    /// A single `=`.
    Assign,
    /// A single `*`.
    Times,
    Pipe,
    Operator,
}

/// A token and where it lies in the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Its first byte.
    pub(super) start: usize,
    /// How many brackets are open around it; an opening bracket and its closing one count the same.
    pub(super) depth: usize,
}

impl Token<'_> {
    /// The byte behind it.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.kind == Kind::Name && self.text == name
    }

    /// Whether a bracket right behind it belongs to it, as a call or a subscript does.
    pub(super) fn takes_bracket(&self) -> bool {
        match self.kind {
            Kind::Name => !KEYWORDS.contains(&self.text),
            Kind::Text | Kind::Close => true,
            _ => false,
        }
    }
}

const KEYWORDS: &[&str] = &["in", "if", "elif", "else", "and", "or", "not", "is", "for", "set", "with"];
const LONG: &[&str] = &["**", "//", "==", "!=", "<=", ">="];

/// The tokens from `start` to the end of the tag, and the byte at which its end marker begins, dash
/// included. `None` if the tag has no end.
pub(super) fn tokens<'a>(text: &'a str, start: usize, close: &str) -> Option<(Vec<Token<'a>>, usize)> {
    let (mut tokens, mut at, mut depth) = (Vec::new(), start, 0_usize);
    loop {
        let rest = text.get(at..)?;
        let c = rest.chars().next()?;
        let marker = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        // A `}}` within braces closes these.
        if marker.starts_with(close) && (depth == 0 || close == "%}") {
            return Some((tokens, at));
        }
        let (kind, length) = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '"' | '\'' => (Kind::Text, quoted(rest, c)?),
            c if c.is_alphabetic() || c == '_' => {
                (Kind::Name, rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()))
            }
            c if c.is_numeric() => {
                let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
                (Kind::Number, rest.find(|c| !part(c)).unwrap_or(rest.len()))
            }
            '[' | '(' | '{' => (Kind::Open, 1),
            ']' | ')' | '}' => (Kind::Close, 1),
            _ if LONG.iter().any(|operator| rest.starts_with(operator)) => (Kind::Operator, 2),
            ',' => (Kind::Comma, 1),
            '=' => (Kind::Assign, 1),
            '*' => (Kind::Times, 1),
            '|' => (Kind::Pipe, 1),
            c => (Kind::Operator, c.len_utf8()),
        };
        if kind == Kind::Close {
            depth = depth.saturating_sub(1);
        }
        tokens.push(Token { kind, text: rest.get(..length)?, start: at, depth });
        if kind == Kind::Open {
            depth += 1;
        }
        at += length;
    }
}

/// The bytes of a quoted text, quotes included.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

//! What a template's text is changed to before the engine parses it: tags that the engine lacks, and
//! filters of our own where Python fails or where a value could grow without being paid for in steps.

use super::{
    lacking::{escapes, lacking, line, too_large},
    tokens::{Kind, Token, tokens},
};
use crate::chat::TemplateError;

/// The filter around the body of a `generation` tag.
pub(super) const GENERATION: &str = "_generation";
/// The tag that a `generation` tag becomes.
pub(super) const GENERATION_TAG: &str = "filter _generation";
/// The filter around what a `for` iterates over.
pub(super) const ITERABLE: &str = "_iterable";
/// The filter around every new list, dictionary and tuple, and around what is assigned.
pub(super) const BOUNDED: &str = "_bounded";

/// The filter around what an attribute of a namespace is set to.
pub(super) const ATTRIBUTE: &str = "_attribute";

/// Bytes of a template. The largest in use are some 30 kB.
const MOST_BYTES: usize = 1 << 20;
/// `elif` of a template: the parser recurses for each.
const MOST_ELIFS: usize = 500;
/// The text for the engine's parser.
///
/// # Errors
/// It is larger or deeper than the limits, or uses what this program doesn't render.
pub(super) fn rewrite(template: &str) -> Result<String, TemplateError> {
    if template.len() > MOST_BYTES {
        return Err(TemplateError::TooLarge(format!("it has more than {MOST_BYTES} bytes")));
    }
    // Jinja reads every end of a line as this one.
    let text = template.replace("\r\n", "\n").replace('\r', "\n");
    let mut rewriting = Rewriting { text: &text, out: String::with_capacity(text.len() + 256), copied: 0 };
    let (mut at, mut elifs) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('{')) {
        let open = at + found;
        let inner = open + 2;
        let Some(rest) = text.get(open..) else { break };
        let close = match rest.as_bytes().get(1) {
            Some(b'%') => "%}",
            Some(b'{') => "}}",
            Some(b'#') => {
                at = rest.find("#}").map_or(text.len(), |end| open + end + 2);
                continue;
            }
            _ => {
                at = open + 1;
                continue;
            }
        };
        let skipped = usize::from(text.get(inner..).is_some_and(|inner| inner.starts_with(['-', '+'])));
        // The parser says what is wrong with a tag that has no end.
        let Some((tokens, end)) = tokens(&text, inner + skipped, close) else { break };
        if let Some(reason) = too_large(&text, &tokens) {
            return Err(TemplateError::TooLarge(reason));
        }
        if escapes(&tokens) {
            return Err(rewriting.unsupported(&tokens, "safe beside +"));
        }
        at = end + usize::from(!text[end..].starts_with(close)) + 2;
        let name = tokens.first().filter(|_| close == "%}").map(|token| token.text);
        match name {
            Some("raw") => at = raw_end(&text, at),
            Some("elif") => {
                elifs += 1;
                if elifs > MOST_ELIFS {
                    return Err(TemplateError::TooLarge(format!("it has more than {MOST_ELIFS} elif")));
                }
            }
            _ => {}
        }
        rewriting.tag(name, &tokens, end, at)?;
    }
    rewriting.copy_to(text.len());
    Ok(rewriting.out)
}

struct Rewriting<'a> {
    text: &'a str,
    out: String,
    /// How much of the text is in `out`.
    copied: usize,
}

impl Rewriting<'_> {
    fn copy_to(&mut self, end: usize) {
        self.out.push_str(self.text.get(self.copied..end).unwrap_or_default());
        self.copied = self.copied.max(end);
    }

    fn insert(&mut self, at: usize, text: &str) {
        self.copy_to(at);
        self.out.push_str(text);
    }

    /// `end` is where the tag's end marker begins, `behind` the byte behind it.
    fn tag(
        &mut self,
        name: Option<&str>,
        tokens: &[Token<'_>],
        end: usize,
        behind: usize,
    ) -> Result<(), TemplateError> {
        let top = |name: &'static str| tokens.iter().position(move |t| t.depth == 0 && t.is(name));
        match name {
            None | Some("if" | "elif") => self.expression(tokens),
            Some("generation" | "endgeneration") => {
                let tag = if name == Some("generation") { GENERATION_TAG } else { "endfilter" };
                if let [token] = tokens {
                    self.insert(token.start, tag);
                    self.copied = token.end();
                }
                Ok(())
            }
            Some("for") => {
                let Some(first) = top("in").map(|at| at + 1) else { return Ok(()) };
                if top("recursive").is_some() {
                    return Err(self.unsupported(tokens, "recursive loops"));
                }
                let last = top("if").filter(|at| *at > first).unwrap_or(tokens.len());
                self.filtered(&tokens[first..last], ITERABLE)?;
                self.expression(&tokens[last..])
            }
            Some("set" | "with") => {
                let assign = tokens.iter().position(|t| t.depth == 0 && t.kind == Kind::Assign);
                let Some(values) = assign.map(|at| &tokens[at + 1..]) else { return Ok(()) };
                match name {
                    Some("with") => self.expression(values),
                    _ if tokens.iter().take_while(|t| t.kind != Kind::Assign).any(|t| t.text == ".") => {
                        self.filtered(values, ATTRIBUTE)
                    }
                    _ => self.filtered(values, BOUNDED),
                }
            }
            // There is no other template, and blocks would be another way to recurse.
            Some("block" | "extends" | "include" | "import" | "from") => {
                Err(self.unsupported(tokens, "blocks or other templates"))
            }
            // Recursive macros could double what they pass on.
            Some("macro") => {
                let named = tokens.windows(2).filter(|pair| {
                    pair[1].depth == 1 && pair[1].kind == Kind::Name && matches!(pair[0].text, "(" | ",")
                });
                let bounded: String = named.map(|pair| format!("{}|{BOUNDED}, ", pair[1].text)).collect();
                if !bounded.is_empty() {
                    self.copy_to(behind);
                    let marker = self.text.get(end..behind).unwrap_or_default();
                    self.out.push_str(&format!("{{% set _parameters = ({bounded}) {marker}"));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// An expression to its end, in parentheses and with a filter.
    fn filtered(&mut self, tokens: &[Token<'_>], filter: &str) -> Result<(), TemplateError> {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Ok(()) };
        self.insert(first.start, "(");
        self.expression(tokens)?;
        self.insert(last.end(), &format!(")|{filter}"));
        Ok(())
    }

    /// Filters the lists, dictionaries and tuples that are built from variables.
    fn expression(&mut self, tokens: &[Token<'_>]) -> Result<(), TemplateError> {
        let mut open = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if let Some(what) = lacking(tokens, at) {
                return Err(self.unsupported(tokens, &what));
            }
            match token.kind {
                Kind::Open => {
                    let literal = at == 0 || !tokens[at - 1].takes_bracket();
                    let bounded = literal && grows(&tokens[at + 1..], token);
                    if bounded {
                        self.insert(token.start, "(");
                    }
                    open.push(bounded);
                }
                Kind::Close if open.pop() == Some(true) => {
                    self.insert(token.end(), &format!("|{BOUNDED})"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn unsupported(&self, tokens: &[Token<'_>], what: &str) -> TemplateError {
        let start = tokens.first().map_or(0, |token| token.start);
        TemplateError::Unsupported { line: line(self.text, start), what: what.to_owned() }
    }
}

/// Whether a bracket of an expression builds a value from variables. `rest` begins behind the bracket.
fn grows(rest: &[Token<'_>], open: &Token<'_>) -> bool {
    let inner = rest.iter().take_while(|token| token.depth > open.depth || token.kind != Kind::Close);
    let (mut names, mut commas) = (false, open.text != "(");
    for token in inner {
        names |=
            token.kind == Kind::Name && !matches!(token.text, "true" | "false" | "none" | "True" | "False");
        commas |= token.kind == Kind::Comma && token.depth == open.depth + 1;
    }
    names && commas
}

/// The byte at which the tag begins that ends a raw block.
fn raw_end(text: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("{%")) {
        let inner = text.get(at + found + 2..).unwrap_or_default();
        if inner.trim_start_matches(['-', '+']).trim_start().starts_with("endraw") {
            return at + found;
        }
        at += found + 2;
    }
    text.len()
}

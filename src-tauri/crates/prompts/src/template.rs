//! The template language: Python's `str.format` with named fields only, because the templates of the
//! reference studio are written in it. For every accepted template, [`Template::render`] gives the result
//! of `template.format(**row)` in Python.

use super::{column_name::check_name, python, value::Value};

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The parts, in order.
    pub pieces: Vec<Piece>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Literal text, in which `{{` and `}}` are replaced by single braces.
    Text(String),
    /// The value of a column.
    Column(Placeholder),
}

/// A column's name in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// The column's name.
    pub name: String,
    /// The line of its opening brace, from 1.
    pub line: usize,
    /// The character in this line, from 1.
    pub character: usize,
}

/// A syntax error in a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Line {line}, character {character}: {reason}")]
pub struct TemplateError {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub character: usize,
    /// The byte of the text.
    pub offset: usize,
    /// What is wrong, and what to write instead.
    pub reason: String,
}

impl Template {
    /// Parses a template. Fields that Python would evaluate (attributes, indexes, conversions, format
    /// specifications, positions) are errors.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text.char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            match c {
                '{' | '}' if rest.next_if(|(_, next)| *next == c).is_some() => plain.push(c),
                '}' => return Err(error(text, at, "This } has no {. Write }} for a literal brace.")),
                '{' => {
                    let inner = &text[at + 1..];
                    let Some(end) = inner.find('}') else {
                        let reason = if looks_like_json(inner) {
                            JSON_BRACE
                        } else {
                            "This { has no }. Write {{ for a literal brace."
                        };
                        return Err(error(text, at, reason));
                    };
                    let name = &inner[..end];
                    check_name(name).map_err(|reason| {
                        let reason = if looks_like_json(inner) { JSON_BRACE } else { &reason };
                        error(text, at, reason)
                    })?;
                    if !plain.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    }
                    let (line, character) = place(text, at);
                    pieces.push(Piece::Column(Placeholder { name: name.to_owned(), line, character }));
                    while rest.next_if(|(next, _)| *next <= at + 1 + end).is_some() {}
                }
                _ => plain.push(c),
            }
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self { pieces })
    }

    /// Fills the template with a row's values. Null becomes `None`, as in Python. The error is the name of
    /// the first column that the row does not have.
    pub fn render<'a>(&self, value_of: impl Fn(&str) -> Option<&'a Value>) -> Result<String, String> {
        let (mut text, mut missing) = (String::new(), None);
        self.write(&mut text, |column, text| match value_of(column) {
            Some(value) => python::write_value(value, text),
            None => _ = missing.get_or_insert_with(|| column.to_owned()),
        });
        missing.map_or(Ok(text), Err)
    }

    /// Appends the filled template to `text`. `value` appends the value of a column.
    pub fn write(&self, text: &mut String, mut value: impl FnMut(&str, &mut String)) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Column(column) => value(&column.name, text),
            }
        }
    }

    /// The placeholders, in order of appearance.
    pub fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Column(placeholder) => Some(placeholder),
        })
    }

    /// The columns, without duplicates, in order of appearance.
    pub fn columns(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for placeholder in self.placeholders() {
            if !names.contains(&placeholder.name.as_str()) {
                names.push(&placeholder.name);
            }
        }
        names
    }
}

/// What is said of a brace that begins JSON.
const JSON_BRACE: &str = "This { begins JSON, and a single { begins the name of a column. Write every brace of the JSON twice: {{ for { and }} for }.";

/// Whether what follows an opening brace is an object of JSON, or of Python, rather than a name.
fn looks_like_json(inner: &str) -> bool {
    let rest = inner.trim_start();
    let quoted = |quote: char| {
        let Some((key, after)) = rest.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) else {
            return false;
        };
        !key.contains('\n') && after.trim_start().starts_with(':')
    };
    quoted('"') || quoted('\'')
}

fn error(text: &str, at: usize, reason: &str) -> TemplateError {
    let (line, character) = place(text, at);
    TemplateError { line, character, offset: at, reason: reason.to_owned() }
}

/// The line and the character of a byte offset, both from 1.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, line: usize, character: usize) -> Piece {
        Piece::Column(Placeholder { name: name.into(), line, character })
    }
    fn text(text: &str) -> Piece {
        Piece::Text(text.into())
    }

    #[test]
    fn names_text_and_doubled_braces() {
        let pieces = |t: &str| Template::parse(t).unwrap().pieces;
        assert_eq!(
            pieces("Q: {a b}\n{{x}} {c}"),
            [text("Q: "), column("a b", 1, 4), text("\n{x} "), column("c", 2, 7)]
        );
        assert_eq!(pieces("{{{a}}}"), [text("{"), column("a", 1, 3), text("}")]);
        assert_eq!(pieces("é{ü}é"), [text("é"), column("ü", 1, 2), text("é")]);
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn what_python_would_evaluate_is_refused_with_its_place() {
        for bad in ["{a.b}", "{a[0]}", "{a!r}", "{a:>3}", "{}", "{0}", "{٣}", "{a{b}}", "{", "}", "a}b", "{a"]
        {
            assert!(Template::parse(bad).is_err(), "{bad} was accepted");
        }
        let error = Template::parse("fine\nö {a.b}").unwrap_err();
        assert_eq!((error.line, error.character), (2, 3));
    }

    #[test]
    fn braces_of_json_are_to_be_doubled() {
        for json in [
            "{\"answer\": {answer}}",
            "Answer as JSON:\n{\n  \"answer\": \"{answer}\"\n}",
            "{ \"a\" : 1 }",
            "{'answer': {answer}}",
            "[{\"role\": \"user\"}]",
            "{\"never closed\": 1",
        ] {
            let reason = Template::parse(json).unwrap_err().reason;
            assert!(
                reason.contains("Write every brace of the JSON twice: {{ for { and }} for }"),
                "{json}: {reason}"
            );
        }
        for other in ["{a.b}", "{\"a\"}x.y}", "{it's: x}", "{a: b}", "{}", "{ }", "{a"] {
            if let Err(error) = Template::parse(other) {
                assert!(!error.reason.contains("JSON"), "{other}: {error}");
            }
        }
        assert!(Template::parse("{a:b}").unwrap_err().reason.contains("{{ and }} for literal braces"));
        let doubled = Template::parse("{{\"answer\": \"{answer}\"}}").unwrap();
        let answer = Value::from(serde_json::json!("x"));
        assert_eq!(
            doubled.render(|name| (name == "answer").then_some(&answer)),
            Ok("{\"answer\": \"x\"}".to_owned())
        );
    }

    #[test]
    fn a_missing_column_is_named() {
        let template = Template::parse("{a}{b}{a}{c}").unwrap();
        assert_eq!(template.columns(), ["a", "b", "c"]);
        let row = Value::from(serde_json::json!({"a": 1, "b": null}));
        assert_eq!(template.render(|name| row.get(name)), Err("c".to_owned()));
        assert_eq!(Template::parse("{a}{b}").unwrap().render(|name| row.get(name)), Ok("1None".to_owned()));
    }
}

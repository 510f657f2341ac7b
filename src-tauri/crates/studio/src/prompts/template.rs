//! The template language: Python's `str.format` with named fields and nothing else, because the
//! templates of existing studios are written in it.

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its parts, in order.
    pub pieces: Vec<Piece>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands as it is, `{{` and `}}` already read as braces.
    Text(String),
    /// The value of a column.
    Column(String),
}

/// Why a text is no template, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Line {line}, character {character}: {reason}")]
pub struct TemplateError {
    /// Counted from one.
    pub line: usize,
    /// Counted from one, in characters.
    pub character: usize,
    /// What is wrong and what to write instead.
    pub reason: String,
}

impl Template {
    /// Reads a template. Everything Python would evaluate rather than look up (attributes,
    /// indexes, conversions, format specifications, positions) is refused.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text.char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            match c {
                '{' | '}' if rest.next_if(|(_, next)| *next == c).is_some() => plain.push(c),
                '}' => return Err(error(text, at, "a } without its {. Write }} for a brace that stays.")),
                '{' => {
                    let inner = &text[at + 1..];
                    let Some(end) = inner.find('}') else {
                        return Err(error(text, at, "a { without its }. Write {{ for a brace that stays."));
                    };
                    let name = &inner[..end];
                    check_name(name).map_err(|reason| error(text, at, &reason))?;
                    if !plain.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    }
                    pieces.push(Piece::Column(name.to_owned()));
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

    /// The columns named, each once, in order of appearance.
    pub fn columns(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for piece in &self.pieces {
            if let Piece::Column(name) = piece
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }

    /// The columns named that are not among `known`.
    pub fn missing_from(&self, known: &[String]) -> Vec<&str> {
        self.columns().into_iter().filter(|name| !known.iter().any(|k| k == name)).collect()
    }
}

fn check_name(name: &str) -> Result<(), String> {
    let odd = name.chars().find(|c| matches!(c, '{' | '[' | '.' | '!' | ':'));
    if name.is_empty() {
        Err("empty braces. Write a column's name between them, or {{}} for braces that stay.".to_owned())
    } else if name.chars().all(|c| c.is_ascii_digit()) {
        Err(format!("{{{name}}} counts instead of naming. Write a column's name."))
    } else if let Some(c) = odd {
        Err(format!("'{c}' can't stand inside braces. Write a column's name alone, as in {{question}}."))
    } else {
        Ok(())
    }
}

fn error(text: &str, at: usize, reason: &str) -> TemplateError {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    TemplateError {
        line: before.matches('\n').count() + 1,
        character: before[line_start..].chars().count() + 1,
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str) -> Piece {
        Piece::Column(name.into())
    }
    fn text(text: &str) -> Piece {
        Piece::Text(text.into())
    }

    #[test]
    fn names_text_and_doubled_braces() {
        let pieces = |t: &str| Template::parse(t).unwrap().pieces;
        assert_eq!(pieces("Q: {a b}\n{{x}} {c}"), [text("Q: "), column("a b"), text("\n{x} "), column("c"),]);
        assert_eq!(pieces("{{{a}}}"), [text("{"), column("a"), text("}")]);
        assert_eq!(pieces("é{ü}é"), [text("é"), column("ü"), text("é")]);
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn what_python_would_evaluate_is_refused_with_its_place() {
        for bad in ["{a.b}", "{a[0]}", "{a!r}", "{a:>3}", "{}", "{0}", "{a{b}}", "{", "}", "a}b", "{a"] {
            assert!(Template::parse(bad).is_err(), "{bad} was accepted");
        }
        let error = Template::parse("fine\nö {a.b}").unwrap_err();
        assert_eq!((error.line, error.character), (2, 3));
    }

    #[test]
    fn names_that_are_no_columns() {
        let template = Template::parse("{a}{b}{a}{c}").unwrap();
        assert_eq!(template.missing_from(&["a".into()]), ["b", "c"]);
    }
}

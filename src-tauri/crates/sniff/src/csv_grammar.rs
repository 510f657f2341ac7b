//! Where the fields of a CSV record are: one rule for every reader.
//!
//! - A field ends at a separator, a record at a line break (`\n`, `\r\n`, or `\r` in a file without `\n`).
//! - A field that begins with a quote is quoted if its closing quote stands right before a separator, a
//!   line break or the end of the file. Separators and line breaks within it are text; a quote within it
//!   is written twice or, where that was chosen, behind a backslash.
//! - If something else follows the closing quote on the line where the field began, the quotes are text
//!   and the field ends as any other: `"Red Lamp" broke`.
//! - If it follows on a later line, or no quote follows at all, the quote was never closed. The line of
//!   that quote can't be read; reading goes on with the next.
//! - A quote amid a field is text.

use std::{borrow::Cow, ops::Range};

use memchr::{memchr, memchr2};

use crate::read_options::{Quote, Separator};

/// What separates fields and records, and how quotes are written in quoted fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grammar {
    /// What stands between two fields.
    pub separator: Separator,
    /// `\n`, or `\r` in a file without `\n`.
    pub line_break: u8,
    /// How a quote is written in a quoted field.
    pub quote: Quote,
}

/// A field: where it is without its quotes, and whether quotes in it are written in a special way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its bytes, without quotes around them.
    pub place: Range<usize>,
    /// Whether a quote in it is written in a special way.
    pub escaped: bool,
}

/// What begins at some byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordEnd {
    /// A record, and where the next one begins.
    Record {
        /// Where the next one begins.
        end: usize,
    },
    /// A line that can't be read for the quote at `quote`, which is never closed.
    NeverClosed {
        /// Where the quote is.
        quote: usize,
        /// Where the next line begins.
        end: usize,
    },
    /// The bytes end before this can be decided.
    More,
}

enum Quoted {
    /// Where the closing quote is.
    Closed {
        end: usize,
        escaped: bool,
    },
    /// The quotes are text.
    Text,
    NeverClosed,
    More,
}

impl Grammar {
    /// Finds the fields of the record that starts there. `complete` says that the bytes reach to the end
    /// of the file.
    pub fn record(&self, bytes: &[u8], start: usize, complete: bool, fields: &mut Vec<Field>) -> RecordEnd {
        fields.clear();
        let mut at = start;
        loop {
            let quoted = match bytes.get(at) {
                Some(b'"') => self.quoted(bytes, at, complete),
                _ => Quoted::Text,
            };
            let next = match quoted {
                Quoted::Closed { end, escaped } => {
                    fields.push(Field { place: at + 1..end, escaped });
                    end + 1
                }
                Quoted::Text => {
                    let rest = bytes.get(at..).unwrap_or_default();
                    let Some(end) = memchr2(self.separator.byte(), self.line_break, rest)
                        .map(|length| at + length)
                        .or(complete.then_some(bytes.len()))
                    else {
                        return RecordEnd::More;
                    };
                    fields.push(Field { place: at..self.without_return(bytes, at, end), escaped: false });
                    end
                }
                Quoted::NeverClosed => {
                    let rest = bytes.get(at..).unwrap_or_default();
                    let end = memchr(self.line_break, rest).map_or(bytes.len(), |length| at + length + 1);
                    return RecordEnd::NeverClosed { quote: at, end };
                }
                Quoted::More => return RecordEnd::More,
            };
            match bytes.get(next) {
                Some(byte) if *byte == self.separator.byte() => at = next + 1,
                Some(byte) if *byte == self.line_break => return RecordEnd::Record { end: next + 1 },
                // A closing quote stands before `\r\n`, or before `\r` at the end of the file.
                Some(_) => return RecordEnd::Record { end: bytes.len().min(next + 2) },
                None => return RecordEnd::Record { end: next },
            }
        }
    }

    /// The end and the number of the blank lines that begin at `at`; none if the bytes end before this can be
    /// decided.
    pub fn blank_lines(&self, bytes: &[u8], mut at: usize, complete: bool) -> Option<(usize, u64)> {
        let mut lines = 0;
        loop {
            match bytes.get(at..).unwrap_or_default() {
                [first, ..] if *first == self.line_break => at += 1,
                [b'\r', b'\n', ..] => at += 2,
                [] | [b'\r'] if !complete => return None,
                [b'\r'] => at += 1,
                _ => return Some((at, lines)),
            }
            lines += 1;
        }
    }

    /// The text of a field of a record whose text begins at the byte `start`.
    pub fn value<'a>(&self, text: &'a str, start: usize, field: &Field) -> Cow<'a, str> {
        let place = field.place.start - start..field.place.end - start;
        self.unescaped(text.get(place).unwrap_or_default(), field)
    }

    /// The text of a field as it is meant.
    pub fn unescaped<'a>(&self, text: &'a str, field: &Field) -> Cow<'a, str> {
        if !field.escaped {
            return Cow::Borrowed(text);
        }
        let mut plain = String::with_capacity(text.len());
        self.write_unescaped(text, &mut plain);
        Cow::Owned(plain)
    }

    /// Writes the text of a field in which quotes are written in a special way as it is meant.
    pub fn write_unescaped(&self, text: &str, plain: &mut String) {
        match self.quote {
            Quote::Double => write_single_quotes(text, plain),
            Quote::Backslash => write_without_backslashes(text, plain),
        }
    }

    fn quoted(&self, bytes: &[u8], start: usize, complete: bool) -> Quoted {
        let (mut at, mut escaped) = (start + 1, false);
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let found = match self.quote {
                Quote::Double => memchr(b'"', rest),
                Quote::Backslash => memchr2(b'"', b'\\', rest),
            };
            let Some(quote) = found.map(|length| at + length) else {
                return if complete { Quoted::NeverClosed } else { Quoted::More };
            };
            at = quote + 1;
            if bytes.get(quote) == Some(&b'\\') {
                escaped |= matches!(bytes.get(at), Some(b'"' | b'\\'));
                at += 1;
                continue;
            }
            match bytes.get(at..).unwrap_or_default() {
                [b'"', ..] => {
                    escaped = true;
                    at += 1;
                }
                [b'\r'] | [] if !complete => return Quoted::More,
                [] | [b'\r'] | [b'\r', b'\n', ..] => return Quoted::Closed { end: quote, escaped },
                [next, ..] if *next == self.separator.byte() || *next == self.line_break => {
                    return Quoted::Closed { end: quote, escaped };
                }
                _ => {
                    let within = bytes.get(start..quote).unwrap_or_default();
                    let same_line = memchr(self.line_break, within).is_none();
                    return if same_line { Quoted::Text } else { Quoted::NeverClosed };
                }
            }
        }
    }

    /// The end of a field, before the `\r` of a `\r\n`.
    fn without_return(&self, bytes: &[u8], start: usize, end: usize) -> usize {
        let ends_line = bytes.get(end).is_none_or(|byte| *byte == self.line_break);
        let has_return =
            self.line_break == b'\n' && bytes.get(start..end).is_some_and(|f| f.ends_with(b"\r"));
        if ends_line && has_return { end - 1 } else { end }
    }
}

/// Writes one quote for each two.
fn write_single_quotes(text: &str, plain: &mut String) {
    let mut rest = text;
    while let Some((before, after)) =
        memchr(b'"', rest.as_bytes()).and_then(|at| rest.split_at_checked(at + 1))
    {
        plain.push_str(before);
        rest = after.strip_prefix('"').unwrap_or(after);
    }
    plain.push_str(rest);
}

/// Leaves out the backslashes before quotes and backslashes, and one of two quotes; other backslashes are
/// text.
fn write_without_backslashes(text: &str, plain: &mut String) {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        match (character, next) {
            ('\\', Some(escaped @ ('"' | '\\'))) | ('"', Some(escaped @ '"')) => {
                plain.push(escaped);
                characters.next();
            }
            _ => plain.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Grammar, RecordEnd};
    use crate::read_options::{Quote, Separator};

    const COMMAS: Grammar = Grammar { separator: Separator::COMMA, line_break: b'\n', quote: Quote::Double };

    /// The records of a text: their fields, or the byte of a quote that is never closed.
    fn records(grammar: Grammar, text: &str) -> Vec<Result<Vec<String>, usize>> {
        let (mut found, mut fields, mut at) = (Vec::new(), Vec::<Field>::new(), 0);
        while at < text.len() {
            match grammar.record(text.as_bytes(), at, true, &mut fields) {
                RecordEnd::Record { end } => {
                    let values = fields.iter();
                    let values = values.map(|f| grammar.unescaped(&text[f.place.clone()], f).into_owned());
                    found.push(Ok(values.collect()));
                    at = end;
                }
                RecordEnd::NeverClosed { quote, end } => {
                    found.push(Err(quote));
                    at = end;
                }
                RecordEnd::More => panic!("a complete text is enough"),
            }
        }
        found
    }

    fn fields(values: &[&str]) -> Result<Vec<String>, usize> {
        Ok(values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[test]
    fn quotes_follow_one_rule() {
        for (text, expected) in [
            ("1,\"Red Lamp\" broke\n", vec![fields(&["1", "\"Red Lamp\" broke"])]),
            ("\"a\" b \"c\",2\n", vec![fields(&["\"a\" b \"c\"", "2"])]),
            ("1,\"never closed\n2,b\n3,c\n", vec![Err(2), fields(&["2", "b"]), fields(&["3", "c"])]),
            ("1,\"open\n2,\"b\" c\n", vec![Err(2), fields(&["2", "\"b\" c"])]),
            ("1,\"open\n2,\"b\"\n", vec![Err(2), fields(&["2", "b"])]),
            ("\"", vec![Err(0)]),
            ("\"\"\"", vec![Err(0)]),
            ("\"a\nb\",c\r\nd,\"e\"\r\n", vec![fields(&["a\nb", "c"]), fields(&["d", "e"])]),
            ("\"he said \"\"no\"\"\",x", vec![fields(&["he said \"no\"", "x"])]),
            ("a \"b\" c,5\" pipe\n", vec![fields(&["a \"b\" c", "5\" pipe"])]),
            ("bare\rcr,x\n", vec![fields(&["bare\rcr", "x"])]),
            (",\n\"\",\"\"\n", vec![fields(&["", ""]), fields(&["", ""])]),
            ("a,\"b\"\r", vec![fields(&["a", "b"])]),
        ] {
            assert_eq!(records(COMMAS, text), expected, "{text:?}");
        }
    }

    #[test]
    fn other_separators_line_breaks_and_backslashes_are_read_where_they_are_chosen() {
        let semicolons = Grammar { separator: Separator::SEMICOLON, ..COMMAS };
        assert_eq!(records(semicolons, "a, b;\"c;d\"\n"), [fields(&["a, b", "c;d"])]);
        let returns = Grammar { line_break: b'\r', ..COMMAS };
        assert_eq!(records(returns, "a,b\r\"c\",d\r"), [fields(&["a", "b"]), fields(&["c", "d"])]);
        let backslashes = Grammar { quote: Quote::Backslash, ..COMMAS };
        for (text, expected) in [
            (r#""he said \"no\", twice",x"#, fields(&[r#"he said "no", twice"#, "x"])),
            (r#""a \\",b"#, fields(&[r"a \", "b"])),
            (r#""C:\new",b"#, fields(&[r"C:\new", "b"])),
            (r#"plain \" text,b"#, fields(&[r#"plain \" text"#, "b"])),
            (r#""a ""b""",c"#, fields(&[r#"a "b""#, "c"])),
        ] {
            assert_eq!(records(backslashes, text), [expected], "{text:?}");
        }
    }
}

//! What separates the fields of a CSV file, and how its quotes are written.

use super::head::Head;
use crate::{
    csv_grammar::{Field, Grammar, RecordEnd},
    read_options::{Quote, ReadOptions, Separator},
};

/// The form of a CSV file, by its first records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvForm {
    /// How records are read.
    pub grammar: Grammar,
    /// Whether the first line is Excel's `sep=;`, which names the separator.
    pub separator_line: bool,
    /// Whether the separator is sure, or chosen.
    pub sure: bool,
    /// What may separate the columns of a file that is read as one column, because its rows do not agree.
    pub doubtful: Option<Separator>,
    /// The line of the first quote that is written with a backslash, where choosing that makes the records
    /// fit their header better.
    pub backslashes: Option<u64>,
    /// Whether there is a header and a record, each of several fields.
    pub is_table: bool,
}

const CANDIDATES: [Separator; 4] = [Separator::COMMA, Separator::SEMICOLON, Separator::TAB, Separator::PIPE];

/// How the first records stand to their header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fit {
    columns: usize,
    records: usize,
    /// Those with as many fields as the header.
    fitting: usize,
}

impl CsvForm {
    /// Looks at the first records. What is chosen is not guessed.
    pub fn from_head(head: &Head, options: &ReadOptions) -> Self {
        let line_break = match memchr::memchr2(b'\n', b'\r', &head.bytes) {
            Some(_) if memchr::memchr(b'\n', &head.bytes).is_some() => b'\n',
            Some(_) => b'\r',
            None => b'\n',
        };
        let named = separator_line(&head.bytes);
        let start = named.map_or(0, |(_, end)| end);
        let quote = options.quote.unwrap_or_default();
        let of = |separator| Grammar { separator, line_break, quote };
        let fit = |separator| Fit::from_head(head, start, of(separator));
        let given = options.separator.or(named.map(|(separator, _)| separator));
        let (separator, sure) = match given {
            Some(separator) => (separator, true),
            None => found(fit),
        };
        let grammar = of(separator);
        let other = |other: &Separator| fit(*other).columns > 1;
        let doubtful = CANDIDATES.into_iter().find(other).filter(|_| !sure);
        let fit = fit(separator);
        let backslashes = match options.quote {
            None => backslashes(head, start, grammar, fit),
            Some(_) => None,
        };
        let separator_line = named.is_some();
        let is_table = fit.columns > 1 && fit.records > 0 && fit.is_sound();
        Self { grammar, separator_line, sure, doubtful, backslashes, is_table }
    }
}

/// The separator of the records, and whether it is sure. It is a comma unless another fits better.
fn found(fit: impl Fn(Separator) -> Fit) -> (Separator, bool) {
    let [comma, others @ ..] = CANDIDATES.map(|separator| (separator, fit(separator)));
    let best = others.into_iter().filter(|(_, fit)| fit.columns > 1 && fit.records > 0 && fit.is_sound());
    let best = best.max_by_key(|(_, fit)| (fit.fitting * fit.columns, fit.columns));
    match best {
        Some((other, _)) if comma.1.columns == 1 => (other, true),
        // Several commas in the header are between names of columns, as long as the rows agree.
        Some((other, fit)) if !comma.1.is_sound() && fit.fitting == fit.records && fit.records > 1 => {
            (other, true)
        }
        _ => (comma.0, comma.1.columns > 1),
    }
}

/// The line of the first quote behind a backslash, if the records fit better where it is read so.
fn backslashes(head: &Head, start: usize, grammar: Grammar, fit: Fit) -> Option<u64> {
    let at = memchr::memmem::find(&head.bytes, b"\\\"")?;
    let other = Grammar { quote: Quote::Backslash, ..grammar };
    let better = Fit::from_head(head, start, other);
    let opens = opens_field(&head.bytes, at, grammar);
    let fits = better.columns == fit.columns && better.fitting == better.records && better.records > 0;
    let differs = fit != better || opens;
    (fits && differs).then(|| {
        1 + memchr::memchr_iter(grammar.line_break, head.bytes.get(..at).unwrap_or_default()).count() as u64
    })
}

/// Whether the field around that byte begins with a quote, on the same line.
fn opens_field(bytes: &[u8], at: usize, grammar: Grammar) -> bool {
    let before = bytes.get(..at).unwrap_or_default();
    let line = before.rsplit(|byte| *byte == grammar.line_break).next().unwrap_or_default();
    line.starts_with(b"\"") || line.windows(2).any(|pair| pair == [grammar.separator.byte(), b'"'])
}

impl Fit {
    fn from_head(head: &Head, start: usize, grammar: Grammar) -> Self {
        let mut fields: Vec<Field> = Vec::new();
        let (mut at, mut fit) = (start, None::<Self>);
        while let Some((next, _)) = grammar.blank_lines(&head.bytes, at, head.complete) {
            at = next;
            if at == head.bytes.len() {
                break;
            }
            let record = grammar.record(&head.bytes, at, head.complete, &mut fields);
            let count = match record {
                RecordEnd::Record { end } => {
                    at = end;
                    fields.len()
                }
                RecordEnd::NeverClosed { end, .. } => {
                    at = end;
                    0
                }
                RecordEnd::More => break,
            };
            match &mut fit {
                None => fit = Some(Self { columns: count, records: 0, fitting: 0 }),
                Some(fit) => {
                    fit.records += 1;
                    fit.fitting += usize::from(count == fit.columns);
                }
            }
        }
        fit.unwrap_or(Self { columns: 0, records: 0, fitting: 0 })
    }

    /// Whether nearly all records have as many fields as the header.
    fn is_sound(self) -> bool {
        let others = self.records - self.fitting;
        others == 0 || (self.records > 2 && others * 10 <= self.records) || (self.records > 2 && others == 1)
    }
}

/// The separator that Excel's first line `sep=;` names, and where that line ends.
fn separator_line(bytes: &[u8]) -> Option<(Separator, usize)> {
    let length = memchr::memchr2(b'\n', b'\r', bytes)?;
    let line = bytes.get(..length)?;
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] = line else { return None };
    let rest = bytes.get(length..)?;
    let end = length + if rest.starts_with(b"\r\n") { 2 } else { 1 };
    Some((Separator::from_byte(*separator)?, end))
}

#[cfg(test)]
mod tests {
    use super::CsvForm;
    use crate::{Head, read_options::ReadOptions};

    fn form(text: &str) -> CsvForm {
        let head = Head { bytes: text.as_bytes().to_vec(), complete: true };
        CsvForm::from_head(&head, &ReadOptions::default())
    }

    #[test]
    fn the_separator_is_that_which_fits() {
        for (text, separator, sure) in [
            ("q,a\nHi,Yes\n", ",", true),
            ("q;a\nHi;Yes\n", ";", true),
            ("q;a\nHi, you;Yes\n", ";", true),
            ("q\ta\nHi, you\tYes\n", "tab", true),
            ("q|a\nHi, you|Yes\nDone; well|No\n", "|", true),
            ("sep=;\nq;a\nHi, you;Yes\n", ";", true),
            ("\"sep=|\"\r\nq|a\r\n1|2\r\n", "|", true),
            ("id;text, long;n\n1;a;2\n3;b;4\n", ";", true),
            ("text\nHello; how are you\nFine\n", ",", false),
            ("text\nHello, you\n", ",", false),
            ("a,b\n1;2,3\n4;5,6\n", ",", true),
            ("\"a;b\",c\n1,2\n", ",", true),
            ("a;b\n\"1;2\";3\n4;5\n", ";", true),
            ("a;b\n1;2\n3;4\n5\n6;7\n", ";", true),
        ] {
            let form = form(text);
            assert_eq!(
                (form.grammar.separator.to_string().as_str(), form.sure),
                (separator, sure),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_separator_that_is_not_sure_is_named() {
        use crate::read_options::Separator;
        for (text, doubtful) in [
            ("q;a\nHi\nBye\n", Some(Separator::SEMICOLON)),
            ("q;a\n", Some(Separator::SEMICOLON)),
            ("q;a\nHi;Yes\n", None),
            ("text\nHi;Yes\n", None),
            ("q,a\nHi;Yes\n", None),
        ] {
            assert_eq!(form(text).doubtful, doubtful, "{text:?}");
        }
    }

    #[test]
    fn quotes_behind_backslashes_are_found_where_they_matter() {
        for (text, line) in [
            ("q,a\n\"He said \\\"no\\\", twice\",x\n", Some(2)),
            ("q,a\n1,2\n\"a \\\"b\\\" c\",x\n", Some(3)),
            ("q,a\n\"He said \"\"no\"\"\",x\n", None),
            ("q,a\nplain \\\" text,x\n", None),
            ("q,a\n\"a\",\"C:\\\\dir\"\n", None),
        ] {
            assert_eq!(form(text).backslashes, line, "{text:?}");
        }
    }
}

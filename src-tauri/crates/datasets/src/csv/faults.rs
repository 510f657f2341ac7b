//! What is wrong with a record of CSV, with its line.

use memchr::{memchr, memchr_iter, memmem};

use crate::problem::Problem;
use sniff::{self, Encodings, csv_grammar::Grammar};

/// A row over more lines than this is more likely a quote that was never closed.
const MANY_LINES: u64 = 1_000;

/// Where a record is.
pub(crate) struct RowPlace {
    pub(crate) line: u64,
    /// Its number among the rows, if it is one.
    pub(crate) row: u64,
    /// Whether a byte-order mark stands before it.
    pub(crate) marked: bool,
}

/// The text of a record.
///
/// # Errors
/// The bytes are no text, hold NULs, or are no row but the mark at the end of a file.
pub(crate) fn check_bytes(
    bytes: &[u8],
    encodings: Encodings,
    line: impl FnOnce() -> u64,
) -> Result<&str, Problem> {
    match simdutf8::basic::from_utf8(bytes) {
        Err(_) => Err(Problem::error(line(), sniff::not_text(bytes, encodings, "row"))),
        Ok(_) if memchr(0, bytes).is_some() => Err(nul_bytes(bytes, line())),
        Ok(text) if is_end_mark(text) => Err(Problem::warning(line(), END_MARK)),
        Ok(text) => Ok(text),
    }
}

/// What DOS programs write at the end of a text.
pub(crate) const CTRL_Z: u8 = 0x1a;
const END_MARK: &str = "Here is Ctrl+Z, which DOS programs write at the end of a file. It was skipped.";

fn is_end_mark(text: &str) -> bool {
    text.as_bytes().first() == Some(&CTRL_Z) && text.trim_end().len() == 1
}

fn nul_bytes(bytes: &[u8], line: u64) -> Problem {
    let nuls = memchr_iter(0, bytes).count();
    let only = bytes.iter().all(|byte| matches!(byte, 0 | b'\n' | b'\r'));
    let what = match (only, nuls) {
        (true, _) => format!("This is not a row but {nuls} NUL bytes of padding"),
        (false, 1) => "This row has a NUL byte, which is no text".to_owned(),
        (false, _) => format!("This row has {nuls} NUL bytes, which are no text"),
    };
    let message = format!("{what}: the file is damaged or was not written to its end. Get the file again.");
    Problem::error(line, message)
}

pub(crate) fn never_closed(line: u64) -> Problem {
    Problem::error(
        line,
        "A quote opens a field here and is never closed before a separator or the end of a line. Close it, \
         or double the quotes within the text.",
    )
}

pub(crate) fn blank_line(line: u64) -> Problem {
    Problem::warning(line, "This line is blank and was skipped.")
}

/// What is wrong with a record, whose bytes these are, and whether it is a row all the same.
pub(crate) fn faults(
    fields: &[&str],
    names: &[String],
    bytes: &[u8],
    grammar: Grammar,
    place: &RowPlace,
) -> (Vec<Problem>, bool) {
    let mut problems = Vec::new();
    if place.marked {
        let (problem, taken) = joined(fields == names, place.line);
        if !taken {
            return (vec![problem], false);
        }
        problems.push(problem);
    }
    let (counted, taken) = wrong_count(fields.len(), names, bytes, grammar, place);
    problems.extend(counted);
    if !taken {
        return (problems, false);
    }
    if may_have_faults(bytes, grammar) {
        let breaks = line_breaks(bytes, grammar);
        let message = format!("This row goes on for {breaks} lines. Is a quote left open?");
        problems.push(Problem::warning(place.line, message).row(place.row));
    }
    (problems, true)
}

/// Whether a record of so many bytes may need a look at its faults although it has all fields.
pub(crate) fn may_have_faults(bytes: &[u8], grammar: Grammar) -> bool {
    bytes.len() as u64 > MANY_LINES && line_breaks(bytes, grammar) > MANY_LINES
}

fn wrong_count(
    fields: usize,
    names: &[String],
    bytes: &[u8],
    grammar: Grammar,
    place: &RowPlace,
) -> (Option<Problem>, bool) {
    let columns = names.len();
    if fields == columns {
        return (None, true);
    }
    let why = quotes_at_fault(bytes, grammar);
    if fields > columns {
        let message = format!("This row has {fields} fields, but the header has {columns}.{why}");
        return (Some(Problem::error(place.line, message).row(place.row)), false);
    }
    let message = format!("This row has {fields} of {columns} fields; the rest counts as empty.{why}");
    let problem = Problem::warning(place.line, message).row(place.row);
    (Some(names.get(fields).map_or(problem.clone(), |absent| problem.field(absent))), true)
}

/// Why quotes may be the reason for a wrong number of fields, as a sentence behind others.
fn quotes_at_fault(bytes: &[u8], grammar: Grammar) -> &'static str {
    let after =
        |follows: &[u8]| memmem::find(bytes, &[&[grammar.separator.byte()], follows].concat()).is_some();
    if after(b" \"") {
        " A blank stands before a quote: only right behind a separator does a quote open a field."
    } else if memmem::find(bytes, b"\\\"").is_some() {
        " Quotes within its texts are written with a backslash: choose that (--quote backslash)."
    } else if memchr(b'"', bytes).is_some() {
        " Look at its quotes: within a quoted text each must be doubled."
    } else {
        ""
    }
}

/// Where a byte-order mark stands amid the file: what was behind it, and whether that is a row.
fn joined(header: bool, line: u64) -> (Problem, bool) {
    if header {
        let message = "This line is a second header behind a byte-order mark: two files were joined here. \
                       Delete the line.";
        return (Problem::error(line, message), false);
    }
    let message = "A byte-order mark stands before this row, as where two files are joined. It was left out.";
    (Problem::warning(line, message), true)
}

/// How many line breaks are within a record, without the one that ends it.
fn line_breaks(bytes: &[u8], grammar: Grammar) -> u64 {
    let own = bytes.last() == Some(&grammar.line_break);
    memchr_iter(grammar.line_break, bytes).count() as u64 - u64::from(own)
}

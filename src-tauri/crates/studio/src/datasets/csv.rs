//! CSV: commas, double quotes, a header; quoted line breaks and both line endings.

use std::{
    collections::HashSet,
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    ops::{ControlFlow, Range},
    path::Path,
};

use ::csv::{ByteRecord, Position, ReaderBuilder};

use super::{
    format,
    problem::Problem,
    reader::{Found, LONGEST_RECORD, Listener, Record},
};
use crate::error::{Error, Result};

/// A row over more lines than this is more likely a quote that was never closed.
const MANY_LINES: u64 = 1_000;

pub(super) fn read(path: &Path, listener: &mut Listener<'_>) -> Result<()> {
    let mut file = format::open(path)?;
    let mut lines = Lines::new(&mut file, path)?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let failed = |error: ::csv::Error| Error::file("read", path, &std::io::Error::from(error));
    let mut record = ByteRecord::new();
    let mut header: Option<Vec<String>> = None;
    let mut rows = 0;
    while reader.read_byte_record(&mut record).map_err(failed)? {
        let position = reader.position().byte();
        let mut blank = lines.before(&record, reader.position());
        let line = blank.end;
        if header.is_some() {
            for blank in blank {
                if listener(Found::Problem(Problem::warning(blank, "This line is blank and was skipped.")))
                    .is_break()
                {
                    return Ok(());
                }
            }
        } else if let Some(first) = blank.next() {
            let message = format!("The file starts with blank lines; the header was read from line {line}.");
            let _ = listener(Found::Problem(Problem::warning(first, message)));
        }
        if record.as_slice().len() as u64 > LONGEST_RECORD {
            let _ = listener(Found::Problem(Problem::error(
                line,
                "This row is over 64 MiB. Is a quote left open?",
            )));
            return Ok(());
        }
        let fields: Result<Vec<&str>, _> = record.iter().map(std::str::from_utf8).collect();
        let Ok(fields) = fields else {
            let problem = Problem::error(line, "This row is not UTF-8 text. Save the file as UTF-8.");
            if listener(Found::Problem(problem)).is_break() || header.is_none() {
                return Ok(());
            }
            continue;
        };
        let flow = match &header {
            None => {
                let names: Vec<String> = fields.iter().map(|name| (*name).to_owned()).collect();
                let flow = take_header(&names, line, listener);
                header = Some(names);
                flow
            }
            Some(names) => {
                rows += 1;
                take_row(&fields, names, Place { line, row: rows, position }, listener)
            }
        };
        if flow.is_break() {
            return Ok(());
        }
    }
    Ok(())
}

fn take_header(names: &[String], line: u64, listener: &mut Listener<'_>) -> ControlFlow<()> {
    listener(Found::Header(names))?;
    let mut seen = HashSet::new();
    for (at, name) in names.iter().enumerate() {
        let problem = if name.trim().is_empty() {
            Problem::error(line, format!("Column {} has no name.", at + 1))
        } else if !seen.insert(name) {
            Problem::error(line, format!("Two columns are called '{name}'."))
        } else if name.trim() != name {
            Problem::warning(line, format!("The column name '{name}' starts or ends with a space."))
        } else if name.contains(char::is_whitespace) {
            Problem::warning(line, format!("The column name '{name}' has a space in it."))
        } else {
            continue;
        };
        listener(Found::Problem(problem.field(name)))?;
    }
    if let [only] = names
        && let Some(separator) = [';', '\t', '|'].into_iter().find(|separator| only.contains(*separator))
    {
        let name = if separator == '\t' { "tabs".to_owned() } else { format!("'{separator}'") };
        let message =
            format!("There is only one column. Are the columns separated by {name} instead of commas?");
        listener(Found::Problem(Problem::warning(line, message)))?;
    }
    ControlFlow::Continue(())
}

/// Where a row is.
struct Place {
    line: u64,
    row: u64,
    position: u64,
}

fn take_row(
    fields: &[&str],
    names: &[String],
    Place { line, row, position }: Place,
    listener: &mut Listener<'_>,
) -> ControlFlow<()> {
    let (count, columns) = (fields.len(), names.len());
    if count > columns {
        let message = format!("This row has {count} fields, but the header has {columns}.");
        return listener(Found::Problem(Problem::error(line, message).row(row)));
    }
    if let Some(absent) = names.get(count) {
        let message = format!("This row has {count} of {columns} fields; the rest counts as empty.");
        listener(Found::Problem(Problem::warning(line, message).row(row).field(absent)))?;
    }
    let breaks: u64 = fields.iter().map(|field| newlines(field.as_bytes())).sum();
    if breaks > MANY_LINES {
        let message = format!("This row goes on for {breaks} lines. Is a quote left open?");
        listener(Found::Problem(Problem::warning(line, message).row(row)))?;
    }
    listener(Found::Row { line: Some(line), position, record: Record::Fields(fields) })
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Works out on which line a record starts. The csv crate skips blank lines without a word and
/// places a record where it began to skip; after `\r\n` it has counted only what precedes `\n`.
struct Lines {
    /// The first line after the previous record.
    next: u64,
    /// Whether the line break of the previous record is counted with the next one.
    lags: bool,
    /// The length of a file whose last line has no line break; else 0.
    unfinished: u64,
}

impl Lines {
    fn new(file: &mut BufReader<File>, path: &Path) -> Result<Self> {
        let failed = |error| Error::file("read", path, &error);
        let start = file.fill_buf().map_err(failed)?;
        let lags = start.windows(2).find(|pair| pair.contains(&b'\n')).is_some_and(|pair| pair == b"\r\n");
        let here = file.stream_position().map_err(failed)?;
        let end = file.seek(SeekFrom::End(-1)).map_err(failed)? + 1;
        let mut last = [0];
        file.read_exact(&mut last).map_err(failed)?;
        file.seek(SeekFrom::Start(here)).map_err(failed)?;
        let unfinished = if lags || last == *b"\n" { 0 } else { end - here };
        Ok(Self { next: 1, lags, unfinished })
    }

    /// The blank lines before the record, which starts where they end.
    fn before(&mut self, record: &ByteRecord, after: &Position) -> Range<u64> {
        let started = record.position().map_or(1, Position::line);
        let inside: u64 = record.iter().map(newlines).sum();
        let own_break = if self.lags { self.next > 1 } else { after.byte() != self.unfinished };
        let blank = (after.line() - started).saturating_sub(inside + u64::from(own_break));
        let first = self.next;
        self.next = first + blank + inside + 1;
        first..first + blank
    }
}

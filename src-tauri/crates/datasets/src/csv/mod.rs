//! CSV: commas, double quotes, a header; quoted line breaks and both line endings.

use std::{
    collections::HashSet,
    io::{BufRead as _, Seek as _, SeekFrom},
    ops::{ControlFlow, Range},
    path::Path,
};

use ::csv::{ByteRecord, Position, Reader, ReaderBuilder};
use memchr::memchr;

use super::{
    index::RowOffset,
    input::{self, BytePosition, Input},
    problem::Problem,
    row_event::{LONGEST_RECORD, Record, RowEvent, RowSink},
    source::Source,
};
use schema::Error;
use schema::Result;

/// A row over more lines than this is more likely a quote that was never closed.
pub(super) const MANY_LINES: u64 = 1_000;

pub(crate) fn read(source: &Source, sink: &mut RowSink<'_>) -> Result<()> {
    let mut csv = Csv::open(source)?;
    match csv.header(sink)? {
        Some(names) => csv.rows(&names, sink),
        None => Ok(()),
    }
}

/// The rows from a mark on. There has to be a record at the mark.
pub(super) fn read_from(
    source: &Source,
    row_offset: RowOffset,
    names: &[String],
    sink: &mut RowSink<'_>,
) -> Result<()> {
    let mut csv = Csv::open_at(source, Some(row_offset))?;
    if sink(RowEvent::Header(names)).is_break() { Ok(()) } else { csv.rows(names, sink) }
}

/// A file that is being read.
pub(super) struct Csv<'a> {
    path: &'a Path,
    reader: Reader<Input>,
    lines: Lines,
    byte_position: BytePosition,
    /// Where in the text the reader began.
    began: u64,
    /// How many rows came before it began.
    skipped: u64,
    record: ByteRecord,
}

impl<'a> Csv<'a> {
    pub(super) fn open(source: &'a Source) -> Result<Self> {
        Self::open_at(source, None)
    }

    fn open_at(source: &'a Source, row_offset: Option<RowOffset>) -> Result<Self> {
        let path = source.path();
        let failed = |error| Error::file("read", path, &error);
        let mut file = input::open(source)?;
        let lines = Lines::new(&mut file, path, row_offset)?;
        let began = file.stream_position().map_err(failed)?;
        let byte_position = file.byte_position();
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
        let skipped = row_offset.map_or(0, |row_offset| row_offset.rows);
        Ok(Self { path, reader, lines, byte_position, began, skipped, record: ByteRecord::new() })
    }

    /// The names of the columns; none if there are none that can be read.
    pub(super) fn header(&mut self, sink: &mut RowSink<'_>) -> Result<Option<Vec<String>>> {
        let Some(mut blank) = self.advance()? else { return Ok(None) };
        let line = blank.end;
        if let Some(first) = blank.next() {
            let message = format!("The file starts with blank lines; the header was read from line {line}.");
            let _ = sink(RowEvent::Problem(Problem::warning(first, message)));
        }
        let names = match fields(&self.record, line) {
            Err(problem) => {
                let _ = sink(RowEvent::Problem(problem));
                return Ok(None);
            }
            Ok(names) => names.into_iter().map(str::to_owned).collect::<Vec<_>>(),
        };
        Ok(take_header(&names, line, sink).is_continue().then_some(names))
    }

    /// Where the first row begins or blank lines before it, on which line that is, and whether lines
    /// end in `\r\n`; none where that can't be told, as behind a header that ends in a `\r` of its
    /// own in a file with `\r\n`.
    pub(super) fn after_header(&self) -> Option<(u64, u64, bool)> {
        let Lines { next, lags, first_break, .. } = self.lines;
        let at = self.reader.position().byte();
        // The second half of the header's own line break is still to come.
        (!lags || first_break == Some(at)).then_some((self.began + at + u64::from(lags), next, lags))
    }

    fn rows(&mut self, names: &[String], sink: &mut RowSink<'_>) -> Result<()> {
        let mut row = self.skipped;
        while let Some(blank) = self.advance()? {
            let line = blank.end;
            for blank in blank {
                if sink(RowEvent::Problem(blank_line(blank))).is_break() {
                    return Ok(());
                }
            }
            let over_long = self.record.as_slice().len() as u64 > LONGEST_RECORD;
            let flow = match fields(&self.record, line) {
                Err(problem) => sink(RowEvent::Problem(problem)),
                Ok(fields) => {
                    let start = self.began + self.record.position().map_or(0, Position::byte);
                    let position = self.byte_position.at(self.began + self.reader.position().byte());
                    let place = Place { line, row: row + 1, start, position };
                    let taken = take_row(&fields, names, place, sink);
                    row += u64::from(taken == ControlFlow::Continue(true));
                    taken.map_continue(|_| ())
                }
            };
            if over_long || flow.is_break() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads a record; tells which blank lines come before it, and with their end its line.
    fn advance(&mut self) -> Result<Option<Range<u64>>> {
        let failed = |error: ::csv::Error| Error::file("read", self.path, &std::io::Error::from(error));
        let there = self.reader.read_byte_record(&mut self.record).map_err(failed)?;
        Ok(there.then(|| self.lines.before(&self.record, self.reader.position())))
    }
}

fn fields(record: &ByteRecord, line: u64) -> Result<Vec<&str>, Problem> {
    if record.as_slice().len() as u64 > LONGEST_RECORD {
        return Err(Problem::error(line, "This row is over 64 MiB. Is a quote left open?"));
    }
    let fields: Result<_, _> = record.iter().map(std::str::from_utf8).collect();
    fields.map_err(|_| not_utf8(line))
}

pub(super) fn not_utf8(line: u64) -> Problem {
    Problem::error(line, "This row is not UTF-8 text. Save the file as UTF-8.")
}

pub(super) fn blank_line(line: u64) -> Problem {
    Problem::warning(line, "This line is blank and was skipped.")
}

fn take_header(names: &[String], line: u64, sink: &mut RowSink<'_>) -> ControlFlow<()> {
    sink(RowEvent::Header(names))?;
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
        sink(RowEvent::Problem(problem.field(name)))?;
    }
    if let [only] = names
        && let Some(separator) = [';', '\t', '|'].into_iter().find(|separator| only.contains(*separator))
    {
        let name = if separator == '\t' { "tabs".to_owned() } else { format!("'{separator}'") };
        let message =
            format!("There is only one column. Are the columns separated by {name} instead of commas?");
        sink(RowEvent::Problem(Problem::warning(line, message)))?;
    }
    ControlFlow::Continue(())
}

/// Where a row is.
struct Place {
    line: u64,
    /// Its number among the rows, if it is one.
    row: u64,
    start: u64,
    position: u64,
}

/// Hands on a record and what is wrong with it. Whether it is a row.
fn take_row(
    fields: &[&str],
    names: &[String],
    Place { line, row, start, position }: Place,
    sink: &mut RowSink<'_>,
) -> ControlFlow<(), bool> {
    let breaks = fields.iter().map(|field| newlines(field.as_bytes())).sum();
    let (problems, taken) = faults(fields.len(), names, breaks, line, row);
    for problem in problems {
        sink(RowEvent::Problem(problem))?;
    }
    if taken {
        sink(RowEvent::Row { line: Some(line), start, position, record: Record::Fields(fields) })?;
    }
    ControlFlow::Continue(taken)
}

/// What is wrong with a row of so many fields that goes over so many line breaks, and whether it is
/// one all the same.
pub(super) fn faults(
    fields: usize,
    names: &[String],
    breaks: u64,
    line: u64,
    row: u64,
) -> (Vec<Problem>, bool) {
    let columns = names.len();
    if fields > columns {
        let message = format!("This row has {fields} fields, but the header has {columns}.");
        return (vec![Problem::error(line, message).row(row)], false);
    }
    let mut problems = Vec::new();
    if let Some(absent) = names.get(fields) {
        let message = format!("This row has {fields} of {columns} fields; the rest counts as empty.");
        problems.push(Problem::warning(line, message).row(row).field(absent));
    }
    if breaks > MANY_LINES {
        let message = format!("This row goes on for {breaks} lines. Is a quote left open?");
        problems.push(Problem::warning(line, message).row(row));
    }
    (problems, true)
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Works out on which line a record starts. The csv crate skips blank lines without a word and
/// places a record where it began to skip; after `\r\n` it has counted only what precedes `\n`.
struct Lines {
    /// The first line after the previous record.
    next: u64,
    /// Whether there was a record yet.
    begun: bool,
    /// Whether the line break of the previous record is counted with the next one.
    lags: bool,
    /// Where the first `\n` is in what was read first.
    first_break: Option<u64>,
    /// How long the rest of a file is whose last line has no line break; else 0.
    unfinished: u64,
}

impl Lines {
    /// Leaves the file where it is or, if there is a mark, at the record there.
    fn new(file: &mut Input, path: &Path, row_offset: Option<RowOffset>) -> Result<Self> {
        let failed = |error| Error::file("read", path, &error);
        let start = file.fill_buf().map_err(failed)?;
        let first_break = memchr(b'\n', start);
        let lags = first_break.and_then(|at| start.get(..at)).is_some_and(|line| line.ends_with(b"\r"));
        let end = file.unfinished().map_err(failed)?.filter(|_| !lags);
        if let Some(row_offset) = row_offset {
            file.seek(SeekFrom::Start(row_offset.byte)).map_err(failed)?;
            // The lines between the mark and its record are counted already.
            while let [b'\r' | b'\n', ..] = file.fill_buf().map_err(failed)? {
                file.consume(1);
            }
        }
        let unfinished = end.map_or(0, |end| end.saturating_sub(input::position(file)));
        let first_break = first_break.map(|at| at as u64);
        Ok(Self {
            next: row_offset.map_or(1, |row_offset| row_offset.line),
            begun: false,
            lags,
            first_break,
            unfinished,
        })
    }

    /// The blank lines before the record, which starts where they end.
    fn before(&mut self, record: &ByteRecord, after: &Position) -> Range<u64> {
        let started = record.position().map_or(1, Position::line);
        let inside: u64 = record.iter().map(newlines).sum();
        let own_break = if self.lags { self.begun } else { after.byte() != self.unfinished };
        let blank = (after.line() - started).saturating_sub(inside + u64::from(own_break));
        let first = self.next;
        self.begun = true;
        self.next = first + blank + inside + 1;
        first..first + blank
    }
}

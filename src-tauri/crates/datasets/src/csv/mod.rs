//! The CSV reader: files with a header, read record by record.

mod faults;
mod header;

use std::{
    borrow::Cow,
    io::{Read as _, Seek as _, SeekFrom},
    ops::Range,
    path::Path,
};

use memchr::{memchr, memchr_iter};
use platform::BYTE_ORDER_MARK;
use schema::{Error, Result};
use sniff::{
    Encodings,
    csv_grammar::{Field, Grammar, RecordEnd},
};

pub(super) use self::faults::{
    CTRL_Z, RowPlace, blank_line, check_bytes, faults, may_have_faults, never_closed,
};
use super::{
    index::RowOffset,
    input::{self, BytePosition, Input},
    problem::Problem,
    row_event::{LONGEST_RECORD, Record, RowEvent, RowSink},
    source::Source,
};

/// How much is read at once.
const BLOCK: u64 = 1 << 16;

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
    let mut csv = Csv::open(source)?;
    csv.seek(row_offset)?;
    if sink(RowEvent::Header(names)).is_break() { Ok(()) } else { csv.rows(names, sink) }
}

/// A file that is being read.
pub(super) struct Csv<'a> {
    path: &'a Path,
    input: Input,
    grammar: Grammar,
    encodings: Encodings,
    byte_position: BytePosition,
    /// What was read and not yet passed over.
    buffer: Vec<u8>,
    /// Where in `buffer` the next record begins.
    at: usize,
    /// Which byte of the text `buffer` begins with.
    start: u64,
    /// The line of the next record, counted from one.
    line: u64,
    /// How many rows came before.
    rows: u64,
    /// Whether `buffer` reaches to the end of the file.
    ended: bool,
    fields: Vec<Field>,
}

/// What stands at the reader's place.
struct Step {
    /// The blank lines before it.
    blank: Range<u64>,
    /// A record, by its place in the buffer, or a line that can't be read.
    found: Result<Span, Problem>,
}

/// Where a record is.
struct Span {
    place: Range<usize>,
    line: u64,
    /// Whether a byte-order mark stands before it.
    marked: bool,
}

impl<'a> Csv<'a> {
    pub(super) fn open(source: &'a Source) -> Result<Self> {
        let path = source.path();
        let form = source.form()?;
        let mut input = input::open(source)?;
        let byte_position = input.byte_position();
        let start = input::position(&mut input);
        let mut csv = Self {
            path,
            input,
            grammar: form.grammar(),
            encodings: form.encodings,
            byte_position,
            buffer: Vec::new(),
            at: 0,
            start,
            line: 1,
            rows: 0,
            ended: false,
            fields: Vec::new(),
        };
        if form.separator_line() {
            csv.skip_line()?;
        }
        Ok(csv)
    }

    pub(super) fn grammar(&self) -> Grammar {
        self.grammar
    }

    pub(super) fn encodings(&self) -> Encodings {
        self.encodings
    }

    /// The names of the columns; none if there are none that can be read.
    pub(super) fn header(&mut self, sink: &mut RowSink<'_>) -> Result<Option<Vec<String>>> {
        let Some(Step { blank, found }) = self.advance()? else { return Ok(None) };
        if !blank.is_empty() {
            let line = blank.end;
            let message = format!("The file starts with blank lines; the header was read from line {line}.");
            let _ = sink(RowEvent::Problem(Problem::warning(blank.start, message)));
        }
        let names = found.and_then(|span| Ok((self.values(&span)?, span.line)));
        match names {
            Ok((names, line)) => Ok(header::take(&names, line, sink).is_continue().then_some(names)),
            Err(problem) => {
                let _ = sink(RowEvent::Problem(problem));
                Ok(None)
            }
        }
    }

    /// Where the first row begins or blank lines before it, and on which line that is.
    pub(super) fn after_header(&self) -> (u64, u64) {
        (self.start + self.at as u64, self.line)
    }

    fn values(&self, span: &Span) -> Result<Vec<String>, Problem> {
        let bytes = self.buffer.get(span.place.clone()).unwrap_or_default();
        let text = check_bytes(bytes, self.encodings, || span.line)?;
        let values = self.fields.iter().map(|field| self.grammar.value(text, span.place.start, field));
        Ok(values.map(Cow::into_owned).collect())
    }

    fn rows(&mut self, names: &[String], sink: &mut RowSink<'_>) -> Result<()> {
        let mut row = self.rows;
        while let Some(Step { mut blank, found }) = self.advance()? {
            let problem = |line| sink(RowEvent::Problem(blank_line(line)));
            if blank.try_for_each(problem).is_break() {
                return Ok(());
            }
            let flow = match found.and_then(|span| Ok((self.texts(&span)?, span))) {
                Err(problem) => sink(RowEvent::Problem(problem)),
                Ok((texts, span)) => {
                    let bytes = self.buffer.get(span.place.clone()).unwrap_or_default();
                    let start = self.start + span.place.start as u64;
                    let position = self.byte_position.at(self.start + span.place.end as u64);
                    let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
                    let place = RowPlace { line: span.line, row: row + 1, marked: span.marked };
                    let (problems, taken) = faults(&texts, names, bytes, self.grammar, &place);
                    let mut flow =
                        problems.into_iter().try_for_each(|problem| sink(RowEvent::Problem(problem)));
                    if taken && flow.is_continue() {
                        row += 1;
                        let record = Record::Fields(&texts);
                        flow = sink(RowEvent::Row { line: Some(span.line), start, position, record });
                    }
                    flow
                }
            };
            if flow.is_break() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn texts(&self, span: &Span) -> Result<Vec<Cow<'_, str>>, Problem> {
        let bytes = self.buffer.get(span.place.clone()).unwrap_or_default();
        let text = check_bytes(bytes, self.encodings, || span.line)?;
        Ok(self.fields.iter().map(|field| self.grammar.value(text, span.place.start, field)).collect())
    }

    /// Passes over blank lines and the record or the line behind them; none at the end of the file.
    fn advance(&mut self) -> Result<Option<Step>> {
        let (at, blank_lines) = loop {
            if let Some(blank) = self.grammar.blank_lines(&self.buffer, self.at, self.ended) {
                break blank;
            }
            self.fill()?;
        };
        let blank = self.line..self.line + blank_lines;
        (self.at, self.line) = (at, blank.end);
        let marked = self.skip_mark()?;
        if self.at == self.buffer.len() {
            return Ok(None);
        }
        loop {
            let found = self.grammar.record(&self.buffer, self.at, self.ended, &mut self.fields);
            let length = (self.buffer.len() - self.at) as u64;
            let found = match found {
                RecordEnd::More if length <= LONGEST_RECORD => {
                    self.fill()?;
                    continue;
                }
                RecordEnd::Record { end } if (end - self.at) as u64 <= LONGEST_RECORD => {
                    let place = self.at..end;
                    let span = Span { place: place.clone(), line: self.line, marked };
                    self.pass(end);
                    Ok(span)
                }
                RecordEnd::NeverClosed { quote, end } => {
                    let before = self.line_breaks(self.at..quote);
                    let problem = never_closed(self.line + before);
                    self.pass(end);
                    Err(problem)
                }
                RecordEnd::More | RecordEnd::Record { .. } => {
                    let problem = Problem::error(self.line, "This row is over 64 MiB. Is a quote left open?");
                    self.skip_line()?;
                    Err(problem)
                }
            };
            return Ok(Some(Step { blank, found }));
        }
    }

    /// Passes over a byte-order mark at the start of a record, as where files were joined.
    fn skip_mark(&mut self) -> Result<bool> {
        while self.buffer.len() - self.at < BYTE_ORDER_MARK.len() && !self.ended {
            self.fill()?;
        }
        let marked = self.buffer.get(self.at..).unwrap_or_default().starts_with(BYTE_ORDER_MARK);
        self.at += if marked { BYTE_ORDER_MARK.len() } else { 0 };
        Ok(marked)
    }

    /// Passes over the rest of a line.
    fn skip_line(&mut self) -> Result<()> {
        loop {
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            if let Some(length) = memchr(self.grammar.line_break, rest) {
                self.pass(self.at + length + 1);
                return Ok(());
            }
            self.at = self.buffer.len();
            if self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Goes on behind what ends there.
    fn pass(&mut self, end: usize) {
        self.line += self.line_breaks(self.at..end);
        self.at = end;
    }

    fn line_breaks(&self, place: Range<usize>) -> u64 {
        let bytes = self.buffer.get(place).unwrap_or_default();
        memchr_iter(self.grammar.line_break, bytes).count() as u64
    }

    /// Reads on. What was passed over is dropped.
    fn fill(&mut self) -> Result<()> {
        self.buffer.drain(..self.at);
        self.start += self.at as u64;
        self.at = 0;
        // Twice as much each time, so that a long record is not looked through again and again.
        let wanted = BLOCK.max(self.buffer.len() as u64);
        let read = (&mut self.input).take(wanted).read_to_end(&mut self.buffer);
        let read = read.map_err(|error| Error::file("read", self.path, &error))?;
        self.ended = (read as u64) < wanted;
        Ok(())
    }

    fn seek(&mut self, row_offset: RowOffset) -> Result<()> {
        let failed = |error| Error::file("read", self.path, &error);
        self.input.seek(SeekFrom::Start(row_offset.byte)).map_err(failed)?;
        self.buffer.clear();
        (self.at, self.start, self.ended) = (0, row_offset.byte, false);
        (self.line, self.rows) = (row_offset.line, row_offset.rows);
        Ok(())
    }
}

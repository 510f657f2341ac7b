//! CSV records in a block.

use std::{borrow::Cow, ops::Range};

use memchr::{memchr, memchr_iter, memchr3, memrchr_iter};

use super::{Block, Feed, Job, ScanAccumulator, ScanOptions, Stop, read_all};
use crate::{
    columns::Columns,
    csv::{self, Csv},
    index::RowOffset,
    row::Row,
    row_event::Record,
    source::Source,
};

pub(crate) fn read(job: &Job<'_>) -> Result<(ScanAccumulator, String), Stop> {
    let mut accumulator = ScanAccumulator::new(job.options);
    let source = Source::new(job.file);
    let mut file = Csv::open(&source)?;
    let header = file.header(&mut |found| {
        accumulator.add_event(found);
        std::ops::ControlFlow::Continue(())
    })?;
    let Some(names) = header else { return Err(Stop::Unusual) };
    let Some((start, line, crlf)) = file.after_header() else { return Err(Stop::Unusual) };
    drop(file);
    accumulator.lines = line - 1;
    let form = Form { names, crlf, options: job.options };
    read_all(Feed::new(job, start, last_end)?, accumulator, |block| form.read_block(block), job)
}

/// After the last record that surely ends in these bytes: a line break with an even number of quotes
/// before it. Where quotes stand amid a field this may be wrong, and whoever reads the block notices.
/// Blank lines are left to the next block, whose rows they stand before.
fn last_end(bytes: &[u8]) -> Option<usize> {
    let mut quotes = memchr_iter(b'"', bytes).count();
    let mut end = bytes.len();
    for at in memrchr_iter(b'\n', bytes) {
        let tail = bytes.get(at..end).unwrap_or_default();
        quotes -= memchr_iter(b'"', tail).count();
        end = at;
        let after_blank_line =
            matches!(bytes.get(..at), Some([.., b'\n'] | [.., b'\n', b'\r'] | [] | [b'\r']));
        if quotes.is_multiple_of(2) && !after_blank_line {
            return Some(at + 1);
        }
    }
    None
}

/// What is known of the file's form.
struct Form {
    names: Vec<String>,
    /// Whether lines end in `\r\n`.
    crlf: bool,
    options: ScanOptions,
}

/// A field: where it is without its quotes, and whether quotes in it are doubled.
struct Field {
    place: Range<usize>,
    doubled: bool,
}

impl Form {
    fn read_block(&self, block: &Block<'_>) -> Result<ScanAccumulator, Stop> {
        let bytes = block.bytes;
        let mut accumulator = ScanAccumulator {
            columns: Columns::from_header(&self.names),
            ..ScanAccumulator::new_block(self.options)
        };
        let text = simdutf8::basic::from_utf8(bytes).ok();
        let mut fields = Vec::with_capacity(self.names.len());
        // Lines are only counted when one is asked for.
        let mut counted = 0;
        let mut line_of = |at: usize, lines: &mut u64| {
            *lines += memchr_iter(b'\n', bytes.get(counted..at).unwrap_or_default()).count() as u64;
            counted = at;
            *lines + 1
        };
        let mut at = 0;
        loop {
            let blank = at;
            at = self.after_blank_lines(bytes, at)?;
            if at == bytes.len() {
                // Blank lines at the end of the file: nobody misses a row there.
                break;
            }
            if at > blank {
                let first = line_of(blank, &mut accumulator.lines);
                for line in first..line_of(at, &mut accumulator.lines) {
                    accumulator.add_problem(csv::blank_line(line));
                }
            }
            let start = at;
            at = self.record(bytes, start, &mut fields)?;
            if accumulator.rows == 0 {
                let line = line_of(start, &mut accumulator.lines);
                accumulator.index.record(RowOffset { rows: 0, byte: block.start + start as u64, line });
            }
            let span = bytes.get(start..at).unwrap_or_default();
            let (text, base) = match text {
                Some(text) => (text, 0),
                None => match std::str::from_utf8(span) {
                    Ok(text) => (text, start),
                    Err(_) => {
                        let line = line_of(start, &mut accumulator.lines);
                        accumulator.add_problem(csv::not_utf8(line));
                        continue;
                    }
                },
            };
            if fields.len() != self.names.len() || span.len() as u64 > csv::MANY_LINES {
                let own = span.ends_with(b"\n");
                let breaks = memchr_iter(b'\n', span).count() as u64 - u64::from(own);
                if fields.len() != self.names.len() || breaks > csv::MANY_LINES {
                    let line = line_of(start, &mut accumulator.lines);
                    let (problems, taken) =
                        csv::faults(fields.len(), &self.names, breaks, line, accumulator.rows + 1);
                    problems.into_iter().for_each(|problem| accumulator.add_problem(problem));
                    if !taken {
                        continue;
                    }
                }
            }
            accumulator.rows += 1;
            if accumulator.examination.is_some() {
                let line = line_of(start, &mut accumulator.lines);
                self.examine(&mut accumulator, text, base, &fields, line);
            }
            for (column, Field { place, doubled }) in fields.iter().enumerate() {
                let text = text.get(place.start - base..place.end - base).unwrap_or_default();
                if *doubled && (accumulator.tally.is_some() || accumulator.columns.wants_samples(column)) {
                    accumulator.add_text(column, &text.replace("\"\"", "\""));
                } else {
                    // What holds a quote is text and filled, doubled or not.
                    accumulator.add_text(column, text);
                }
            }
        }
        line_of(bytes.len(), &mut accumulator.lines);
        Ok(accumulator)
    }

    /// Holds a row against its shape.
    fn examine(
        &self,
        accumulator: &mut ScanAccumulator,
        text: &str,
        base: usize,
        fields: &[Field],
        line: u64,
    ) {
        let Some(examination) = &mut accumulator.examination else { return };
        let values = fields.iter().map(|Field { place, doubled }| {
            let text = text.get(place.start - base..place.end - base).unwrap_or_default();
            if *doubled { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) }
        });
        let values: Vec<Cow<'_, str>> = values.collect();
        let values: Vec<&str> = values.iter().map(|value| &**value).collect();
        examination.add_row(Row::new(&self.names, &Record::Fields(&values)), Some(line));
    }

    fn after_blank_lines(&self, bytes: &[u8], mut at: usize) -> Result<usize, Stop> {
        loop {
            match bytes.get(at..).unwrap_or_default() {
                [b'\n', ..] if !self.crlf => at += 1,
                [b'\r', b'\n', ..] if self.crlf => at += 2,
                [b'\n' | b'\r', ..] => return Err(Stop::Unusual),
                _ => return Ok(at),
            }
        }
    }

    /// Finds the fields of the record that starts there, and where it ends.
    fn record(&self, bytes: &[u8], start: usize, fields: &mut Vec<Field>) -> Result<usize, Stop> {
        fields.clear();
        let mut at = start;
        loop {
            let (field, end) = match bytes.get(at) {
                Some(b'"') => quoted(bytes, at + 1)?,
                _ => {
                    let rest = bytes.get(at..).unwrap_or_default();
                    let end = memchr3(b',', b'\n', b'\r', rest).map_or(bytes.len(), |length| at + length);
                    (Field { place: at..end, doubled: false }, end)
                }
            };
            fields.push(field);
            match bytes.get(end..).unwrap_or_default() {
                [b',', ..] => at = end + 1,
                [b'\n', ..] if !self.crlf => return Ok(end + 1),
                [b'\r', b'\n', ..] if self.crlf => return Ok(end + 2),
                [] => return Ok(end),
                _ => return Err(Stop::Unusual),
            }
        }
    }
}

/// A field in quotes that starts there, behind the first, and where it ends, behind the last.
fn quoted(bytes: &[u8], start: usize) -> Result<(Field, usize), Stop> {
    let (mut at, mut doubled) = (start, false);
    loop {
        let Some(length) = memchr(b'"', bytes.get(at..).unwrap_or_default()) else {
            return Err(Stop::Unusual);
        };
        at += length + 1;
        if bytes.get(at) == Some(&b'"') {
            doubled = true;
            at += 1;
        } else {
            return Ok((Field { place: start..at - 1, doubled }, at));
        }
    }
}

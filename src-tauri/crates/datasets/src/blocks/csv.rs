//! CSV records in a block.

use memchr::{memchr_iter, memchr2, memrchr_iter};
use platform::BYTE_ORDER_MARK;
use sniff::{
    Encodings,
    csv_grammar::{Field, Grammar, RecordEnd},
};

use super::{Block, Feed, Job, ScanAccumulator, Stop, read_all};
use crate::{
    csv::{self, Csv, RowPlace},
    index::RowOffset,
    read_options::Quote,
    row::Row,
    row_event::Record,
    source::Source,
};

pub(crate) fn read(job: &Job<'_>) -> Result<(ScanAccumulator, String), Stop> {
    let mut accumulator = ScanAccumulator::new(job.options);
    let source = Source::new(job.file);
    let mut file = Csv::open(&source)?;
    let grammar = file.grammar();
    // Blocks are cut at an even number of quotes, and at `\n`.
    if grammar.quote != Quote::Double || grammar.line_break != b'\n' {
        return Err(Stop::Unusual);
    }
    let header = file.header(&mut |found| {
        accumulator.add_event(found);
        std::ops::ControlFlow::Continue(())
    })?;
    let Some(names) = header else { return Err(Stop::Unusual) };
    let (start, line) = file.after_header();
    let encodings = file.encodings();
    drop(file);
    accumulator.lines = line - 1;
    let form = Form { names, grammar, encodings };
    read_all(Feed::new(job, start, last_end)?, accumulator, |block, empty| form.read_block(block, empty), job)
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
    grammar: Grammar,
    encodings: Encodings,
}

impl Form {
    fn read_block(
        &self,
        block: &Block<'_>,
        mut accumulator: ScanAccumulator,
    ) -> Result<ScanAccumulator, Stop> {
        let bytes = block.bytes;
        let text = simdutf8::basic::from_utf8(bytes).ok();
        let mut fields = Vec::with_capacity(self.names.len());
        let mut unescaped = String::new();
        // Lines are only counted when one is asked for.
        let mut counted = 0;
        let mut line_of = |at: usize, lines: &mut u64| {
            *lines += memchr_iter(b'\n', bytes.get(counted..at).unwrap_or_default()).count() as u64;
            counted = at;
            *lines + 1
        };
        let has_odd_byte = memchr2(0, csv::CTRL_Z, bytes).is_some();
        let mut at = 0;
        loop {
            let blank = at;
            (at, _) = self.grammar.blank_lines(bytes, at, true).ok_or(Stop::Unusual)?;
            if at == bytes.len() {
                // Blank lines at the end of the file: nobody misses a row there.
                break;
            }
            let marked = bytes.get(at..).is_some_and(|rest| rest.starts_with(BYTE_ORDER_MARK));
            let start = at + if marked { BYTE_ORDER_MARK.len() } else { 0 };
            if start == bytes.len() {
                break;
            }
            if at > blank {
                let first = line_of(blank, &mut accumulator.lines);
                for line in first..line_of(at, &mut accumulator.lines) {
                    accumulator.add_problem(csv::blank_line(line));
                }
            }
            at = match self.grammar.record(bytes, start, block.last, &mut fields) {
                RecordEnd::Record { end } => end,
                RecordEnd::NeverClosed { quote, end } => {
                    let line = line_of(quote, &mut accumulator.lines);
                    accumulator.add_problem(csv::never_closed(line));
                    at = end;
                    continue;
                }
                RecordEnd::More => return Err(Stop::Unusual),
            };
            if accumulator.rows == 0 {
                let line = line_of(start, &mut accumulator.lines);
                accumulator.index.record(RowOffset { rows: 0, byte: block.start + start as u64, line });
            }
            let span = bytes.get(start..at).unwrap_or_default();
            let (text, base) = match text {
                Some(text) if !has_odd_byte => (text, 0),
                _ => {
                    let mut line = || line_of(start, &mut accumulator.lines);
                    match csv::check_bytes(span, self.encodings, &mut line) {
                        Ok(text) => (text, start),
                        Err(problem) => {
                            accumulator.add_problem(problem);
                            continue;
                        }
                    }
                }
            };
            if marked || fields.len() != self.names.len() || csv::may_have_faults(span, self.grammar) {
                let line = line_of(start, &mut accumulator.lines);
                let place = RowPlace { line, row: accumulator.rows + 1, marked };
                let values: Vec<_> =
                    fields.iter().map(|field| self.grammar.value(text, base, field)).collect();
                let values: Vec<&str> = values.iter().map(|value| &**value).collect();
                let (problems, taken) = csv::faults(&values, &self.names, span, self.grammar, &place);
                problems.into_iter().for_each(|problem| accumulator.add_problem(problem));
                if !taken {
                    continue;
                }
            }
            accumulator.rows += 1;
            if accumulator.examination.is_some() {
                let line = line_of(start, &mut accumulator.lines);
                self.examine(&mut accumulator, text, base, &fields, line);
            }
            for (column, field) in fields.iter().enumerate() {
                let Field { place, escaped } = field;
                let text = text.get(place.start - base..place.end - base).unwrap_or_default();
                if *escaped && (accumulator.tally.is_some() || accumulator.columns.wants_samples(column)) {
                    unescaped.clear();
                    self.grammar.write_unescaped(text, &mut unescaped);
                    accumulator.add_text(column, &unescaped);
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
        let values: Vec<_> = fields.iter().map(|field| self.grammar.value(text, base, field)).collect();
        let values: Vec<&str> = values.iter().map(|value| &**value).collect();
        examination.add_row(Row::new(&self.names, &Record::Fields(&values)), Some(line));
    }
}

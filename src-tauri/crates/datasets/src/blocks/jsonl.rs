//! JSON Lines in a block.

use memchr::{memchr, memrchr};
use sniff::Encodings;

use super::{Block, Feed, Job, ScanAccumulator, Stop, read_all};
use crate::{
    index::RowOffset, input, jsonl::parse, row, row_event::Record, seen_row::SeenRow, source::Source,
};

pub(crate) fn read(job: &Job<'_>) -> Result<(ScanAccumulator, String), Stop> {
    let source = Source::new(job.file);
    let (encodings, start) = (source.form()?.encodings, input::position(&mut input::open(&source)?));
    read_all(
        Feed::new(job, start, |bytes| memrchr(b'\n', bytes).map(|at| at + 1))?,
        ScanAccumulator::new(job.options),
        |block, accumulator| read_block(block, encodings, accumulator),
        job,
    )
}

fn read_block(
    block: &Block<'_>,
    encodings: Encodings,
    mut accumulator: ScanAccumulator,
) -> Result<ScanAccumulator, Stop> {
    // To examine the rows it takes all of them.
    let text = simdutf8::basic::from_utf8(block.bytes).ok().filter(|_| accumulator.examination.is_none());
    let mut seen_row = SeenRow::new(accumulator.tally.is_some());
    let mut at = 0;
    while at < block.bytes.len() {
        let start = at;
        let rest = block.bytes.get(start..).unwrap_or_default();
        at = memchr(b'\n', rest).map_or(block.bytes.len(), |length| start + length + 1);
        accumulator.lines += 1;
        let (rows, line) = (accumulator.rows, accumulator.lines);
        // Most rows are like those before them. What is not is looked at closely.
        if text
            .and_then(|text| text.get(start..at))
            .is_some_and(|line| seen_row.fits(line, &accumulator.columns))
        {
            accumulator.rows += 1;
            seen_row.commit(&mut accumulator.columns, accumulator.tally.as_mut());
        } else {
            match parse(block.bytes.get(start..at).unwrap_or_default(), encodings, line) {
                Ok(found) => {
                    let record = Record::Object(&found.object);
                    if let Some(examination) = &mut accumulator.examination {
                        examination.add_row(row::Row::new(&[], &record), Some(line));
                    }
                    accumulator.add_row(&record);
                    found.warnings.into_iter().for_each(|warning| accumulator.add_problem(warning));
                }
                Err(problem) => accumulator.add_problem(problem),
            }
        }
        if rows == 0 && accumulator.rows == 1 {
            accumulator.index.record(RowOffset { rows, byte: block.start + start as u64, line });
        }
    }
    Ok(accumulator)
}

//! What is noted of a file, or of a part of it, while it is read.

use super::{
    columns::{Columns, MOST_COLUMNS},
    index::{Index, RowOffset},
    problem::{Problem, Problems},
    profile::Tally,
    reader::{Record, RowEvent},
};

/// What was noted so far. Lines and rows are counted from where the part begins.
#[derive(Default)]
pub(super) struct ScanAccumulator {
    /// How many rows there are.
    pub(super) rows: u64,
    /// How many records there are, those that are no rows included.
    pub(super) records: u64,
    /// How many lines end here.
    pub(super) lines: u64,
    pub(super) columns: Columns,
    pub(super) problems: Problems,
    /// Where rows are in the whole file.
    pub(super) index: Index,
    /// What is counted of the values, if that is asked for.
    pub(super) tally: Option<Tally>,
}

/// How closely the values are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Their kinds, and a few samples.
    Kinds,
    /// All that a profile says of them.
    Counts,
}

impl ScanAccumulator {
    pub(super) fn new(detail: Detail) -> Self {
        Self { tally: (detail == Detail::Counts).then(Tally::default), ..Self::default() }
    }

    pub(super) fn new_block(detail: Detail) -> Self {
        Self { tally: (detail == Detail::Counts).then(Tally::new_block), ..Self::default() }
    }

    pub(super) fn take(&mut self, found: RowEvent<'_>) {
        match found {
            RowEvent::Header(names) => self.columns = Columns::from_header(names),
            RowEvent::Problem(problem) => self.problems.add(problem),
            RowEvent::Skipped(_) => {}
            RowEvent::Row { line, start, record, .. } => {
                if let Some(line) = line {
                    self.index.record(RowOffset { rows: self.rows, byte: start, line });
                }
                self.take_row(&record);
            }
        }
    }

    pub(super) fn take_row(&mut self, record: &Record<'_>) {
        self.rows += 1;
        match record {
            Record::Fields(fields) => {
                for (at, field) in fields.iter().enumerate() {
                    self.add_text(at, field);
                }
            }
            Record::Object(object) => {
                for (name, value) in *object {
                    let at = self.columns.position(name);
                    self.columns.add_value(at, value);
                    if let Some(tally) = &mut self.tally {
                        tally.add_value(at, value);
                    }
                }
            }
        }
    }

    pub(super) fn add_text(&mut self, at: usize, text: &str) {
        self.columns.add_text(at, text);
        if let Some(tally) = &mut self.tally {
            tally.add_text(at, text);
        }
    }

    /// Whether there are so many columns that they are data taken for names.
    pub(super) fn has_too_many_columns(&self) -> bool {
        self.columns.all.len() > MOST_COLUMNS
    }

    /// Adds what was noted of the next part of the file.
    pub(super) fn append(&mut self, later: Self) {
        for row_offset in later.index.places() {
            self.index.record(RowOffset {
                rows: self.rows + row_offset.rows,
                byte: row_offset.byte,
                line: self.lines + row_offset.line,
            });
        }
        self.problems.append(later.problems, self.lines, self.records);
        let places = self.columns.append(later.columns);
        if let (Some(tally), Some(later)) = (&mut self.tally, later.tally) {
            tally.append(later, &places);
        }
        self.rows += later.rows;
        self.records += later.records;
        self.lines += later.lines;
    }

    /// Adds what can only be said at the end.
    pub(super) fn conclude(mut self) -> Self {
        if self.rows == 0 && self.problems.errors == 0 {
            self.problems.add(Problem::error(None, "The file has no rows."));
        }
        if self.has_too_many_columns() {
            let message = format!(
                "The rows have more than {MOST_COLUMNS} different keys. Keys should be the same in all rows."
            );
            self.problems.add(Problem::error(None, message));
        }
        let rows = self.rows;
        for (name, seen) in self.columns.sparse(rows) {
            let message = format!("Only {seen} of {rows} rows have the key '{name}'.");
            self.problems.add(Problem::warning(None, message));
        }
        self
    }
}

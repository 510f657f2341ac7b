//! What is noted of a file, or of a part of it, while it is read.

use super::{
    columns::{Columns, MOST_COLUMNS},
    index::{Index, Mark},
    problem::{Problem, Problems},
    profile::Tally,
    reader::{Found, Record},
};

/// What was noted so far. Lines and rows are counted from where the part begins.
#[derive(Default)]
pub(super) struct Notes {
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

impl Notes {
    pub(super) fn new(detail: Detail) -> Self {
        Self { tally: (detail == Detail::Counts).then(Tally::default), ..Self::default() }
    }

    pub(super) fn of_part(detail: Detail) -> Self {
        Self { tally: (detail == Detail::Counts).then(Tally::of_part), ..Self::default() }
    }

    pub(super) fn take(&mut self, found: Found<'_>) {
        match found {
            Found::Header(names) => self.columns = Columns::of_header(names),
            Found::Problem(problem) => self.problems.add(problem),
            Found::Passed(_) => {}
            Found::Row { line, start, record, .. } => {
                if let Some(line) = line {
                    self.index.note(Mark { rows: self.rows, byte: start, line });
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
                    self.note_text(at, field);
                }
            }
            Record::Object(object) => {
                for (name, value) in *object {
                    let at = self.columns.position(name);
                    self.columns.note_value(at, value);
                    if let Some(tally) = &mut self.tally {
                        tally.note_value(at, value);
                    }
                }
            }
        }
    }

    pub(super) fn note_text(&mut self, at: usize, text: &str) {
        self.columns.note_text(at, text);
        if let Some(tally) = &mut self.tally {
            tally.note_text(at, text);
        }
    }

    /// Whether there are so many columns that they are data taken for names.
    pub(super) fn are_crowded(&self) -> bool {
        self.columns.all.len() > MOST_COLUMNS
    }

    /// Adds what was noted of the next part of the file.
    pub(super) fn append(&mut self, later: Self) {
        for mark in later.index.places() {
            self.index.note(Mark {
                rows: self.rows + mark.rows,
                byte: mark.byte,
                line: self.lines + mark.line,
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
        if self.are_crowded() {
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

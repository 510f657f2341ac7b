//! What is found in a file, or in a block of it, while it is read.

use std::{mem, ops::Range};

use prompts::Value;

use super::{
    columns::{Columns, MOST_COLUMNS, ValueKind},
    doctor::Examination,
    index::{Index, RowOffset},
    problem::{Problem, Problems},
    profile::{Counted, Tally},
    row::Row,
    row_event::{Record, RowEvent},
    shape::Shape,
};

/// What was found so far. Lines and rows are counted from where the block begins.
#[derive(Default)]
pub(super) struct ScanAccumulator {
    /// How many rows there are.
    pub(super) rows: u64,
    /// How many lines end here.
    pub(super) lines: u64,
    pub(super) columns: Columns,
    /// The header of a CSV file; two of its names may be the same.
    pub(super) header: Vec<String>,
    pub(super) problems: Problems,
    /// Where rows are in the whole file.
    pub(super) index: Index,
    /// What is counted of the values, if that is asked for.
    pub(super) tally: Option<Tally>,
    /// What is wrong with the rows, if that is asked for.
    pub(super) examination: Option<Examination>,
    /// The warnings that a file has once for a column: the column's place, what they say of it, and the warning.
    once: Vec<((usize, &'static str), Problem)>,
}

/// A value that was added, which may come again.
#[derive(Clone, Copy)]
pub(super) struct Added {
    /// Whether it is more than nothing.
    filled: bool,
    counted: Option<Counted>,
}

/// What is asked of a pass beside rows, columns and problems of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ScanOptions {
    /// Whether the values are counted, for a profile.
    pub(super) profile: bool,
    /// The shape to hold each row against, if that is asked for.
    pub(super) shape: Option<Shape>,
}

impl ScanAccumulator {
    pub(super) fn new(options: ScanOptions) -> Self {
        Self {
            tally: options.profile.then(Tally::default),
            examination: options.shape.map(Examination::new),
            ..Self::default()
        }
    }

    /// For a later block of the file, to be added to this.
    pub(super) fn new_block(&self) -> Self {
        self.new_block_of(0..self.columns.all.len())
    }

    /// For these columns of a later block of the file.
    pub(super) fn new_block_of(&self, columns: Range<usize>) -> Self {
        let start = columns.start;
        let columns = self.columns.new_part(columns);
        let known = start..start + columns.all.len();
        Self {
            tally: self.tally.as_ref().map(|tally| tally.later_part(known)),
            columns,
            examination: self.examination.as_ref().map(Examination::new_block),
            ..Self::default()
        }
    }

    pub(super) fn add_event(&mut self, event: RowEvent<'_>) {
        match event {
            RowEvent::Header(names) => {
                self.columns = Columns::from_header(names);
                names.clone_into(&mut self.header);
            }
            RowEvent::Problem(problem) => self.add_problem(problem),
            RowEvent::Skipped(_) => {}
            RowEvent::Row { line, start, record, .. } => {
                if let Some(line) = line {
                    self.index.record(RowOffset { rows: self.rows, byte: start, line });
                }
                if let Some(examination) = &mut self.examination {
                    examination.add_row(Row::new(&self.header, &record), line);
                }
                self.add_row(&record);
            }
        }
    }

    pub(super) fn add_problem(&mut self, problem: Problem) {
        if let Some(examination) = &mut self.examination {
            examination.add_problem(problem.clone());
        }
        self.problems.add(problem);
    }

    /// Adds a warning about the latest row that a file has once for a column.
    pub(super) fn add_once(&mut self, key: (usize, &'static str), warning: Problem) {
        let warning = warning.row(self.rows);
        self.once.push((key, warning.clone()));
        self.add_problem(warning);
    }

    /// Adds what was known before any row was read.
    pub(super) fn prepend_problems(&mut self, notes: &[Problem]) {
        if let Some(examination) = &mut self.examination {
            examination.prepend_problems(notes);
        }
        self.problems.prepend(notes);
    }

    pub(super) fn add_row(&mut self, record: &Record<'_>) {
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
                    self.add_value(at, value);
                }
            }
        }
    }

    /// Adds a value of JSON or Parquet to the column at a position.
    pub(super) fn add_value(&mut self, at: usize, value: &Value) -> Added {
        self.columns.add_value(at, value);
        let counted = self.tally.as_mut().and_then(|tally| tally.add_value(at, value));
        Added { filled: !value.is_null(), counted }
    }

    /// Adds a text of Parquet to the column at a position.
    pub(super) fn add_plain_text(&mut self, at: usize, text: &str) -> Added {
        if self.columns.wants_samples(at) {
            return self.add_value(at, &Value::String(text.to_owned()));
        }
        self.columns.add_kind(at, ValueKind::Text);
        Added { filled: true, counted: self.tally.as_mut().and_then(|tally| tally.add_text(at, text)) }
    }

    /// Adds a whole number of Parquet to the column at a position.
    pub(super) fn add_whole(&mut self, at: usize, number: i64) -> Added {
        if self.columns.wants_samples(at) {
            return self.add_value(at, &Value::Number(serde_json::Number::from(number).into()));
        }
        self.columns.add_kind(at, ValueKind::Integer);
        Added { filled: true, counted: self.tally.as_mut().and_then(|tally| tally.add_whole(at, number)) }
    }

    /// Adds what was added to the column at a position in so many more rows.
    pub(super) fn add_again(&mut self, at: usize, added: Added, rows: u64) {
        self.columns.add_again(at, added.filled, rows);
        if let (Some(tally), Some(counted)) = (&mut self.tally, added.counted) {
            tally.add_again(at, counted, rows);
        }
    }

    /// Adds a text of CSV to the column at a position.
    pub(super) fn add_text(&mut self, at: usize, text: &str) {
        let number = self.columns.add_text(at, text);
        if let Some(tally) = &mut self.tally {
            tally.add_field(at, text, number);
        }
    }

    /// Whether there are so many columns that they are data taken for names.
    pub(super) fn has_too_many_columns(&self) -> bool {
        self.columns.are_too_many()
    }

    /// Adds what was found in the next block of the file.
    pub(super) fn append(&mut self, mut later: Self) {
        for (key, warning) in mem::take(&mut later.once) {
            if self.once.iter().any(|(known, _)| *known == key) {
                later.problems.withdraw(&warning);
                later.examination.iter_mut().for_each(|examination| examination.withdraw(&warning));
            } else {
                self.once.push((key, warning));
            }
        }
        for row_offset in later.index.places() {
            self.index.record(RowOffset {
                rows: self.rows + row_offset.rows,
                byte: row_offset.byte,
                line: self.lines + row_offset.line,
            });
        }
        self.problems.append(later.problems, self.lines, self.rows);
        if let (Some(examination), Some(later)) = (&mut self.examination, later.examination) {
            examination.append(later, self.lines);
        }
        let places = self.columns.append(later.columns);
        if let (Some(tally), Some(later)) = (&mut self.tally, later.tally) {
            tally.append(later, &places);
        }
        self.rows += later.rows;
        self.lines += later.lines;
    }

    /// Adds what can only be said at the end.
    pub(super) fn finish(mut self) -> Self {
        if self.has_too_many_columns() {
            let message = match self.header.len() {
                0 => format!(
                    "The rows have more than {MOST_COLUMNS} different keys. Keys should be the same in all rows."
                ),
                columns => format!("There are {columns} columns; at most {MOST_COLUMNS} can be read."),
            };
            self.problems.add(Problem::error(None, message));
        } else if self.rows == 0 && self.problems.errors == 0 {
            self.problems.add(Problem::error(None, "The file has no rows."));
        }
        for problem in self.columns.key_problems(self.rows) {
            self.add_problem(problem);
        }
        self
    }
}

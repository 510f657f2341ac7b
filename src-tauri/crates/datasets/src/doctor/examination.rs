//! The rows of a dataset held against their shape, one by one and all together.

use std::mem;

use super::{checks, diagnosis::Diagnosis, whole::Whole};
use crate::{
    convert::offers,
    problem::{Problem, Problems},
    row::Row,
    shape::{Recognized, Shape},
};
use resources::DatasetType;

/// What was found in the rows so far, of a file or of a block of it.
pub(crate) struct Examination {
    shape: Shape,
    rows: u64,
    bad_rows: u64,
    problems: Problems,
    whole: Whole,
}

impl Examination {
    pub(crate) fn new(shape: Shape) -> Self {
        Self { shape, rows: 0, bad_rows: 0, problems: Problems::default(), whole: Whole::new(shape) }
    }

    /// For a later block of the file, to be added to this.
    pub(crate) fn new_block(&self) -> Self {
        Self { whole: Whole::new_block(self.shape), ..Self::new(self.shape) }
    }

    /// How many rows were held against the shape.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    pub(crate) fn add_problem(&mut self, problem: Problem) {
        self.problems.add(problem);
    }

    /// Takes back a warning that an earlier block has.
    pub(crate) fn withdraw(&mut self, warning: &Problem) {
        self.problems.withdraw(warning);
    }

    /// Adds what was known before any row was read.
    pub(crate) fn prepend_problems(&mut self, notes: &[Problem]) {
        self.problems.prepend(notes);
    }

    /// Checks the next row.
    pub(crate) fn add_row(&mut self, row: Row<'_>, line: Option<u64>) {
        self.add_row_with(row, line, &mut |_| {});
    }

    /// Checks the next row and hands its problems on as well.
    pub(crate) fn add_row_with(
        &mut self,
        row: Row<'_>,
        line: Option<u64>,
        on_problem: &mut dyn FnMut(&Problem),
    ) {
        self.rows += 1;
        let (number, errors) = (self.rows, self.problems.errors);
        let problems = &mut self.problems;
        checks::check(self.shape, row, &mut |severity, field, message| {
            let problem = Problem::new(severity, line, message).row(number).field(field);
            on_problem(&problem);
            problems.add(problem);
        });
        self.bad_rows += u64::from(self.problems.errors > errors);
        self.whole.record(row, line, number);
    }

    /// Adds what was found in the next block of the file, which begins after so many lines.
    pub(crate) fn append(&mut self, later: Self, lines: u64) {
        self.problems.append(later.problems, lines, self.rows);
        self.whole.append(later.whole, lines, self.rows);
        self.bad_rows += later.bad_rows;
        self.rows += later.rows;
    }

    /// Adds what shows only over all rows, and returns it.
    pub(crate) fn finish_whole(&mut self) -> Vec<Problem> {
        let mut problems = Problems::default();
        if self.rows == 0 && self.problems.errors == 0 {
            problems.add(Problem::error(None, "The file has no rows."));
        }
        self.whole.finish(&mut problems);
        let problems = mem::take(&mut problems.kept);
        problems.iter().for_each(|problem| self.problems.add(problem.clone()));
        problems
    }

    /// The diagnosis of the file, once [`Self::finish_whole`] was called. `recognized` says by what the
    /// shape is known.
    pub(crate) fn into_diagnosis(self, path: String, kind: DatasetType, recognized: Recognized) -> Diagnosis {
        let Problems { kept, errors, warnings } = self.problems;
        Diagnosis {
            path,
            r#type: kind,
            shape: self.shape,
            conversions: offers(&recognized),
            why: recognized.why,
            rows: self.rows,
            bad_rows: self.bad_rows,
            duplicates: self.whole.duplicates(),
            problems: kept,
            errors,
            warnings,
        }
    }
}

//! The doctor: holds every row of a dataset against its shape and names what is wrong with it.

mod checks;
mod conversation;
mod list;
mod whole;

use std::{ops::ControlFlow, path::Path};

use serde::Serialize;

pub(super) use self::conversation::{Speaker, Style, called};
pub use self::list::{ProblemFile, list_problems};
use self::whole::Whole;
use super::{
    convert::{self, Conversion},
    format, preview,
    problem::{Problem, Problems, Severity},
    reader::{self, Found},
    row::Row,
    shape::{self, Shape},
};
use platform::Progress;
use platform::Work;
use resources::DatasetType;
use schema::Error;
use schema::Result;

/// What the doctor found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Diagnosis {
    /// The file.
    pub path: String,
    /// Its kind.
    pub r#type: DatasetType,
    /// What kind of training example its rows are.
    pub shape: Shape,
    /// By what that is known, in a sentence.
    pub why: String,
    /// How many rows there are.
    pub rows: u64,
    /// How many of these rows have an error and can't be trained on as they are. A line that is no row
    /// at all is only among the problems.
    pub bad_rows: u64,
    /// How many rows are the same as an earlier one.
    pub duplicates: u64,
    /// What the rows can be converted to.
    pub conversions: Vec<Conversion>,
    /// The first hundred problems.
    pub problems: Vec<Problem>,
    /// How many problems have to be mended.
    pub errors: u64,
    /// How many are only worth knowing.
    pub warnings: u64,
}

/// How many rows pass between two looks at progress and Cancel.
const ROWS_A_TICK: u64 = 1_000;

/// Reads the whole dataset on a thread of its own and holds each row against its shape.
pub async fn diagnose(path: &Path, work: &Work) -> Result<Diagnosis> {
    let (path, work) = (path.to_path_buf(), work.clone());
    tokio::task::spawn_blocking(move || diagnose_now(&path, &work, &mut |_| Ok(())))
        .await
        .map_err(|error| Error::internal("reading the file", &error))?
}

/// `hear` is told of every problem, the first hundred and all after them.
fn diagnose_now(path: &Path, work: &Work, hear: &mut Listener<'_>) -> Result<Diagnosis> {
    let kind = format::detect(path)?;
    let (shape, why) = shape::recognise(&preview::preview_now(path, None, 0, shape::FIRST_ROWS)?);
    let bytes = format::size(path)?;
    let mut names = Vec::new();
    let mut examination =
        Examination { shape, rows: 0, bad_rows: 0, problems: Problems::default(), hear, heard: Ok(()) };
    let mut whole = Whole::of(shape);
    let mut stopped = Ok(());
    reader::read(path, kind, &mut |found| {
        match found {
            Found::Header(header) => header.clone_into(&mut names),
            Found::Problem(problem) => examination.add(problem),
            Found::Passed(_) => {}
            Found::Row { line, position, record, .. } => {
                let row = Row::new(&names, &record);
                examination.row(row, line);
                whole.note(row, line, examination.rows);
                if examination.rows % ROWS_A_TICK == 1 {
                    let done = position.min(bytes);
                    stopped = work.tick(Progress { done, total: Some(bytes), rows: examination.rows });
                }
            }
        }
        if stopped.is_err() || examination.heard.is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    stopped?;
    work.tick(Progress { done: bytes, total: Some(bytes), rows: examination.rows })?;
    if examination.rows == 0 && examination.problems.errors == 0 {
        examination.add(Problem::error(None, "The file has no rows."));
    }
    let duplicates = whole.duplicates();
    // What is wrong with the whole are few sentences, however many rows they are about.
    let mut of_whole = Problems::default();
    whole.conclude(&mut of_whole);
    of_whole.kept.into_iter().for_each(|problem| examination.add(problem));
    let Examination { rows, bad_rows, problems, heard, .. } = examination;
    heard?;
    let Problems { kept, errors, warnings } = problems;
    let conversions = convert::offers(shape);
    let path = path.display().to_string();
    Ok(Diagnosis {
        path,
        r#type: kind,
        shape,
        why,
        rows,
        bad_rows,
        duplicates,
        conversions,
        problems: kept,
        errors,
        warnings,
    })
}

/// Is told of every problem; an error of it ends the examination.
type Listener<'a> = dyn FnMut(&Problem) -> Result<()> + 'a;

/// The rows looked at one by one.
struct Examination<'a, 'b> {
    shape: Shape,
    rows: u64,
    bad_rows: u64,
    problems: Problems,
    hear: &'a mut Listener<'b>,
    heard: Result<()>,
}

impl Examination<'_, '_> {
    fn add(&mut self, problem: Problem) {
        if self.heard.is_ok() {
            self.heard = (self.hear)(&problem);
        }
        self.problems.add(problem);
    }

    fn row(&mut self, row: Row<'_>, line: Option<u64>) {
        self.rows += 1;
        let errors = self.problems.errors;
        let (shape, number) = (self.shape, self.rows);
        checks::check(shape, row, &mut |severity, field, message| {
            self.add(Problem::new(severity, line, message).row(number).field(field));
        });
        if self.problems.errors > errors {
            self.bad_rows += 1;
        }
    }
}

/// The first error in a row: the field, and what is wrong with it.
pub(super) fn complaint(shape: Shape, row: Row<'_>) -> Option<(String, String)> {
    let mut first = None;
    checks::check(shape, row, &mut |severity, field, message| {
        if severity == Severity::Error && first.is_none() {
            first = Some((field.to_owned(), message));
        }
    });
    first
}

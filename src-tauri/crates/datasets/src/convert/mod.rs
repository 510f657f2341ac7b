//! Writing the rows of a dataset into a new file, in another shape or another format. The original
//! is only read.

mod left_out;
mod offers;
mod origin;
mod turns;
mod write;

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use prompts::Object;
use serde::Serialize;

pub use self::offers::Conversion;
pub(super) use self::offers::offers;
use self::{
    left_out::LeftOut,
    origin::Origin,
    write::{Format, Writer},
};
use super::{
    dataset_file::DatasetFile,
    folder, format, preview,
    problem::{Problem, Problems, Severity},
    reader,
    row::{Cell, Row},
    row_event::{Record, RowEvent},
    shape::{self, Recognized, Shape},
    source::Source,
};
use platform::Progress;
use platform::Work;
use platform::{AtomicFile, blocking};
use schema::Error;
use schema::ErrorCode;
use schema::Result;

/// What a conversion made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Converted {
    /// The new file.
    pub path: String,
    /// The shape of its rows.
    pub shape: Shape,
    /// How many rows it has.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many rows of the original are not in it.
    pub left_out: u64,
    /// Why, and what else there is to know of how the rows were read and what of them is left out: the first
    /// hundred.
    pub problems: Vec<Problem>,
}

/// How many rows pass between two looks at progress and Cancel.
const ROWS_A_TICK: u64 = 1_000;

/// Writes the rows of `source` into the new file `target`, whose ending says the format: `.jsonl` or
/// `.csv`. A file that is there already is replaced only if `replace` says so.
pub async fn convert(
    source: impl Into<DatasetFile>,
    to: Shape,
    target: &Path,
    replace: bool,
    work: &Work,
) -> Result<Converted> {
    let (source, target, work) = (source.into(), target.to_path_buf(), work.clone());
    blocking("converting the file", move || convert_now(&source, to, &target, replace, &work)).await
}

fn convert_now(
    file: &DatasetFile,
    to: Shape,
    target: &Path,
    replace: bool,
    work: &Work,
) -> Result<Converted> {
    let source = &file.path;
    let format = Format::from_path(target)?;
    let kind = format::detect(file)?;
    refuse_target(source, target, replace)?;
    let recognized = shape::recognize(&preview::preview_now(file, None, 0, shape::FIRST_ROWS)?);
    if !offers(&recognized).iter().any(|offer| offer.to == to) {
        return Err(no_way(source, &recognized, to));
    }
    let origin = Origin::new(&recognized);
    if format == Format::Csv && matches!(to, Shape::Chat | Shape::Sharegpt) {
        return Err(Error::new(ErrorCode::Invalid, "Lists of messages don't fit into a CSV file.")
            .hint("Give the new file a name that ends in .jsonl."));
    }
    let columns = match format {
        Format::Csv if to == origin.shape() => all_columns(file, work)?,
        _ => columns(to).iter().map(|name| (*name).to_owned()).collect(),
    };
    let bytes = folder::size(file)?;
    let made = AtomicFile::new(target)?;
    let mut writer = Writer::new(format, made.handle()?, target, &columns)?;
    let mut names = Vec::new();
    let (mut number, mut lost, mut problems) = (0, 0, Problems::default());
    let mut unkept = LeftOut::new(&origin, to);
    let mut stopped = Ok(());
    reader::read(&Source::new(file), kind, &mut |found| {
        match found {
            RowEvent::Header(header) => header.clone_into(&mut names),
            RowEvent::Problem(problem) => {
                // What has no line is about the file, not about a row.
                let of_a_row = problem.severity == Severity::Error && problem.line.is_some();
                lost += u64::from(of_a_row);
                problems.add(problem);
            }
            RowEvent::Skipped(_) => {}
            RowEvent::Row { line, position, record, .. } => {
                number += 1;
                let from = Row::new(&names, &record);
                match row(&origin, to, from).and_then(|(row, keys)| Ok((writer.fits(row)?, keys))) {
                    Ok((row, keys)) => {
                        unkept.add(from, keys);
                        stopped = writer.row(row);
                    }
                    Err((field, why)) => {
                        let problem = Problem::error(line, why).row(number);
                        lost += 1;
                        problems.add(if field.is_empty() { problem } else { problem.field(field) });
                    }
                }
                if stopped.is_ok() && number % ROWS_A_TICK == 1 {
                    let done = position.min(bytes);
                    stopped = work.tick(Progress { done, total: Some(bytes), rows: number });
                }
            }
        }
        if stopped.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    stopped?;
    let rows = writer.finish()?;
    if rows == 0 {
        let error = problems.kept.iter().find(|problem| problem.severity == Severity::Error);
        let why = error.map_or(String::new(), |first| format!(" {}", first.message));
        let message = format!("None of the rows of {} can be converted.{why}", source.display());
        return Err(
            Error::new(ErrorCode::Invalid, message).hint("Correct the rows, or choose another shape.")
        );
    }
    unkept.warnings().into_iter().for_each(|warning| problems.add(warning));
    work.tick(Progress { done: bytes, total: Some(bytes), rows: number })?;
    let bytes = made.commit()?;
    let path = target.display().to_string();
    Ok(Converted { path, shape: to, rows, bytes, left_out: lost, problems: problems.kept })
}

/// A row in its new shape with the keys of messages that have no place in it, or the field at fault and why
/// the row is left out.
fn row(origin: &Origin, to: Shape, row: Row<'_>) -> Result<(Object, Vec<String>), (String, String)> {
    if origin.shape() == to {
        return Ok((row.to_object(), Vec::new()));
    }
    if let Some(error) = origin.fault(row) {
        return Err(error);
    }
    if origin.used().is_empty() {
        return Ok((Object::from_iter([("text".to_owned(), lines(row).into())]), Vec::new()));
    }
    let turns = turns::turns(origin, row).map_err(|why| (String::new(), why))?;
    turns::written(to, origin.shape(), turns).map_err(|why| (String::new(), why))
}

/// All filled columns, each as `name: value` on a line of its own.
fn lines(row: Row<'_>) -> String {
    let mut lines = Vec::new();
    row.each(|name, cell| match cell {
        Cell::Missing | Cell::Text("") => {}
        Cell::Text(text) => lines.push(format!("{name}: {text}")),
        Cell::Other(value) => lines.push(format!("{name}: {value}")),
    });
    lines.join("\n")
}

/// The columns of a shape, in order; none where no CSV file can hold them or any may be there.
fn columns(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Alpaca => &["instruction", "input", "output"],
        Shape::PromptCompletion => &["prompt", "completion"],
        Shape::Text => &["text"],
        Shape::Chat | Shape::Sharegpt | Shape::Preference | Shape::Columns => &[],
    }
}

/// The names of all columns: a CSV file begins with them.
fn all_columns(file: &DatasetFile, work: &Work) -> Result<Vec<String>> {
    let mut columns = super::columns::Columns::default();
    let mut rows = 0;
    let mut stopped = Ok(());
    reader::read(&Source::new(file), format::detect(file)?, &mut |found| {
        match found {
            RowEvent::Header(names) => {
                columns = super::columns::Columns::from_header(names);
                return ControlFlow::Break(());
            }
            RowEvent::Row { record: Record::Object(object), .. } => {
                rows += 1;
                object.keys().for_each(|name| _ = columns.position(name));
                if rows % ROWS_A_TICK == 1 {
                    stopped = work.tick(Progress { done: 0, total: None, rows });
                }
            }
            _ => {}
        }
        let many = columns.all.len() > super::columns::MOST_COLUMNS;
        if stopped.is_err() || many { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    stopped?;
    if columns.all.len() > super::columns::MOST_COLUMNS {
        let message = format!(
            "The rows of {} have more than {} different keys, too many for the columns of a CSV file.",
            file.path.display(),
            super::columns::MOST_COLUMNS
        );
        return Err(
            Error::new(ErrorCode::Invalid, message).hint("Give the new file a name that ends in .jsonl.")
        );
    }
    Ok(columns.all.into_iter().map(|column| column.name).collect())
}

fn refuse_target(source: &Path, target: &Path, replace: bool) -> Result<()> {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
    let folder = target.parent().map(real).unwrap_or_default();
    let own = real(source);
    if own == real(target) || folder.starts_with(&own) {
        let message = format!("{} is the dataset itself or lies in its folder.", target.display());
        return Err(Error::new(ErrorCode::Invalid, message)
            .hint("Choose another file: the original is never changed."));
    }
    if target.exists() && !replace {
        return Err(Error::new(ErrorCode::Conflict, format!("{} exists already.", target.display()))
            .hint("Choose another name, or replace the file."));
    }
    Ok(())
}

fn no_way(source: &Path, recognized: &Recognized, to: Shape) -> Error {
    use schema::TextEnum as _;
    let from = recognized.shape;
    let ways: Vec<&str> = offers(recognized).iter().map(|offer| offer.to.into_str()).collect();
    let message =
        format!("{} can't be converted from '{}' to '{}'.", source.display(), from.label(), to.label());
    Error::new(ErrorCode::Invalid, message).hint(format!("It can be converted to {}.", ways.join(", ")))
}

//! All rows of a dataset one by one, for those who make texts of them. Their numbers and values are
//! those of the preview.

use std::ops::ControlFlow;

use platform::{Progress, Work};
use prompts::{Object, Value};
use resources::DatasetType;
use schema::{Error, Result};

use super::{
    dataset_file::DatasetFile,
    folder, format, parts, reader,
    row::{Cell, Row},
    row_event::{RowEvent, RowSink},
    source::Source,
};

/// A row and its place in the dataset.
#[derive(Clone, Copy)]
pub struct NumberedRow<'a> {
    /// Its number, counted from one.
    pub number: u64,
    row: Row<'a>,
    kind: DatasetType,
}

/// What a row of a file of this kind has where it has nothing: a row of CSV that ends early counts
/// as empty there, a key that is not in an object as null.
pub fn absent(kind: DatasetType) -> &'static Value {
    static EMPTY: Value = Value::String(String::new());
    if kind == DatasetType::ProjectCsv { &EMPTY } else { &Value::Null }
}

impl<'a> NumberedRow<'a> {
    /// A row of a file of that kind, from its values by their columns.
    pub fn from_object(number: u64, row: &'a Object, kind: DatasetType) -> Self {
        Self { number, row: Row::Object(row), kind }
    }

    /// Writes the value of a column as a template shows it.
    pub fn write(&self, column: &str, text: &mut String) {
        match self.row.get(column) {
            Cell::Text(value) => text.push_str(value),
            Cell::Other(value) => prompts::write_value(value, text),
            Cell::Missing => prompts::write_value(absent(self.kind), text),
        }
    }

    /// All of it as a JSON object.
    pub fn object(&self) -> Object {
        self.row.to_object()
    }

    /// The value of a column.
    pub fn value(&self, column: &str) -> Value {
        match self.row.get(column) {
            Cell::Text(value) => Value::String(value.to_owned()),
            Cell::Other(value) => value.clone(),
            Cell::Missing => absent(self.kind).clone(),
        }
    }
}

/// How many rows pass between two looks at progress and Cancel.
const ROWS_A_TICK: u64 = 1_000;

/// Hands on the rows of one split of a folder, or of a file, whose first row gets the number after
/// `before`. Returns how many there are.
pub fn each_row(
    file: impl Into<DatasetFile>,
    split: Option<&str>,
    before: u64,
    work: &Work,
    mut on_row: impl FnMut(NumberedRow<'_>) -> Result<()>,
) -> Result<u64> {
    let file = file.into();
    let kind = format::detect(&file)?;
    let total = folder::size(&file).ok();
    let (mut names, mut rows, mut outcome) = (Vec::new(), 0, Ok(()));
    let mut sink = |found: RowEvent<'_>| {
        match found {
            RowEvent::Header(header) => names = header.to_vec(),
            RowEvent::Row { position, record, .. } => {
                rows += 1;
                outcome = on_row(NumberedRow { number: before + rows, row: Row::new(&names, &record), kind });
                if outcome.is_ok() && rows % ROWS_A_TICK == 0 {
                    outcome = work.tick(Progress { done: position, total, rows });
                }
                if outcome.is_err() {
                    return ControlFlow::Break(());
                }
            }
            RowEvent::Skipped(_) | RowEvent::Problem(_) => {}
        }
        ControlFlow::Continue(())
    };
    read(&file, kind, split, &mut sink)?;
    outcome.map(|()| rows)
}

fn read(file: &DatasetFile, kind: DatasetType, split: Option<&str>, sink: &mut RowSink<'_>) -> Result<()> {
    match (kind, split) {
        (DatasetType::Project, Some(split)) => parts::read(&Source::new(file), Some(split), 0, sink),
        _ => reader::read(&Source::new(file), kind, sink),
    }
}

/// The splits of a dataset in the order in which their rows are numbered; a file is one to train on.
pub fn split_names(file: impl Into<DatasetFile>) -> Result<Vec<String>> {
    let file = file.into();
    let path = &file.path;
    if !path.exists() {
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(Error::file("read", path, &missing));
    }
    Ok(match format::detect(&file)? {
        DatasetType::Project => folder::splits(&file)?.1.into_iter().map(|split| split.name).collect(),
        _ => vec!["train".to_owned()],
    })
}

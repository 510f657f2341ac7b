//! A page of a file's rows, read without reading more of the file than needed.

use std::{ops::ControlFlow, path::Path};

use platform::blocking;
use prompts::{Object, Value};
use resources::DatasetType;
use schema::{Error, ErrorCode, Result};
use serde::Serialize;

use super::{
    columns::{Columns, FileColumn},
    dataset_file::DatasetFile,
    file_reader,
    folder::{self, Split},
    format,
    index::Index,
    parts,
    problem::Problem,
    reader,
    reading::Reading,
    row_event::{Record, RowEvent, RowSink},
    shown,
    source::Source,
};

/// One row of a preview.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PreviewRow {
    /// The line it starts on, where the file has lines.
    pub line: Option<u64>,
    /// The values in the order of the columns; null where there is none. Serialized, numbers that doubles
    /// round are texts of their digits, and bytes are cut to their beginning.
    #[serde(serialize_with = "shown::serialize")]
    #[cfg_attr(feature = "typescript", specta(type = Vec<serde_json::Value>))]
    pub values: Vec<Value>,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Preview {
    /// The file.
    pub path: String,
    /// Its kind.
    pub r#type: DatasetType,
    /// The splits of a folder, with their files.
    pub splits: Vec<Split>,
    /// The columns as far as the file was read.
    pub columns: Vec<FileColumn>,
    /// How many rows come before the first of these.
    pub offset: u64,
    /// The rows.
    pub rows: Vec<PreviewRow>,
    /// How many rows the file has, if it is known.
    pub total_rows: Option<u64>,
    /// Whether the file ends after these rows.
    pub end: bool,
    /// Problems met on the way, at most a hundred.
    pub problems: Vec<Problem>,
}

impl Preview {
    /// The rows by their columns, without the columns that a row lacks.
    pub fn objects(&self) -> Vec<Object> {
        let object = |row: &PreviewRow| {
            let cells = self.columns.iter().zip(&row.values).filter(|(_, value)| !value.is_null());
            cells.map(|(column, value)| (column.name.clone(), value.clone())).collect()
        };
        self.rows.iter().map(object).collect()
    }
}

const KEPT_PROBLEMS: usize = 100;

/// Reads `limit` rows after the first `offset`, on a thread of its own. What was read of the file
/// before, if it still is the same, makes that quick.
pub async fn preview(
    file: impl Into<DatasetFile>,
    known: Option<Reading>,
    offset: u64,
    limit: u64,
) -> Result<Preview> {
    let file = file.into();
    let known = known.filter(|known| known.is_of(&file));
    blocking("reading the file", move || {
        let index = known.as_ref().and_then(|known| known.index.as_ref());
        let mut preview = preview_now(&file, index, offset, limit)?;
        preview.total_rows = known.map(|known| known.rows).or(preview.total_rows);
        Ok(preview)
    })
    .await
}

/// Reads rows of one split of a folder.
pub async fn preview_split(
    file: impl Into<DatasetFile>,
    split: &str,
    offset: u64,
    limit: u64,
) -> Result<Preview> {
    let (file, split) = (file.into(), split.to_owned());
    blocking("reading the file", move || {
        read_page(&file, None, offset, limit, |kind, sink| match kind {
            DatasetType::Project => parts::read(&Source::new(&file), Some(&split), offset, sink),
            _ => Err(no_split(&file.path, &split)),
        })
    })
    .await
}

pub(super) fn preview_now(
    file: &DatasetFile,
    index: Option<&Index>,
    offset: u64,
    limit: u64,
) -> Result<Preview> {
    let row_offset = index.and_then(|index| Some((index.before(offset)?, &*index.columns)));
    read_page(file, index, offset, limit, |kind, sink| match row_offset {
        Some((row_offset, names)) => {
            file_reader::read_from(&Source::new(file), kind, row_offset, names, sink)
        }
        None => reader::read_after(&Source::new(file), kind, offset, sink),
    })
}

/// The page of what `read` reads, which begins at the last mark before it, if there is an index.
fn read_page(
    file: &DatasetFile,
    index: Option<&Index>,
    offset: u64,
    limit: u64,
    read: impl FnOnce(DatasetType, &mut RowSink<'_>) -> Result<()>,
) -> Result<Preview> {
    let path = &file.path;
    let kind = format::detect(file)?;
    let mut columns = Columns::default();
    let mut rows: Vec<PreviewRow> = Vec::new();
    let mut problems = Vec::new();
    let mut skipped = index.and_then(|index| index.before(offset)).map_or(0, |row_offset| row_offset.rows);
    let mut end = true;
    // The same columns in the same order on every page.
    if let Some(index) = index {
        index.columns.iter().for_each(|name| _ = columns.position(name));
    }
    let mut sink = |found: RowEvent<'_>| {
        match found {
            RowEvent::Header(names) => columns = Columns::from_header(names),
            RowEvent::Problem(problem) => {
                if problems.len() < KEPT_PROBLEMS {
                    problems.push(problem);
                }
            }
            RowEvent::Skipped(rows) => skipped += rows,
            RowEvent::Row { line, record, .. } => {
                if rows.len() as u64 >= limit {
                    end = false;
                    return ControlFlow::Break(());
                }
                skipped += 1;
                if skipped > offset {
                    rows.push(PreviewRow { line, values: values(&mut columns, &record) });
                } else if let Record::Object(object) = record {
                    object.keys().for_each(|name| _ = columns.position(name));
                }
            }
        }
        ControlFlow::Continue(())
    };
    let splits = if kind == DatasetType::Project { folder::splits(file)?.1 } else { Vec::new() };
    read(kind, &mut sink)?;
    problems.extend(columns.odd_keys().into_iter().take(KEPT_PROBLEMS.saturating_sub(problems.len())));
    for row in &mut rows {
        row.values.resize(columns.all.len(), Value::Null);
    }
    Ok(Preview {
        path: path.display().to_string(),
        r#type: kind,
        splits,
        columns: columns.all,
        offset,
        total_rows: end.then_some(skipped),
        rows,
        end,
        problems,
    })
}

fn no_split(path: &Path, split: &str) -> Error {
    let message = format!("{} is one file and has no split '{split}'.", path.display());
    Error::new(ErrorCode::NotFound, message).hint("Leave the split out.")
}

fn values(columns: &mut Columns, record: &Record<'_>) -> Vec<Value> {
    match record {
        Record::Fields(fields) => {
            for (at, field) in fields.iter().enumerate() {
                columns.add_text(at, field);
            }
            fields.iter().map(|field| Value::String((*field).to_owned())).collect()
        }
        Record::Object(object) => {
            let mut values = Vec::new();
            for (name, value) in *object {
                let at = columns.position(name);
                columns.add_value(at, value);
                if values.len() <= at {
                    values.resize(at + 1, Value::Null);
                }
                if let Some(place) = values.get_mut(at) {
                    place.clone_from(value);
                }
            }
            values
        }
    }
}

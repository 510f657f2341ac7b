//! The paths in rows, and which of them are archived.

use std::path::{Path, PathBuf};

use resources::hub_name_in_path;
use schema::{Column, Kind, Result, Row, Table, TableName};
use serde_json::Value;
use store::{Extent, Moment, SNAPSHOT_TABLES};
use tokio_stream::StreamExt as _;

use crate::left_out::LeftOut;

/// A path in a row.
#[derive(Debug, Clone)]
pub(super) struct PathInRow {
    pub(super) table: &'static Table,
    pub(super) id: String,
    pub(super) label: String,
    pub(super) column: &'static Column,
    /// The path as the row has it.
    pub(super) location: String,
}

impl PathInRow {
    /// Something that this place refers to and the archive does not hold. Without it, the row can't be used.
    pub(super) fn without(&self, location: impl Into<String>, reason: impl Into<String>) -> LeftOut {
        LeftOut {
            table: self.table.name,
            id: self.id.clone(),
            label: self.label.clone(),
            column: self.column.name.to_owned(),
            location: location.into(),
            reason: reason.into(),
            missing: true,
        }
    }

    /// The path with all links resolved, or why it is not archived.
    pub(super) fn resolved(&self, with_models: bool) -> Result<PathBuf, Box<LeftOut>> {
        let location = platform::absolute(&self.location);
        let refused = |reason: String| Err(Box::new(self.without(&self.location, reason)));
        // A folder that a row does not stand for is one in which runs write.
        if self.column.kind == Kind::Folder && !self.column.required {
            let reason = "Results of runs stay with their run.";
            return Err(Box::new(LeftOut { missing: false, ..self.without(&self.location, reason) }));
        }
        if let Some(name) = hub_name_in_path(&location) {
            return refused(format!(
                "It is in the cache of the Hugging Face Hub, as {name}. Fetch it there."
            ));
        }
        let Ok(path) = Path::new(&location).canonicalize() else {
            return refused("It does not exist.".to_owned());
        };
        let found = if path.is_dir() { Kind::Folder } else { Kind::File };
        if self.column.kind == Kind::Folder && found == Kind::File {
            return refused("This is a file, and a folder is needed.".to_owned());
        }
        if self.table.name == TableName::Models && !with_models {
            return refused(
                "Models are archived without their folders unless they are asked for.".to_owned(),
            );
        }
        Ok(path)
    }
}

/// All paths in the rows of an extent.
pub(super) async fn places(moment: &mut Moment, extent: &Extent) -> Result<Vec<PathInRow>> {
    let mut places = Vec::new();
    for exported in SNAPSHOT_TABLES.iter() {
        let Some(table) = exported.resource().filter(|table| extent.has(table.name)) else { continue };
        let columns: Vec<&'static Column> =
            table.columns.iter().filter(|column| matches!(column.kind, Kind::File | Kind::Folder)).collect();
        if columns.is_empty() {
            continue;
        }
        let mut rows = moment.rows(exported, extent);
        while let Some(row) = rows.next().await {
            let row: Row = serde_json::from_str(&row?.json()?)
                .map_err(|error| schema::Error::internal("reading a row", &error))?;
            places.extend(columns.iter().filter_map(|column| place(table, column, &row)));
        }
    }
    Ok(places)
}

fn place(table: &'static Table, column: &'static Column, row: &Row) -> Option<PathInRow> {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let location = text(column.name).filter(|location| !location.trim().is_empty())?;
    let applies = column.applies_to(text("type")) || !is_known(table, text("type"));
    applies.then(|| PathInRow {
        table,
        id: text("id").unwrap_or_default().to_owned(),
        label: table.label_of(row),
        column,
        location: location.to_owned(),
    })
}

/// Whether a type is one of the table's. Rows of other programs may have others, with files all the same.
fn is_known(table: &Table, row_type: Option<&str>) -> bool {
    match table.column("type").map(|column| column.kind) {
        Some(Kind::Choice { options }) => options.iter().any(|option| Some(option.value) == row_type),
        _ => true,
    }
}

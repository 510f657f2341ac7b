//! The rows of an export.

use serde_json::Value;
use sqlx::{Sqlite, query::Query, sqlite::SqliteArguments};

use super::{rows::all_rows, statement};
use crate::{
    extent::Extent,
    staging::{Content, SnapshotTable},
    targets,
};

/// The rows of a table that belong to an extent, as JSON objects in the first column.
pub(crate) fn exported(table: &SnapshotTable, extent: &Extent) -> Query<'static, Sqlite, SqliteArguments> {
    let (text, chosen) = match (extent, table.content) {
        (Extent::Tables(_), Content::Resource(table)) => (all_rows(table, ""), None),
        (Extent::Rows(rows), Content::Resource(table)) => {
            let ids = Value::from_iter(rows.get(&table.name).into_iter().flatten().map(String::as_str));
            (all_rows(table, "WHERE r.id IN (SELECT value FROM json_each(?))"), Some(ids))
        }
        (_, Content::Targets) => (targets::export(extent.is_whole()), None),
        (Extent::Tables(tables), Content::Metadata(metadata)) => {
            let tables: Vec<String> = tables.iter().map(|table| format!("'{table}'")).collect();
            (metadata.export(&format!("table_name IN ({})", tables.join(", "))), None)
        }
        (Extent::Rows(rows), Content::Metadata(metadata)) => {
            let chosen = "(table_name, row_id) IN (SELECT t.key, i.value FROM json_each(?) AS t, \
                          json_each(t.value) AS i)";
            let ids = rows.iter().map(|(table, ids)| {
                (table.into_str().to_owned(), Value::from_iter(ids.iter().map(String::as_str)))
            });
            (metadata.export(chosen), Some(Value::Object(ids.collect())))
        }
    };
    match chosen {
        Some(chosen) => statement(text).bind(chosen.to_string()),
        None => statement(text),
    }
}

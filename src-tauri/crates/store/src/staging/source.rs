//! A database as the source of an import. It is opened read-only, and only the tables of a snapshot are
//! read. None of its code runs: views, virtual tables and generated columns are refused, and triggers
//! do not fire on reads.

use std::path::Path;

use schema::{Error, ErrorCode, Result};
use sqlx::{Row as _, sqlite::SqliteRow};
use tokio_stream::{Stream, StreamExt as _};

use super::{
    SnapshotTable,
    cell::{self, Cell},
};
use crate::{
    Store,
    probe::{Looked, look, naming, unknown_format},
    reading::Reading,
    sql,
};

/// A row of a source, its known columns in the order of the table.
#[derive(Debug)]
pub struct SourceRow {
    /// The values of the table's columns.
    pub cells: Vec<Cell>,
    /// Columns that the table does not have, with whether they hold a value.
    pub unknown: Vec<(String, bool)>,
    /// A column that occurs twice in the row.
    pub repeated: Option<&'static str>,
}

/// A read transaction on a source.
#[derive(Debug)]
pub struct SourceDatabase(Reading);

/// The columns of a table of a source, in its order.
#[derive(Debug)]
pub struct SourceColumns(Vec<String>);

impl SourceColumns {
    /// Whether there is a column of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }
}

impl Store {
    /// Opens another database for reading. No file is created or changed next to it; a copy that has to
    /// be read instead is in the folder of the store. Errors name the file.
    pub async fn open_source(&self, path: &Path) -> Result<SourceDatabase> {
        let scratch = self.path().parent().unwrap_or(Path::new("."));
        let opened = async {
            let mut reading = Reading::open(path, scratch).await?;
            match look(&mut reading.database).await {
                Looked::Readable => {}
                Looked::UnknownFormat => return Err(unknown_format(path)),
                Looked::Interrupted => {
                    let message = format!("{} was left in the middle of a change.", path.display());
                    return Err(Error::new(ErrorCode::Invalid, message)
                        .hint("Open it once with the program it belongs to, then import it."));
                }
            }
            // Open until the connection is closed, so that all tables are of the same state.
            sqlx::query("BEGIN").execute(&mut reading.database).await?;
            Ok(SourceDatabase(reading))
        };
        opened.await.map_err(|error| naming(path, error))
    }
}

impl SourceDatabase {
    /// The names of its tables and views, other than SQLite's own. Bytes of a name that are not UTF-8 are
    /// replaced by the replacement character.
    pub async fn tables(&mut self) -> Result<Vec<String>> {
        let rows = sqlx::query(
            "SELECT name FROM sqlite_schema \
             WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        )
        .fetch_all(&mut self.0.database)
        .await?;
        rows.iter().map(|row| Ok(String::from_utf8_lossy(&text(row)?).into_owned())).collect()
    }

    /// The columns of a table.
    ///
    /// # Errors
    /// The table is a view or a virtual table, has a generated column, or has a column whose name is not
    /// UTF-8.
    pub async fn columns(&mut self, table: &SnapshotTable) -> Result<SourceColumns> {
        let refused = |why: String| {
            Err(Error::new(ErrorCode::Invalid, why)
                .hint("Export the rows with the program that made the file, then import that."))
        };
        // `rootpage` is 0 for a view and a virtual table.
        let plain =
            sqlx::query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name = ?")
                .bind(table.name)
                .fetch_optional(&mut self.0.database)
                .await?;
        let not_plain = || refused(format!("'{}' is not a plain table, so it is not read.", table.name));
        if plain.is_none() {
            return not_plain();
        }
        // `hidden` marks a generated column.
        let columns = sqlx::query("SELECT name, hidden <> 0 FROM pragma_table_xinfo(?) ORDER BY cid")
            .bind(table.name)
            .fetch_all(&mut self.0.database)
            .await?;
        let mut names = Vec::new();
        for column in &columns {
            if column.try_get(1)? {
                return not_plain();
            }
            match String::from_utf8(text(column)?) {
                Ok(name) => names.push(name),
                Err(name) => {
                    return refused(format!(
                        "The table '{}' has a column whose name is not UTF-8: '{}'.",
                        table.name,
                        String::from_utf8_lossy(name.as_bytes())
                    ));
                }
            }
        }
        Ok(SourceColumns(names))
    }

    /// The number of rows of a table, counted without its indexes, which may be damaged.
    pub async fn count(&mut self, table: &SnapshotTable) -> Result<u64> {
        let row = sql::statement(table.count_source()).fetch_one(&mut self.0.database).await?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    /// All rows of a table.
    pub fn rows<'a>(
        &'a mut self,
        table: &'a SnapshotTable,
        columns: &'a SourceColumns,
    ) -> impl Stream<Item = Result<SourceRow>> + Send + Unpin + 'a {
        let SourceColumns(names) = columns;
        let places: Vec<Option<usize>> =
            names.iter().map(|name| table.columns.iter().position(|known| known.name == name)).collect();
        let rows = sql::statement(table.read(names.len())).fetch(&mut self.0.database);
        rows.map(move |row| {
            let row = row?;
            let mut cells = vec![Cell::Null; table.columns.len()];
            let mut unknown = Vec::new();
            for (at, place) in places.iter().enumerate() {
                let cell = cell::from_column(&row, at)?;
                match place {
                    Some(place) => cells[*place] = cell,
                    None if table.local.contains(&names[at].as_str()) => {}
                    None => unknown.push((names[at].clone(), !cell.is_empty())),
                }
            }
            Ok(SourceRow { cells, unknown, repeated: None })
        })
    }

    /// Closes the database.
    ///
    /// # Errors
    /// It was changed while it was read, so the rows may be of two states.
    pub async fn close(self) -> Result<()> {
        self.0.close().await
    }
}

/// The bytes of a text, which may be no UTF-8.
fn text(row: &SqliteRow) -> Result<Vec<u8>> {
    Ok(row.try_get_unchecked(0)?)
}

//! Compares staged rows with the store and imports them, in one transaction.

use schema::{Error, Result, TableName};
use sqlx::{Row as _, Sqlite, SqliteConnection, Transaction};

use super::SnapshotTable;
use crate::{
    metadata::METADATA_TABLES,
    sql::{self, CONFLICTING, REPEATED, SAME},
};

/// The number of staged rows of a table by class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Classes {
    /// Rows whose ids the store does not have.
    pub new: u64,
    /// Rows that the store has with the same content, or that repeat an earlier row.
    pub same: u64,
    /// Rows that the store has with other content.
    pub conflicting: u64,
    /// Rows with the id of an earlier row and other content.
    pub repeated: u64,
    /// Of the new ones: rows that the store has under another id.
    pub duplicates: u64,
}

/// A reference of a staged row to a row that exists neither in the store nor in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DanglingReference {
    /// The number of the row.
    pub row: u64,
    /// The label of the row.
    pub label: String,
    /// The column that refers.
    pub column: &'static str,
    /// The table that the column refers to.
    pub target: TableName,
    /// The id that it refers to.
    pub missing: String,
}

/// A transaction over the staged rows and the store.
#[derive(Debug)]
pub struct Comparison<'a> {
    pub(super) tx: Transaction<'a, Sqlite>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(tx: Transaction<'a, Sqlite>) -> Self {
        Self { tx }
    }

    /// Sorts the rows of a resource into classes.
    pub async fn classify(&mut self, table: &SnapshotTable) -> Result<Classes> {
        sql::statement(table.declass()).execute(&mut *self.tx).await?;
        sql::statement(table.class_repeats()).execute(&mut *self.tx).await?;
        let filled = self.is_filled(table).await?;
        if filled {
            let has_metadata = has_metadata(&mut self.tx).await?;
            sql::statement(table.class_known(has_metadata)).execute(&mut *self.tx).await?;
        }
        let mut classes = Classes::default();
        let mut classed = 0;
        for row in sql::statement(table.count_classes()).fetch_all(&mut *self.tx).await? {
            let (class, count): (i64, u64) = (row.try_get(0)?, row.try_get::<i64, _>(1)?.unsigned_abs());
            match class {
                SAME => classes.same = count,
                CONFLICTING => classes.conflicting = count,
                REPEATED => classes.repeated = count,
                _ => classes.new = count,
            }
            classed += if class == 0 { 0 } else { count };
        }
        classes.new -= classed;
        if classes.new > 0 && filled {
            let [make, index, count, drop] = table.twins();
            sql::statement(make).execute(&mut *self.tx).await?;
            sql::statement(index).execute(&mut *self.tx).await?;
            classes.duplicates = number(&mut self.tx, count).await?;
            sql::statement(drop).execute(&mut *self.tx).await?;
        }
        Ok(classes)
    }

    /// The number of new or conflicting rows with references to rows that exist neither in the store nor in
    /// the source, and the number of such references.
    pub async fn count_dangling(&mut self, table: &SnapshotTable) -> Result<(u64, u64)> {
        let Some(statement) = table.count_dangling() else { return Ok((0, 0)) };
        let row = sql::statement(statement).fetch_one(&mut *self.tx).await?;
        let number = |at| Ok::<_, Error>(row.try_get::<i64, _>(at)?.unsigned_abs());
        Ok((number(0)?, number(1)?))
    }

    /// Those references by column, at most `at_most`.
    pub async fn dangling(
        &mut self,
        table: &SnapshotTable,
        at_most: usize,
    ) -> Result<Vec<DanglingReference>> {
        let Some(resource) = table.resource() else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (column, target, value) in table.references() {
            let statement = table.dangling(resource, target, &value);
            let room = u32::try_from(at_most - found.len()).unwrap_or(u32::MAX);
            for row in sql::statement(statement).bind(room).fetch_all(&mut *self.tx).await? {
                found.push(DanglingReference {
                    row: row.try_get::<i64, _>(0)?.unsigned_abs(),
                    label: row.try_get(1)?,
                    column,
                    target,
                    missing: row.try_get(2)?,
                });
            }
        }
        Ok(found)
    }

    /// The numbers of rows that repeat an id with other content, at most so many.
    pub async fn repeated(&mut self, table: &SnapshotTable, at_most: u32) -> Result<Vec<u64>> {
        let rows = sql::statement(table.repeated()).bind(at_most).fetch_all(&mut *self.tx).await?;
        rows.iter().map(|row| Ok(row.try_get::<i64, _>(0)?.unsigned_abs())).collect()
    }

    /// Inserts the new rows of a resource and returns their number. With `clear`, references to rows that
    /// do not exist become null.
    pub async fn add(&mut self, table: &SnapshotTable, clear: bool) -> Result<u64> {
        let whole = !clear && !self.is_filled(table).await? && self.is_as_declared(table).await?;
        let statement = match whole {
            true => {
                self.index_alike(table).await?;
                table.add_all()
            }
            false => table.add(clear),
        };
        Ok(sql::statement(statement).execute(&mut *self.tx).await?.rows_affected())
    }

    /// Updates the conflicting rows of the store with the source's values and returns their number.
    pub async fn replace(&mut self, table: &SnapshotTable, clear: bool) -> Result<u64> {
        Ok(sql::statement(table.replace(clear)).execute(&mut *self.tx).await?.rows_affected())
    }

    /// Inserts the metadata that the source has of the rows of a resource that were added or, with
    /// `replaced`, replaced. What completed a replaced row goes with it. With `clear`, it has no references to rows
    /// that do not exist.
    pub async fn add_metadata(&mut self, table: &SnapshotTable, replaced: bool, clear: bool) -> Result<()> {
        // Sources of the reference studio have no metadata.
        if !has_metadata(&mut self.tx).await? {
            return Ok(());
        }
        for metadata in METADATA_TABLES {
            if metadata.completes.is_some() && replaced {
                sql::statement(metadata.drop_replaced(table)).execute(&mut *self.tx).await?;
            }
            if number(&mut self.tx, sql::has_staged(metadata.name)).await? > 0 {
                sql::statement(metadata.take(table, replaced, clear)).execute(&mut *self.tx).await?;
            }
        }
        Ok(())
    }

    /// Commits the import.
    pub async fn commit(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }

    async fn is_filled(&mut self, table: &SnapshotTable) -> Result<bool> {
        Ok(number(&mut self.tx, sql::has_rows(table)).await? > 0)
    }

    /// Whether the columns of the store's table are in the declared order. Columns that were added to an
    /// older database are at its end.
    async fn is_as_declared(&mut self, table: &SnapshotTable) -> Result<bool> {
        let rows = sql::statement(table.column_order()).fetch_all(&mut *self.tx).await?;
        let names = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
        Ok(names.iter().eq(table.columns.iter().map(|column| column.name)))
    }

    /// Creates the indexes of the store's table on the staged one, so that SQLite copies the index
    /// entries in order instead of inserting them one by one.
    async fn index_alike(&mut self, table: &SnapshotTable) -> Result<()> {
        let mut indexes: Vec<(i64, Vec<&str>)> = Vec::new();
        for row in sql::statement(table.indexed_columns()).fetch_all(&mut *self.tx).await? {
            let (index, name): (i64, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
            let column = table.columns.iter().find(|column| Some(column.name) == name.as_deref());
            // For an index on an expression there is no column; SQLite then inserts row by row.
            let Some(column) = column else { return Ok(()) };
            match indexes.last_mut().filter(|(known, _)| *known == index) {
                Some((_, columns)) => columns.push(column.name),
                None => indexes.push((index, vec![column.name])),
            }
        }
        for (number, (_, columns)) in indexes.iter().enumerate() {
            sql::statement(table.index_like(number, columns)).execute(&mut *self.tx).await?;
        }
        Ok(())
    }
}

/// Whether the source has metadata of its rows.
pub(super) async fn has_metadata(database: &mut SqliteConnection) -> Result<bool> {
    for metadata in METADATA_TABLES {
        if number(database, sql::has_staged(metadata.name)).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The number that a statement returns.
async fn number(database: &mut SqliteConnection, statement: String) -> Result<u64> {
    let row = sql::statement(statement).fetch_one(database).await?;
    Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
}

//! Sets of rows, and their closure over references.

use std::collections::{BTreeMap, BTreeSet};

use resources::{Described as _, TABLES, references, referring_columns};
use schema::{Result, Table, TableName};
use sqlx::{Row as _, SqliteConnection};

use crate::{TableCount, references::id_list, rows::not_found, sql};

/// Ids of rows, by table.
pub type Rows = BTreeMap<TableName, BTreeSet<String>>;

/// Those of these ids that rows of the table have.
pub(crate) async fn existing(
    database: &mut SqliteConnection,
    table: &Table,
    ids: impl IntoIterator<Item = &String>,
) -> Result<BTreeSet<String>> {
    let here = sql::statement(sql::deleted::here(table)).bind(id_list(ids));
    let here = here.fetch_all(database).await?;
    Ok(here.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

/// The rows with these ids. One that does not exist is an error.
pub(crate) async fn rows_here(
    database: &mut SqliteConnection,
    table: &'static Table,
    ids: &[String],
) -> Result<Rows> {
    let here = existing(database, table, ids).await?;
    match ids.iter().find(|id| !here.contains(*id)) {
        Some(id) => Err(not_found(table, id)),
        None => Ok(Rows::from([(table.name, here)])),
    }
}

/// The references of a table in one direction: the other table, and the statement that reads the ids
/// there. It binds the ids of rows of this table as a JSON array.
pub(crate) type Steps = fn(&'static Table) -> Vec<(TableName, String)>;

/// To the rows that refer to rows of the table.
pub(crate) fn referring(table: &'static Table) -> Vec<(TableName, String)> {
    let step = |(table, column): (&'static Table, _)| (table.name, sql::ids_referring(table, column));
    referring_columns(table.name).map(step).collect()
}

/// To the rows that rows of the table refer to.
pub(crate) fn referred(table: &'static Table) -> Vec<(TableName, String)> {
    let step = |(column, target): (_, TableName)| (target, sql::ids_referred(table, column, target.table()));
    references(table).map(step).collect()
}

/// The rows and all rows that `steps` lead to from them, directly or through others.
pub(crate) async fn closure(database: &mut SqliteConnection, rows: &Rows, steps: Steps) -> Result<Rows> {
    let mut all = Rows::new();
    let mut fresh: Vec<_> = rows.iter().map(|(table, ids)| (*table, ids.clone())).collect();
    while let Some((table, ids)) = fresh.pop() {
        let known = all.entry(table).or_default();
        let new: BTreeSet<String> = ids.difference(known).cloned().collect();
        if new.is_empty() {
            continue;
        }
        let list = id_list(&new);
        known.extend(new);
        for (other, statement) in steps(table.table()) {
            let rows = sql::statement(statement).bind(list.clone()).fetch_all(&mut *database).await?;
            let ids = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, sqlx::Error>>()?;
            fresh.push((other, ids));
        }
    }
    all.retain(|_, ids| !ids.is_empty());
    Ok(all)
}

/// The number of rows of each table, in declaration order.
pub(crate) fn counts(rows: &Rows) -> Vec<TableCount> {
    let count = |table: &&Table| {
        rows.get(&table.name).map(|ids| TableCount { table: table.name, rows: ids.len() as u64 })
    };
    TABLES.iter().filter_map(count).collect()
}

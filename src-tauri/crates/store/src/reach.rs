//! Sets of rows, and what they reach along references.

use std::collections::{BTreeMap, BTreeSet};

use resources::{Described as _, TABLES, referring_columns};
use schema::{Column, Kind, Result, Table, TableName};
use sqlx::{Row as _, SqliteConnection};

use crate::{TableCount, references::id_list, rows::not_found, sql};

/// Ids of rows, by table.
pub type Rows = BTreeMap<TableName, BTreeSet<String>>;

/// The rows with these ids; an error if one of them isn't here.
pub(crate) async fn rows_here(
    database: &mut SqliteConnection,
    table: &'static Table,
    ids: &[String],
) -> Result<Rows> {
    let here = sql::statement(sql::deleted::here(table)).bind(id_list(ids));
    let here = here.fetch_all(&mut *database).await?;
    let here = here.iter().map(|row| row.try_get(0)).collect::<Result<BTreeSet<String>, _>>()?;
    match ids.iter().find(|id| !here.contains(*id)) {
        Some(id) => Err(not_found(table, id)),
        None => Ok(Rows::from([(table.name, here)])),
    }
}

/// One step from rows of a table: other tables, and how the ids there are read with those here.
pub(crate) type Steps = fn(&'static Table) -> Vec<(TableName, String)>;

/// To what refers to rows of the table.
pub(crate) fn referring(table: &'static Table) -> Vec<(TableName, String)> {
    let step = |(table, column): (&'static Table, _)| (table.name, sql::ids_referring(table, column));
    referring_columns(table.name).map(step).collect()
}

/// To what rows of the table refer to.
pub(crate) fn referred(table: &'static Table) -> Vec<(TableName, String)> {
    let step = |column: &Column| {
        let Kind::Reference { table: target } = column.kind else { return None };
        Some((target, sql::ids_referred(table, column, target.table())))
    };
    table.columns.iter().filter_map(step).collect()
}

/// The rows and all that steps lead to from them, directly or through others.
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

/// How many rows of each table, in the order of the list.
pub(crate) fn counts(rows: &Rows) -> Vec<TableCount> {
    let count = |table: &&Table| {
        rows.get(&table.name).map(|ids| TableCount { table: table.name, rows: ids.len() as u64 })
    };
    TABLES.iter().filter_map(count).collect()
}

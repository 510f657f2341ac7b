//! Deleting rows, with or without the rows that refer to them. Deleted rows are kept in the trash.

use std::collections::BTreeSet;

use resources::{Described as _, referring_columns};
use schema::{Error, ErrorCode, Result, TableName};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::deleted;
use crate::{
    Store, TableCount, Use,
    metadata::METADATA_TABLES,
    reach::{Rows, closure, counts, referring, rows_here},
    references::{id_list, uses},
    runs::refuse_live,
    sql,
};

/// What happens to the rows that refer to a deleted row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Dependents {
    /// Nothing is deleted if there are any.
    #[default]
    Refuse,
    /// They stay, and the reference becomes null.
    Detach,
    /// They are deleted too, as are the rows that refer to them.
    Delete,
}

/// What a deletion would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct DeletionPlan {
    /// The rows that refer to those to delete, except for those to delete.
    pub direct: Vec<Use>,
    /// How many rows [`Dependents::Delete`] deletes, those asked for included.
    pub cascade: Vec<TableCount>,
}

/// What a deletion did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Deleted {
    /// The id of the deletion, by which it can be undeleted.
    pub deletion: i64,
    /// Rows deleted, by table.
    pub deleted: Vec<TableCount>,
    /// References cleared.
    pub detached: u64,
}

impl Store {
    /// What deleting these rows would do.
    pub async fn deletion_plan(&self, table: TableName, ids: &[String]) -> Result<DeletionPlan> {
        let table = table.table();
        let mut tx = self.pool().begin().await?;
        let direct = uses(&mut tx, table.name, ids).await?;
        let rows = Rows::from([(table.name, ids.iter().cloned().collect())]);
        Ok(DeletionPlan { direct, cascade: counts(&closure(&mut tx, &rows, referring).await?) })
    }

    /// Deletes rows, in one transaction.
    pub async fn delete(&self, table: TableName, ids: &[String], dependents: Dependents) -> Result<Deleted> {
        let table = table.table();
        if ids.is_empty() {
            let message = format!("Choose the {} to delete.", table.plural);
            return Err(Error::new(ErrorCode::Invalid, message));
        }
        let mut tx = self.write().await?;
        let rows = rows_here(&mut tx, table, ids).await?;
        let deleted = delete_rows(&mut tx, &rows, dependents, None).await?;
        tx.commit().await?;
        Ok(deleted)
    }
}

/// Deletes existing rows as one deletion, described by `what` or else by its rows.
pub(crate) async fn delete_rows(
    database: &mut SqliteConnection,
    rows: &Rows,
    dependents: Dependents,
    what: Option<&str>,
) -> Result<Deleted> {
    let with_dependents = closure(database, rows, referring).await?;
    let chosen = match dependents {
        Dependents::Refuse if with_dependents != *rows => return Err(in_use(database, rows).await?),
        Dependents::Refuse | Dependents::Delete => &with_dependents,
        Dependents::Detach => rows,
    };
    refuse_live(database, chosen).await?;
    let deletion = deleted::keep(database, chosen, what).await?;
    let mut detached = 0;
    if dependents == Dependents::Detach {
        for (table, ids) in chosen {
            for (referring, column) in referring_columns(*table) {
                let (ids, chosen) =
                    (id_list(ids), id_list(chosen.get(&referring.name).into_iter().flatten()));
                let keep = sql::statement(sql::deleted::keep_references(referring, column)).bind(deletion);
                keep.bind(ids.clone()).bind(chosen.clone()).execute(&mut *database).await?;
                let detach = sql::statement(sql::detach(referring, column)).bind(ids).bind(chosen);
                detached += detach.execute(&mut *database).await?.rows_affected();
            }
        }
    }
    // The rows may refer to each other in any order, also in cycles.
    sqlx::query("PRAGMA defer_foreign_keys = ON").execute(&mut *database).await?;
    for (table, ids) in chosen {
        sql::statement(sql::delete(table.table())).bind(id_list(ids)).execute(&mut *database).await?;
        for metadata in METADATA_TABLES {
            let delete = sql::statement(metadata.delete()).bind(table.into_str());
            delete.bind(id_list(ids)).execute(&mut *database).await?;
        }
    }
    Ok(Deleted { deletion, deleted: counts(chosen), detached })
}

async fn in_use(database: &mut SqliteConnection, rows: &Rows) -> Result<Error> {
    let mut who = Vec::new();
    for (table, ids) in rows {
        let ids: Vec<String> = ids.iter().cloned().collect();
        for found in uses(database, *table, &ids).await? {
            let target = found.table.table();
            let noun = if found.total == 1 { target.singular } else { target.plural };
            let named: Vec<String> =
                found.sample.iter().take(3).map(|row| format!("'{}'", row.label)).collect();
            let more = if found.total > 3 { ", …" } else { "" };
            who.push(format!("{} {noun} ({}{more})", found.total, named.join(", ")));
        }
    }
    let count = rows.values().map(BTreeSet::len).sum::<usize>();
    let what = match rows.keys().next().map(|table| table.table()) {
        Some(table) if count == 1 => format!("This {} is", table.singular),
        Some(table) if rows.len() == 1 => format!("These {} are", table.plural),
        _ => "These rows are".to_owned(),
    };
    Ok(Error::new(ErrorCode::InUse, format!("{what} used by {}.", who.join(" and ")))
        .hint("Delete those too, or leave them without the reference."))
}

//! Deleting rows together with, or apart from, what refers to them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sqlx::{Row as _, SqliteConnection};

use super::{
    Store, Use,
    read::{find, not_found},
    references::{id_list, referring_columns, uses},
    sql,
};
use crate::{
    error::{Error, ErrorCode, Result},
    resources::{TABLES, TableName},
    schema::Table,
};

/// What happens to rows that refer to a deleted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Dependents {
    /// Nothing is deleted while there are any.
    #[default]
    Refuse,
    /// They stay, without the reference.
    Detach,
    /// They are deleted too, and what refers to them.
    Delete,
}

/// A number of rows of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
pub struct TableCount {
    /// The table.
    pub table: TableName,
    /// How many rows.
    pub rows: u64,
}

/// What a deletion would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct DeletionPlan {
    /// Who refers to the rows, the rows themselves left out.
    pub direct: Vec<Use>,
    /// What goes with [`Dependents::Delete`], the rows included.
    pub cascade: Vec<TableCount>,
}

/// What a deletion did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Deleted {
    /// Rows deleted, by table.
    pub deleted: Vec<TableCount>,
    /// References cleared.
    pub detached: u64,
}

type Closure = BTreeMap<TableName, BTreeSet<String>>;

impl Store {
    /// What deleting these rows would do.
    pub async fn deletion_plan(&self, table: &'static Table, ids: &[String]) -> Result<DeletionPlan> {
        let mut tx = self.pool().begin().await?;
        let direct = uses(&mut tx, table.name, ids).await?;
        Ok(DeletionPlan { direct, cascade: counts(&closure(&mut tx, table.name, ids).await?) })
    }

    /// Deletes rows, in one transaction.
    pub async fn delete(
        &self,
        table: &'static Table,
        ids: &[String],
        dependents: Dependents,
    ) -> Result<Deleted> {
        let mut tx = self.write().await?;
        for id in ids {
            if find(&mut tx, table, id).await?.is_none() {
                return Err(not_found(table, id));
            }
        }
        let mut doomed = Closure::from([(table.name, ids.iter().cloned().collect())]);
        let mut detached = 0;
        match dependents {
            Dependents::Refuse => {
                let everyone = closure(&mut tx, table.name, ids).await?;
                if everyone != doomed {
                    return Err(in_use(table, ids, &uses(&mut tx, table.name, ids).await?));
                }
            }
            Dependents::Delete => doomed = closure(&mut tx, table.name, ids).await?,
            Dependents::Detach => {
                for (referring, column) in referring_columns(table.name) {
                    let detach = sql::statement(sql::detach(referring, column)).bind(id_list(ids));
                    detached += detach.execute(&mut *tx).await?.rows_affected();
                }
            }
        }
        // The doomed refer to each other in any order, even in circles.
        sqlx::query("PRAGMA defer_foreign_keys = ON").execute(&mut *tx).await?;
        for (table, ids) in &doomed {
            let ids = id_list(ids);
            sql::statement(sql::delete(table.table())).bind(ids.clone()).execute(&mut *tx).await?;
            for beside in sql::BESIDE {
                let delete = sql::statement(beside.delete()).bind(table.into_str());
                delete.bind(ids.clone()).execute(&mut *tx).await?;
            }
        }
        tx.commit().await?;
        Ok(Deleted { deleted: counts(&doomed), detached })
    }
}

/// The rows and all that refer to them, directly or through others.
async fn closure(database: &mut SqliteConnection, table: TableName, ids: &[String]) -> Result<Closure> {
    let mut all = Closure::new();
    let mut fresh = vec![(table, ids.iter().cloned().collect::<BTreeSet<_>>())];
    while let Some((table, ids)) = fresh.pop() {
        let known = all.entry(table).or_default();
        let new: BTreeSet<String> = ids.difference(known).cloned().collect();
        if new.is_empty() {
            continue;
        }
        let list = id_list(&new);
        known.extend(new);
        for (referring, column) in referring_columns(table) {
            let rows = sql::statement(sql::referring(referring, column)).bind(list.clone()).bind(-1);
            let rows = rows.fetch_all(&mut *database).await?;
            let ids = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, sqlx::Error>>()?;
            fresh.push((referring.name, ids));
        }
    }
    all.retain(|_, ids| !ids.is_empty());
    Ok(all)
}

fn counts(closure: &Closure) -> Vec<TableCount> {
    let count = |table: &&Table| {
        closure.get(&table.name).map(|ids| TableCount { table: table.name, rows: ids.len() as u64 })
    };
    TABLES.iter().filter_map(count).collect()
}

fn in_use(table: &Table, ids: &[String], uses: &[Use]) -> Error {
    let what =
        if ids.len() == 1 { format!("This {}", table.singular) } else { format!("These {}", table.plural) };
    let who: Vec<String> = uses
        .iter()
        .map(|found| {
            let target = found.table.table();
            let noun = if found.total == 1 { target.singular } else { target.plural };
            let named: Vec<String> =
                found.sample.iter().take(3).map(|row| format!("'{}'", row.label)).collect();
            let more = if found.total > 3 { ", …" } else { "" };
            format!("{} {noun} ({}{more})", found.total, named.join(", "))
        })
        .collect();
    let verb = if ids.len() == 1 { "is" } else { "are" };
    Error::new(ErrorCode::InUse, format!("{what} {verb} used by {}.", who.join(" and ")))
        .hint("Delete those too, or leave them without the reference.")
}

//! Undeleting rows: all of a request in one transaction, or nothing.

use resources::{Described as _, referring_columns};
use schema::{Error, ErrorCode, FieldProblem, Kind, Result, TableName, with_article};
use serde::{Deserialize, Serialize};
use sqlx::{Connection as _, SqliteConnection};

use super::{
    deleted::{count_text, rows_of},
    obstacles::{Obstacle, ObstacleReason, RowsByDeletion, broken, label, refusal},
};
use crate::{
    RowKey, Store, TableCount,
    reach::{Rows, counts, existing},
    references::id_list,
    sql,
};

/// What happens to references of undeleted rows to rows that do not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum MissingReferences {
    /// Nothing is undeleted if there are any.
    #[default]
    Refuse,
    /// The rows referred to are undeleted too, if they are in the trash.
    Undelete,
    /// The references become null.
    Clear,
}

/// A new name for a row whose name another row has by now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct NewName {
    /// The row to undelete.
    pub row: RowKey,
    /// Its new name.
    pub name: String,
}

/// Which rows of a deletion to undelete, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct UndeleteRequest {
    /// Only these rows, or all rows of the deletion.
    pub rows: Option<Vec<RowKey>>,
    /// What happens to references to rows that do not exist.
    pub missing: MissingReferences,
    /// New names of rows whose names are taken.
    pub names: Vec<NewName>,
}

/// The rows that were undeleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Undeleted {
    /// A description, such as "2 datasets and 1 prompt".
    pub what: String,
    /// Their number, by table.
    pub rows: Vec<TableCount>,
    /// The number of references to them that were set again.
    pub references: u64,
}

impl Store {
    /// The problems that undeleting a deletion, or some rows of it, would have. Changes nothing.
    pub async fn obstacles(&self, deletion: i64, rows: Option<Vec<RowKey>>) -> Result<Vec<Obstacle>> {
        let mut database = self.outside_connection().await?;
        let mut tx = database.begin_with("BEGIN IMMEDIATE").await?;
        let request = UndeleteRequest { rows, ..UndeleteRequest::default() };
        let (_, obstacles) = restore_rows(&mut tx, deletion, &request).await?;
        tx.rollback().await?;
        database.close().await?;
        Ok(obstacles)
    }

    /// Undeletes a deletion or some rows of it: the rows with their ids and metadata, and the
    /// references to them that the deletion cleared and that are still null.
    ///
    /// # Errors
    ///
    /// Nothing is undeleted if there are obstacles that the request does not resolve.
    pub async fn undelete(&self, deletion: i64, request: &UndeleteRequest) -> Result<Undeleted> {
        // A row may have referred to a row that did not exist before it was deleted; such a
        // reference is kept.
        let mut database = self.outside_connection().await?;
        let mut tx = database.begin_with("BEGIN IMMEDIATE").await?;
        let (back, obstacles) = restore_rows(&mut tx, deletion, request).await?;
        if !obstacles.is_empty() {
            return Err(refusal(&obstacles));
        }
        tx.commit().await?;
        database.close().await?;
        Ok(back)
    }
}

/// Inserts the rows into their tables, and returns the obstacles of those that break a rule there.
async fn restore_rows(
    database: &mut SqliteConnection,
    deletion: i64,
    request: &UndeleteRequest,
) -> Result<(Undeleted, Vec<Obstacle>)> {
    let mut obstacles = Vec::new();
    let mut undeleted = RowsByDeletion::new();
    let mut next =
        RowsByDeletion::from([(deletion, chosen(database, deletion, request.rows.as_deref()).await?)]);
    while !next.is_empty() {
        for (deletion, rows) in &next {
            insert(database, *deletion, rows, &mut obstacles).await?;
            for (table, ids) in rows {
                let all = undeleted.entry(*deletion).or_default();
                all.entry(*table).or_default().extend(ids.iter().cloned());
            }
        }
        next = match request.missing {
            MissingReferences::Undelete => needed(database, &undeleted).await?,
            _ => RowsByDeletion::new(),
        };
    }
    rename(database, &undeleted, &request.names).await?;
    for broken in broken(database, &undeleted).await? {
        if request.missing == MissingReferences::Clear && matches!(broken.column.kind, Kind::Reference { .. })
        {
            let clear = sql::statement(sql::deleted::set(broken.table, broken.column)).bind(None::<String>);
            clear.bind(broken.id).execute(&mut *database).await?;
        } else {
            obstacles.push(broken.into_obstacle(database).await?);
        }
    }
    let mut references = 0;
    for (deletion, rows) in &undeleted {
        for (table, ids) in rows {
            for (referring, column) in referring_columns(*table) {
                let set = sql::statement(sql::deleted::restore_references(referring, column));
                let set = set.bind(*deletion).bind(id_list(ids)).execute(&mut *database).await?;
                references += set.rows_affected();
            }
            for statement in sql::deleted::forget(table.table()) {
                sql::statement(statement).bind(*deletion).bind(id_list(ids)).execute(&mut *database).await?;
            }
        }
    }
    sql::execute_all(
        &mut *database,
        sql::deleted::forget_deletions("id NOT IN (SELECT deletion FROM studio_deleted_rows)"),
    )
    .await?;
    let mut all = Rows::new();
    for (table, ids) in undeleted.into_values().flatten() {
        all.entry(table).or_default().extend(ids);
    }
    let rows = counts(&all);
    let what = match &all.iter().map(|(table, ids)| (table, Vec::from_iter(ids))).collect::<Vec<_>>()[..] {
        [(table, ids)] if ids.len() == 1 => {
            format!("{} '{}'", table.table().singular, label(database, table.table(), ids[0]).await?)
        }
        _ => count_text(&rows),
    };
    Ok((Undeleted { what, rows, references }, obstacles))
}

/// The requested rows. One that the deletion does not contain is an error.
async fn chosen(database: &mut SqliteConnection, deletion: i64, keys: Option<&[RowKey]>) -> Result<Rows> {
    let kept = rows_of(database, deletion).await?;
    let Some(keys) = keys else { return Ok(kept) };
    let mut rows = Rows::new();
    for key in keys {
        if !kept.get(&key.table).is_some_and(|ids| ids.contains(&key.id)) {
            let what = key.table.table().singular;
            return Err(Error::new(
                ErrorCode::NotFound,
                format!("Deletion {deletion} holds no {what} with the id '{}'.", key.id),
            )
            .hint("It may have been restored already. Check the list of deletions."));
        }
        rows.entry(key.table).or_default().insert(key.id.clone());
    }
    Ok(rows)
}

/// Inserts the rows of one deletion into their tables, except for those whose ids exist there.
async fn insert(
    database: &mut SqliteConnection,
    deletion: i64,
    rows: &Rows,
    obstacles: &mut Vec<Obstacle>,
) -> Result<()> {
    for (name, ids) in rows {
        let table = name.table();
        let mut ids = ids.clone();
        for id in existing(database, table, &ids).await? {
            ids.remove(&id);
            let label = label(database, table, &id).await?;
            let message =
                format!("There is {} with the id of '{label}' already.", with_article(table.singular));
            let row = RowKey { table: *name, id };
            obstacles.push(Obstacle {
                row,
                label,
                column: None,
                reason: ObstacleReason::HereAlready,
                message,
            });
        }
        for statement in sql::deleted::restore_rows(table) {
            sql::statement(statement).bind(deletion).bind(id_list(&ids)).execute(&mut *database).await?;
        }
    }
    Ok(())
}

/// Deleted rows that the undeleted rows refer to, each from the latest deletion with that row.
async fn needed(database: &mut SqliteConnection, undeleted: &RowsByDeletion) -> Result<RowsByDeletion> {
    let mut needed = RowsByDeletion::new();
    for broken in broken(database, undeleted).await? {
        if let Kind::Reference { table } = broken.column.kind
            && let Some(deletion) = deletion_of(database, table, &broken.value).await?
            && !undeleted
                .get(&deletion)
                .and_then(|rows| rows.get(&table))
                .is_some_and(|ids| ids.contains(&broken.value))
        {
            needed.entry(deletion).or_default().entry(table).or_default().insert(broken.value);
        }
    }
    Ok(needed)
}

async fn deletion_of(database: &mut SqliteConnection, table: TableName, id: &str) -> Result<Option<i64>> {
    let latest = sqlx::query_scalar(
        "SELECT max(deletion) FROM studio_deleted_rows WHERE table_name = ? AND row_id = ?",
    );
    Ok(latest.bind(table.into_str()).bind(id).fetch_one(database).await?)
}

/// Gives undeleted rows their new names.
async fn rename(
    database: &mut SqliteConnection,
    undeleted: &RowsByDeletion,
    names: &[NewName],
) -> Result<()> {
    for NewName { row, name } in names {
        let (table, name) = (row.table.table(), name.trim());
        let is_undeleted =
            undeleted.values().any(|rows| rows.get(&row.table).is_some_and(|ids| ids.contains(&row.id)));
        let column = table.label.first().and_then(|column| table.column(column));
        let problem = match column {
            _ if !is_undeleted => {
                format!("The {} '{}' is not one of the rows to restore.", table.singular, row.id)
            }
            None => format!("The {} has no name to change.", table.singular),
            Some(_) if name.is_empty() => "A name must not be empty.".to_owned(),
            Some(column) => {
                let set = sql::statement(sql::deleted::set(table, column)).bind(name.to_owned());
                set.bind(row.id.clone()).execute(&mut *database).await?;
                continue;
            }
        };
        let column = column.map_or("name", |column| column.name).to_owned();
        return Err(Error::invalid(vec![FieldProblem { column, message: problem }]));
    }
    Ok(())
}

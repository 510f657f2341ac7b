//! The example workspace: its rows are created and deleted together.

use datasets::Scanner;
use resources::{Described as _, Model};
use schema::{Error, ErrorCode, Result, Row, TableName, column};
use serde::Serialize;
use sqlx::{Row as _, SqliteConnection};

use crate::{
    Deleted, DeletedRow, Dependents, Store, TableCount,
    reach::{Rows, closure, counts, existing, referring},
    references::{id_list, shown_label},
    rows::row_named,
    sql,
    trash::delete_rows,
};

/// The ids of all rows of the example workspace, by table.
pub type KnownIds = [(TableName, Vec<String>)];

/// The rows of the example workspace in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Example {
    /// The number of its rows that exist, by table.
    pub rows: Vec<TableCount>,
    /// Its rows that were changed since they were loaded.
    pub changed: Vec<DeletedRow>,
    /// The number of other rows that refer to them, directly or through others, by table.
    pub dependents: Vec<TableCount>,
}

impl Store {
    /// The rows of the example workspace in the store.
    pub async fn example(&self, ids: &KnownIds) -> Result<Example> {
        let mut tx = self.pool().begin().await?;
        let here = here(&mut tx, ids).await?;
        let dependents = without(closure(&mut tx, &here, referring).await?, &here);
        let changed = changed(&mut tx, &here).await?;
        Ok(Example { rows: counts(&here), changed, dependents: counts(&dependents) })
    }

    /// Creates the rows of the example that do not exist, and returns their number by table. A model is
    /// not created if there is one with its Hub name.
    pub async fn load_example(
        &self,
        ids: &KnownIds,
        rows: Vec<(TableName, Row)>,
        scanner: &Scanner,
    ) -> Result<Vec<TableCount>> {
        let mut tx = self.pool().begin().await?;
        let here = here(&mut tx, ids).await?;
        let mut missing = Vec::new();
        for (table, row) in rows {
            let text = |column: &str| row.get(column).and_then(|value| value.as_str()).unwrap_or_default();
            let known = here.get(&table).is_some_and(|ids| ids.contains(text("id")));
            let hub = column!(Model, huggingface_model_name);
            if !known && row_named(&mut tx, table.table(), hub, text(hub)).await?.is_none() {
                missing.push((table, row));
            }
        }
        drop(tx);
        let mut added = Rows::new();
        for created in self.create_all(missing, scanner).await? {
            added.entry(created.0).or_default().insert(created.1);
        }
        Ok(counts(&added))
    }

    /// Deletes the rows of the example as one deletion. `with_changed` says whether changed rows are
    /// deleted too; without it they are an error.
    pub async fn remove_example(
        &self,
        ids: &KnownIds,
        with_changed: Option<bool>,
        dependents: Dependents,
    ) -> Result<Deleted> {
        let mut tx = self.write().await?;
        let mut rows = here(&mut tx, ids).await?;
        let changed = changed(&mut tx, &rows).await?;
        if with_changed.is_none() && !changed.is_empty() {
            let named: Vec<String> = changed.iter().map(|row| format!("'{}'", row.label)).collect();
            let verb = if named.len() == 1 { "was" } else { "were" };
            let message = format!("{} {verb} changed since the example was loaded.", named.join(", "));
            return Err(Error::new(ErrorCode::Conflict, message)
                .hint("Choose whether the changed rows are deleted too."));
        }
        if with_changed == Some(false) {
            for row in &changed {
                rows.entry(row.table).or_default().remove(&row.id);
            }
            rows.retain(|_, ids| !ids.is_empty());
        }
        if rows.is_empty() {
            return Err(Error::new(ErrorCode::NotFound, "The example workspace is not loaded."));
        }
        let deleted = delete_rows(&mut tx, &rows, dependents, Some("the example workspace")).await?;
        tx.commit().await?;
        Ok(deleted)
    }
}

/// The rows of the example that exist.
async fn here(database: &mut SqliteConnection, ids: &KnownIds) -> Result<Rows> {
    let mut rows = Rows::new();
    for (table, ids) in ids {
        rows.entry(*table).or_default().extend(existing(database, table.table(), ids).await?);
    }
    rows.retain(|_, ids| !ids.is_empty());
    Ok(rows)
}

fn without(mut rows: Rows, known: &Rows) -> Rows {
    for (table, ids) in &mut rows {
        ids.retain(|id| !known.get(table).is_some_and(|known| known.contains(id)));
    }
    rows.retain(|_, ids| !ids.is_empty());
    rows
}

/// The rows that were changed after their creation.
async fn changed(database: &mut SqliteConnection, rows: &Rows) -> Result<Vec<DeletedRow>> {
    let mut changed = Vec::new();
    for (table, ids) in rows {
        let unchanged: Vec<String> = sqlx::query_scalar(
            "SELECT row_id FROM studio_times WHERE table_name = ? AND created_at = changed_at",
        )
        .bind(table.into_str())
        .fetch_all(&mut *database)
        .await?;
        let labels = sql::statement(sql::labels(table.table())).bind(id_list(ids));
        for row in labels.fetch_all(&mut *database).await? {
            let id: String = row.try_get(0)?;
            if !unchanged.contains(&id) {
                changed.push(DeletedRow { table: *table, id, label: shown_label(&row, 1)? });
            }
        }
    }
    Ok(changed)
}

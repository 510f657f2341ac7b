//! Reading rows.

use std::collections::{BTreeSet, HashMap};

use platform::PathKinds;
use resources::{Described as _, ListQuery, Listed, Mark, PROBLEMS, Page};
use schema::{Resource, Result, Stored, Table, TableName};
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use crate::{
    Store, TableCount,
    marks::rows_missing_paths,
    references::shown_label,
    rows::{Parsed, counts, find, not_found, parsed},
    sql, tags, training_choices,
};

impl Store {
    /// A page of a table's rows.
    pub async fn list(&self, table: TableName, query: &ListQuery) -> Result<Page> {
        let table = table.table();
        query.check(table)?;
        // One snapshot for the count and the page.
        let mut tx = self.pool().begin().await?;
        let found = self.found(&mut tx, table, query.search.as_deref().unwrap_or_default()).await?;
        let mut statement =
            sql::statement(sql::page(table, query, found.as_ref().map(|found| found.rowids.as_str())));
        for bind in found.iter().flat_map(|found| &found.binds) {
            statement = statement.bind(bind);
        }
        for filter in &query.filters {
            statement = statement.bind(match filter.column.as_str() {
                PROBLEMS => rows_missing_paths(&mut tx, table).await?,
                _ => filter.value.clone(),
            });
        }
        let records = statement.bind(query.limit).bind(query.offset).fetch_all(&mut *tx).await?;
        let total =
            records.first().map(|record| record.try_get::<i64, _>(4)).transpose()?.unwrap_or_default();
        let mut rows = Vec::with_capacity(records.len());
        for record in records {
            if record.try_get::<Option<i64>, _>(3)?.is_some() {
                rows.push(with_times(table, &record)?);
            }
        }
        complete(&mut tx, table, &mut rows).await?;
        // Other lists do not access the file system.
        if query.filters.iter().any(|filter| filter.column == PROBLEMS) {
            let mut paths = PathKinds::default();
            rows.iter_mut().for_each(|row| row.mark_missing_paths(table, &mut paths));
        }
        Ok(Page { total: total.unsigned_abs(), rows })
    }

    /// The first rows that match a search, at most `limit`.
    pub(crate) async fn first_found(
        &self,
        table: &'static Table,
        search: &str,
        limit: u32,
    ) -> Result<Vec<Listed>> {
        let mut tx = self.pool().begin().await?;
        let Some(found) = self.found(&mut tx, table, search).await? else { return Ok(Vec::new()) };
        let mut statement = sql::statement(sql::first_found(table, &found.rowids));
        for bind in &found.binds {
            statement = statement.bind(bind);
        }
        let records = statement.bind(limit).fetch_all(&mut *tx).await?;
        let mut rows = records.iter().map(|row| with_times(table, row)).collect::<Result<Vec<_>>>()?;
        complete(&mut tx, table, &mut rows).await?;
        Ok(rows)
    }

    /// One row of a resource, typed.
    pub async fn stored<R: Resource>(&self, id: &str) -> Result<Stored<R>> {
        let table = R::NAME.table();
        let mut database = self.pool().acquire().await?;
        let row = find(&mut database, table, id).await?.ok_or_else(|| not_found(table, id))?;
        Ok(Stored::from_row(row))
    }

    /// All rows of a resource, typed, the oldest first.
    pub async fn all_stored<R: Resource>(&self) -> Result<Vec<Stored<R>>> {
        let rows = sql::statement(sql::rows_in_order(R::NAME.table())).fetch_all(self.pool()).await?;
        rows.iter().map(|row| Ok(Stored::from_row(parsed(row)?.row))).collect()
    }

    /// All rows of a table, the oldest first, each as a JSON object. Text that is not UTF-8 has replacement
    /// characters.
    pub async fn rows_as_json(&self, table: TableName) -> Result<Vec<String>> {
        let rows = sql::statement(sql::rows_in_order(table.table())).fetch_all(self.pool()).await?;
        rows.iter().map(|row| Ok(String::from_utf8_lossy(row.try_get(0)?).into_owned())).collect()
    }

    /// One row.
    pub async fn get(&self, table: TableName, id: &str) -> Result<Listed> {
        let mut tx = self.pool().begin().await?;
        get(&mut tx, table.table(), id).await
    }

    /// How many rows each table has.
    pub async fn counts(&self) -> Result<Vec<TableCount>> {
        let mut tx = self.pool().begin().await?;
        counts(&mut tx).await
    }
}

/// One row with its times, links, marks, tags and choices.
pub(crate) async fn get(database: &mut SqliteConnection, table: &'static Table, id: &str) -> Result<Listed> {
    let found = sql::statement(sql::find(table)).bind(id.to_owned()).fetch_optional(&mut *database).await?;
    let Parsed { row, lossy } = parsed(&found.ok_or_else(|| not_found(table, id))?)?;
    let times: Option<(String, String)> =
        sqlx::query_as("SELECT created_at, changed_at FROM studio_times WHERE table_name = ? AND row_id = ?")
            .bind(table.name.into_str())
            .bind(id)
            .fetch_optional(&mut *database)
            .await?;
    let (created, changed) = times.unzip();
    let mut rows = vec![Listed::new(table, row, lossy, [created, changed])];
    complete(database, table, &mut rows).await?;
    rows.pop().ok_or_else(|| not_found(table, id))
}

/// A record of row, created_at and changed_at.
fn with_times(table: &Table, record: &SqliteRow) -> Result<Listed> {
    let Parsed { row, lossy } = parsed(record)?;
    Ok(Listed::new(table, row, lossy, [record.try_get(1)?, record.try_get(2)?]))
}

/// Fills in the labels of links, the label that follows from them, the tags and the choices.
async fn complete(database: &mut SqliteConnection, table: &'static Table, rows: &mut [Listed]) -> Result<()> {
    if table.name == TableName::FineTuningJobs {
        training_choices::fill_in(database, rows).await?;
    }
    label_links(database, rows).await?;
    if !table.label_references.is_empty() {
        rows.iter_mut().for_each(|row| row.label_by_links(table));
    }
    tags::fill_in(database, table, rows).await
}

/// Fills in the labels of links with one query for each table.
async fn label_links(database: &mut SqliteConnection, rows: &mut [Listed]) -> Result<()> {
    let mut wanted: HashMap<TableName, BTreeSet<&str>> = HashMap::new();
    for link in rows.iter().flat_map(|row| &row.links) {
        wanted.entry(link.table).or_default().insert(&link.id);
    }
    let mut labels: HashMap<(TableName, String), String> = HashMap::new();
    for (table, ids) in wanted {
        let ids = Value::from_iter(ids).to_string();
        for row in sql::statement(sql::labels(table.table())).bind(ids).fetch_all(&mut *database).await? {
            labels.insert((table, row.try_get(0)?), shown_label(&row, 1)?);
        }
    }
    for row in rows {
        for link in &mut row.links {
            link.label = labels.get(&(link.table, link.id.clone())).cloned();
            if link.label.is_none() {
                let message =
                    format!("The {} that it refers to does not exist.", link.table.table().singular);
                row.marks.push(Mark { column: link.column.clone(), message });
            }
        }
    }
    Ok(())
}

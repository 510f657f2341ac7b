//! Reading rows.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use resources::{Described as _, TABLES};
use schema::{Error, ErrorCode, Kind, Resource, Result, Row, Stored, Table, TableName};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{
    Store, TableCount,
    marks::{self, Mark, mark},
    references::shown_label,
    sql, tags,
};

/// The column to sort by: one of the table's, `created_at` or `changed_at`. References sort by
/// what they point to is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Sort {
    /// The column.
    pub column: String,
    /// Largest first. Rows without a value come last either way.
    pub descending: bool,
}

/// Keeps only rows whose column equals a text, or that have the tag when the column is `tag`, or
/// that other rows refer to when it is `used` (`yes`, `no`), or that have something odd or a place
/// on disk that isn't there when it is `problems` (`yes`, `no`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Filter {
    /// The column.
    pub column: String,
    /// The text.
    pub value: String,
}

/// The filter for rows that have a tag.
pub(super) const TAG: &str = "tag";
/// The filter for rows that others refer to, or not.
pub(super) const USED: &str = "used";
/// The filter for rows that something is odd about, or not.
pub(super) const PROBLEMS: &str = "problems";

/// Which rows, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ListQuery {
    /// Words that must all occur in a row, in any column or tag, each as the beginning of a word,
    /// in any case and with or without accents.
    pub search: Option<String>,
    /// The order; by time of insertion if not given.
    pub sort: Option<Sort>,
    /// Conditions that must all hold.
    pub filters: Vec<Filter>,
    /// How many rows to pass over.
    pub offset: u32,
    /// How many rows to return at most.
    pub limit: u32,
}

impl ListQuery {
    pub(super) fn check(&self, table: &Table) -> Result<()> {
        let sorted = self.sort.iter().map(|sort| &sort.column);
        let filtered = self.filters.iter().map(|filter| &filter.column);
        let filtered = filtered.filter(|column| ![TAG, USED, PROBLEMS].contains(&column.as_str()));
        let times = ["created_at", "changed_at"];
        let unknown = sorted
            .filter(|column| !times.contains(&column.as_str()))
            .chain(filtered)
            .find(|column| table.column(column).is_none());
        unknown.map_or(Ok(()), |column| {
            Err(Error::new(ErrorCode::Invalid, format!("{} have no column '{column}'.", table.plural)))
        })
    }
}

/// What a reference points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Link {
    /// The column that refers.
    pub column: String,
    /// The table referred to.
    pub table: TableName,
    /// The id referred to.
    pub id: String,
    /// What the row referred to is called; none if it isn't there.
    pub label: Option<String>,
}

/// A row with what a person wants to see beside it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Listed {
    /// The row: every column, null included.
    pub row: Row,
    /// What a person calls it.
    pub label: String,
    /// When it was made here, in UTC; unknown for rows made elsewhere.
    pub created_at: Option<String>,
    /// When it was last changed here, in UTC.
    pub changed_at: Option<String>,
    /// Its references that are set.
    pub links: Vec<Link>,
    /// Its values that are odd.
    pub marks: Vec<Mark>,
    /// Its tags, by name.
    pub tags: Vec<String>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Page {
    /// How many rows match in all.
    pub total: u64,
    /// The rows of this page.
    pub rows: Vec<Listed>,
}

impl Store {
    /// A page of a table's rows.
    pub async fn list(&self, table: TableName, query: &ListQuery) -> Result<Page> {
        let table = table.table();
        query.check(table)?;
        // One snapshot for the count and the page.
        let mut tx = self.pool().begin().await?;
        let found = self.found(&mut tx, table, query.search.as_deref().unwrap_or_default()).await?;
        let mut statement = sql::statement(sql::page(table, query, found.as_ref()));
        for bind in found.iter().flat_map(|found| &found.binds) {
            statement = statement.bind(bind);
        }
        for filter in &query.filters {
            statement = statement.bind(match filter.column.as_str() {
                PROBLEMS => marks::rows_missing_places(&mut tx, table).await?,
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
        marks::mark_missing_places(table, query, &mut rows);
        Ok(Page { total: total.unsigned_abs(), rows })
    }

    /// The first rows found, at most so many.
    pub(super) async fn first_found(
        &self,
        table: &'static Table,
        search: &str,
        limit: u32,
    ) -> Result<Vec<Listed>> {
        let mut tx = self.pool().begin().await?;
        let Some(found) = self.found(&mut tx, table, search).await? else { return Ok(Vec::new()) };
        let mut statement = sql::statement(sql::first_found(table, &found));
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

/// How many rows each table has.
pub async fn counts(database: &mut SqliteConnection) -> Result<Vec<TableCount>> {
    let mut counts = Vec::new();
    for table in TABLES {
        let count = sql::statement(sql::count(table)).fetch_one(&mut *database).await?;
        counts.push(TableCount { table: table.name, rows: count.try_get::<i64, _>(0)?.unsigned_abs() });
    }
    Ok(counts)
}

/// One row with all that is shown beside it.
pub(super) async fn get(database: &mut SqliteConnection, table: &'static Table, id: &str) -> Result<Listed> {
    let found = sql::statement(sql::find(table)).bind(id.to_owned()).fetch_optional(&mut *database).await?;
    let row = parsed(&found.ok_or_else(|| not_found(table, id))?)?;
    let times: Option<(String, String)> =
        sqlx::query_as("SELECT created_at, changed_at FROM studio_times WHERE table_name = ? AND row_id = ?")
            .bind(table.name.into_str())
            .bind(id)
            .fetch_optional(&mut *database)
            .await?;
    let (created, changed) = times.unzip();
    let mut rows = vec![listed(table, row, created, changed)];
    complete(database, table, &mut rows).await?;
    rows.pop().ok_or_else(|| not_found(table, id))
}

pub(super) fn not_found(table: &Table, id: &str) -> Error {
    Error::new(ErrorCode::NotFound, format!("There is no {} with the id '{id}'.", table.singular))
        .hint("It may have been deleted. Check the id.")
}

/// The row with that id.
pub async fn find(database: &mut SqliteConnection, table: &Table, id: &str) -> Result<Option<Row>> {
    let row = sql::statement(sql::find(table)).bind(id.to_owned()).fetch_optional(database).await?;
    row.map(|row| Ok(parsed(&row)?.row)).transpose()
}

/// The rows whose column equals a text, oldest first.
pub async fn rows_where(
    database: &mut SqliteConnection,
    table: &Table,
    column: &str,
    text: &str,
) -> Result<Vec<Row>> {
    let Some(column) = table.column(column) else { return Ok(Vec::new()) };
    rows_of(database, sql::rows_where(table, column), text).await
}

/// The rows of a statement that takes one text.
async fn rows_of(database: &mut SqliteConnection, statement: String, text: &str) -> Result<Vec<Row>> {
    let rows = sql::statement(statement).bind(text.to_owned()).fetch_all(database).await?;
    rows.iter().map(|row| Ok(parsed(row)?.row)).collect()
}

/// The oldest row whose column, trimmed, equals a text.
pub async fn row_named(
    database: &mut SqliteConnection,
    table: &Table,
    column: &str,
    text: &str,
) -> Result<Option<Row>> {
    let Some(column) = table.column(column) else { return Ok(None) };
    let row =
        sql::statement(sql::rows_named(table, column)).bind(text.to_owned()).fetch_optional(database).await?;
    row.map(|row| Ok(parsed(&row)?.row)).transpose()
}

/// A name that no row has: the one wanted, else that one with a number behind it.
pub async fn free_name(database: &mut SqliteConnection, table: &Table, wanted: &str) -> Result<String> {
    let (mut name, mut number) = (wanted.to_owned(), 2);
    while row_named(database, table, "name", &name).await?.is_some() {
        name = format!("{wanted}-{number}");
        number += 1;
    }
    Ok(name)
}

/// All of them, the oldest first.
pub(super) async fn rows_named(
    database: &mut SqliteConnection,
    table: &Table,
    column: &str,
    text: &str,
) -> Result<Vec<Row>> {
    let Some(column) = table.column(column) else { return Ok(Vec::new()) };
    rows_of(database, sql::rows_named(table, column), text).await
}

/// A row as it can be shown.
pub(super) struct Parsed {
    pub(super) row: Row,
    /// Whether other programs put bytes into its texts that are no text.
    pub(super) lossy: bool,
}

/// The row whose JSON is the first column.
pub(super) fn parsed(row: &SqliteRow) -> Result<Parsed> {
    let json = String::from_utf8_lossy(row.try_get(0)?);
    let lossy = matches!(json, Cow::Owned(_));
    let row = serde_json::from_str(&json).map_err(|error| Error::internal("reading a row", &error))?;
    Ok(Parsed { row, lossy })
}

/// A record of row, created_at and changed_at.
fn with_times(table: &Table, record: &SqliteRow) -> Result<Listed> {
    Ok(listed(table, parsed(record)?, record.try_get(1)?, record.try_get(2)?))
}

fn listed(
    table: &Table,
    Parsed { row, lossy }: Parsed,
    created_at: Option<String>,
    changed_at: Option<String>,
) -> Listed {
    let links = table.columns.iter().filter_map(|column| {
        let Kind::Reference { table } = column.kind else { return None };
        let id = row.get(column.name)?.as_str()?.to_owned();
        Some(Link { column: column.name.to_owned(), table, id, label: None })
    });
    Listed {
        label: table.label_of(&row),
        links: links.collect(),
        marks: table.columns.iter().filter_map(|column| mark(column, row.get(column.name)?, lossy)).collect(),
        tags: Vec::new(),
        row,
        created_at,
        changed_at,
    }
}

/// Fills in what stands in other tables.
async fn complete(database: &mut SqliteConnection, table: &'static Table, rows: &mut [Listed]) -> Result<()> {
    label_links(database, rows).await?;
    tags::fill_in(database, table, rows).await
}

/// Fills in what the rows referred to are called, with one query a table.
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

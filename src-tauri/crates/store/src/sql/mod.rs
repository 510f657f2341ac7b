//! Builds SQL text. Every identifier comes from the static declarations of the resources; every value
//! is bound.

mod adopt;
pub(crate) mod deleted;
mod export;
mod label;
mod lists;
mod marks;
mod metadata;
mod notes;
mod references;
mod rows;
mod search;
mod staging;

use schema::Result;
use sqlx::{
    AssertSqlSafe, SqlSafeStr, SqlStr, Sqlite, SqliteConnection, query::Query, sqlite::SqliteArguments,
};

pub(crate) use adopt::{add_column, clear_empty};
pub(crate) use export::exported;
pub(crate) use lists::{first_found, labels, page, rows_of_repository};
pub(crate) use marks::texts;
pub(crate) use notes::note_triggers;
pub(crate) use references::{count_referring, dangling, detach, ids_referred, ids_referring, referring};
pub(crate) use rows::{
    count, delete, find, insert, labeled_rows, rows_in_order, rows_named, rows_where, update,
};
pub(crate) use search::{
    empty_index, forget_words, forget_words_after, found, found_without_index, index_words, last_row,
    make_index, noted, words_after, words_of,
};
pub(crate) use staging::{
    CONFLICTING, REPEATED, SAME, empty, forget_metadata, has_rows, has_staged, set_staged, staged_ids,
};

/// The present time in UTC (RFC 3339, with milliseconds), as an expression.
pub(crate) const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

/// Executes statements that bind nothing, one after the other.
pub(crate) async fn execute_all(
    database: &mut SqliteConnection,
    statements: impl IntoIterator<Item = String>,
) -> Result<()> {
    for text in statements {
        statement(text).execute(&mut *database).await?;
    }
    Ok(())
}

/// A statement. Its text must consist of declarations only.
pub(crate) fn statement<'q>(text: String) -> Query<'q, Sqlite, SqliteArguments> {
    sqlx::query(safe(text))
}

/// The same with all its arguments.
pub(crate) fn statement_with<'q>(
    text: String,
    arguments: SqliteArguments,
) -> Query<'q, Sqlite, SqliteArguments> {
    sqlx::query_with(safe(text), arguments)
}

fn safe(text: String) -> SqlStr {
    AssertSqlSafe(text).into_sql_str()
}

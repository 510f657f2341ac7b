//! The only folder that assembles SQL. Every identifier comes from the static declarations of the
//! resources; every value is bound.

mod adopt;
mod beside;
pub mod deleted;
mod extent;
mod lists;
mod marks;
mod references;
mod rows;
mod search;
mod stages;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr, Sqlite, query::Query, sqlite::SqliteArguments};

pub(crate) use adopt::{add_column, clear_empty};
pub(crate) use beside::BESIDE;
pub use beside::Beside;
pub use extent::Extent;
use lists::label;
pub(crate) use lists::{first_found, labels, page};
pub(crate) use marks::texts;
pub(crate) use references::{count_referring, dangling, detach, ids_referred, ids_referring, referring};
pub use rows::count;
pub(crate) use rows::{all_rows, delete, find, insert, row_json, rows_named, rows_where, update};
pub(crate) use search::{
    empty_index, forget_words, forget_words_after, found, found_without_index, index_words, last_row,
    make_index, noted, words_after, words_of,
};
pub use stages::{CONFLICTING, REPEATED, SAME, Stage, StageColumn, Staged, empty, restore, stages};

/// A statement whose text is made of declarations only.
pub fn statement<'q>(text: String) -> Query<'q, Sqlite, SqliteArguments> {
    sqlx::query(safe(text))
}

fn safe(text: String) -> SqlStr {
    AssertSqlSafe(text).into_sql_str()
}

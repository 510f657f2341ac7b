//! Search: all words of a search occur in a row, in any column or tag, each as the beginning of a
//! word, in any case and with or without accents.
//!
//! An index answers, in a file that lives as long as the store is open: nothing of it is in the
//! database, in its copies or in their way, and making it takes a few seconds for 100,000 rows. It
//! follows the database in the background. What it lacks is known at any moment (rows past its
//! mark, rows noted since by triggers, whoever wrote them) and read by a search itself, so every
//! answer is right, only slower.

mod index;
mod words;

use serde::Serialize;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

pub(super) use index::Index;
use words::Wanted;

use super::{Listed, Store, sql};
use resources::TABLES;
use schema::Result;
use schema::Table;
use schema::TableName;

/// The first rows of one table that match a search.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Matches {
    /// The table.
    pub table: TableName,
    /// The rows.
    pub rows: Vec<Listed>,
}

/// How a search is asked for in SQL.
pub(crate) struct Found {
    /// Selects the rowids of the rows that match, each once; some may be of rows that are gone.
    pub(crate) rowids: String,
    /// What is bound in it.
    pub(crate) binds: Vec<String>,
}

impl Store {
    /// The first rows of every table that match, at most so many of each, tables without any left
    /// out.
    pub async fn search_everywhere(&self, search: &str, limit: u32) -> Result<Vec<Matches>> {
        let mut all = Vec::new();
        for table in TABLES {
            all.push(Matches { table: table.name, rows: self.first_found(table, search, limit).await? });
        }
        all.retain(|matches| !matches.rows.is_empty());
        Ok(all)
    }

    /// Which rows match, as this transaction sees them; nothing if the search has no words.
    pub(super) async fn found(
        &self,
        database: &mut SqliteConnection,
        table: &'static Table,
        search: &str,
    ) -> Result<Option<Found>> {
        let Some(wanted) = Wanted::of(search) else { return Ok(None) };
        // The index first: what is written in between is then in the rest.
        let state = self.index().state(database, table).await?;
        let Some(state) = state else {
            self.index().wake();
            let rest =
                scan(database, &wanted, sql::words_after(table), vec![Bind::Number(0), Bind::Number(-1)]);
            let binds = vec![list(&rest.await?)];
            return Ok(Some(Found { rowids: sql::found_without_index(), binds }));
        };
        let after = vec![Bind::Number(state.upto), Bind::Number(-1)];
        let mut rest = scan(database, &wanted, sql::words_after(table), after).await?;
        if !state.stale.is_empty() {
            let noted = vec![Bind::List(list(&state.stale)), Bind::Number(state.upto)];
            rest.extend(scan(database, &wanted, sql::words_of(table), noted).await?);
        }
        if state.behind {
            self.index().wake();
        }
        let binds = vec![wanted.expression(), state.upto.to_string(), list(&state.stale), list(&rest)];
        Ok(Some(Found { rowids: sql::found(table), binds }))
    }
}

enum Bind {
    Number(i64),
    List(String),
}

/// The rowids of the rows that have the words, read one after the other.
async fn scan(
    database: &mut SqliteConnection,
    wanted: &Wanted,
    statement: String,
    binds: Vec<Bind>,
) -> Result<Vec<i64>> {
    use tokio_stream::StreamExt as _;
    let mut query = sql::statement(statement);
    for bind in binds {
        query = match bind {
            Bind::Number(number) => query.bind(number),
            Bind::List(list) => query.bind(list),
        };
    }
    let mut rows = query.fetch(database);
    let mut found = Vec::new();
    while let Some(row) = rows.next().await {
        let (rowid, text) = text_of(&row?)?;
        if wanted.are_in(&text) {
            found.push(rowid);
        }
    }
    Ok(found)
}

/// Rowid and words of a row. Text may be any bytes in SQLite.
fn text_of(row: &SqliteRow) -> Result<(i64, String)> {
    let text: Vec<u8> = row.try_get_unchecked(1)?;
    Ok((row.try_get(0)?, String::from_utf8_lossy(&text).into_owned()))
}

fn list(rowids: &[i64]) -> String {
    serde_json::Value::from(rowids).to_string()
}

//! The rows of a table that match a search.

use schema::{Result, Table};
use sqlx::SqliteConnection;
use tokio_stream::StreamExt as _;

use super::{
    index::{list, text_of},
    words::Wanted,
};
use crate::{Store, sql};

/// A search as a part of a statement.
pub(crate) struct FoundRows {
    /// A query for the rowids of the matching rows, each once. Some of them may no longer exist.
    pub(crate) rowids: String,
    /// The binds of the query.
    pub(crate) binds: Vec<String>,
}

impl Store {
    /// The rows of a table that match in this transaction; `None` if the search has no words.
    pub(crate) async fn found(
        &self,
        database: &mut SqliteConnection,
        table: &'static Table,
        search: &str,
    ) -> Result<Option<FoundRows>> {
        let Some(wanted) = Wanted::from_search(search) else { return Ok(None) };
        // The state of the index is read first: rows that are written afterwards are then read here.
        let state = self.index.state(database, table).await?;
        let Some(state) = state else {
            self.index.wake();
            let rest =
                scan(database, &wanted, sql::words_after(table), vec![Bind::Number(0), Bind::Number(-1)]);
            let binds = vec![list(&rest.await?)];
            return Ok(Some(FoundRows { rowids: sql::found_without_index(), binds }));
        };
        let after = vec![Bind::Number(state.upto), Bind::Number(-1)];
        let mut rest = scan(database, &wanted, sql::words_after(table), after).await?;
        if !state.stale.is_empty() {
            let noted = vec![Bind::List(list(&state.stale)), Bind::Number(state.upto)];
            rest.extend(scan(database, &wanted, sql::words_of(table), noted).await?);
        }
        if state.behind {
            self.index.wake();
        }
        let binds = vec![wanted.expression(), state.upto.to_string(), list(&state.stale), list(&rest)];
        Ok(Some(FoundRows { rowids: sql::found(table), binds }))
    }
}

enum Bind {
    Number(i64),
    List(String),
}

/// The rowids of the rows of a statement that have all words.
async fn scan(
    database: &mut SqliteConnection,
    wanted: &Wanted,
    statement: String,
    binds: Vec<Bind>,
) -> Result<Vec<i64>> {
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

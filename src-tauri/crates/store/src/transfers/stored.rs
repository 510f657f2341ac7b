//! The rows of transfers: lists of them, and one by its id.

use schema::{Error, ErrorCode, Result};
use sqlx::{Row as _, Sqlite, SqliteConnection, SqliteExecutor, sqlite::SqliteRow};

use super::transfer::{NewTransfer, StoredTransfer, TransferProgress};
use crate::Store;

impl Store {
    /// All transfers: those that have not ended in the order of the queue, then the others, the newest first.
    pub async fn transfers(&self) -> Result<Vec<StoredTransfer>> {
        select(
            "ORDER BY ended_at IS NOT NULL, CASE WHEN ended_at IS NULL THEN place END, ended_at DESC",
            self.pool(),
        )
        .await
    }

    /// The transfers that a program has to look at, in the order of the queue: those that are queued or
    /// running, and cancelled ones whose partial files are still there.
    pub async fn unsettled_transfers(&self) -> Result<Vec<StoredTransfer>> {
        select("WHERE state IN ('queued', 'running') OR discards ORDER BY place", self.pool()).await
    }

    /// One transfer, by its id, or by the name of its repository if there is one transfer of that name.
    pub async fn transfer(&self, id: &str) -> Result<StoredTransfer> {
        let mut reading = self.pool().acquire().await?;
        find(&mut reading, id).await
    }
}

pub(super) async fn find(database: &mut SqliteConnection, id: &str) -> Result<StoredTransfer> {
    let rows = sqlx::query("SELECT * FROM studio_transfers WHERE id = ?1 OR name = ?1 ORDER BY id <> ?1")
        .bind(id)
        .fetch_all(database)
        .await?;
    match rows.as_slice() {
        [] => {
            let error = Error::new(ErrorCode::NotFound, format!("There is no transfer '{id}'."));
            Err(error.hint("The list of transfers has the ids and names of all."))
        }
        [one, rest @ ..] => {
            let first = transfer(one)?;
            if first.id != id && !rest.is_empty() {
                let error = Error::new(ErrorCode::Invalid, format!("There are several transfers of {id}."));
                return Err(error.hint("Give the id of one, which the list of transfers has."));
            }
            Ok(first)
        }
    }
}

/// The transfers of a `WHERE` or `ORDER BY` clause.
pub(crate) async fn select(
    condition: &str,
    database: impl SqliteExecutor<'_, Database = Sqlite>,
) -> Result<Vec<StoredTransfer>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT * FROM studio_transfers {condition}")))
        .fetch_all(database)
        .await?;
    rows.iter().map(transfer).collect()
}

fn transfer(row: &SqliteRow) -> Result<StoredTransfer> {
    let state: String = row.try_get("state")?;
    let revision: String = row.try_get("revision")?;
    Ok(StoredTransfer {
        id: row.try_get("id")?,
        of: NewTransfer {
            kind: row.try_get("kind")?,
            name: row.try_get("name")?,
            revision: Some(revision).filter(|revision| !revision.is_empty()),
            part: row.try_get("part")?,
            run: row.try_get("run_id")?,
        },
        state: state.parse().map_err(|text: String| Error::internal("reading a transfer", &text))?,
        place: row.try_get("place")?,
        progress: TransferProgress {
            commit: row.try_get("commit_hash")?,
            bytes: number(row.try_get("bytes_done")?),
            total: row.try_get::<Option<i64>, _>("bytes_total")?.map(number),
            files: number(row.try_get("files_done")?),
            of_files: row.try_get::<Option<i64>, _>("files_total")?.map(number),
            rate_bytes: row.try_get::<Option<i64>, _>("rate_bytes")?.map(number),
            rate_from: row.try_get("rate_from")?,
            at: row.try_get("progress_at")?,
        },
        code: row.try_get("code")?,
        message: row.try_get("message")?,
        hint: row.try_get("hint")?,
        fetched: row.try_get("fetched")?,
        discards: row.try_get("discards")?,
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        ended_at: row.try_get("ended_at")?,
    })
}

/// A count of bytes or files, which SQLite keeps with a sign.
fn number(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or_default()
}

//! Checks a file before it is opened for writing, so that files of other programs are not changed.

use std::{
    fs::{self, File},
    io::Read,
    path::Path,
    time::Duration,
};

use resources::TABLES;
use schema::{Error, ErrorCode, Result};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::migrate::{self, MIGRATIONS_TABLE};

/// How long opening waits for a program that has locked the database exclusively.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// How long a change waits for another, which may be a large import.
pub(super) const WRITING_PATIENCE: Duration = Duration::from_secs(60);

/// What exists at the path of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// No file, or an empty one.
    Nothing,
    /// A database with all migrations.
    Current,
    /// A database of an older version of this program.
    Older,
    /// A database of the reference studio.
    Reference,
}

/// Determines what the file is. A file that can't be opened is an error.
pub(super) async fn probe(path: &Path) -> Result<Found> {
    if !look_at_file(path)? {
        return Ok(Found::Nothing);
    }
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(PATIENCE);
    let opened = async {
        let mut database = options.clone().read_only(true).connect().await?;
        if look(&mut database).await == Looked::Interrupted {
            database = options.connect().await?;
        }
        let found = look_at_tables(path, &mut database).await;
        database.close().await?;
        found
    };
    opened.await.map_err(|error| naming(path, error))
}

/// The result of a first read through a read-only connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looked {
    /// It succeeded, or failed with an error that the next statement repeats.
    Readable,
    /// A program ended during a transaction. SQLite must roll it back before a read, for which it
    /// writes.
    Interrupted,
    /// SQLite needs files next to the database to read it, and can't create them.
    Unwritable,
}

/// Reads from the schema and classifies the result code (<https://sqlite.org/rescode.html>).
pub(crate) async fn look(database: &mut SqliteConnection) -> Looked {
    let read = sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1").fetch_optional(database).await;
    let code = read.as_ref().err().and_then(|error| error.as_database_error()?.code());
    match code.as_deref() {
        // SQLITE_READONLY_ROLLBACK
        Some("776") => Looked::Interrupted,
        // SQLITE_CANTOPEN, SQLITE_READONLY and SQLITE_READONLY_CANTINIT, _CANTLOCK, _DIRECTORY
        Some("14" | "8" | "1288" | "520" | "1544") => Looked::Unwritable,
        _ => Looked::Readable,
    }
}

/// Adds the path of the file to an error that does not contain it.
pub fn naming(path: &Path, error: Error) -> Error {
    let path = path.display().to_string();
    if error.message.contains(&path) {
        return error;
    }
    Error { message: format!("{path}: {}", error.message), ..error }
}

/// Whether there is a file that is not empty. One that is not an SQLite database is an error.
fn look_at_file(path: &Path) -> Result<bool> {
    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        other => other.map_err(|error| Error::file("open", path, &error))?,
    };
    let shown = path.display();
    if !metadata.is_file() {
        return Err(Error::new(ErrorCode::NotADatabase, format!("{shown} is not a file."))
            .hint("Choose an SQLite file, or a name for a new one."));
    }
    if metadata.permissions().readonly() {
        return Err(Error::new(ErrorCode::ReadOnly, format!("{shown} is read-only."))
            .hint("Make the file writable, or open a copy of it."));
    }
    if metadata.len() == 0 {
        return Ok(false);
    }
    let mut header = Vec::new();
    let file = File::open(path).map_err(|error| Error::file("open", path, &error))?;
    file.take(16).read_to_end(&mut header).map_err(|error| Error::file("read", path, &error))?;
    if header != b"SQLite format 3\0" {
        return Err(Error::new(ErrorCode::NotADatabase, format!("{shown} is not an SQLite database."))
            .hint("Choose another file. This one was left as it is."));
    }
    Ok(true)
}

async fn look_at_tables(path: &Path, database: &mut SqliteConnection) -> Result<Found> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .fetch_all(&mut *database)
    .await?;
    if names.is_empty() {
        return Ok(Found::Nothing);
    }
    let has = |name: &str| names.iter().any(|known| known == name);
    if has(MIGRATIONS_TABLE) {
        let applied = migrate::applied(database).await?;
        return match applied.cmp(&migrate::latest()) {
            std::cmp::Ordering::Less => Ok(Found::Older),
            std::cmp::Ordering::Equal => Ok(Found::Current),
            std::cmp::Ordering::Greater => Err(Error::new(
                ErrorCode::Newer,
                format!("{} was written by a newer version of Fine Tuning Studio.", path.display()),
            )
            .hint("Update the program, or open another database. This one was left as it is.")),
        };
    }
    // The reference studio has the tables of the first migration alone.
    let mut reference = TABLES.iter().filter(|table| table.since == 1);
    if reference.all(|table| has(table.name.into_str())) {
        return Ok(Found::Reference);
    }
    Err(Error::new(ErrorCode::NotAStudio, format!("{} is a database of another program.", path.display()))
        .hint("Choose a studio's database, or a name for a new one. This file was left as it is."))
}

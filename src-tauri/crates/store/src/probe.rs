//! Checks a file before it is opened for writing, so that files of other programs are not changed.

use std::{
    env,
    fs::{self, File},
    io::Read,
    path::Path,
    time::Duration,
};

use resources::TABLES;
use schema::{Error, ErrorCode, Result};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    migrate::{self, MIGRATIONS_TABLE},
    reading::{PATIENCE, Reading, behind_links, beside},
};

/// How long a change waits for another, which may be a large import.
pub(super) const WRITING_PATIENCE: Duration = Duration::from_secs(60);

/// What exists at the path of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatabaseKind {
    /// No file, or an empty one.
    Nothing,
    /// A database with all migrations.
    Current,
    /// A database of an older version of this program.
    Older,
    /// A database of the reference studio.
    Reference,
}

/// The number of tables of the reference studio from which on a database is one of an older studio. Other
/// programs have one of the names: MLflow has `datasets`.
const STUDIO_TABLES: usize = 3;

/// Determines what the file is. A file that can't be opened is an error.
pub(super) async fn probe(path: &Path) -> Result<DatabaseKind> {
    if !look_at_file(path)? {
        return Ok(DatabaseKind::Nothing);
    }
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(PATIENCE);
    let opened = async {
        let file = behind_links(path).map_err(|error| Error::file("open", path, &error))?;
        let [_, _, index] = beside(&file);
        // Without an index, no connection uses a log. The database may be one of another program, next to
        // which no file may be left.
        if !index.exists() {
            let mut reading = Reading::open(path, &env::temp_dir()).await?;
            let looked = look(&mut reading.database).await;
            let found = look_at_tables(path, &mut reading.database).await;
            match looked {
                Looked::UnknownFormat => return Err(unknown_format(path)),
                Looked::Readable if reading.close().await.is_ok() => return found,
                // It must be rolled back, or was changed meanwhile: it is read again with its locks.
                _ => {}
            }
        }
        let mut database = options.clone().read_only(true).connect().await?;
        match look(&mut database).await {
            Looked::Readable => {}
            Looked::UnknownFormat => return Err(unknown_format(path)),
            Looked::Interrupted => database = options.connect().await?,
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
    /// SQLite does not know the format of its tables.
    UnknownFormat,
}

/// Reads from the schema and classifies the result code (<https://sqlite.org/rescode.html>).
pub(crate) async fn look(database: &mut SqliteConnection) -> Looked {
    let read = sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1").fetch_optional(database).await;
    let code = read.as_ref().err().and_then(|error| error.as_database_error()?.code());
    match code.as_deref() {
        // SQLITE_READONLY_ROLLBACK
        Some("776") => Looked::Interrupted,
        // SQLITE_ERROR: nothing is wrong with the statement itself.
        Some("1") => Looked::UnknownFormat,
        _ => Looked::Readable,
    }
}

/// The refusal of a database with such a format.
pub(crate) fn unknown_format(path: &Path) -> Error {
    Error::new(
        ErrorCode::Damaged,
        format!("{} is damaged, or a database in a format that SQLite does not know.", path.display()),
    )
    .hint("Get the file again, or choose another. It was left as it is.")
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

async fn look_at_tables(path: &Path, database: &mut SqliteConnection) -> Result<DatabaseKind> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .fetch_all(&mut *database)
    .await?;
    if names.is_empty() {
        return Ok(DatabaseKind::Nothing);
    }
    let has = |name: &str| names.iter().any(|known| known == name);
    if has(MIGRATIONS_TABLE) {
        let applied = migrate::applied(database).await?;
        return match applied.cmp(&migrate::latest()) {
            std::cmp::Ordering::Less => Ok(DatabaseKind::Older),
            std::cmp::Ordering::Equal => Ok(DatabaseKind::Current),
            std::cmp::Ordering::Greater => Err(Error::new(
                ErrorCode::Newer,
                format!("{} was written by a newer version of Fine Tuning Studio.", path.display()),
            )
            .hint("Update the program, or open another database. This one was left as it is.")),
        };
    }
    // The reference studio has the tables of the first migration, and no later one.
    let reference = TABLES.iter().filter(|table| table.since == 1).map(|table| table.name.into_str());
    let (there, missing): (Vec<_>, Vec<_>) = reference.partition(|name| has(name));
    if missing.is_empty() {
        return Ok(DatabaseKind::Reference);
    }
    if there.len() >= STUDIO_TABLES {
        let tables = if missing.len() == 1 { "table" } else { "tables" };
        let missing = missing.join("', '");
        return Err(Error::new(
            ErrorCode::NotAStudio,
            format!(
                "{} is the database of an older studio, without the {tables} '{missing}'.",
                path.display()
            ),
        )
        .hint("Open or create another database and import this file there. It was left as it is."));
    }
    Err(Error::new(ErrorCode::NotAStudio, format!("{} is a database of another program.", path.display()))
        .hint("Choose a studio's database, or a name for a new one. This file was left as it is."))
}

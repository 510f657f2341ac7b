//! Errors of the database library in words for people, for the crate that talks to the database.

use crate::{Error, ErrorCode};

/// The primary result code is the low byte of SQLite's extended one
/// (<https://sqlite.org/rescode.html>).
fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<i32>().ok().map(|code| code & 0xff)
}

fn held() -> Error {
    Error::new(ErrorCode::Locked, "Another program is holding the database.")
        .hint("Wait until it is done, or close it, then try again.")
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        const BUSY: i32 = 5;
        const LOCKED: i32 = 6;
        const READONLY: i32 = 8;
        const IOERR: i32 = 10;
        const CORRUPT: i32 = 11;
        const FULL: i32 = 13;
        const CANTOPEN: i32 = 14;
        const NOTADB: i32 = 26;
        tracing::debug!("database: {error}");
        match sqlite_code(&error) {
            Some(BUSY | LOCKED) => held(),
            None if matches!(error, sqlx::Error::PoolTimedOut) => held(),
            Some(READONLY | CANTOPEN) => {
                Self::new(ErrorCode::ReadOnly, "The database or its folder can't be written.")
                    .hint("Change the permissions, or use a database in another folder.")
            }
            Some(IOERR) => {
                Self::new(ErrorCode::File, "The disk could not be read or written. It may be full.")
                    .hint("Free some space or check the disk, then try again. Nothing was changed.")
            }
            Some(CORRUPT) => Self::new(ErrorCode::Damaged, "The database file is damaged.")
                .hint("Restore a copy of it. The file was left as it is."),
            Some(NOTADB) => Self::new(ErrorCode::NotADatabase, "The file is not an SQLite database.")
                .hint("Choose another file. This one was left as it is."),
            Some(FULL) => Self::new(ErrorCode::File, "The disk is full. Nothing was changed.")
                .hint("Free some space, then try again."),
            _ => Self::internal("working with the database", &error),
        }
    }
}

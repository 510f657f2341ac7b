//! The files of backups.
//!
//! A backup is a file in `backups/` next to the database, called
//! `<database>.<time in UTC>.<reason>.sqlite`; the time is its id. There is no other list of them, so
//! files can be moved away and back.

use std::path::{Path, PathBuf};

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use schema::{Error, ErrorCode, Result, text_enum};
use serde::Serialize;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::vacuum::copy_database;

text_enum! {
    /// Why a backup was made.
    pub enum BackupReason {
        /// A user requested it.
        Manual = "manual", "Made by hand";
        /// It was made before an import.
        Import = "import", "Before an import";
        /// It was made before another backup was restored.
        Restore = "restore", "Before a restore";
        /// It was made before a migration.
        Update = "update", "Before an update";
    }
}

/// A copy of the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Backup {
    /// The time in the name of the file, in UTC to the millisecond.
    pub id: String,
    /// Why it was made.
    pub reason: BackupReason,
    /// When it was made, in UTC (RFC 3339).
    pub created_at: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The path of the file.
    pub path: String,
}

const ID_FORM: &str = "%Y%m%d-%H%M%S-%3f";

impl Backup {
    fn from_path(path: &Path, database: &Path) -> Option<Self> {
        let stem = database.file_stem()?.to_str()?;
        let name = path.file_name()?.to_str()?.strip_prefix(stem)?.strip_prefix('.')?;
        let (id, reason) = name.strip_suffix(".sqlite")?.split_once('.')?;
        Some(Self {
            id: id.to_owned(),
            reason: reason.parse().ok()?,
            created_at: time_of(id)?.to_string(),
            bytes: path.metadata().ok().filter(std::fs::Metadata::is_file)?.len(),
            path: path.display().to_string(),
        })
    }
}

pub(super) fn time_of(id: &str) -> Option<Timestamp> {
    jiff::civil::DateTime::strptime(ID_FORM, id)
        .ok()?
        .to_zoned(TimeZone::UTC)
        .ok()
        .map(|time| time.timestamp())
}

pub(crate) fn folder(database: &Path) -> PathBuf {
    database.parent().unwrap_or(Path::new(".")).join("backups")
}

/// Copies the database of the connection, and checks the copy.
pub(crate) async fn make(
    path: &Path,
    database: &mut SqliteConnection,
    reason: BackupReason,
) -> Result<Backup> {
    let folder = folder(path);
    let is_new = !folder.exists();
    std::fs::create_dir_all(&folder).map_err(|error| Error::file("create", &folder, &error))?;
    let made = make_in(&folder, path, database, reason).await;
    if made.is_err() && is_new {
        // It is empty, or holds what another program put there meanwhile, and then stays.
        let _ = std::fs::remove_dir(&folder);
    }
    made
}

async fn make_in(
    folder: &Path,
    path: &Path,
    database: &mut SqliteConnection,
    reason: BackupReason,
) -> Result<Backup> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut time = Timestamp::now();
    let target = loop {
        let id = time.strftime(ID_FORM);
        let taken = list(path).is_ok_and(|all| all.iter().any(|backup| backup.id == id.to_string()));
        if !taken {
            break folder.join(format!("{stem}.{id}.{reason}.sqlite"));
        }
        time += 1.millisecond();
    };
    copy_database(database, &target).await?;
    verify(&target).await?;
    Backup::from_path(&target, path).ok_or_else(|| Error::internal("making a backup", &target.display()))
}

pub(super) async fn verify(copy: &Path) -> Result<()> {
    // SQLite opens an empty file as a database without tables.
    if std::fs::metadata(copy).map_err(|error| Error::file("read", copy, &error))?.len() == 0 {
        return Err(Error::new(ErrorCode::Damaged, format!("The backup {} is empty.", copy.display()))
            .hint("Use another one. The database was not changed."));
    }
    let options = SqliteConnectOptions::new().filename(copy).read_only(true).immutable(true);
    let mut database = options.connect().await?;
    let verdict: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut database).await?;
    database.close().await?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(Error::new(ErrorCode::Damaged, format!("The backup {} is damaged: {verdict}.", copy.display()))
        .hint("Check the disk, then try again. The database was not changed."))
}

/// The backups of a database, the latest first.
pub(super) fn list(database: &Path) -> Result<Vec<Backup>> {
    let folder = folder(database);
    let entries = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| Error::file("read", &folder, &error))?,
    };
    let mut backups: Vec<Backup> =
        entries.flatten().filter_map(|entry| Backup::from_path(&entry.path(), database)).collect();
    backups.sort_by(|a, b| b.id.cmp(&a.id));
    Ok(backups)
}

//! Copies of the database: made before anything drastic and whenever a person asks, kept by a
//! rule, and brought back in one transaction.
//!
//! A backup is a file in `backups/` beside the database, called
//! `<database>.<time in UTC>.<reason>.sqlite`; the time is its id. There is no list of them
//! elsewhere, so a file that is moved away or back needs no bookkeeping.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use platform::{Progress, UNFINISHED_PREFIX, UNFINISHED_SUFFIX, Work};
use schema::{Error, ErrorCode, Result, text_enum};
use serde::{Deserialize, Serialize};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{
    Store,
    copy::copy_database,
    probe::{WRITING_PATIENCE, naming},
    read::counts,
    setting::{set_setting, setting},
    sql,
    staging::SNAPSHOT_TABLES,
};

text_enum! {
    /// Why a backup was made.
    pub enum BackupReason {
        /// A person asked for it.
        Manual = "manual", "Made by hand";
        /// An import was about to begin.
        Import = "import", "Before an import";
        /// Another backup was about to be brought back.
        Restore = "restore", "Before a restore";
        /// The database was about to be brought to a newer schema.
        Update = "update", "Before an update";
    }
}

/// A copy of the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Backup {
    /// Its time of making, in UTC to the millisecond, as it stands in the file's name.
    pub id: String,
    /// Why it was made.
    pub reason: BackupReason,
    /// When it was made, in UTC (RFC 3339).
    pub created_at: String,
    /// Its size.
    pub bytes: u64,
    /// The file.
    pub path: String,
}

/// Which backups are kept. Those made by hand always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct BackupRule {
    /// This many of the latest.
    pub keep_last: u32,
    /// For this many days, the last one of each day.
    pub keep_days: u32,
}

impl Default for BackupRule {
    fn default() -> Self {
        Self { keep_last: 10, keep_days: 30 }
    }
}

const ID_FORM: &str = "%Y%m%d-%H%M%S-%3f";
const RULE: &str = "backup_rule";

impl Backup {
    fn of(path: &Path, database: &Path) -> Option<Self> {
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

fn time_of(id: &str) -> Option<Timestamp> {
    jiff::civil::DateTime::strptime(ID_FORM, id)
        .ok()?
        .to_zoned(TimeZone::UTC)
        .ok()
        .map(|time| time.timestamp())
}

pub(super) fn folder(database: &Path) -> PathBuf {
    database.parent().unwrap_or(Path::new(".")).join("backups")
}

/// Copies the database that the connection reads, and makes sure the copy opens.
pub(super) async fn make(
    path: &Path,
    database: &mut SqliteConnection,
    reason: BackupReason,
) -> Result<Backup> {
    let folder = folder(path);
    std::fs::create_dir_all(&folder).map_err(|error| Error::file("create", &folder, &error))?;
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
    Backup::of(&target, path).ok_or_else(|| Error::internal("making a backup", &target.display()))
}

async fn verify(copy: &Path) -> Result<()> {
    // An empty file passes for a database without tables.
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
        entries.flatten().filter_map(|entry| Backup::of(&entry.path(), database)).collect();
    backups.sort_by(|a, b| b.id.cmp(&a.id));
    Ok(backups)
}

/// The backups the rule lets go of. `backups` is sorted, the latest first.
fn surplus(backups: &[Backup], rule: BackupRule, now: Timestamp) -> Vec<&Backup> {
    let mut days = HashSet::new();
    let automatic = backups.iter().filter(|backup| backup.reason != BackupReason::Manual);
    automatic
        .enumerate()
        .filter(|(at, backup)| {
            let age_days = time_of(&backup.id).map_or(0, |made| now.duration_since(made).as_hours() / 24);
            let last_of_its_day = days.insert(backup.id.get(..8));
            let kept_for_its_day = last_of_its_day && age_days < i64::from(rule.keep_days);
            *at >= rule.keep_last as usize && !kept_for_its_day
        })
        .map(|(_, backup)| backup)
        .collect()
}

impl Store {
    /// Copies the database to `backups/`, and lets go of backups that the rule does not keep.
    pub async fn back_up(&self, reason: BackupReason) -> Result<Backup> {
        let mut database = self.pool().acquire().await?;
        let made = make(self.path(), &mut database, reason).await?;
        drop(database);
        let rule = self.backup_rule().await?;
        for old in surplus(&self.backups()?, rule, Timestamp::now()) {
            if old.id != made.id {
                // One that can't be removed is tried again next time.
                let _ = std::fs::remove_file(&old.path)
                    .inspect_err(|error| tracing::warn!("{}: {error}", old.path));
            }
        }
        Ok(made)
    }

    /// The backups of this database, the latest first.
    pub fn backups(&self) -> Result<Vec<Backup>> {
        list(self.path())
    }

    /// Which backups are kept.
    pub async fn backup_rule(&self) -> Result<BackupRule> {
        setting(self.pool(), RULE).await
    }

    /// Sets which backups are kept. It takes effect with the next backup.
    pub async fn set_backup_rule(&self, rule: BackupRule) -> Result<()> {
        let mut tx = self.write().await?;
        set_setting(&mut tx, RULE, &rule).await?;
        Ok(tx.commit().await?)
    }

    fn backup(&self, id: &str) -> Result<Backup> {
        self.backups()?.into_iter().find(|backup| backup.id == id).ok_or_else(|| {
            Error::new(ErrorCode::NotFound, format!("There is no backup '{id}' of this database."))
                .hint("Check the list of backups.")
        })
    }

    /// Deletes a backup.
    pub fn delete_backup(&self, id: &str) -> Result<()> {
        let path = PathBuf::from(self.backup(id)?.path);
        std::fs::remove_file(&path).map_err(|error| Error::file("delete", &path, &error))
    }

    /// Puts the rows of a backup in place of the store's in one transaction, and returns the backup
    /// of what was there before. Other programs that have the database open see one state or the
    /// other. Progress is in rows. When it is stopped, nothing is changed.
    pub async fn restore(&self, id: &str, work: &Work) -> Result<Backup> {
        work.tick(Progress { done: 0, total: None, rows: 0 })?;
        let backup = PathBuf::from(self.backup(id)?.path);
        verify(&backup).await.map_err(|error| naming(&backup, error))?;
        // A copy, brought to today's schema: the backup itself stays what it is.
        let folder = tempfile::Builder::new()
            .prefix(UNFINISHED_PREFIX)
            .suffix(UNFINISHED_SUFFIX)
            .tempdir_in(folder(self.path()))
            .map_err(|error| Error::file("write", self.path(), &error))?;
        let copy = folder.path().join("restored.sqlite");
        std::fs::copy(&backup, &copy).map_err(|error| Error::file("copy", &backup, &error))?;
        let restored = Self::open_unguarded(&copy).await?;
        let total =
            counts(&mut *restored.pool().acquire().await?).await?.iter().map(|count| count.rows).sum();
        restored.close().await;

        let mut database = self.outside_connection().await?;
        sqlx::query("ATTACH ? AS restored").bind(copy.display().to_string()).execute(&mut database).await?;
        let mut tx = database.begin_with("BEGIN IMMEDIATE").await?;
        // The write lock is held and nothing is changed yet: this is exactly what was there.
        let before = self.back_up(BackupReason::Restore).await?;
        let mut done = 0;
        for table in SNAPSHOT_TABLES.iter() {
            work.tick(Progress { done, total: Some(total), rows: done })?;
            let [delete, insert] = table.restore();
            sql::statement(delete).execute(&mut *tx).await?;
            let inserted = sql::statement(insert).execute(&mut *tx).await?.rows_affected();
            done += table.resource().map_or(0, |_| inserted);
        }
        // An index that follows the database by its notes is made anew, which is less work than to
        // follow every row.
        sqlx::query("DELETE FROM main.studio_search_notes").execute(&mut *tx).await?;
        // The last moment to stop.
        work.tick(Progress { done: total, total: Some(total), rows: total })?;
        tx.commit().await?;
        database.close().await?;
        Ok(before)
    }

    /// A connection of its own, for work that needs attached databases or rows whose references
    /// point nowhere.
    pub(super) async fn outside_connection(&self) -> Result<SqliteConnection> {
        let options = SqliteConnectOptions::new()
            .filename(self.path())
            .foreign_keys(false)
            .busy_timeout(WRITING_PATIENCE);
        Ok(options.connect().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backup(id: &str, reason: BackupReason) -> Backup {
        Backup { id: id.into(), reason, created_at: String::new(), bytes: 0, path: String::new() }
    }

    #[test]
    fn the_rule_keeps_the_latest_and_one_a_day() {
        let now = time_of("20260131-120000-000").unwrap();
        let import = |id: &str| backup(id, BackupReason::Import);
        let all = [
            import("20260131-110000-000"),
            import("20260131-100000-000"),
            import("20260131-090000-000"),
            import("20260130-090000-000"),
            import("20260130-080000-000"),
            backup("20260130-070000-000", BackupReason::Manual),
            import("20260129-080000-000"),
            import("20251201-080000-000"),
        ];
        let rule = BackupRule { keep_last: 2, keep_days: 2 };
        let gone: Vec<&str> = surplus(&all, rule, now).iter().map(|backup| backup.id.as_str()).collect();
        assert_eq!(
            gone,
            ["20260131-090000-000", "20260130-080000-000", "20260129-080000-000", "20251201-080000-000"]
        );
    }
}

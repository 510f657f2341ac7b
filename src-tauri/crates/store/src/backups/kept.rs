//! Backups of the open database: made, listed, deleted, and kept by a rule.

use std::{collections::HashSet, path::PathBuf};

use jiff::Timestamp;
use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};

use super::backup::{Backup, BackupReason, list, make, time_of};
use crate::{Store, setting::setting};

/// Which backups are kept. Backups of the reason `Manual` always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct BackupRule {
    /// The number of latest backups that are kept.
    pub keep_last: u32,
    /// The number of days of which the last backup of each day is kept.
    pub keep_days: u32,
}

impl Default for BackupRule {
    fn default() -> Self {
        Self { keep_last: 10, keep_days: 30 }
    }
}

const RULE: &str = "backup_rule";

impl Store {
    /// Copies the database to `backups/`, and deletes the backups that the rule does not keep.
    pub async fn back_up(&self, reason: BackupReason) -> Result<Backup> {
        let mut database = self.pool().acquire().await?;
        let made = make(self.path(), &mut database, reason).await?;
        drop(database);
        let rule = self.backup_rule().await?;
        for old in surplus(&self.backups()?, rule, Timestamp::now()) {
            if old.id != made.id {
                // The next backup tries again.
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
        self.set_setting(RULE, &rule).await
    }

    pub(super) fn backup(&self, id: &str) -> Result<Backup> {
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
}

/// The backups that the rule does not keep. `backups` is sorted, the latest first.
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

#[cfg(test)]
#[path = "../../tests/unit/kept_backups.rs"]
mod tests;

//! `fts backup`: copies of the database.

use clap::{Args, Subcommand};
use serde_json::json;
use studio::store::BackupReason;
use studio::{
    schema::TextEnum as _,
    store::{Backup, BackupRule},
};

use crate::{
    output::{Output, print, print_json, print_table},
    progress::watched,
    session::{DONE, Outcome, Session},
};

#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    Create(Create),
    List(List),
    Restore(Restore),
}

/// Without a subcommand a backup is created.
impl Default for BackupCommand {
    fn default() -> Self {
        Self::Create(Create {})
    }
}

/// Copy the database to the folder `backups` beside it
#[derive(Debug, Args)]
pub(crate) struct Create {}

/// List the backups, or set how many are kept
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Keep this many of the latest backups
    #[arg(long, value_name = "N")]
    keep_last: Option<u32>,
    /// Keep the last backup of each day for this many days
    #[arg(long, value_name = "N")]
    keep_days: Option<u32>,
}

/// Replace the database by a backup; the current content is backed up first
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The id of the backup, from `fts backup list`
    id: String,
}

impl BackupCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let (studio, output) = (session.studio().await?, &session.output);
        match self {
            Self::Create(Create {}) => {
                print_backup(output, "Created backup", &studio.store().back_up(BackupReason::Manual).await?)
            }
            Self::List(List { keep_last, keep_days }) => {
                let mut rule = studio.store().backup_rule().await?;
                if keep_last.is_some() || keep_days.is_some() {
                    rule.keep_last = keep_last.unwrap_or(rule.keep_last);
                    rule.keep_days = keep_days.unwrap_or(rule.keep_days);
                    studio.store().set_backup_rule(rule).await?;
                }
                print_backups(output, rule, &studio.store().backups()?);
            }
            Self::Restore(Restore { id }) => {
                let before = studio.store().restore(&id, &watched(output)).await?;
                print_backup(output, "Restored. The content before is kept as backup", &before);
            }
        }
        DONE
    }
}

fn print_backup(output: &Output, what: &str, backup: &Backup) {
    if output.json(backup) {
        return;
    }
    print(&format!("{what} {} ({} bytes).", backup.id, backup.bytes));
}

fn print_backups(output: &Output, rule: BackupRule, backups: &[Backup]) {
    if output.json {
        return print_json(&json!({"rule": rule, "backups": backups}));
    }
    let rows = backups.iter().map(|backup| {
        let reason = backup.reason.label().to_owned();
        vec![backup.id.clone(), backup.created_at.clone(), reason, backup.bytes.to_string()]
    });
    print_table(["id", "created", "reason", "bytes"], rows);
    let BackupRule { keep_last, keep_days } = rule;
    print(&format!("Kept: the latest {keep_last}, and the last of each day for {keep_days} days."));
}

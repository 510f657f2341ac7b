//! Words about what was deleted.

use clap::{Subcommand, ValueEnum};
use serde_json::json;
use studio::{
    Error, ErrorCode, Result, Studio,
    store::{BringBack, BroughtBack, DeletedPage, MissingReferences, NewName, RowKey},
};

use crate::output::{Output, print, print_table};

#[derive(Debug, Subcommand)]
pub(crate) enum DeletedCommand {
    /// List what was deleted in the last thirty days and can be brought back
    Deleted {
        /// How many deletions to show at most
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
        /// How many to pass over
        #[arg(long, value_name = "N", default_value_t = 0)]
        offset: u32,
    },
    /// Bring back what was deleted together, with the references to it
    BringBack {
        /// The deletion, by its number in the list
        deletion: i64,
        /// Only these rows, such as models/ID
        #[arg(long = "row", value_parser = key, value_name = "TABLE/ID")]
        rows: Vec<RowKey>,
        /// What happens to references whose rows are gone
        #[arg(long, value_enum, default_value_t = Missing::Refuse)]
        missing: Missing,
        /// Another name for a row whose name is taken, such as models/ID=NAME
        #[arg(long = "name", value_parser = name, value_name = "TABLE/ID=NAME")]
        names: Vec<NewName>,
    },
    /// Let go for good of what was deleted together
    Purge {
        /// The deletion, by its number in the list
        deletion: i64,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Missing {
    /// Bring back nothing while there are any
    Refuse,
    /// Bring back what they refer to as well
    BringBack,
    /// Bring the rows back without them
    Clear,
}

impl From<Missing> for MissingReferences {
    fn from(choice: Missing) -> Self {
        match choice {
            Missing::Refuse => Self::Refuse,
            Missing::BringBack => Self::BringBack,
            Missing::Clear => Self::Clear,
        }
    }
}

fn key(text: &str) -> Result<RowKey, String> {
    let (table, id) = text.split_once('/').ok_or("write it as TABLE/ID")?;
    Ok(RowKey { table: table.parse()?, id: id.to_owned() })
}

fn name(text: &str) -> Result<NewName, String> {
    let (row, name) = text.split_once('=').ok_or("write it as TABLE/ID=NAME")?;
    Ok(NewName { row: key(row)?, name: name.to_owned() })
}

impl DeletedCommand {
    pub(crate) async fn run(self, studio: &Studio, output: &Output) -> Result<()> {
        match self {
            Self::Deleted { limit, offset } => listed(output, &studio.deleted(offset, limit).await?),
            Self::BringBack { deletion, rows, missing, names } => {
                let rows = (!rows.is_empty()).then_some(rows);
                let request = BringBack { rows, missing: missing.into(), names };
                let back = studio.bring_back(deletion, &request).await;
                brought_back(output, &back.map_err(worded)?);
            }
            Self::Purge { deletion } => {
                studio.purge(deletion).await?;
                if !output.json(&json!({ "purged": deletion })) {
                    print(&format!("Deletion {deletion} is gone for good."));
                }
            }
        }
        Ok(())
    }
}

/// Says the ways out in this program's words.
fn worded(error: Error) -> Error {
    if error.code != ErrorCode::Conflict {
        return error;
    }
    error.hint("Use --missing bring-back or --missing clear for what is gone, --name for a taken name, or --row to bring back the others.")
}

fn listed(output: &Output, page: &DeletedPage) {
    if output.json(page) {
        return;
    }
    let rows = page.deletions.iter().map(|deletion| {
        let kept = deletion.kept_until.get(..10).unwrap_or_default();
        vec![deletion.id.to_string(), deletion.what.clone(), deletion.deleted_at.clone(), kept.to_owned()]
    });
    print_table(["", "what", "deleted", "kept until"], rows);
    let noun = if page.total == 1 { "deletion" } else { "deletions" };
    print(&format!("{} of {} {noun}", page.deletions.len(), page.total));
}

fn brought_back(output: &Output, back: &BroughtBack) {
    if output.json(back) {
        return;
    }
    print(&format!("Brought back {}.", back.what));
    if back.references > 0 {
        print(&format!("Set {} references again.", back.references));
    }
}

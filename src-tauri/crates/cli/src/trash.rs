//! `fts trash`: deleted rows.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use studio::{
    Error, ErrorCode,
    store::{DeletedPage, MissingReferences, NewName, RowKey, UndeleteRequest, Undeleted},
};

use crate::{
    output::{Output, print, print_table},
    session::{DONE, Outcome, Session},
};

#[derive(Debug, Subcommand)]
pub(crate) enum TrashCommand {
    List(List),
    Restore(Restore),
    Purge(Purge),
}

/// List the deletions of the last thirty days, which can be restored
#[derive(Debug, Args)]
pub(crate) struct List {
    /// The largest number of deletions to show
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
    /// The number of deletions to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u32,
}

/// Restore the rows of a deletion and the references to them
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The number of the deletion, from `fts trash list`
    deletion: i64,
    /// Only this row, such as models/ID; may be repeated
    #[arg(long = "row", value_parser = key, value_name = "TABLE/ID")]
    rows: Vec<RowKey>,
    /// What happens to references to rows that no longer exist
    #[arg(long, value_enum, default_value_t = Missing::Refuse)]
    missing: Missing,
    /// A new name for a row whose name is taken, such as models/ID=NAME
    #[arg(long = "name", value_parser = name, value_name = "TABLE/ID=NAME")]
    names: Vec<NewName>,
}

/// Remove the rows of a deletion for good
#[derive(Debug, Args)]
pub(crate) struct Purge {
    /// The number of the deletion, from `fts trash list`
    deletion: i64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Missing {
    /// Restore nothing if there are any
    Refuse,
    /// Restore the rows that they refer to as well
    #[value(alias = "bring-back")]
    Restore,
    /// Restore the rows with null in their place
    Clear,
}

impl From<Missing> for MissingReferences {
    fn from(choice: Missing) -> Self {
        match choice {
            Missing::Refuse => Self::Refuse,
            Missing::Restore => Self::Undelete,
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

impl TrashCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let (studio, output) = (session.studio().await?, &session.output);
        match self {
            Self::List(List { limit, offset }) => {
                print_page(output, &studio.store().deleted(offset, limit).await?)
            }
            Self::Restore(Restore { deletion, rows, missing, names }) => {
                let rows = (!rows.is_empty()).then_some(rows);
                let request = UndeleteRequest { rows, missing: missing.into(), names };
                let restored = studio.store().undelete(deletion, &request).await;
                print_restored(output, &restored.map_err(with_options)?);
            }
            Self::Purge(Purge { deletion }) => {
                studio.trash().purge(deletion).await?;
                if !output.json(&json!({ "purged": deletion })) {
                    print(&format!("Purged deletion {deletion}."));
                }
            }
        }
        DONE
    }
}

/// Names the options of this command that resolve a conflict.
fn with_options(error: Error) -> Error {
    if error.code != ErrorCode::Conflict {
        return error;
    }
    error.hint("Use --missing restore or --missing clear for rows that no longer exist, --name for a name that is taken, or --row to restore only some rows.")
}

fn print_page(output: &Output, page: &DeletedPage) {
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

fn print_restored(output: &Output, restored: &Undeleted) {
    if output.json(restored) {
        return;
    }
    print(&format!("Restored {}.", restored.what));
    if restored.references > 0 {
        print(&format!("Restored {} references.", restored.references));
    }
}

//! The command line's words. They are an interface: scripts rely on them.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use studio::{
    resources::TableName,
    snapshot::{OnConflict, OnDangling},
    store::Dependents,
};

use crate::configs::ConfigCommand;
use crate::dataset_files::DatasetFileCommand;
use crate::doctor::DoctorCommand;
use crate::export::Export;
use crate::hub::HubCommand;
use crate::lists::ListCommand;
use crate::prompts::PromptCommand;
use crate::runs::RunCommand;

/// Fine Tuning Studio on the command line: datasets, models, adapters, prompts, configs and jobs.
#[derive(Debug, Parser)]
#[command(name = "fts", version, propagate_version = true)]
pub(crate) struct Arguments {
    /// The database file [default: the one the window uses]
    #[arg(long, global = true, value_name = "FILE", env = studio::store::DATABASE_VARIABLE)]
    pub(crate) db: Option<PathBuf>,

    /// Print JSON: results on standard output, errors on standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    List(ListCommand),
    /// Show one row
    Get {
        #[arg(value_parser = table)]
        table: TableName,
        id: String,
    },
    /// Make a row
    Create {
        #[arg(value_parser = table)]
        table: TableName,
        #[command(flatten)]
        data: Data,
    },
    /// Change fields of a row; null clears one
    Update {
        #[arg(value_parser = table)]
        table: TableName,
        id: String,
        #[command(flatten)]
        data: Data,
    },
    /// Delete a row; it can be brought back for thirty days
    Delete {
        #[arg(value_parser = table)]
        table: TableName,
        id: String,
        /// What happens to the rows that refer to it
        #[arg(long, value_enum, default_value_t = OnDependents::Refuse)]
        dependents: OnDependents,
    },
    /// Make a dataset of a CSV, JSON, JSON Lines or Parquet file, or of a folder of them
    ImportDataset {
        file: PathBuf,
        /// What to call it [default: the file's name]
        #[arg(long)]
        name: Option<String>,
    },
    /// Show rows of a dataset or of a file
    PreviewDataset {
        /// A file, or the id of a dataset
        #[arg(value_name = "FILE|ID")]
        source: String,
        /// Only of this split of a folder
        #[arg(long, value_name = "NAME")]
        split: Option<String>,
        /// How many rows to show
        #[arg(long, value_name = "N", default_value_t = 10)]
        rows: u64,
        /// How many rows to pass over
        #[arg(long, value_name = "N", default_value_t = 0)]
        offset: u64,
    },
    #[command(flatten)]
    DatasetFile(DatasetFileCommand),
    #[command(flatten)]
    Doctor(DoctorCommand),
    #[command(flatten)]
    Prompts(PromptCommand),
    /// Write the whole store, some tables or some rows to a file
    Export(Export),
    /// Take the rows of a snapshot or a database into the store, after a backup
    Import {
        file: PathBuf,
        /// Only say what would happen
        #[arg(long)]
        dry_run: bool,
        /// What happens to rows that are here with other content
        #[arg(long, value_enum, default_value_t = Conflicts::Abort)]
        on_conflict: Conflicts,
        /// What happens to references that find nothing
        #[arg(long, value_enum, default_value_t = DanglingReferences::Keep)]
        dangling: DanglingReferences,
        /// Leave out what can't be taken, instead of importing nothing
        #[arg(long)]
        skip_invalid: bool,
    },
    /// Copy the database to the folder `backups` beside it
    Backup,
    /// List the backups, or set which are kept
    Backups {
        /// Keep this many of the latest
        #[arg(long, value_name = "N")]
        keep_last: Option<u32>,
        /// Keep the last one of each day for this many days
        #[arg(long, value_name = "N")]
        keep_days: Option<u32>,
    },
    /// Bring back a backup; what is here now is backed up first
    Restore { id: String },
    #[command(flatten)]
    Configs(ConfigCommand),
    /// Look for what is broken or odd; exit 1 if something is broken
    Check,
    #[command(flatten)]
    Deleted(crate::deleted::DeletedCommand),
    #[command(flatten)]
    Hub(HubCommand),
    #[command(flatten)]
    Environment(crate::environment::EnvironmentCommand),
    #[command(flatten)]
    Example(crate::example::ExampleCommand),
    #[command(flatten)]
    Runs(RunCommand),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Data {
    /// The fields as a JSON object: the text itself, @FILE, or - for standard input
    #[arg(long = "data", value_name = "JSON|@FILE|-")]
    pub(crate) text: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum OnDependents {
    /// Delete nothing while there are any
    Refuse,
    /// Leave them without the reference
    Detach,
    /// Delete them too
    Delete,
}

impl From<OnDependents> for Dependents {
    fn from(choice: OnDependents) -> Self {
        match choice {
            OnDependents::Refuse => Self::Refuse,
            OnDependents::Detach => Self::Detach,
            OnDependents::Delete => Self::Delete,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Conflicts {
    /// They stay as they are here
    Keep,
    /// They become what the file says
    Replace,
    /// Nothing is imported if there is one
    Abort,
}

impl From<Conflicts> for OnConflict {
    fn from(choice: Conflicts) -> Self {
        match choice {
            Conflicts::Keep => Self::Keep,
            Conflicts::Replace => Self::Replace,
            Conflicts::Abort => Self::Abort,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum DanglingReferences {
    /// They are taken as they are
    Keep,
    /// They become null
    Clear,
}

impl From<DanglingReferences> for OnDangling {
    fn from(choice: DanglingReferences) -> Self {
        match choice {
            DanglingReferences::Keep => Self::Keep,
            DanglingReferences::Clear => Self::Clear,
        }
    }
}

pub(crate) fn table(name: &str) -> Result<TableName, String> {
    name.parse()
}

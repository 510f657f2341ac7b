//! `fts snapshot`: rows written to a file, and read from one.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use studio::{
    Error, ErrorCode,
    schema::TableName,
    snapshot::{ExportFormat, ImportPolicy, OnConflict, OnDangling, RowsForm, Staged},
};

use crate::{
    progress::watched,
    session::{DONE, Failure, Outcome, Session},
    values::choice,
};

#[derive(Debug, Subcommand)]
pub(crate) enum SnapshotCommand {
    Export(Export),
    Import(Import),
}

/// Write the whole database, some tables or some rows to a file
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  fts snapshot export all.json\n  \
                        fts snapshot export intent.json --table prompts --ids ID --with-references")]
pub(crate) struct Export {
    /// The file to write
    file: PathBuf,
    /// The format [default: by the extension: sqlite for .sqlite, .sqlite3 and .db, csv for .csv, else json]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Only these tables, separated by commas [default: all]
    #[arg(long, value_parser = choice::<TableName>(), hide_possible_values = true, value_delimiter = ',', value_name = "TABLE,…", conflicts_with = "ids")]
    tables: Option<Vec<TableName>>,
    /// The table of the rows
    #[arg(long, value_parser = choice::<TableName>(), hide_possible_values = true, requires = "ids")]
    table: Option<TableName>,
    /// Only the rows with these ids, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ID,…", requires = "table")]
    ids: Option<Vec<String>>,
    /// Include the rows that those rows refer to, directly or through others
    #[arg(long, requires = "ids")]
    with_references: bool,
    /// Leave out what a Cloudera Fine Tuning Studio has no tables for: times, tags, how files are read, what was
    /// chosen for trainings beyond its columns, and compute targets
    #[arg(long, conflicts_with = "ids")]
    without_metadata: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON text, which can be imported
    Json,
    /// A copy of the database
    Sqlite,
    /// The columns of one table, for a spreadsheet
    Csv,
}

/// Import the rows of a snapshot or a database, after a backup
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts snapshot import all.json --dry-run")]
pub(crate) struct Import {
    /// A snapshot (.json), or a database of this program or of a Cloudera Fine Tuning Studio
    file: PathBuf,
    #[command(flatten)]
    options: ImportOptions,
}

/// How rows are imported.
#[derive(Debug, Args)]
pub(crate) struct ImportOptions {
    /// Show what would change and change nothing
    #[arg(long)]
    dry_run: bool,
    /// What happens to rows that exist with other content
    #[arg(long, value_enum, default_value_t = Conflicts::Abort)]
    on_conflict: Conflicts,
    /// What happens to references to rows that do not exist
    #[arg(long, value_enum, default_value_t = DanglingReferences::Keep)]
    dangling: DanglingReferences,
    /// Skip invalid rows instead of importing nothing
    #[arg(long)]
    skip_invalid: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Conflicts {
    /// The existing rows stay
    Keep,
    /// The rows of the file replace them
    Replace,
    /// Nothing is imported if there are any
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
    /// They are imported unchanged
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

impl SnapshotCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        match self {
            Self::Export(export) => export.run(session).await,
            Self::Import(import) => import.run(session).await,
        }
    }
}

impl Import {
    async fn run(self, session: &Session) -> Outcome {
        let studio = session.studio().await?;
        let staged = studio.snapshots().read(&self.file, &watched(&session.output)).await?;
        self.options.import(staged, session).await
    }
}

impl ImportOptions {
    /// Imports staged rows and prints what was done, or what would be.
    pub(crate) async fn import(self, mut staged: Staged, session: &Session) -> Outcome {
        let Self { dry_run, on_conflict, dangling, skip_invalid } = self;
        let (studio, output) = (session.studio().await?, &session.output);
        let done = if dry_run {
            staged.plan().await.map(|plan| output.plan(&plan))
        } else {
            let (on_conflict, on_dangling) = (on_conflict.into(), dangling.into());
            let policy = ImportPolicy { on_conflict, on_dangling, skip_invalid, ..ImportPolicy::default() };
            let imported = studio.snapshots().import(&mut staged, &policy, &watched(output)).await;
            imported.map(|report| output.imported(&report))
        };
        // The last connection to close checkpoints the write-ahead log; that must not be left to
        // the end of the process.
        staged.discard().await;
        done?;
        DONE
    }
}

impl Export {
    async fn run(self, session: &Session) -> Outcome {
        let format = self.format.unwrap_or_else(|| self.named_format());
        let exported = match (self.table, &self.ids) {
            (Some(table), Some(ids)) => {
                let form = self.rows_form(format)?;
                let (studio, work) = (session.studio().await?, watched(&session.output));
                studio.snapshots().export_rows(&self.file, table, ids, form, &work).await?
            }
            _ => {
                let format = match format {
                    Format::Json => ExportFormat::Json,
                    Format::Sqlite => ExportFormat::Sqlite,
                    Format::Csv => {
                        let message =
                            "A CSV file contains rows of one table. Set them with --table and --ids.";
                        return Err(refused(message, "json or sqlite"));
                    }
                };
                let (snapshots, work) = (session.studio().await?.snapshots(), watched(&session.output));
                let tables = self.tables.as_deref();
                match self.without_metadata {
                    true => snapshots.export_without_metadata(&self.file, format, tables, &work).await?,
                    false => snapshots.export(&self.file, format, tables, &work).await?,
                }
            }
        };
        session.output.exported(&exported);
        DONE
    }

    /// The format in which chosen rows are written, if there is one.
    fn rows_form(&self, format: Format) -> Result<RowsForm, Failure> {
        match format {
            Format::Json => Ok(RowsForm::Json { with_references: self.with_references }),
            Format::Csv if self.with_references => Err(refused(
                "A CSV file contains rows of one table, so it has no room for references.",
                "json",
            )),
            Format::Csv => Ok(RowsForm::Csv),
            Format::Sqlite => Err(refused("Only whole tables can be exported to SQLite.", "json or csv")),
        }
    }

    /// The format for the extension of the file.
    fn named_format(&self) -> Format {
        match self.file.extension().and_then(|ending| ending.to_str()) {
            Some("sqlite" | "sqlite3" | "db") => Format::Sqlite,
            Some("csv") => Format::Csv,
            _ => Format::Json,
        }
    }
}

fn refused(message: &str, other: &str) -> Failure {
    Error::new(ErrorCode::Invalid, message).hint(format!("Or use --format {other}.")).into()
}

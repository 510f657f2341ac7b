//! `fts archive`: rows and the files they refer to, as one file for another machine.

mod shown;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use studio::{
    archive::{self, ArchiveRequest, ArchivedRows},
    schema::TableName,
    snapshot::ImportPolicy,
};

use crate::{
    progress::watched_archive,
    session::{DONE, Outcome, Session},
    snapshot::{Conflicts, DanglingReferences},
    values::choice,
};

#[derive(Debug, Subcommand)]
pub(crate) enum ArchiveCommand {
    Export(Export),
    Import(Import),
    List(List),
}

/// Write rows and their files to an archive
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  fts archive export all.fts.tar.zst --dry-run\n  \
                        fts archive export first.fts.tar.zst --table adapters --id ID --models")]
pub(crate) struct Export {
    /// The file to write, usually with the ending .fts.tar.zst
    file: PathBuf,
    /// The table of the rows [default: all rows of all tables]
    #[arg(long, value_parser = choice::<TableName>(), hide_possible_values = true, requires = "id")]
    table: Option<TableName>,
    /// A row to archive, with all that it refers to; may be repeated
    #[arg(long, requires = "table")]
    id: Vec<String>,
    /// Include the folders of base models; otherwise rows only refer to them
    #[arg(long)]
    models: bool,
    /// Show what the archive would hold and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Import the rows and files of an archive, after a backup
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts archive import all.fts.tar.zst --dry-run")]
pub(crate) struct Import {
    /// The archive
    file: PathBuf,
    /// The folder in which the files are put, a folder for each row [default: imported, beside the database]
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
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

/// List what an archive holds
#[derive(Debug, Args)]
pub(crate) struct List {
    /// The archive
    file: PathBuf,
}

impl ArchiveCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        match self {
            Self::Export(export) => export.run(session).await,
            Self::Import(import) => import.run(session).await,
            Self::List(list) => {
                let manifest = archive::list(&list.file).await?;
                shown::manifest(&session.output, &manifest);
                DONE
            }
        }
    }
}

impl Export {
    async fn run(self, session: &Session) -> Outcome {
        let Self { file, table, id, models, dry_run } = self;
        let rows = table.map(|table| ArchivedRows { table, ids: id });
        let request = ArchiveRequest { rows, with_models: models };
        let (archives, work) = (session.studio().await?.archives(), watched_archive(&session.output));
        if dry_run {
            let plan = archives.plan(&request, Some(&file), &work).await?;
            shown::export_plan(&session.output, &plan);
        } else {
            let exported = archives.export(&file, &request, &work).await?;
            shown::exported(&session.output, &exported);
        }
        DONE
    }
}

impl Import {
    async fn run(self, session: &Session) -> Outcome {
        let Self { file, to, dry_run, on_conflict, dangling, skip_invalid } = self;
        let (archives, output) = (session.studio().await?.archives(), &session.output);
        let work = watched_archive(output);
        let mut archive = archives.read(&file, to.as_deref(), &work).await?;
        let done = if dry_run {
            archive.plan().await.map(|plan| shown::import_plan(output, &plan))
        } else {
            let (on_conflict, on_dangling) = (on_conflict.into(), dangling.into());
            let policy = ImportPolicy { on_conflict, on_dangling, skip_invalid, ..ImportPolicy::default() };
            let imported = archives.import(&mut archive, &policy, &work).await;
            imported.map(|report| shown::imported(output, &report))
        };
        archive.discard().await;
        done?;
        DONE
    }
}

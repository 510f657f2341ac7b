//! Reads a source into a staging area.

use std::{collections::BTreeSet, path::Path};

use platform::Work;
use schema::{Column, Error, ErrorCode, Result, TableName};
use store::{Staging, Store};
use tokio::sync::mpsc;

use super::{
    intake::{Skipped, SourceProblem, Tally},
    source::{Source, SourceKind},
};

/// The number of batches between reader and writer, so that neither waits often.
const QUEUE: usize = 4;

/// A source that was read and staged. The store is not changed.
pub struct Staged {
    pub(super) staging: Staging,
    pub(super) summary: Summary,
}

/// The counts and problems of a source.
pub(super) struct Summary {
    pub(super) source: String,
    pub(super) kind: SourceKind,
    /// The counts of each of [`store::SNAPSHOT_TABLES`].
    pub(super) tallies: Vec<Tally>,
    pub(super) problems: Vec<SourceProblem>,
    pub(super) problem_count: u64,
    pub(super) warnings: Vec<SourceProblem>,
    pub(super) warning_count: u64,
    pub(super) skipped: Vec<Skipped>,
}

impl std::fmt::Debug for Staged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staged").field("source", &self.summary.source).finish_non_exhaustive()
    }
}

impl Staged {
    /// Reads a source: a JSON snapshot or a database.
    pub async fn read(store: &Store, path: &Path, work: &Work) -> Result<Self> {
        // The paths are compared: opening and closing the file would release the locks that this
        // process holds on it.
        let here = std::fs::canonicalize(store.path()).ok();
        if here.is_some() && here == std::fs::canonicalize(path).ok() {
            return Err(Error::new(ErrorCode::Invalid, "The database can't be imported into itself.")
                .hint("Choose another file."));
        }
        let source = Source::open(path)?;
        let mut staging = Staging::new(store).await?;
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (read, taken) = tokio::join!(source.read(store, sender, work), staging.stage(receiver));
        // If staging failed, the error of the reader follows from that.
        taken?;
        let intake = read?;
        let summary = Summary {
            source: source.path.display().to_string(),
            kind: source.kind,
            skipped: intake.skipped(),
            tallies: intake.tallies,
            problems: intake.problems,
            problem_count: intake.problem_count,
            warnings: intake.warnings,
            warning_count: intake.warning_count,
        };
        Ok(Self { staging, summary })
    }

    /// Gives the source another name in plans, reports and refusals.
    #[must_use]
    pub fn named(mut self, source: String) -> Self {
        self.summary.source = source;
        self
    }

    /// Sets the text of a column of the staged row with that id. Returns whether there is such a row.
    pub async fn set_text(
        &mut self,
        table: TableName,
        column: &Column,
        id: &str,
        text: &str,
    ) -> Result<bool> {
        self.staging.set_text(table, column, id, text).await
    }

    /// The ids of the staged rows of a table.
    pub async fn ids(&mut self, table: TableName) -> Result<BTreeSet<String>> {
        self.staging.ids(table).await
    }

    /// Drops the staged rows.
    pub async fn discard(self) {
        self.staging.close().await;
    }
}

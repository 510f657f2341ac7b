//! What was read for an import, until it is imported or discarded.

use studio::{
    Result,
    archive::OpenArchive,
    schema::TableName,
    snapshot::{Conflict, Staged},
};

/// A source whose import is planned.
pub(crate) enum Incoming {
    /// A snapshot or a database.
    Snapshot(Box<Staged>),
    /// Rows with their files.
    Archive(Box<OpenArchive>),
}

impl Incoming {
    /// The snapshot, if it is one.
    pub(crate) fn snapshot(&mut self) -> Option<&mut Staged> {
        match self {
            Self::Snapshot(staged) => Some(staged),
            Self::Archive(_) => None,
        }
    }

    /// The archive, if it is one.
    pub(crate) fn archive(&mut self) -> Option<&mut OpenArchive> {
        match self {
            Self::Snapshot(_) => None,
            Self::Archive(archive) => Some(archive),
        }
    }

    /// A page of the rows that exist with other content.
    pub(crate) async fn conflicts(
        &mut self,
        table: TableName,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<Conflict>> {
        match self {
            Self::Snapshot(staged) => staged.conflicts(table, offset, limit).await,
            Self::Archive(archive) => archive.conflicts(table, offset, limit).await,
        }
    }

    /// Drops the staged rows.
    pub(crate) async fn discard(self) {
        match self {
            Self::Snapshot(staged) => staged.discard().await,
            Self::Archive(archive) => archive.discard().await,
        }
    }
}

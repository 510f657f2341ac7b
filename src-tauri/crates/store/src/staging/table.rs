//! The tables of snapshots.

use std::sync::LazyLock;

use resources::TABLES;
use schema::{Affinity, Kind, Table, TableName};

use crate::metadata::{METADATA_TABLES, MetadataTable};

/// A table of a snapshot.
#[derive(Debug)]
pub struct SnapshotTable {
    /// Its name in a snapshot and in the database.
    pub name: &'static str,
    /// Its columns, the key first.
    pub columns: Vec<SnapshotColumn>,
    /// The kind of its rows.
    pub(crate) content: Content,
}

/// The kind of rows of a snapshot's table.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content {
    /// Rows of a resource.
    Resource(&'static Table),
    /// Metadata of such rows: times and tags.
    Metadata(&'static MetadataTable),
}

/// A column of a snapshot's table.
#[derive(Debug)]
pub struct SnapshotColumn {
    /// Its name.
    pub name: &'static str,
    /// The type of its values.
    pub affinity: Affinity,
    /// The table it refers to.
    pub target: Option<TableName>,
    /// Whether every row must have a value in it.
    pub required: bool,
}

/// Every table of a snapshot, in its order: the resources, then the
/// tables with metadata of their rows.
pub static SNAPSHOT_TABLES: LazyLock<Vec<SnapshotTable>> = LazyLock::new(|| {
    TABLES.iter().copied().map(of_resource).chain(METADATA_TABLES.iter().map(of_metadata)).collect()
});

impl SnapshotTable {
    /// The table whose rows it completes, if it does: each of its rows holds JSON for the last column of one
    /// of them.
    pub fn completes(&self) -> Option<TableName> {
        match self.content {
            Content::Resource(_) => None,
            Content::Metadata(metadata) => metadata.completes,
        }
    }

    /// The resource whose rows it holds, if it holds rows of one.
    pub fn resource(&self) -> Option<&'static Table> {
        match self.content {
            Content::Resource(table) => Some(table),
            Content::Metadata(_) => None,
        }
    }
}

fn of_resource(table: &'static Table) -> SnapshotTable {
    let column = |(at, column): (usize, &'static schema::Column)| SnapshotColumn {
        name: column.name,
        affinity: column.affinity(),
        target: match column.kind {
            Kind::Reference { table } => Some(table),
            _ => None,
        },
        required: at == 0,
    };
    SnapshotTable {
        name: table.name.into_str(),
        columns: table.columns.iter().enumerate().map(column).collect(),
        content: Content::Resource(table),
    }
}

fn of_metadata(metadata: &'static MetadataTable) -> SnapshotTable {
    let column = |name| SnapshotColumn { name, affinity: Affinity::Text, target: None, required: true };
    SnapshotTable {
        name: metadata.name,
        columns: metadata.columns().map(column).collect(),
        content: Content::Metadata(metadata),
    }
}

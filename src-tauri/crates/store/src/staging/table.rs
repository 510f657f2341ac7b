//! The tables of snapshots.

use std::sync::LazyLock;

use resources::TABLES;
use schema::{Affinity, Kind, Table, TableName};

use crate::{
    metadata::{METADATA_TABLES, MetadataTable},
    targets::TARGETS,
};

/// A table of a snapshot.
#[derive(Debug)]
pub struct SnapshotTable {
    /// Its name in a snapshot and in the database.
    pub name: &'static str,
    /// Its columns, the key first.
    pub columns: Vec<SnapshotColumn>,
    /// Columns of the database's table that are of one machine alone, and in no snapshot.
    pub(crate) local: &'static [&'static str],
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
    /// Compute targets.
    Targets,
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

/// Every table of a snapshot, in its order: the resources, then the tables with metadata of their rows, then the
/// compute targets.
pub static SNAPSHOT_TABLES: LazyLock<Vec<SnapshotTable>> = LazyLock::new(|| {
    let resources = TABLES.iter().copied().map(of_resource);
    resources.chain(METADATA_TABLES.iter().map(of_metadata)).chain([of_targets()]).collect()
});

impl SnapshotTable {
    /// The table whose rows it completes, if it does: each of its rows holds JSON for the last column of one
    /// of them.
    pub fn completes(&self) -> Option<TableName> {
        match self.content {
            Content::Resource(_) | Content::Targets => None,
            Content::Metadata(metadata) => metadata.completes,
        }
    }

    /// Whether it holds compute targets.
    pub fn is_of_targets(&self) -> bool {
        matches!(self.content, Content::Targets)
    }

    /// Whether the rows of resources are whole without it, so that what can't be read of it is left out.
    pub fn may_lack(&self) -> bool {
        self.is_of_targets() || self.completes().is_some()
    }

    /// The resource whose rows it holds, if it holds rows of one.
    pub fn resource(&self) -> Option<&'static Table> {
        match self.content {
            Content::Resource(table) => Some(table),
            Content::Metadata(_) | Content::Targets => None,
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
        local: &[],
        content: Content::Resource(table),
    }
}

fn of_metadata(metadata: &'static MetadataTable) -> SnapshotTable {
    SnapshotTable {
        name: metadata.name,
        columns: metadata.columns().map(text).collect(),
        local: &[],
        content: Content::Metadata(metadata),
    }
}

fn of_targets() -> SnapshotTable {
    SnapshotTable {
        name: TARGETS,
        columns: ["id", "name", "settings", "created_at"].map(text).into(),
        local: &["confirmed", "last_check"],
        content: Content::Targets,
    }
}

fn text(name: &'static str) -> SnapshotColumn {
    SnapshotColumn { name, affinity: Affinity::Text, target: None, required: true }
}

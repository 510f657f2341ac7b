//! The tables that a snapshot may hold, described without SQL.

use std::sync::LazyLock;

use resources::TABLES;
use schema::{Affinity, Kind, Table, TableName};

use crate::sql::{BESIDE, Beside};

/// A table as a snapshot holds it.
#[derive(Debug)]
pub struct SnapshotTable {
    /// Its name in a snapshot and in the database.
    pub name: &'static str,
    /// Its columns, the key first.
    pub columns: Vec<SnapshotColumn>,
    /// What its rows are.
    pub(crate) content: Content,
}

/// What the rows of a snapshot's table are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content {
    /// Rows of a resource.
    Resource(&'static Table),
    /// Facts about such rows, as times and tags.
    Beside(&'static Beside),
}

/// A column as a snapshot holds it.
#[derive(Debug)]
pub struct SnapshotColumn {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub affinity: Affinity,
    /// The table it refers to.
    pub target: Option<TableName>,
    /// Whether every row must have a value in it.
    pub required: bool,
}

/// Every table a snapshot may hold, in the order in which it holds them: the resources, then the
/// tables of facts about their rows.
pub static SNAPSHOT_TABLES: LazyLock<Vec<SnapshotTable>> =
    LazyLock::new(|| TABLES.iter().copied().map(of_resource).chain(BESIDE.iter().map(of_beside)).collect());

impl SnapshotTable {
    /// The resource whose rows it holds, if it holds rows of one.
    pub fn resource(&self) -> Option<&'static Table> {
        match self.content {
            Content::Resource(table) => Some(table),
            Content::Beside(_) => None,
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

fn of_beside(beside: &'static Beside) -> SnapshotTable {
    let column = |name| SnapshotColumn { name, affinity: Affinity::Text, target: None, required: true };
    SnapshotTable {
        name: beside.name,
        columns: beside.columns().map(column).collect(),
        content: Content::Beside(beside),
    }
}

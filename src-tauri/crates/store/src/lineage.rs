//! The lineage of a row: the rows that it was made from and those that were made from it, found by the
//! reference columns of the declarations and by the exports that registered a row.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use resources::{Described as _, references, referring_columns};
use schema::{Column, Kind, Result, Row, Table, TableName};
use serde::Serialize;
use sqlx::SqliteConnection;

use crate::{
    RowKey, Store, Use, UseSample,
    reach::existing,
    read::get,
    references::{id_list, uses_through},
    runs::export_links,
};

/// The largest number of rows that refer to a row through one column and are in a lineage.
const NEIGHBOURS: u32 = 12;
/// The largest number of rows of a lineage.
const NODES: usize = 60;

/// A row in a lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LineageNode {
    /// The row.
    pub row: RowKey,
    /// Its label; `None` if the row does not exist although another refers to it.
    pub label: Option<String>,
    /// The label of its type, if its table has types.
    pub kind: Option<String>,
}

/// Two rows of which one was made from the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LineageEdge {
    /// The row that was made first.
    pub from: RowKey,
    /// The row that was made from it.
    pub to: RowKey,
    /// The label of the column that refers, or what an export did.
    pub role: String,
}

/// Rows that refer to a row of the lineage and are left out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LineageMore {
    /// The row they refer to.
    pub of: RowKey,
    /// Their table.
    pub table: TableName,
    /// Their number.
    pub rows: u64,
}

/// The rows around a row and the references between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Lineage {
    /// The rows, that of the request first.
    pub nodes: Vec<LineageNode>,
    /// The references between them.
    pub edges: Vec<LineageEdge>,
    /// The rows that are left out.
    pub more: Vec<LineageMore>,
}

/// The references to follow from a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Both,
    /// To the rows that it was made from.
    Sources,
    /// To the rows that were made from it, and to the other rows that those were made from.
    Results,
    /// No references.
    Neither,
}

#[derive(Default)]
struct Walk {
    nodes: Vec<LineageNode>,
    edges: BTreeSet<LineageEdge>,
    more: BTreeMap<(RowKey, TableName), u64>,
    seen: BTreeSet<RowKey>,
    next: VecDeque<(RowKey, Direction, u32)>,
}

impl Store {
    /// The lineage of a row, up to `depth` references away, the nearest rows first.
    pub async fn lineage(&self, table: TableName, id: &str, depth: u32) -> Result<Lineage> {
        let table = table.table();
        let mut tx = self.pool().begin().await?;
        get(&mut tx, table, id).await?;
        let mut walk = Walk::default();
        walk.next.push_back((RowKey { table: table.name, id: id.to_owned() }, Direction::Both, depth));
        while let Some((key, direction, left)) = walk.next.pop_front() {
            walk.visit(&mut tx, key, direction, left).await?;
        }
        let shown = |key: &RowKey| walk.seen.contains(key);
        let edges = walk.edges.iter().filter(|edge| shown(&edge.from) && shown(&edge.to)).cloned().collect();
        let more = walk.more.into_iter().map(|((of, table), rows)| LineageMore { of, table, rows });
        Ok(Lineage { edges, more: more.collect(), nodes: walk.nodes })
    }
}

impl Walk {
    async fn visit(
        &mut self,
        database: &mut SqliteConnection,
        key: RowKey,
        direction: Direction,
        left: u32,
    ) -> Result<()> {
        if self.seen.contains(&key) || self.nodes.len() >= NODES {
            return Ok(());
        }
        self.seen.insert(key.clone());
        let table = key.table.table();
        if existing(database, table, [&key.id]).await?.is_empty() {
            self.nodes.push(LineageNode { row: key, label: None, kind: None });
            return Ok(());
        }
        let row = get(database, table, &key.id).await?;
        self.nodes.push(LineageNode {
            row: key.clone(),
            label: Some(row.label),
            kind: kind(table, &row.row),
        });
        for link in row.links {
            let column =
                references(table).map(|(column, _)| column).find(|column| column.name == link.column);
            let Some(column) = column else { continue };
            let other = RowKey { table: link.table, id: link.id };
            let outcome = column.outcome;
            self.add_edge(&key, other.clone(), column);
            let follow = direction != Direction::Neither && !(direction == Direction::Sources && outcome);
            if follow && left > 0 {
                let direction = match (direction, outcome) {
                    (_, true) => Direction::Results,
                    // The other sources of a result are included and not followed.
                    (Direction::Results, false) => Direction::Neither,
                    (_, false) => Direction::Sources,
                };
                self.next.push_back((other, direction, left - 1));
            }
        }
        if direction != Direction::Neither && left > 0 {
            self.referring(database, &key, direction, left).await?;
            self.exported(database, &key, direction, left).await?;
        }
        Ok(())
    }

    async fn referring(
        &mut self,
        database: &mut SqliteConnection,
        key: &RowKey,
        direction: Direction,
        left: u32,
    ) -> Result<()> {
        for (table, column) in referring_columns(key.table) {
            // The job that made a row refers to it by a column that is an outcome.
            let is_outcome = column.outcome;
            if (direction == Direction::Sources && !is_outcome)
                || (direction == Direction::Results && is_outcome)
            {
                continue;
            }
            let ids = id_list([&key.id]);
            let Use { total, sample, .. } = uses_through(database, table, column, &ids, NEIGHBOURS).await?;
            let hidden = total.saturating_sub(sample.len() as u64);
            for UseSample { id, .. } in sample {
                let other = RowKey { table: table.name, id };
                self.add_edge(&other, key.clone(), column);
                self.next.push_back((
                    other,
                    if is_outcome { Direction::Sources } else { Direction::Results },
                    left - 1,
                ));
            }
            if hidden > 0 {
                *self.more.entry((key.clone(), table.name)).or_default() += hidden;
            }
        }
        Ok(())
    }

    /// Adds the rows that exports made of a row, and the rows that it was made from by one.
    async fn exported(
        &mut self,
        database: &mut SqliteConnection,
        key: &RowKey,
        direction: Direction,
        left: u32,
    ) -> Result<()> {
        for link in export_links(database, key, NEIGHBOURS).await? {
            let is_result = link.source == *key;
            if direction == if is_result { Direction::Sources } else { Direction::Results } {
                continue;
            }
            let next = if is_result { Direction::Results } else { Direction::Sources };
            let other = if is_result { &link.made } else { &link.source };
            self.next.push_back((other.clone(), next, left - 1));
            self.edges.insert(LineageEdge { from: link.source, to: link.made, role: link.role.to_owned() });
        }
        Ok(())
    }

    /// Adds the reference of one row to another.
    fn add_edge(&mut self, referring: &RowKey, referred: RowKey, column: &Column) {
        let (from, to) =
            if column.outcome { (referring.clone(), referred) } else { (referred, referring.clone()) };
        self.edges.insert(LineageEdge { from, to, role: column.label.to_owned() });
    }
}

/// The label of the row's type.
fn kind(table: &Table, row: &Row) -> Option<String> {
    let column = table.column("type")?;
    let Kind::Choice { options } = column.kind else { return None };
    let value = row.get("type")?.as_str()?;
    options.iter().find(|option| option.value == value).map(|option| option.label.to_owned())
}

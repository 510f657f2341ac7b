//! Where a row comes from and what came of it, along the references of the declarations.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use resources::{Described as _, referring_columns};
use schema::{Column, Kind, Result, Row, Table, TableName};
use serde::Serialize;
use sqlx::{Row as _, SqliteConnection};

use crate::{RowKey, Store, read::get, references::id_list, sql};

/// At most this many rows are shown that refer to a row through one column.
const NEIGHBOURS: u32 = 12;
/// At most this many rows are shown in all.
const NODES: usize = 60;

/// A row in a lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LineageNode {
    /// The row.
    pub row: RowKey,
    /// What a person calls it; none if it is not here although something refers to it.
    pub label: Option<String>,
    /// What kind it is of, in words, where its table has kinds.
    pub kind: Option<String>,
}

/// Two rows of which one came of the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LineageEdge {
    /// What was there first.
    pub from: RowKey,
    /// What came of it.
    pub to: RowKey,
    /// What the one is to the other: the label of the column that refers.
    pub role: String,
}

/// Rows that refer to one that is shown and are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LineageMore {
    /// The row they refer to.
    pub of: RowKey,
    /// Their table.
    pub table: TableName,
    /// How many.
    pub rows: u64,
}

/// The rows around a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Lineage {
    /// The row itself first.
    pub nodes: Vec<LineageNode>,
    /// How they hang together.
    pub edges: Vec<LineageEdge>,
    /// What is left out.
    pub more: Vec<LineageMore>,
}

/// Which way to go on from a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Both,
    /// To what it comes from.
    Back,
    /// To what came of it, and to what else that comes from.
    On,
    /// Nowhere.
    Stay,
}

#[derive(Default)]
struct Walk {
    nodes: Vec<LineageNode>,
    edges: BTreeSet<LineageEdge>,
    more: BTreeMap<(RowKey, TableName), u64>,
    seen: BTreeSet<RowKey>,
    next: VecDeque<(RowKey, Way, u32)>,
}

impl Store {
    /// What a row comes from and what came of it, up to so many steps away, nearest first.
    pub async fn lineage(&self, table: TableName, id: &str, depth: u32) -> Result<Lineage> {
        let table = table.table();
        let mut tx = self.pool().begin().await?;
        get(&mut tx, table, id).await?;
        let mut walk = Walk::default();
        walk.next.push_back((RowKey { table: table.name, id: id.to_owned() }, Way::Both, depth));
        while let Some((key, way, left)) = walk.next.pop_front() {
            walk.visit(&mut tx, key, way, left).await?;
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
        way: Way,
        left: u32,
    ) -> Result<()> {
        if self.seen.contains(&key) || self.nodes.len() >= NODES {
            return Ok(());
        }
        self.seen.insert(key.clone());
        let table = key.table.table();
        let here = sql::statement(sql::deleted::here(table)).bind(id_list([&key.id]));
        if here.fetch_optional(&mut *database).await?.is_none() {
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
            let Some(column) = table.column(&link.column) else { continue };
            let other = RowKey { table: link.table, id: link.id };
            let outcome = column.outcome;
            self.join(&key, other.clone(), column, outcome);
            let follow = way != Way::Stay && !(way == Way::Back && outcome);
            if follow && left > 0 {
                let way = match (way, outcome) {
                    (_, true) => Way::On,
                    // What else an outcome comes from is shown, and not followed.
                    (Way::On, false) => Way::Stay,
                    (_, false) => Way::Back,
                };
                self.next.push_back((other, way, left - 1));
            }
        }
        if way != Way::Stay && left > 0 {
            self.referring(database, &key, way, left).await?;
        }
        Ok(())
    }

    async fn referring(
        &mut self,
        database: &mut SqliteConnection,
        key: &RowKey,
        way: Way,
        left: u32,
    ) -> Result<()> {
        for (table, column) in referring_columns(key.table) {
            // Who made a row is found through the column that names the outcome.
            let made_it = column.outcome;
            if (way == Way::Back && !made_it) || (way == Way::On && made_it) {
                continue;
            }
            let ids = id_list([&key.id]);
            let count = sql::statement(sql::count_referring(table, column)).bind(ids.clone());
            let total: i64 = count.fetch_one(&mut *database).await?.try_get(0)?;
            let rows = sql::statement(sql::referring(table, column)).bind(ids).bind(NEIGHBOURS);
            let rows = rows.fetch_all(&mut *database).await?;
            for row in &rows {
                let other = RowKey { table: table.name, id: row.try_get(0)? };
                self.join(&other, key.clone(), column, made_it);
                self.next.push_back((other, if made_it { Way::Back } else { Way::On }, left - 1));
            }
            let hidden = total.unsigned_abs().saturating_sub(rows.len() as u64);
            if hidden > 0 {
                *self.more.entry((key.clone(), table.name)).or_default() += hidden;
            }
        }
        Ok(())
    }

    /// Notes that a row refers to another.
    fn join(&mut self, referring: &RowKey, referred: RowKey, column: &Column, outcome: bool) {
        let (from, to) = if outcome { (referring.clone(), referred) } else { (referred, referring.clone()) };
        self.edges.insert(LineageEdge { from, to, role: column.label.to_owned() });
    }
}

/// The words for the row's type.
fn kind(table: &Table, row: &Row) -> Option<String> {
    let column = table.column("type")?;
    let Kind::Choice { options } = column.kind else { return None };
    let value = row.get("type")?.as_str()?;
    options.iter().find(|option| option.value == value).map(|option| option.label.to_owned())
}

//! The rows of this studio that one there does not have, as a file that it imports.
//!
//! A reference studio ends the import of a table at the first row whose id it has, and reports success. So what is sent
//! has no such row.

use std::collections::{BTreeMap, BTreeSet};

use platform::Work;
use resources::{Adapter, Dataset, Model};
use schema::{Error, ErrorCode, Result, Row, TableName, column};
use serde::Serialize;
use serde_json::Value;
use snapshot::export_plain_extent;
use store::{Extent, Moment, SNAPSHOT_TABLES, Store};
use tokio_stream::StreamExt as _;
use workbench::Workbench;

use crate::{
    fetch::{Fetched, fetch},
    pull::{read, scratch},
};

/// The project's folder, as programs there see it.
const HOME: &str = "/home/cdsw";
/// The most conflicts that are listed of each table.
const LISTED: u32 = 100;

/// What is sent of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PushedTable {
    /// Rows that the studio there does not have: they are sent.
    pub sent: u64,
    /// Rows that it has with equal values.
    pub same: u64,
    /// Rows that it has with other values: they are not sent.
    pub conflicting: u64,
}

/// A row that is there with other values, which stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ConflictThere {
    /// The table.
    pub table: TableName,
    /// The id of both rows.
    pub id: String,
    /// The label of the row here.
    pub label: String,
    /// The columns with different values.
    pub columns: Vec<String>,
}

/// What sending the rows of this studio would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PushPlan {
    /// The studio there.
    pub studio: String,
    /// What is sent, by table.
    pub tables: BTreeMap<TableName, PushedTable>,
    /// Rows that are there with other values, at most 100 of each table.
    pub conflicts: Vec<ConflictThere>,
    /// What should be known before.
    pub warnings: Vec<String>,
    /// Why nothing can be sent.
    pub problems: Vec<String>,
}

/// What was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Sent {
    /// The plan that was carried out.
    pub plan: PushPlan,
    /// The file there, as the studio there sees it; none if it has every row already.
    pub file: Option<String>,
    /// The number of rows in it.
    pub rows: u64,
}

/// What sending the rows of this studio to the one at `place` would do; see [`pull`](crate::pull) for the place.
///
/// # Errors
/// The workbench can't be asked, or there is no studio that can be read.
pub async fn plan_push(
    store: &Store,
    workbench: &Workbench,
    place: Option<&str>,
    work: &Work,
) -> Result<PushPlan> {
    Ok(draft(store, workbench, place, work).await?.plan)
}

/// Writes the rows of this studio that the one at `place` does not have to a JSON file in its folder there, which it
/// imports. Rows that it has with other values are not sent.
///
/// # Errors
/// As [`plan_push`], and if the plan has problems.
pub async fn push(store: &Store, workbench: &Workbench, place: Option<&str>, work: &Work) -> Result<Sent> {
    let Draft { plan, rows, mut moment, fetched } = draft(store, workbench, place, work).await?;
    if !plan.problems.is_empty() {
        return Err(Error::new(ErrorCode::Invalid, plan.problems.join(" "))
            .hint("Update the studio there first, or import there by hand."));
    }
    let count = plan.tables.values().map(|table| table.sent).sum();
    if count == 0 {
        return Ok(Sent { plan, file: None, rows: 0 });
    }
    let folder = tempfile::tempdir_in(scratch(store));
    let folder = folder.map_err(|error| Error::file("write", scratch(store), &error))?;
    let name = format!("studio-import-{}.json", jiff::Timestamp::now().strftime("%Y%m%d-%H%M%S"));
    let file = folder.path().join(&name);
    export_plain_extent(&mut moment, &file, &Extent::Rows(rows), work).await?;
    let to = match fetched.studio() {
        "" => name,
        studio => format!("{studio}/{name}"),
    };
    workbench.upload(&file, &to).await?;
    Ok(Sent { plan, file: Some(format!("{HOME}/{to}")), rows: count })
}

struct Draft {
    plan: PushPlan,
    /// The ids of what is sent.
    rows: BTreeMap<TableName, BTreeSet<String>>,
    /// The state of the store that was compared.
    moment: Moment,
    fetched: Fetched,
}

async fn draft(store: &Store, workbench: &Workbench, place: Option<&str>, work: &Work) -> Result<Draft> {
    let fetched = fetch(workbench, place, scratch(store), work).await?;
    let mut staged = read(store, workbench, &fetched, work).await?;
    let compared = staged.plan().await?;
    let mut plan = PushPlan {
        studio: compared.source,
        tables: BTreeMap::new(),
        conflicts: Vec::new(),
        warnings: Vec::new(),
        problems: Vec::new(),
    };
    if compared.problem_count > 0 {
        let first = compared.problems.first().map(|problem| problem.message.as_str()).unwrap_or_default();
        plan.problems.push(format!(
            "{} rows there can't be read, so it is not known which rows are there. The first: {first}",
            compared.problem_count
        ));
    }
    let mut moment = store.moment().await?;
    let mut rows = BTreeMap::new();
    let mut files = Vec::new();
    for table in SNAPSHOT_TABLES.iter() {
        let Some(name) = table.resource().map(|resource| resource.name) else { continue };
        let there = staged.ids(name).await?;
        let mut fresh = BTreeSet::new();
        let mut here = moment.rows(table, &Extent::Tables(vec![name]));
        while let Some(row) = here.next().await {
            let row: Row = serde_json::from_str(&row?.json()?)
                .map_err(|error| Error::internal("reading a row", &error))?;
            let text = |column: &str| row.get(column).and_then(Value::as_str).unwrap_or_default();
            let id = text("id");
            if there.contains(id) {
                continue;
            }
            fresh.insert(id.to_owned());
            if let Some(location) = location(name).map(text).filter(|location| location.starts_with('/')) {
                files.push(location.to_owned());
            }
        }
        drop(here);
        let counts = compared.tables.get(&name).copied().unwrap_or_default();
        let (sent, same, conflicting) = (fresh.len() as u64, counts.same, counts.conflicting);
        plan.tables.insert(name, PushedTable { sent, same, conflicting });
        for conflict in staged.conflicts(name, 0, LISTED).await? {
            let columns = conflict.fields.into_iter().map(|field| field.column).collect();
            plan.conflicts.push(ConflictThere {
                table: name,
                id: conflict.id,
                label: conflict.label,
                columns,
            });
        }
        if !fresh.is_empty() {
            rows.insert(name, fresh);
        }
    }
    staged.discard().await;
    plan.problems.extend(lacking(store, &fetched, &rows).await?);
    if let Some(first) = files.first() {
        plan.warnings.push(format!(
            "{} of the rows name files or folders of this machine, which the studio there does not have, such as \
             {first}.",
            files.len()
        ));
    }
    Ok(Draft { plan, rows, moment, fetched })
}

/// The column with a file or folder that rows of a table name.
fn location(table: TableName) -> Option<&'static str> {
    match table {
        TableName::Datasets => Some(column!(Dataset, location)),
        TableName::Models => Some(column!(Model, location)),
        TableName::Adapters => Some(column!(Adapter, location)),
        _ => None,
    }
}

/// Columns of what is sent that an older studio there does not have: its import would take no row of such a table.
async fn lacking(
    store: &Store,
    fetched: &Fetched,
    rows: &BTreeMap<TableName, BTreeSet<String>>,
) -> Result<Vec<String>> {
    if !fetched.is_database {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    let mut database = store.open_source(&fetched.file).await?;
    let there = database.tables().await?;
    for table in SNAPSHOT_TABLES.iter().filter(|table| there.iter().any(|name| name == table.name)) {
        let is_sent = table.resource().is_some_and(|resource| rows.contains_key(&resource.name));
        if !is_sent {
            continue;
        }
        let columns = database.columns(table).await?;
        let missing = table.columns.iter().map(|column| column.name).filter(|name| !columns.has(name));
        let missing: Vec<&str> = missing.collect();
        if !missing.is_empty() {
            problems.push(format!(
                "The studio there is an older one: its table '{}' has no column '{}'.",
                table.name,
                missing.join("', '")
            ));
        }
    }
    database.close().await?;
    Ok(problems)
}

//! A snapshot: its plan has every row that is there, read or named, and what it says is what its
//! import does, all or nothing of it.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use studio::{
    Studio,
    platform::Work,
    snapshot::{ImportPolicy, ImportReport, OnConflict, Plan},
};

use crate::refusal;

/// Everything that can be taken is taken.
fn policy() -> ImportPolicy {
    ImportPolicy { on_conflict: OnConflict::Replace, skip_invalid: true, ..ImportPolicy::default() }
}

pub(crate) async fn check(path: &Path, empty_store: &Path) -> Result<()> {
    // An import changes the store, so each file gets one of its own. To copy an empty one takes
    // less time than to make it.
    let own = tempfile::tempdir()?;
    let store = own.path().join("studio.db");
    std::fs::copy(empty_store, &store)?;
    let studio = Studio::open(&store).await?;
    let checked = import(&studio, path).await;
    studio.close().await;
    checked
}

async fn import(studio: &Studio, path: &Path) -> Result<()> {
    let mut staged = match studio.snapshots().read(path, &Work::unwatched()).await {
        Ok(staged) => staged,
        Err(error) => {
            ensure!(rows(studio).await? == 0, "a refused file changed the store");
            return refusal::check(path, &error);
        }
    };
    let plan = staged.plan().await.context("the plan")?;
    ensure!(rows(studio).await? == 0, "a plan changed the store");
    complete(&plan, &std::fs::read(path)?)?;
    let imported = studio.snapshots().import(&mut staged, &policy(), &Work::unwatched()).await;
    match imported {
        Err(error) => {
            refusal::check(path, &error)?;
            ensure!(rows(studio).await? == 0, "a refused import changed the store");
        }
        Ok(report) => {
            agree(&plan, &report)?;
            let added: u64 = report.tables.values().map(|table| table.added).sum();
            ensure!(rows(studio).await? == added, "the report counts {added} rows, the store others");
            let again = staged.plan().await.context("the plan after the import")?;
            let left: u64 = again.tables.values().map(|table| table.new + table.conflicting).sum();
            ensure!(left == 0, "{left} rows are still to be taken after the import: {again:?}");
        }
    }
    staged.discard().await;
    Ok(())
}

/// Each row of a table is in one class, and those that can't be taken are named. How many rows a
/// database has, its reader compares itself; those of a JSON text that another parser takes are
/// counted here.
fn complete(plan: &Plan, bytes: &[u8]) -> Result<()> {
    let text: Option<Value> = serde_json::from_slice(bytes).ok();
    for (table, found) in &plan.tables {
        let name = table.into_str();
        let read = found.new + found.same + found.conflicting + found.invalid;
        if let Some(text) = &text {
            let rows = match text.get(name) {
                Some(Value::Object(parts)) => parts.get("data"),
                rows => rows,
            };
            let there = rows.and_then(Value::as_array).map_or(0, Vec::len);
            ensure!(read == there as u64, "{name}: {there} rows are there, the plan has {read}");
        }
        if plan.problem_count == plan.problems.len() as u64 {
            let of_table = plan.problems.iter().filter(|problem| problem.table == name);
            let named: BTreeSet<u64> = of_table.filter_map(|problem| problem.row).collect();
            ensure!(
                named.len() as u64 == found.invalid,
                "{name}: {} rows can't be taken, {} are named",
                found.invalid,
                named.len()
            );
        }
    }
    Ok(())
}

fn agree(plan: &Plan, report: &ImportReport) -> Result<()> {
    for (table, planned) in &plan.tables {
        let done = report.tables.get(table).context("a planned table is not in the report")?;
        ensure!(done.added == planned.new, "{table:?}: {} rows planned, {} added", planned.new, done.added);
    }
    Ok(())
}

async fn rows(studio: &Studio) -> Result<u64> {
    Ok(studio.workspace().await?.counts.iter().map(|count| count.rows).sum())
}

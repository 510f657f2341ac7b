//! Reading, planning and taking snapshots, in a line each.

use std::path::Path;

use serde_json::{Value, json};
use studio::{
    Error, Studio,
    platform::Work,
    schema::TableName,
    snapshot::{ExportFormat, ImportPolicy, ImportReport, OnConflict, OnDangling, Plan, TablePlan},
};

use crate::world::World;

/// Everything a studio holds, as it exports it.
pub(crate) async fn export(studio: &Studio) -> String {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("export.json");
    studio.snapshots().export(&target, ExportFormat::Json, None, &Work::unwatched()).await.unwrap();
    std::fs::read_to_string(target).unwrap()
}

pub(crate) async fn plan(studio: &Studio, source: &Path) -> Result<Plan, Error> {
    let mut staged = studio.snapshots().read(source, &Work::unwatched()).await?;
    let plan = staged.plan().await;
    staged.discard().await;
    plan
}

pub(crate) async fn import(
    studio: &Studio,
    source: &Path,
    policy: &ImportPolicy,
) -> Result<ImportReport, Error> {
    let work = Work::unwatched();
    let mut staged = studio.snapshots().read(source, &work).await?;
    let report = studio.snapshots().import(&mut staged, policy, &work).await;
    staged.discard().await;
    report
}

pub(crate) fn keep() -> ImportPolicy {
    ImportPolicy { on_conflict: OnConflict::Keep, ..ImportPolicy::default() }
}

pub(crate) fn replace() -> ImportPolicy {
    ImportPolicy { on_conflict: OnConflict::Replace, ..ImportPolicy::default() }
}

pub(crate) fn skipping() -> ImportPolicy {
    ImportPolicy { skip_invalid: true, ..ImportPolicy::default() }
}

pub(crate) fn clearing() -> ImportPolicy {
    ImportPolicy { on_dangling: OnDangling::Clear, ..ImportPolicy::default() }
}

/// What a plan says of a table, without the zeros.
pub(crate) fn counts(plan: &Plan, table: TableName) -> Value {
    said(plan.tables[&table])
}

pub(crate) fn said(plan: TablePlan) -> Value {
    let mut all = json!(plan);
    all.as_object_mut().unwrap().retain(|_, count| count != 0);
    all
}

/// Each problem as `table row column: message`.
pub(crate) fn problems(plan: &Plan) -> Vec<String> {
    let said = plan.problems.iter().map(|problem| {
        let row = problem.row.map_or("-".to_owned(), |row| row.to_string());
        let column = problem.column.as_deref().unwrap_or("-");
        format!("{} {row} {column}: {}", problem.table, problem.message)
    });
    said.collect()
}

impl World {
    /// A snapshot in the plain form.
    pub(crate) fn snapshot(&self, tables: &Value) -> std::path::PathBuf {
        self.file("source.json", tables.to_string())
    }
}

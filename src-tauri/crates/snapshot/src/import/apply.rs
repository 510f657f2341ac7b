//! Taking a source's rows into the store: all as decided, or nothing.

use std::collections::BTreeMap;

use platform::{Progress, Work};
use resources::Described as _;
use schema::{Error, ErrorCode, Result, TableName};
use serde::{Deserialize, Serialize};
use store::{Backup, BackupReason, SNAPSHOT_TABLES, Store};

use super::{
    intake::Skipped,
    plan::{Plan, TablePlan, plan},
    stage::Staged,
};

/// What happens to rows that are here with other content.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// They stay as they are here.
    Keep,
    /// They become what the source says.
    Replace,
    /// Nothing is imported if there is one.
    #[default]
    Abort,
}

/// What happens to references that find nothing, neither here nor in the source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum OnDangling {
    /// They are taken as they are: nothing is lost.
    #[default]
    Keep,
    /// They become null.
    Clear,
}

/// What a person decided about an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ImportPolicy {
    /// For all tables that `tables` does not name.
    pub on_conflict: OnConflict,
    /// For single tables.
    pub tables: BTreeMap<TableName, OnConflict>,
    /// For references that find nothing.
    pub on_dangling: OnDangling,
    /// Leave out what can't be taken, instead of importing nothing.
    pub skip_invalid: bool,
}

impl ImportPolicy {
    fn on_conflict(&self, table: TableName) -> OnConflict {
        self.tables.get(&table).copied().unwrap_or(self.on_conflict)
    }
}

/// What an import did to one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TableReport {
    /// What it found.
    #[serde(flatten)]
    pub found: TablePlan,
    /// Rows added.
    pub added: u64,
    /// Rows here that became what the source says.
    pub replaced: u64,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ImportReport {
    /// The file.
    pub source: String,
    /// Table by table.
    pub tables: BTreeMap<TableName, TableReport>,
    /// What was left out, at most a thousand.
    pub left_out: Vec<super::SourceProblem>,
    /// How many problems there were in what was left out.
    pub left_out_count: u64,
    /// What was passed over without loss.
    pub skipped: Vec<Skipped>,
    /// The database as it was before.
    pub backup: Backup,
}

impl Staged {
    /// Takes the rows into the store in one transaction, after a backup. Old and new are compared
    /// again, so the import does what it says even if the store changed since the plan. A refused
    /// import leaves everything as it was, this source included.
    pub async fn import(
        &mut self,
        store: &Store,
        policy: &ImportPolicy,
        work: &Work,
    ) -> Result<ImportReport> {
        let mut comparison = self.staging.compare_to_take().await?;
        let plan = plan(&mut comparison, &self.summary).await?;
        refuse_invalid(&plan, policy)?;
        refuse_conflicts(&plan.tables, policy)?;
        // The write lock is held and nothing is changed yet: this is exactly what was there.
        let backup = store.back_up(BackupReason::Import).await?;
        let total = plan.tables.values().map(|plan| plan.new + plan.conflicting).sum();
        let mut done = 0;
        let mut reports = BTreeMap::new();
        for staged in SNAPSHOT_TABLES.iter() {
            let Some(table) = staged.resource() else { continue };
            let Some(found) = plan.tables.get(&table.name).copied() else { continue };
            work.tick(Progress { done, total: Some(total), rows: done })?;
            let clear = policy.on_dangling == OnDangling::Clear && found.dangling > 0;
            let replace = found.conflicting > 0 && policy.on_conflict(table.name) == OnConflict::Replace;
            let replaced = if replace { comparison.replace(staged, clear).await? } else { 0 };
            let added = if found.new > 0 { comparison.add(staged, clear).await? } else { 0 };
            comparison.add_metadata(staged, replace).await?;
            done += found.new + found.conflicting;
            reports.insert(table.name, TableReport { found, added, replaced });
        }
        work.tick(Progress { done: total, total: Some(total), rows: total })?;
        comparison.commit().await?;
        Ok(ImportReport {
            source: plan.source,
            tables: reports,
            left_out: plan.problems,
            left_out_count: plan.problem_count,
            skipped: plan.skipped,
            backup,
        })
    }
}

fn refuse_invalid(plan: &Plan, policy: &ImportPolicy) -> Result<()> {
    let (Some(first), false) = (plan.problems.first(), policy.skip_invalid) else { return Ok(()) };
    let row = first.row.map_or(String::new(), |row| format!(", row {row}"));
    let column = first.column.as_ref().map_or(String::new(), |column| format!(", column {column}"));
    let more = match plan.problem_count {
        1 => String::new(),
        count => format!(" {} more problems follow.", count - 1),
    };
    let message = format!("{}: {}{row}{column}: {}{more}", plan.source, first.table, first.message);
    Err(Error::new(ErrorCode::Invalid, message)
        .hint("Correct the file, or import it without the invalid rows. Nothing was changed."))
}

fn refuse_conflicts(tables: &BTreeMap<TableName, TablePlan>, policy: &ImportPolicy) -> Result<()> {
    let conflicting = tables
        .iter()
        .filter(|(table, plan)| plan.conflicting > 0 && policy.on_conflict(**table) == OnConflict::Abort)
        .map(|(table, plan)| {
            let noun = if plan.conflicting == 1 { table.table().singular } else { table.table().plural };
            format!("{} {noun}", plan.conflicting)
        })
        .reduce(|a, b| format!("{a}, {b}"));
    let Some(conflicting) = conflicting else { return Ok(()) };
    Err(Error::new(ErrorCode::Conflict, format!("Rows that exist with other content: {conflicting}."))
        .hint("Choose whether the existing rows are kept or replaced. Nothing was changed."))
}

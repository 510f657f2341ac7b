//! The import of staged rows in one transaction.

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

/// What happens to rows that the store has with other content.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// The store's rows stay.
    Keep,
    /// The source's rows replace them.
    Replace,
    /// Nothing is imported if there is one.
    #[default]
    Abort,
}

/// What happens to references to rows that exist neither in the store nor in the source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum OnDangling {
    /// They are kept.
    #[default]
    Keep,
    /// They become null.
    Clear,
}

/// The options of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ImportPolicy {
    /// What happens to conflicting rows of the tables that `tables` does not contain.
    pub on_conflict: OnConflict,
    /// What happens to conflicting rows of single tables.
    pub tables: BTreeMap<TableName, OnConflict>,
    /// What happens to references to rows that do not exist.
    pub on_dangling: OnDangling,
    /// Skip invalid rows. Otherwise nothing is imported if there is one.
    pub skip_invalid: bool,
}

impl ImportPolicy {
    /// What happens to conflicting rows of a table.
    pub fn on_conflict(&self, table: TableName) -> OnConflict {
        self.tables.get(&table).copied().unwrap_or(self.on_conflict)
    }
}

/// The result of an import for one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TableReport {
    /// The plan.
    #[serde(flatten)]
    pub found: TablePlan,
    /// The number of rows that were added.
    pub added: u64,
    /// The number of rows that were replaced.
    pub replaced: u64,
}

/// The result of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ImportReport {
    /// The file.
    pub source: String,
    /// The results by table.
    pub tables: BTreeMap<TableName, TableReport>,
    /// The result for the compute targets, which are not confirmed.
    pub targets: TableReport,
    /// The problems with the rows that were skipped, at most a thousand.
    pub left_out: Vec<super::SourceProblem>,
    /// The number of all those problems.
    pub left_out_count: u64,
    /// Problems that do not prevent the import, as a check lists them, at most a thousand.
    pub warnings: Vec<super::SourceProblem>,
    /// The number of all warnings.
    pub warning_count: u64,
    /// Tables and columns that were ignored, as they hold no values.
    pub skipped: Vec<Skipped>,
    /// The backup of the state before.
    pub backup: Backup,
}

impl Staged {
    /// The plan, if an import by this policy would not be refused now.
    ///
    /// # Errors
    /// Rows are invalid or in conflict, and the policy does not say what happens to them.
    pub async fn check(&mut self, policy: &ImportPolicy) -> Result<Plan> {
        let plan = self.plan().await?;
        refuse_invalid(&plan, policy)?;
        refuse_conflicts(&plan, policy)?;
        Ok(plan)
    }

    /// Imports the rows in one transaction, after a backup. They are compared with the store again, as it
    /// may have changed since the plan. A refused import changes neither the store nor this source.
    pub async fn import(
        &mut self,
        store: &Store,
        policy: &ImportPolicy,
        work: &Work,
    ) -> Result<ImportReport> {
        let mut comparison = self.staging.compare_to_take().await?;
        let plan = plan(&mut comparison, &self.summary).await?;
        refuse_invalid(&plan, policy)?;
        refuse_conflicts(&plan, policy)?;
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
            comparison.add_metadata(staged, replace, clear).await?;
            done += found.new + found.conflicting;
            reports.insert(table.name, TableReport { found, added, replaced });
        }
        let (added, replaced) = comparison.take_targets(policy.on_conflict == OnConflict::Replace).await?;
        let targets = TableReport { found: plan.targets, added, replaced };
        work.tick(Progress { done: total, total: Some(total), rows: total })?;
        comparison.commit().await?;
        Ok(ImportReport {
            source: plan.source,
            tables: reports,
            targets,
            left_out: plan.problems,
            left_out_count: plan.problem_count,
            warnings: plan.warnings,
            warning_count: plan.warning_count,
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

fn refuse_conflicts(plan: &Plan, policy: &ImportPolicy) -> Result<()> {
    let targets = match plan.targets.conflicting {
        count if count == 0 || policy.on_conflict != OnConflict::Abort => None,
        1 => Some("1 compute target".to_owned()),
        count => Some(format!("{count} compute targets")),
    };
    let conflicting = plan
        .tables
        .iter()
        .filter(|(table, plan)| plan.conflicting > 0 && policy.on_conflict(**table) == OnConflict::Abort)
        .map(|(table, plan)| {
            let noun = if plan.conflicting == 1 { table.table().singular } else { table.table().plural };
            format!("{} {noun}", plan.conflicting)
        })
        .chain(targets)
        .reduce(|a, b| format!("{a}, {b}"));
    let Some(conflicting) = conflicting else { return Ok(()) };
    Err(Error::new(ErrorCode::Conflict, format!("Rows that exist with other content: {conflicting}."))
        .hint("Choose whether the existing rows are kept or replaced. Nothing was changed."))
}

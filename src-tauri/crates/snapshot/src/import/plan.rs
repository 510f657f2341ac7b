//! The plan of an import: a comparison with the store that changes nothing.

use std::collections::BTreeMap;

use resources::Described as _;
use schema::{Result, TableName, with_article};
use serde::Serialize;
use serde_json::Value;
use store::{Classes, Comparison, ConflictingRow, DanglingReference, SNAPSHOT_TABLES, SnapshotTable};

use super::{
    intake::{KEPT_PROBLEMS, Skipped, SourceProblem},
    source::SourceKind,
    stage::{Staged, Summary},
};

/// The plan of an import for one table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TablePlan {
    /// Rows whose ids the store does not have.
    pub new: u64,
    /// Rows that the store has with equal values.
    pub same: u64,
    /// Rows that the store has with other values.
    pub conflicting: u64,
    /// Rows that can't be imported, for reasons in the problems.
    pub invalid: u64,
    /// Of the new ones: rows that the store has with another id.
    pub duplicates: u64,
    /// Of the new and conflicting ones: rows with a reference to a row that exists neither in the store
    /// nor in the source.
    pub dangling: u64,
    /// Rows in which `''` stood for "no reference" and becomes null.
    pub cleared: u64,
}

/// The plan of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Plan {
    /// The file.
    pub source: String,
    /// Its kind.
    pub kind: SourceKind,
    /// The plan by table.
    pub tables: BTreeMap<TableName, TablePlan>,
    /// The plan for the compute targets, which are not confirmed by an import.
    pub targets: TablePlan,
    /// The problems with the file, at most a thousand.
    pub problems: Vec<SourceProblem>,
    /// The number of all problems.
    pub problem_count: u64,
    /// Problems that do not prevent the import, as a check lists them, at most a thousand.
    pub warnings: Vec<SourceProblem>,
    /// The number of all warnings.
    pub warning_count: u64,
    /// Tables and columns that are ignored, as they hold no values.
    pub skipped: Vec<Skipped>,
}

/// A column in which a row of the store and that of the source differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Difference {
    /// The column.
    pub column: String,
    /// The store's value.
    pub here: Value,
    /// The source's value.
    pub there: Value,
}

/// A row that the store has with other values.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Conflict {
    /// Its id.
    pub id: String,
    /// The label of the store's row.
    pub label: String,
    /// The columns with different values.
    pub fields: Vec<Difference>,
}

impl Staged {
    /// Compares this source with the store.
    pub async fn plan(&mut self) -> Result<Plan> {
        // One transaction, so that all tables are compared with the same state.
        let mut comparison = self.staging.compare().await?;
        let plan = plan(&mut comparison, &self.summary).await?;
        comparison.commit().await?;
        Ok(plan)
    }

    /// A page of the conflicting rows of a table. Needs a plan first.
    pub async fn conflicts(&mut self, table: TableName, offset: u32, limit: u32) -> Result<Vec<Conflict>> {
        let rows = self.staging.conflicts(table, offset, limit).await?;
        let conflict = |ConflictingRow { here, there, label }: ConflictingRow| {
            let differs = |name: &&String| here.get(*name) != there.get(*name);
            let fields = here.keys().filter(differs).map(|name| Difference {
                column: name.clone(),
                here: here.get(name).cloned().unwrap_or_default(),
                there: there.get(name).cloned().unwrap_or_default(),
            });
            Conflict {
                id: here.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
                label,
                fields: fields.collect(),
            }
        };
        Ok(rows.into_iter().map(conflict).collect())
    }
}

/// Compares the staged rows with the store.
pub(super) async fn plan(comparison: &mut Comparison<'_>, summary: &Summary) -> Result<Plan> {
    let mut tables = BTreeMap::new();
    let staged = || SNAPSHOT_TABLES.iter().zip(&summary.tallies);
    for (table, tally) in staged() {
        let Some(resource) = table.resource() else { continue };
        let classes = comparison.classify(table).await?;
        let plan = TablePlan {
            new: classes.new,
            same: classes.same,
            conflicting: classes.conflicting,
            invalid: tally.invalid + classes.repeated,
            duplicates: classes.duplicates,
            dangling: 0,
            cleared: tally.cleared,
        };
        tables.insert(resource.name, plan);
    }
    let classes = comparison.classify_targets().await?;
    let Classes { new, same, conflicting, .. } = classes;
    let targets = TablePlan { new, same, conflicting, ..TablePlan::default() };
    let (mut problems, mut problem_count) = (summary.problems.clone(), summary.problem_count);
    let (mut warnings, mut warning_count) = (summary.warnings.clone(), summary.warning_count);
    for (table, tally) in staged() {
        let Some(plan) = table.resource().and_then(|table| tables.get_mut(&table.name)) else { continue };
        // References are looked up among all staged rows, so all tables are classified first.
        if plan.new + plan.conflicting > 0 {
            let (rows, references) = comparison.count_dangling(table).await?;
            plan.dangling = rows;
            warning_count += references;
        }
        if plan.dangling > 0 {
            let room = KEPT_PROBLEMS.saturating_sub(warnings.len());
            warnings.extend(
                comparison.dangling(table, room).await?.into_iter().map(|found| warning(table, found)),
            );
        }
        problem_count += plan.invalid - tally.invalid;
        let room = u32::try_from(KEPT_PROBLEMS.saturating_sub(problems.len())).unwrap_or_default();
        for row in comparison.repeated(table, room).await? {
            problems.push(SourceProblem {
                table: table.name.to_owned(),
                row: Some(row),
                column: Some("id".to_owned()),
                message: "An earlier row has the same id and other values.".to_owned(),
            });
        }
    }
    Ok(Plan {
        source: summary.source.clone(),
        kind: summary.kind,
        tables,
        targets,
        problems,
        problem_count,
        warnings,
        warning_count,
        skipped: summary.skipped.clone(),
    })
}

fn warning(table: &SnapshotTable, dangling: DanglingReference) -> SourceProblem {
    let DanglingReference { row, label, column, target, missing } = dangling;
    let target = with_article(target.table().singular);
    SourceProblem {
        table: table.name.to_owned(),
        row: Some(row),
        column: Some(column.to_owned()),
        message: format!("'{label}' refers to {target} that does not exist ({missing})."),
    }
}

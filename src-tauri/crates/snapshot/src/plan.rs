//! What an import would do, told before anything is done.

use std::collections::BTreeMap;

use resources::Described as _;
use schema::{Error, Result, Row, TableName};
use serde::Serialize;
use serde_json::Value;
use sqlx::{Connection, Row as _, SqliteConnection};
use store::sql::{self, CONFLICTING, REPEATED, SAME, Stage};

use super::{
    intake::{KEPT_PROBLEMS, Skipped, SourceProblem, Tally},
    source::SourceKind,
    staged::{STAGES, Staged, Summary, number},
};

/// What an import would find in one table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct TablePlan {
    /// Rows whose id is not here.
    pub new: u64,
    /// Rows that are here already, word for word.
    pub same: u64,
    /// Rows whose id is here with other content.
    pub conflicting: u64,
    /// Rows that can't be taken; the problems say why.
    pub invalid: u64,
    /// Of the new ones: rows that are here under another id.
    pub duplicates: u64,
    /// Of the new and conflicting ones: rows with a reference to a row that is neither here nor
    /// in the source.
    pub dangling: u64,
    /// Rows in which `''` stood for "no reference" and becomes null.
    pub cleared: u64,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Plan {
    /// The file.
    pub source: String,
    /// Its kind.
    pub kind: SourceKind,
    /// Table by table.
    pub tables: BTreeMap<TableName, TablePlan>,
    /// What in the file can't be taken, at most a thousand.
    pub problems: Vec<SourceProblem>,
    /// How many problems there are.
    pub problem_count: u64,
    /// What is passed over without loss.
    pub skipped: Vec<Skipped>,
}

/// A field in which the row here and the source's differ.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct Difference {
    /// The column.
    pub column: String,
    /// The value here.
    pub here: Value,
    /// The source's.
    pub there: Value,
}

/// A row that is here with other content.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct Conflict {
    /// Its id.
    pub id: String,
    /// What the row here is called.
    pub label: String,
    /// Where they differ.
    pub fields: Vec<Difference>,
}

impl Staged {
    /// What importing this source would do, as the store is now.
    pub async fn plan(&mut self) -> Result<Plan> {
        // One moment of the store for all tables.
        let mut tx = self.database.begin().await?;
        let plan = plan(&mut tx, &self.summary).await?;
        tx.commit().await?;
        Ok(plan)
    }

    /// A page of the rows of a table that are here with other content. Needs a plan first.
    pub async fn conflicts(&mut self, table: TableName, offset: u32, limit: u32) -> Result<Vec<Conflict>> {
        let table = table.table();
        let Some(stage) = STAGES.iter().find(|stage| stage.name == table.name.into_str()) else {
            return Ok(Vec::new());
        };
        let rows = sql::statement(stage.conflicts(table))
            .bind(limit)
            .bind(offset)
            .fetch_all(&mut self.database)
            .await?;
        let parse =
            |text: &str| serde_json::from_str::<Row>(text).map_err(|e| Error::internal("reading a row", &e));
        let conflict = |row: &sqlx::sqlite::SqliteRow| {
            let (here, there) = (parse(row.try_get(0)?)?, parse(row.try_get(1)?)?);
            let differs = |name: &&String| here.get(*name) != there.get(*name);
            let fields = here.keys().filter(differs).map(|name| Difference {
                column: name.clone(),
                here: here.get(name).cloned().unwrap_or_default(),
                there: there.get(name).cloned().unwrap_or_default(),
            });
            Ok(Conflict {
                id: here.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
                label: table.label_of(&here),
                fields: fields.collect(),
            })
        };
        rows.iter().map(conflict).collect()
    }
}

/// Holds the staged rows against the store, in the transaction the connection is in.
pub(super) async fn plan(database: &mut SqliteConnection, summary: &Summary) -> Result<Plan> {
    let mut tables = BTreeMap::new();
    let stages = || STAGES.iter().zip(&summary.tallies);
    for (stage, tally) in stages() {
        if let Some(table) = stage.table() {
            tables.insert(table.name, classify(database, stage, *tally).await?);
        }
    }
    let (mut problems, mut problem_count) = (summary.problems.clone(), summary.problem_count);
    for (stage, tally) in stages() {
        let Some(plan) = stage.table().and_then(|table| tables.get_mut(&table.name)) else { continue };
        // References are looked up among all staged rows, so all had to be classed first.
        if let Some(statement) = stage.count_dangling() {
            plan.dangling = number(database, statement).await?;
        }
        problem_count += plan.invalid - tally.invalid;
        let room = u32::try_from(KEPT_PROBLEMS.saturating_sub(problems.len())).unwrap_or_default();
        for row in sql::statement(stage.repeated()).bind(room).fetch_all(&mut *database).await? {
            problems.push(SourceProblem {
                table: stage.name.to_owned(),
                row: Some(row.try_get::<i64, _>(0)?.unsigned_abs()),
                column: Some("id".to_owned()),
                message: "An earlier row has the same id and other values.".to_owned(),
            });
        }
    }
    Ok(Plan {
        source: summary.source.clone(),
        kind: summary.kind,
        tables,
        problems,
        problem_count,
        skipped: summary.skipped.clone(),
    })
}

/// Sorts the rows of a table into new, same and conflicting.
async fn classify(database: &mut SqliteConnection, stage: &Stage, tally: Tally) -> Result<TablePlan> {
    sql::statement(stage.forget()).execute(&mut *database).await?;
    if number(database, stage.count_repeats()).await? > 0 {
        sql::statement(stage.class_repeats()).execute(&mut *database).await?;
    }
    let here = match stage.table() {
        Some(table) => number(database, sql::count(table)).await?,
        None => 0,
    };
    if here > 0 {
        sql::statement(stage.class_known()).execute(&mut *database).await?;
    }
    let mut plan = TablePlan { invalid: tally.invalid, cleared: tally.cleared, ..TablePlan::default() };
    let mut classed = 0;
    for row in sql::statement(stage.count_classes()).fetch_all(&mut *database).await? {
        let (class, count): (i64, u64) = (row.try_get(0)?, row.try_get::<i64, _>(1)?.unsigned_abs());
        match class {
            SAME => plan.same = count,
            CONFLICTING => plan.conflicting = count,
            REPEATED => plan.invalid += count,
            _ => plan.new = count,
        }
        classed += if class == 0 { 0 } else { count };
    }
    plan.new -= classed;
    if plan.new > 0 && here > 0 {
        let [make, index, count, drop] = stage.twins();
        sql::statement(make).execute(&mut *database).await?;
        sql::statement(index).execute(&mut *database).await?;
        plan.duplicates = number(database, count).await?;
        sql::statement(drop).execute(&mut *database).await?;
    }
    Ok(plan)
}

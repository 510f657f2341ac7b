//! Exports: the requests and the results of runs of the kind `export`.

use schema::{Error, ErrorCode, Result, Row, TableName};
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{
    made::note_with,
    progress::end,
    queue::add_run,
    run::{Run, RunKind, RunState},
    stored::{LIVE, find},
};
use crate::{RowKey, Store, write::add};

/// An export, without its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredExport {
    /// The id of its run.
    pub run: String,
    /// What is written, such as `merge`.
    pub way: String,
    /// The row that is exported, which may not exist any more.
    pub source: RowKey,
    /// The request, as JSON.
    pub request: String,
    /// The report, as JSON.
    pub report: Option<String>,
    /// The path or the address of the result.
    pub output: Option<String>,
    /// The row that was registered for the result, which may not exist any more.
    pub made: Option<RowKey>,
}

/// How the worker of an export ended.
#[derive(Debug, Clone, PartialEq)]
pub struct EndedExport<'a> {
    /// The state of the run.
    pub state: RunState,
    /// Why it ended, in a sentence.
    pub note: Option<&'a str>,
    /// What to do about it.
    pub hint: Option<&'a str>,
    /// The report, as JSON.
    pub report: Option<&'a str>,
    /// The path or the address of the result.
    pub output: Option<&'a str>,
    /// The row to register for the result.
    pub made: Option<(TableName, Row)>,
    /// Where the exported row was registered.
    pub registered: Option<Registration<'a>>,
}

/// A model or an adapter in an MLflow registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration<'a> {
    /// The row that was registered.
    pub row: RowKey,
    /// Its address in the registry, such as `models:/labels/1`.
    pub address: &'a str,
    /// The MLflow experiment.
    pub experiment: &'a str,
    /// The MLflow run.
    pub run: &'a str,
}

impl Store {
    /// Adds an export and queues its run, in one transaction. With a target, that with that id carries it out.
    pub async fn create_export(&self, name: &str, export: &StoredExport, target: Option<&str>) -> Result<()> {
        let mut tx = self.write().await?;
        add_run(&mut tx, &export.run, RunKind::Export, name, target).await?;
        sqlx::query(
            "INSERT INTO studio_exports (run_id, way, source_table, source_id, request) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(&export.run)
        .bind(&export.way)
        .bind(export.source.table.into_str())
        .bind(&export.source.id)
        .bind(&export.request)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// The export of a run; none for a run of another kind.
    pub async fn export(&self, run: &str) -> Result<Option<StoredExport>> {
        let row = sqlx::query("SELECT * FROM studio_exports WHERE run_id = ?").bind(run);
        row.fetch_optional(self.pool()).await?.as_ref().map(stored).transpose()
    }

    /// The exports of a row, the newest first.
    pub async fn exports_of(&self, source: &RowKey) -> Result<Vec<StoredExport>> {
        let rows = sqlx::query(
            "SELECT e.* FROM studio_exports AS e JOIN studio_runs AS r ON r.id = e.run_id \
             WHERE e.source_table = ? AND e.source_id = ? ORDER BY r.created_at DESC",
        )
        .bind(source.table.into_str())
        .bind(&source.id);
        rows.fetch_all(self.pool()).await?.iter().map(stored).collect()
    }

    /// Records the end of an export, its report, and the row of what it made, in one transaction. Does
    /// nothing if the end of the run was recorded before.
    pub async fn end_export(&self, run: &str, ended: EndedExport<'_>) -> Result<()> {
        let EndedExport { state, note, hint, report, output, made, registered } = ended;
        let (prepared, renamed) = match made {
            Some((table, row)) => {
                let (row, renamed) = self.prepare_made(table, row).await?;
                (Some((table, row)), renamed)
            }
            None => (None, None),
        };
        let note = note_with(note, renamed);
        let mut tx = self.write().await?;
        if !end(&mut tx, run, state, note.as_deref(), hint).await? {
            return Ok(());
        }
        let made = match prepared {
            Some((table, row)) => Some((table, add(row, &mut tx).await?.row.id().to_owned())),
            None => None,
        };
        if let Some(registered) = registered {
            register(&mut tx, &registered).await?;
        }
        let (table, id) = made.unzip();
        sqlx::query(
            "UPDATE studio_exports SET report = coalesce(?2, report), output = ?3, made_table = ?4, \
             made_id = ?5 WHERE run_id = ?1",
        )
        .bind(run)
        .bind(report)
        .bind(output)
        .bind(table.map(TableName::into_str))
        .bind(id)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Deletes the rows of an export that is over and of its run. What it wrote stays.
    ///
    /// # Errors
    /// The run is no export, or is not over.
    pub async fn forget_export(&self, id: &str) -> Result<Run> {
        let mut tx = self.write().await?;
        let run = find(&mut tx, id).await?;
        if run.kind != RunKind::Export {
            let message = format!("The run '{}' is no export.", run.name);
            return Err(
                Error::new(ErrorCode::Invalid, message).hint("Delete its job, and the run goes with it.")
            );
        }
        let deleted = sqlx::query(sqlx::AssertSqlSafe(format!(
            "DELETE FROM studio_runs WHERE id = ? AND state NOT IN {LIVE}"
        )))
        .bind(id)
        .execute(&mut *tx)
        .await?;
        if deleted.rows_affected() == 0 {
            let message = format!("The run '{}' is not over.", run.name);
            return Err(Error::new(ErrorCode::InUse, message).hint("Stop it first, then remove it."));
        }
        sqlx::query("DELETE FROM studio_exports WHERE run_id = ?").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(run)
    }
}

/// Two rows of which an export made one from the other.
pub(crate) struct ExportLink {
    /// The row that was exported.
    pub(crate) source: RowKey,
    /// The row that was registered for the result.
    pub(crate) made: RowKey,
    /// What was done, as a label.
    pub(crate) role: &'static str,
}

/// The exports that made a row of that one, or that one of another row, the first `most`.
pub(crate) async fn export_links(
    database: &mut SqliteConnection,
    row: &RowKey,
    most: u32,
) -> Result<Vec<ExportLink>> {
    let rows = sqlx::query(
        "SELECT way, source_table, source_id, made_table, made_id FROM studio_exports \
         WHERE made_id IS NOT NULL AND ((source_table = ?1 AND source_id = ?2) \
         OR (made_table = ?1 AND made_id = ?2)) ORDER BY run_id LIMIT ?3",
    )
    .bind(row.table.into_str())
    .bind(&row.id)
    .bind(most);
    let rows = rows.fetch_all(database).await?;
    let links = rows.iter().map(|row| {
        let way: String = row.try_get("way")?;
        Ok(ExportLink {
            source: RowKey { table: table(row, "source_table")?, id: row.try_get("source_id")? },
            made: RowKey { table: table(row, "made_table")?, id: row.try_get("made_id")? },
            role: if way == "merge" { "Merged" } else { "Exported" },
        })
    });
    links.collect()
}

/// Writes where a row was registered. The row may not exist any more.
async fn register(database: &mut SqliteConnection, registered: &Registration<'_>) -> Result<()> {
    let statement = match registered.row.table {
        TableName::Adapters => {
            "UPDATE adapters SET cml_registered_model_id = ?2, mlflow_experiment_id = ?3, mlflow_run_id = ?4 \
             WHERE id = ?1"
        }
        TableName::Models => {
            "UPDATE models SET cml_registered_model_id = ?2, mlflow_experiment_id = ?3, mlflow_run_id = ?4 \
             WHERE id = ?1"
        }
        _ => return Ok(()),
    };
    let update = sqlx::query(statement).bind(&registered.row.id).bind(registered.address);
    update.bind(registered.experiment).bind(registered.run).execute(database).await?;
    Ok(())
}

fn stored(row: &SqliteRow) -> Result<StoredExport> {
    let made: Option<String> = row.try_get("made_id")?;
    Ok(StoredExport {
        run: row.try_get("run_id")?,
        way: row.try_get("way")?,
        source: RowKey { table: table(row, "source_table")?, id: row.try_get("source_id")? },
        request: row.try_get("request")?,
        report: row.try_get("report")?,
        output: row.try_get("output")?,
        made: made.map(|id| Ok::<_, Error>(RowKey { table: table(row, "made_table")?, id })).transpose()?,
    })
}

fn table(row: &SqliteRow, column: &str) -> Result<TableName> {
    let name: String = row.try_get(column)?;
    name.parse().map_err(|unknown: String| Error::internal("reading an export", &unknown))
}

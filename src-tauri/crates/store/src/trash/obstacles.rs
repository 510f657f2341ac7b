//! What keeps deleted rows from being undeleted as they were.

use std::collections::BTreeMap;

use resources::{Described as _, references};
use schema::{Column, Error, ErrorCode, Kind, Result, Table, in_sentence, with_article};
use serde::Serialize;
use sqlx::{Row as _, SqliteConnection};

use crate::{
    RowKey,
    reach::Rows,
    references::{id_list, shown_label},
    sql,
};

/// Rows to undelete, by deletion.
pub(super) type RowsByDeletion = BTreeMap<i64, Rows>;

/// Why a row can't be undeleted as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ObstacleReason {
    /// A row with its id exists.
    HereAlready,
    /// Another row has its name, so it needs a new one.
    NameTaken,
    /// Another row has its value of a unique column.
    ValueTaken,
    /// The row that it refers to was deleted too, and can be undeleted with it.
    ReferenceDeleted,
    /// The row that it refers to no longer exists, nor is it in the trash.
    ReferenceGone,
}

/// A problem with undeleting a row as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Obstacle {
    /// The row.
    pub row: RowKey,
    /// Its label.
    pub label: String,
    /// The column with the problem, if it is about one.
    pub column: Option<String>,
    /// The kind of problem.
    pub reason: ObstacleReason,
    /// The problem in a sentence.
    pub message: String,
}

/// A value that breaks a rule of its column now, and did not when its row was deleted.
pub(super) struct Broken {
    pub(super) table: &'static Table,
    pub(super) column: &'static Column,
    pub(super) id: String,
    pub(super) value: String,
}

pub(super) async fn broken(
    database: &mut SqliteConnection,
    undeleted: &RowsByDeletion,
) -> Result<Vec<Broken>> {
    let mut all = Vec::new();
    for (deletion, rows) in undeleted {
        for (table, ids) in rows {
            let table = table.table();
            let plain = table.columns.iter().filter(|column| !matches!(column.kind, Kind::Reference { .. }));
            for column in plain.chain(references(table).map(|(column, _)| column)) {
                let Some(statement) = sql::deleted::broken(table, column) else { continue };
                let found = sql::statement(statement).bind(*deletion).bind(id_list(ids));
                for row in found.fetch_all(&mut *database).await? {
                    all.push(Broken { table, column, id: row.try_get(0)?, value: shown_label(&row, 1)? });
                }
            }
        }
    }
    Ok(all)
}

impl Broken {
    pub(super) async fn into_obstacle(self, database: &mut SqliteConnection) -> Result<Obstacle> {
        let Self { table, column, id, value } = self;
        let label = label(database, table, &id).await?;
        let (reason, message) = match column.kind {
            Kind::Reference { table: target } => {
                let target_table = target.table();
                let deleted = sqlx::query(
                    "SELECT label FROM studio_deleted_rows WHERE table_name = ? AND row_id = ? ORDER BY deletion DESC LIMIT 1",
                );
                let deleted = deleted.bind(target.into_str()).bind(&value).fetch_optional(database).await?;
                let deleted = deleted.map(|row| shown_label(&row, 0)).transpose()?;
                let what = target_table.singular;
                match deleted {
                    Some(gone) => (
                        ObstacleReason::ReferenceDeleted,
                        format!("'{label}' refers to the {what} '{gone}', which was deleted too."),
                    ),
                    None => (
                        ObstacleReason::ReferenceGone,
                        format!(
                            "'{label}' refers to {} that no longer exists ({value}).",
                            with_article(what)
                        ),
                    ),
                }
            }
            _ => {
                let named = table.label.first() == Some(&column.name);
                let reason = if named { ObstacleReason::NameTaken } else { ObstacleReason::ValueTaken };
                let what = in_sentence(column.label);
                (reason, format!("Another {} already has the {what} '{value}'.", table.singular))
            }
        };
        let (row, column) = (RowKey { table: table.name, id }, Some(column.name.to_owned()));
        Ok(Obstacle { row, label, column, reason, message })
    }
}

/// The label of an existing row.
pub(super) async fn label(database: &mut SqliteConnection, table: &Table, id: &str) -> Result<String> {
    let labels = sql::statement(sql::labels(table)).bind(id_list([&id.to_owned()]));
    let found = labels.fetch_optional(database).await?;
    Ok(found.map(|row| shown_label(&row, 1)).transpose()?.unwrap_or_default())
}

pub(super) fn refusal(obstacles: &[Obstacle]) -> Error {
    let mut message = obstacles.iter().take(3).map(|o| o.message.as_str()).collect::<Vec<_>>().join(" ");
    if obstacles.len() > 3 {
        message = format!("{message} And {} more.", obstacles.len() - 3);
    }
    let has = |reason| obstacles.iter().any(|obstacle| obstacle.reason == reason);
    let hint = if has(ObstacleReason::HereAlready) || has(ObstacleReason::ValueTaken) {
        "Delete or change the existing rows first, or restore the others one by one."
    } else if has(ObstacleReason::NameTaken) {
        "Restore it under another name."
    } else if has(ObstacleReason::ReferenceGone) {
        "Restore it without the reference."
    } else {
        "Restore that row too, or restore this one without the reference."
    };
    Error::new(ErrorCode::Conflict, message).hint(hint)
}

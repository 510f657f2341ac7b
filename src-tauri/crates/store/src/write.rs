//! Creating and updating rows.

use datasets::{ReadOptions, Reading, Scanner};
use resources::{Described as _, Draft, TrainingChoices};
use schema::{Check, Error, ErrorCode, FieldProblem, Kind, Result, Row, Table, TableName, in_sentence};
use serde::Serialize;
use serde_json::Value;
use sqlx::{Sqlite, SqliteConnection, query::Query, sqlite::SqliteArguments};

use crate::{
    Listed, RunKind, Store, dataset_files,
    lookup::{RowFile, TransactionRows},
    read::get,
    rows::{find, not_found, rows_named},
    runs::add_run,
    sql, training_choices,
};

/// The outcome of creating a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Created {
    /// The row.
    pub row: Listed,
    /// Whether an equal row existed, so that no second one was created.
    pub recognized: bool,
}

/// A new or changed row that is ready to be written.
pub(super) struct Prepared {
    draft: Draft,
    /// The reading of its file, if it was read.
    reading: Option<Reading>,
}

impl Store {
    /// Creates a row.
    ///
    /// # Errors
    ///
    /// A rule does not hold. The error lists all problems, and nothing is written.
    pub async fn create(&self, table: &'static Table, fields: Row, scanner: &Scanner) -> Result<Created> {
        self.create_with(table, fields, scanner, &TrainingChoices::default()).await
    }

    /// Creates a row; that of a training with what was chosen beside its columns.
    pub(super) async fn create_with(
        &self,
        table: &'static Table,
        fields: Row,
        scanner: &Scanner,
        choices: &TrainingChoices,
    ) -> Result<Created> {
        let draft = self.prepare(table, None, fields, scanner).await?;
        let mut tx = self.write().await?;
        let mut created = add(draft, &mut tx).await?;
        training_choices::keep(&mut tx, &mut created.row, choices).await?;
        tx.commit().await?;
        Ok(created)
    }

    /// Creates rows that may refer to earlier ones of the list: all or none. Returns those that were not
    /// recognized.
    pub(super) async fn create_all(
        &self,
        rows: Vec<(TableName, Row)>,
        scanner: &Scanner,
    ) -> Result<Vec<(TableName, String)>> {
        let drafts = self.prepare_all(rows, scanner).await?;
        let mut tx = self.write().await?;
        let mut made = Vec::with_capacity(drafts.len());
        for (table, draft) in drafts {
            let Created { row, recognized } = add(draft, &mut tx).await?;
            if !recognized {
                let id = row.row.get("id").and_then(Value::as_str).unwrap_or_default();
                made.push((table, id.to_owned()));
            }
        }
        tx.commit().await?;
        Ok(made)
    }

    async fn prepare_all(
        &self,
        rows: Vec<(TableName, Row)>,
        scanner: &Scanner,
    ) -> Result<Vec<(TableName, Prepared)>> {
        let mut drafts = Vec::with_capacity(rows.len());
        for (table, fields) in rows {
            drafts.push((table, self.prepare(table.table(), None, fields, scanner).await?));
        }
        Ok(drafts)
    }

    /// The row that these fields would create, and all problems with it. Writes nothing.
    pub async fn try_new(&self, table: &'static Table, fields: Row) -> Result<(Row, Vec<FieldProblem>)> {
        let mut draft = Draft::new(table, None, fields);
        let (scanner, options) = (Scanner::unwatched(), ReadOptions::default());
        draft.derive(&mut RowFile::new(&scanner, &options)).await?;
        draft.check_required();
        let row = draft.row.clone();
        let mut reading = self.pool().acquire().await?;
        match check(draft, &mut reading).await {
            Ok(_) => Ok((row, Vec::new())),
            Err(error) if error.fields.is_empty() => Err(error),
            Err(error) => Ok((row, error.fields)),
        }
    }

    /// Creates the rows of a job, each after those it refers to, with what was chosen for its training, and
    /// queues its run on that target, in one transaction.
    pub async fn create_with_run(
        &self,
        rows: Vec<(TableName, Row)>,
        id: &str,
        kind: RunKind,
        name: &str,
        choices: &TrainingChoices,
        target: Option<&str>,
    ) -> Result<()> {
        let drafts = self.prepare_all(rows, &Scanner::unwatched()).await?;
        let mut tx = self.write().await?;
        for (table, draft) in drafts {
            let mut created = add(draft, &mut tx).await?;
            if table == TableName::FineTuningJobs {
                training_choices::keep(&mut tx, &mut created.row, choices).await?;
            }
        }
        add_run(&mut tx, id, kind, name, target).await?;
        Ok(tx.commit().await?)
    }

    /// Changes the given fields of a row; null clears one. The other values are not checked, so those
    /// of other programs that break a rule are kept until they are changed.
    pub async fn update(
        &self,
        table: &'static Table,
        id: &str,
        fields: Row,
        scanner: &Scanner,
    ) -> Result<Listed> {
        let mut reading = self.pool().acquire().await?;
        let before = find(&mut reading, table, id).await?.ok_or_else(|| not_found(table, id))?;
        drop(reading);
        let Prepared { draft, reading } = self.prepare(table, Some(before), fields, scanner).await?;
        let mut tx = self.write().await?;
        if find(&mut tx, table, id).await? != draft.before {
            return Err(Error::new(
                ErrorCode::Conflict,
                format!("This {} was changed by another program in the meantime.", table.singular),
            )
            .hint("Load it again, then repeat the change."));
        }
        let draft = check(draft, &mut tx).await?;
        let changed = draft.changed();
        if !changed.is_empty() {
            let mut update = sql::statement(sql::update(table, &changed));
            for column in &changed {
                update = bind(update, draft.value(column.name));
            }
            update.bind(id.to_owned()).execute(&mut *tx).await?;
            touch(&mut tx, table, id).await?;
        }
        dataset_files::keep_new(&mut tx, id, reading.as_ref()).await?;
        let row = get(&mut tx, table, id).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// How the file of a row is read: as was chosen just now, else as before.
    async fn options_of(&self, draft: &Draft, scanner: &Scanner) -> Result<ReadOptions> {
        let id = draft.before.as_ref().and_then(|row| row.get("id")).and_then(Value::as_str);
        match (scanner.chosen(), id) {
            (Some(chosen), _) => Ok(chosen.clone()),
            (None, Some(id)) if draft.table.name == TableName::Datasets => self.read_options(id).await,
            _ => Ok(ReadOptions::default()),
        }
    }

    /// The part of a change that needs no transaction, so that slow files do not block other writers.
    pub(super) async fn prepare(
        &self,
        table: &'static Table,
        before: Option<Row>,
        fields: Row,
        scanner: &Scanner,
    ) -> Result<Prepared> {
        let mut draft = Draft::new(table, before, fields);
        let mut reading = None;
        if draft.problems.is_empty() {
            let options = self.options_of(&draft, scanner).await?;
            let mut file = RowFile::new(scanner, &options);
            draft.derive(&mut file).await?;
            draft.check_required();
            reading = file.reading;
        }
        if draft.problems.is_empty() {
            Ok(Prepared { draft, reading })
        } else {
            Err(Error::invalid(draft.problems))
        }
    }
}

/// Inserts a new row, unless an equal one exists.
pub(super) async fn add(
    Prepared { draft, reading }: Prepared,
    database: &mut SqliteConnection,
) -> Result<Created> {
    let table = draft.table;
    if let Some(twin) = (table.rules.twin)(&draft.row, &mut TransactionRows(&mut *database)).await? {
        return Ok(Created { row: get(&mut *database, table, &twin).await?, recognized: true });
    }
    let mut draft = check(draft, &mut *database).await?;
    if draft.value("id").is_null() {
        draft.row.insert("id".to_owned(), uuid::Uuid::new_v4().to_string().into());
    }
    let id = draft.value("id").as_str().unwrap_or_default().to_owned();
    let mut insert = sql::statement(sql::insert(table));
    for column in table.columns {
        insert = bind(insert, draft.value(column.name));
    }
    insert.execute(&mut *database).await?;
    touch(&mut *database, table, &id).await?;
    dataset_files::keep_new(&mut *database, &id, reading.as_ref()).await?;
    let row = get(&mut *database, table, &id).await?;
    Ok(Created { row, recognized: false })
}

/// Checks a row by the rules that look up other rows, in the transaction that writes it.
async fn check(mut draft: Draft, database: &mut SqliteConnection) -> Result<Draft> {
    let table = draft.table;
    let changed = draft.changed();
    for column in &changed {
        let Some(value) = draft.value(column.name).as_str().map(str::to_owned) else { continue };
        if let Kind::Reference { table: target } = column.kind
            && find(database, target.table(), &value).await?.is_none()
        {
            let message = format!("There is no {} with the id '{value}'.", target.table().singular);
            draft.refuse(column.name, message);
        }
    }
    let own_id = draft.value("id").clone();
    let conflicts = taken(&draft, &changed, &own_id, database).await?;
    let missing = std::mem::take(&mut draft.problems);
    let mut rows = TransactionRows(database);
    let changed = changed.iter().map(|column| column.name).collect();
    let mut check = Check { changed, problems: missing, rows: &mut rows };
    (table.rules.check)(&draft.row, &mut check).await?;
    if check.problems.is_empty() && !conflicts.is_empty() {
        return Err(Error { code: ErrorCode::Conflict, ..Error::invalid(conflicts) });
    }
    let problems: Vec<_> = check.problems.into_iter().chain(conflicts).collect();
    if problems.is_empty() { Ok(draft) } else { Err(Error::invalid(problems)) }
}

/// Problems with values that another row has: the id of a new row, or a value of a unique column.
async fn taken(
    draft: &Draft,
    changed: &[&'static schema::Column],
    own_id: &Value,
    database: &mut SqliteConnection,
) -> Result<Vec<FieldProblem>> {
    let mut problems = Vec::new();
    for column in changed.iter().filter(|column| column.unique || column.kind == Kind::Id) {
        let Some(value) = draft.value(column.name).as_str() else { continue };
        let mut other = false;
        for holder in rows_named(database, draft.table, column.name, value).await? {
            let own = column.kind != Kind::Id && holder.get("id") == Some(own_id);
            other |= !own
                && (column.kind == Kind::Id
                    || (draft.table.rules.keeps_unique_values)(
                        &holder,
                        &mut TransactionRows(&mut *database),
                    )
                    .await?);
        }
        if other {
            problems.push(FieldProblem {
                column: column.name.to_owned(),
                message: format!(
                    "Another {} already has the {} '{value}'.",
                    draft.table.singular,
                    in_sentence(column.label)
                ),
            });
        }
    }
    Ok(problems)
}

type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

fn bind<'q>(statement: Statement<'q>, value: &Value) -> Statement<'q> {
    match value {
        Value::Null => statement.bind(None::<String>),
        Value::String(text) => statement.bind(text.clone()),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => statement.bind(whole),
            None => statement.bind(number.as_f64()),
        },
        other => statement.bind(other.to_string()),
    }
}

/// Records the time of a change, and for a new row the time of its creation.
async fn touch(database: &mut SqliteConnection, table: &Table, id: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO studio_times (table_name, row_id, created_at, changed_at) \
         VALUES (?1, ?2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) \
         ON CONFLICT DO UPDATE SET changed_at = excluded.changed_at",
    )
    .bind(table.name.into_str())
    .bind(id)
    .execute(database)
    .await?;
    Ok(())
}

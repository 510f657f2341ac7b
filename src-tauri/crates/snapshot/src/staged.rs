//! A source read into temporary tables beside the store, so that old and new can be compared and
//! merged by the database itself, in bounded memory.

use std::{path::Path, sync::LazyLock};

use platform::Work;
use schema::{Error, ErrorCode, Result};
use sqlx::{Connection, Row as _, Sqlite, SqliteConnection, query::Query, sqlite::SqliteArguments};
use store::{
    Store,
    sql::{self, Stage},
};
use tokio::sync::mpsc;

use super::{
    intake::{Batch, Cell, Skipped, SourceProblem, Tally},
    source::{Source, SourceKind},
};

/// The tables a snapshot may hold.
pub(super) static STAGES: LazyLock<Vec<Stage>> = LazyLock::new(sql::stages);

/// Batches on their way: enough that reader and writer keep each other busy.
const QUEUE: usize = 4;

/// A source that was read. Nothing in the store is changed by it.
pub struct Staged {
    pub(super) database: SqliteConnection,
    pub(super) summary: Summary,
}

/// What reading a source brought to light, its rows aside.
pub(super) struct Summary {
    pub(super) source: String,
    pub(super) kind: SourceKind,
    /// One for each of [`STAGES`].
    pub(super) tallies: Vec<Tally>,
    pub(super) problems: Vec<SourceProblem>,
    pub(super) problem_count: u64,
    pub(super) skipped: Vec<Skipped>,
}

impl std::fmt::Debug for Staged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staged").field("source", &self.summary.source).finish_non_exhaustive()
    }
}

impl Staged {
    /// Reads a source: a JSON snapshot or a database.
    pub async fn read(store: &Store, path: &Path, work: &Work) -> Result<Self> {
        // Known by its name alone: to open and close the file would let go of the locks that this
        // program holds on it.
        let here = std::fs::canonicalize(store.path()).ok();
        if here.is_some() && here == std::fs::canonicalize(path).ok() {
            return Err(Error::new(ErrorCode::Invalid, "The database can't be imported into itself.")
                .hint("Choose another file."));
        }
        let source = Source::open(path)?;
        let mut database = store.outside_connection().await?;
        prepare(&mut database).await?;
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (read, taken) =
            tokio::join!(source.read(&STAGES, sender, work), take_in(&mut database, receiver));
        // If taking in failed, reading only says that nobody listened.
        taken?;
        let intake = read?;
        let summary = Summary {
            source: source.path.display().to_string(),
            kind: source.kind,
            skipped: intake.skipped(),
            tallies: intake.tallies,
            problems: intake.problems,
            problem_count: intake.problem_count,
        };
        Ok(Self { database, summary })
    }

    /// Lets go of the temporary tables.
    pub async fn discard(self) {
        let _ = self.database.close().await;
    }
}

/// The temporary tables go to a file of their own that need not survive anything. Its pages are
/// large: it is written once and read a few times, mostly from one end to the other.
async fn prepare(database: &mut SqliteConnection) -> Result<()> {
    sqlx::raw_sql(
        "PRAGMA temp_store = FILE; PRAGMA temp.page_size = 32768; PRAGMA cache_size = -16000;
         PRAGMA temp.cache_size = -16000; PRAGMA temp.journal_mode = MEMORY; PRAGMA temp.synchronous = OFF;",
    )
    .execute(&mut *database)
    .await?;
    for statement in STAGES.iter().flat_map(Stage::create) {
        sql::statement(statement).execute(&mut *database).await?;
    }
    Ok(())
}

/// Stages the rows. A table is indexed as soon as the next begins: while the source is still
/// being read, that takes no time of its own.
async fn take_in(database: &mut SqliteConnection, mut batches: mpsc::Receiver<Batch>) -> Result<()> {
    let mut tx = database.begin().await?;
    let mut unindexed: Vec<usize> = (0..STAGES.len()).collect();
    let mut current = None;
    while let Some(Batch { stage, rows, .. }) = batches.recv().await {
        if let Some(done) = current.replace(stage).filter(|done| *done != stage) {
            sql::statement(STAGES[done].index()).execute(&mut *tx).await?;
            unindexed.retain(|at| *at != done);
        }
        let mut insert = sql::statement(STAGES[stage].take_in(rows.len()));
        for (number, cells) in rows {
            insert = insert.bind(number.cast_signed());
            for cell in cells {
                insert = bind(insert, cell);
            }
        }
        insert.execute(&mut *tx).await?;
    }
    for stage in unindexed {
        sql::statement(STAGES[stage].index()).execute(&mut *tx).await?;
    }
    Ok(tx.commit().await?)
}

type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

fn bind(statement: Statement<'_>, cell: Cell) -> Statement<'_> {
    match cell {
        Cell::Null | Cell::Odd(_) => statement.bind(None::<String>),
        Cell::Integer(number) => statement.bind(number),
        Cell::Real(number) => statement.bind(number),
        Cell::Text(text) => statement.bind(text),
    }
}

/// The single number a statement gives.
pub(super) async fn number(database: &mut SqliteConnection, statement: String) -> Result<u64> {
    let row = sql::statement(statement).fetch_one(database).await?;
    Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
}

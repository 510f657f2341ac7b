//! Looking into an SQLite file without the programs under test.

use std::path::Path;
use std::thread;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

/// The first column of every row that a query finds, as text.
pub fn texts(file: &Path, query: &str) -> Vec<Option<String>> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    with(options, async |database| {
        sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(database).await.expect("the query runs")
    })
}

/// Run statements on a file, which is made when it is not there.
pub fn execute(file: &Path, statements: &str) {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true).foreign_keys(false);
    with(options, async |database| {
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(database).await.expect("the statements run");
    });
}

/// Do something while no other program can write to a file.
pub fn while_locked<T: Send>(file: &Path, something: impl FnOnce() -> T + Send) -> T {
    with(SqliteConnectOptions::new().filename(file), async |database| {
        let tx = database.begin_with("BEGIN IMMEDIATE").await.expect("the right to write");
        let done = something();
        tx.rollback().await.expect("nothing was written");
        done
    })
}

/// On a thread of its own, so that any test may call it, whether it runs asynchronously or not.
fn with<T: Send>(
    options: SqliteConnectOptions,
    work: impl AsyncFnOnce(&mut SqliteConnection) -> T + Send,
) -> T {
    let whole = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().expect("a runtime").block_on(async {
            let mut database = options.connect().await.expect("an SQLite file");
            let result = work(&mut database).await;
            database.close().await.expect("the file closes");
            result
        })
    };
    thread::scope(|scope| scope.spawn(whole).join().expect("the file can be worked with"))
}

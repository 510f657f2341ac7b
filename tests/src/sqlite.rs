//! Looking into an SQLite file without the programs under test.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

/// The first column of every row that a query finds, as text.
pub fn texts(file: &Path, query: &str) -> Vec<Option<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let mut database = options.connect().await.expect("an SQLite file");
        let texts = sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&mut database).await;
        database.close().await.expect("the file closes");
        texts.expect("the query runs")
    })
}

/// Run statements on a file, which is made when it is not there.
pub fn execute(file: &Path, statements: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true).foreign_keys(false);
        let mut database = options.connect().await.expect("an SQLite file");
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut database).await.expect("the statements run");
        database.close().await.expect("the file closes");
    });
}

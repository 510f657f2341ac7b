//! A workbench with the database of a studio in its project, and a store here.

use std::{fs, path::PathBuf, time::Duration};

use fake_workbench::{FakeWorkbench, KEY};
use platform::Work;
use schema::TableName;
use serde_json::Value;
use snapshot::{ImportPolicy, Staged};
use sqlx::{
    AssertSqlSafe, Connection as _, Row as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use store::Store;
use tempfile::TempDir;
use workbench::{Address, ApiKey, Settings, Times, Workbench};

/// A small database as the reference studio leaves it.
const REFERENCE: &str = include_str!("../../../../../tests/tests/command_line/reference.sql");

pub(crate) struct World {
    pub(crate) there: FakeWorkbench,
    pub(crate) workbench: Workbench,
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let there = FakeWorkbench::new();
        let settings = Settings {
            address: Address::parse(there.address()).unwrap(),
            project: there.project().to_owned(),
            certificates: None,
        };
        let times = Times { first_wait: Duration::from_millis(1), ..Times::default() };
        let workbench = Workbench::new(settings, ApiKey::new(KEY).unwrap(), times).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.db")).await.unwrap();
        Self { there, workbench, store, folder }
    }

    /// A path in the project there, with the folders above it.
    pub(crate) fn place(&self, path: &str) -> PathBuf {
        let place = self.there.folder(self.there.project()).join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        place
    }

    /// A connection to a new database of a studio there.
    pub(crate) async fn studio(&self, path: &str) -> SqliteConnection {
        let mut database = self.open(path).await;
        sqlx::raw_sql(REFERENCE).execute(&mut database).await.unwrap();
        database
    }

    /// A connection to a database there, as SQLAlchemy has one.
    pub(crate) async fn open(&self, path: &str) -> SqliteConnection {
        let options = SqliteConnectOptions::new()
            .filename(self.place(path))
            .create_if_missing(true)
            .foreign_keys(false)
            .journal_mode(SqliteJournalMode::Delete);
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// Adds rows here.
    pub(crate) async fn add(&self, rows: &Value) {
        let file = self.folder.path().join("rows.json");
        fs::write(&file, rows.to_string()).unwrap();
        let mut staged = Staged::read(&self.store, &file, &Work::unwatched()).await.unwrap();
        staged.import(&self.store, &ImportPolicy::default(), &Work::unwatched()).await.unwrap();
        staged.discard().await;
    }

    /// The plan of an import of the studio there.
    pub(crate) async fn planned(&self, place: Option<&str>) -> snapshot::Plan {
        let staged = exchange::pull(&self.store, &self.workbench, place, &Work::unwatched()).await;
        let mut staged = staged.unwrap();
        let plan = staged.plan().await.unwrap();
        staged.discard().await;
        plan
    }

    /// The number of rows that the studio there has, which are new here.
    pub(crate) async fn new_rows(&self, table: TableName, place: Option<&str>) -> u64 {
        self.planned(place).await.tables[&table].new
    }
}

/// The ids of a table's rows.
pub(crate) async fn ids(database: &mut SqliteConnection, table: &str) -> Vec<String> {
    let query = format!("SELECT id FROM {table} ORDER BY id");
    let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(database).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

pub(crate) async fn execute(database: &mut SqliteConnection, statements: &str) {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(database).await.unwrap();
}

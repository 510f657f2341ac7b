//! Databases as people have them, opened and imported: distinguished by what they are, and nothing is
//! left or changed beside one that is only read.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};
use studio::{Error, ErrorCode, Studio, schema::TableName, snapshot::ImportPolicy};

use crate::{
    opening::reference,
    snapshots::{counts, export, import, plan, skipping},
    world::{World, stranger},
};

/// Everything in a folder: names, with time and content.
fn listing(folder: &Path) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let described = entries.map(|entry| {
        let content = if entry.path().is_dir() { Vec::new() } else { fs::read(entry.path()).unwrap() };
        (entry.path(), (entry.metadata().unwrap().modified().unwrap(), content))
    });
    described.collect()
}

async fn run(database: &mut SqliteConnection, statements: &'static str) {
    sqlx::raw_sql(statements).execute(database).await.unwrap();
}

/// A database in a folder of its own.
async fn database(world: &World, name: &str, statements: &'static str) -> PathBuf {
    let folder = world.path(name);
    fs::create_dir(&folder).unwrap();
    let path = folder.join(format!("{name}.db"));
    let mut database = stranger(&path).await;
    run(&mut database, statements).await;
    database.close().await.unwrap();
    path
}

/// Opens what is no workspace, and holds its folder to be the same after.
async fn not_opened(path: &Path) -> Error {
    let before = listing(path.parent().unwrap());
    let error = Studio::open(path).await.unwrap_err();
    assert!(listing(path.parent().unwrap()) == before, "{error}: something was left or changed");
    assert!(error.message.contains(&path.display().to_string()) && error.hint.is_some(), "{error:?}");
    assert_ne!(error.code, ErrorCode::Internal, "{error:?}");
    error
}

#[tokio::test]
async fn an_older_studio_is_known_by_its_tables() {
    for (drop, missing) in [
        ("DROP TABLE evaluation_jobs", "without the table 'evaluation_jobs'"),
        (
            "DROP TABLE evaluation_jobs; DROP TABLE configs; DROP TABLE prompts; DROP TABLE datasets",
            "without the tables 'datasets', 'prompts', 'configs', 'evaluation_jobs'",
        ),
    ] {
        let world = World::new().await;
        let path = world.path("old/state.db");
        fs::create_dir(world.path("old")).unwrap();
        // Before its one migration: without the inline configs.
        reference(&path).await;
        run(&mut stranger(&path).await, drop).await;
        let error = not_opened(&path).await;
        assert_eq!(error.code, ErrorCode::NotAStudio);
        assert!(error.message.contains(missing), "{error}");
        assert!(error.hint.unwrap().contains("import this file"));

        let planned = plan(&world.studio, &path).await.unwrap();
        assert_eq!(counts(&planned, TableName::Models), json!({"new": 1}));
        import(&world.studio, &path, &ImportPolicy::default()).await.unwrap();
        let row = world.studio.store().get(TableName::Adapters, "a").await.unwrap().row;
        assert_eq!((&row["model_id"], &row["prompt_id"]), (&json!("m"), &json!(null)));
    }
}

#[tokio::test]
async fn databases_of_other_programs_are_refused_however_they_are_read() {
    let world = World::new().await;
    for (name, statements) in [
        (
            // Of MLflow, which has a table `datasets`, too.
            "mlflow",
            "CREATE TABLE experiments (experiment_id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(256));
             CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(250));
             CREATE TABLE datasets (dataset_uuid VARCHAR(36) NOT NULL PRIMARY KEY, experiment_id INTEGER, name VARCHAR(500));
             CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
             INSERT INTO datasets VALUES ('u', 0, 'train'); INSERT INTO runs VALUES ('r', 'first');",
        ),
        ("mlflow-empty", "CREATE TABLE experiments (id INTEGER); CREATE TABLE datasets (dataset_uuid VARCHAR(36))"),
        ("wal", "PRAGMA journal_mode = WAL; CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('La')"),
        ("view", "CREATE TABLE songs (title TEXT); CREATE VIEW broken AS SELECT * FROM nobody"),
    ] {
        let path = database(&world, name, statements).await;
        assert_eq!(not_opened(&path).await.code, ErrorCode::NotAStudio, "{name}");
        let before = listing(path.parent().unwrap());
        let error = plan(&world.studio, &path).await.map(|plan| panic!("{name}: {plan:?}")).unwrap_err();
        assert!(error.message.contains("another program") && error.hint.is_some(), "{error:?}");
        assert!(error.message.contains(&path.display().to_string()), "{error:?}");
        assert!(listing(path.parent().unwrap()) == before, "{name}: something was left or changed");
    }
}

#[tokio::test]
async fn a_text_that_is_called_a_database() {
    let world = World::new().await;
    fs::create_dir(world.path("texts")).unwrap();
    let path = world.file("texts/notes.db", "These are the notes of Monday.\n");
    assert_eq!(not_opened(&path).await.code, ErrorCode::NotADatabase);
    let error = plan(&world.studio, &path).await.unwrap_err();
    assert!(
        error.message.ends_with("neither a JSON snapshot nor an SQLite database, but other text."),
        "{error}"
    );
}

#[tokio::test]
async fn a_damaged_database_leaves_no_folder_for_backups() {
    let world = World::new().await;
    fs::create_dir(world.path("old")).unwrap();
    let path = world.path("old/state.db");
    reference(&path).await;
    run(
        &mut stranger(&path).await,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
         INSERT INTO models (id, name, description) SELECT 'm' || i, 'old', hex(zeroblob(500)) FROM n",
    )
    .await;
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xab);
    fs::write(&path, &bytes).unwrap();
    let error = not_opened(&path).await;
    assert_eq!(error.code, ErrorCode::Damaged);
    assert_eq!(error.message, format!("{}: The database file is damaged.", path.display()));
    let error = plan(&world.studio, &path).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Damaged, "{error:?}");
}

/// The files of a database whose program died with 300 rows in its log and one in the file.
async fn left_behind(world: &World, name: &str, ends: &[&str]) -> PathBuf {
    let alive = world.path("alive.db");
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", alive.display()));
    }
    let mut program = stranger(&alive).await;
    run(
        &mut program,
        "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
         CREATE TABLE models (id VARCHAR NOT NULL PRIMARY KEY, name VARCHAR);
         INSERT INTO models VALUES ('m0', 'lab/0'); PRAGMA wal_checkpoint(TRUNCATE);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
         INSERT INTO models SELECT 'm' || i, 'lab/' || i FROM n;",
    )
    .await;
    let folder = world.path(name);
    fs::create_dir(&folder).unwrap();
    for end in [""].iter().chain(ends) {
        fs::copy(format!("{}{end}", alive.display()), folder.join(format!("state.db{end}"))).unwrap();
    }
    program.close().await.unwrap();
    folder.join("state.db")
}

#[tokio::test]
async fn nothing_is_left_or_changed_beside_a_source() {
    let world = World::new().await;
    let plain = database(
        &world,
        "plain",
        "CREATE TABLE models (id VARCHAR NOT NULL PRIMARY KEY); INSERT INTO models VALUES ('m0')",
    )
    .await;
    let closed = database(
        &world,
        "closed",
        "PRAGMA journal_mode = WAL; CREATE TABLE models (id VARCHAR NOT NULL PRIMARY KEY); INSERT INTO models VALUES ('m0')",
    )
    .await;
    let empty_log = left_behind(&world, "empty-log", &[]).await;
    fs::write(world.path("empty-log/state.db-wal"), "").unwrap();
    let sources = [
        ("no log", plain, 1),
        ("a log of old, closed", closed, 1),
        ("the file alone", left_behind(&world, "alone", &[]).await, 1),
        ("an empty log", empty_log, 1),
        ("a log", left_behind(&world, "log", &["-wal"]).await, 301),
        ("a log and its index", left_behind(&world, "index", &["-wal", "-shm"]).await, 301),
        ("a name that is a link", link(&world, "log/state.db"), 301),
    ];
    for (name, path, rows) in sources {
        let folder = fs::canonicalize(&path).unwrap().parent().unwrap().to_owned();
        let writable = fs::metadata(&folder).unwrap().permissions();
        let mut read_only = writable.clone();
        read_only.set_readonly(true);
        let before = listing(&folder);
        for permissions in [writable.clone(), read_only] {
            fs::set_permissions(&folder, permissions).unwrap();
            let planned = plan(&world.studio, &path).await;
            fs::set_permissions(&folder, writable.clone()).unwrap();
            let models = planned.unwrap().tables[&TableName::Models];
            assert_eq!(models.new, rows, "{name}");
            assert!(listing(&folder) == before, "{name}: something was left or changed");
        }
    }
    let left: Vec<_> = fs::read_dir(world.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert_eq!(left, [""; 0], "a copy was left");
}

fn link(world: &World, to: &str) -> PathBuf {
    #[cfg(unix)]
    {
        let link = world.path("link.db");
        std::os::unix::fs::symlink(world.path(to), &link).unwrap();
        link
    }
    #[cfg(not(unix))]
    world.path(to)
}

#[cfg(unix)]
#[tokio::test]
async fn a_source_may_have_a_name_that_is_not_utf_8() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let world = World::new().await;
    let path = left_behind(&world, "named", &["-wal"]).await;
    let odd = world.path("named").join(OsStr::from_bytes(b"st\xffte.db"));
    let mut odd_log = odd.clone().into_os_string();
    odd_log.push("-wal");
    fs::rename(&path, &odd).unwrap();
    fs::rename(path.with_extension("db-wal"), odd_log).unwrap();
    let before = listing(&world.path("named"));
    let planned = plan(&world.studio, &odd).await.unwrap();
    assert_eq!(counts(&planned, TableName::Models), json!({"new": 301}));
    assert!(listing(&world.path("named")) == before);
}

#[tokio::test]
async fn a_table_has_the_same_rows_in_every_form() {
    for (name, statements) in [
        (
            "little",
            "PRAGMA encoding = 'UTF-16le'; CREATE TABLE models (id VARCHAR NOT NULL PRIMARY KEY, name VARCHAR)",
        ),
        (
            "big",
            "PRAGMA encoding = 'UTF-16be'; CREATE TABLE models (name VARCHAR, id VARCHAR NOT NULL PRIMARY KEY)",
        ),
        ("keyed", "CREATE TABLE models (id TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID"),
        (
            "strict",
            "CREATE TABLE models (id TEXT, name TEXT) STRICT; CREATE INDEX i ON models (name DESC) WHERE id > ''",
        ),
        ("quoted", "CREATE TABLE \"models\" (\"name\" TEXT, [id] TEXT, `the \"later\" one` TEXT)"),
    ] {
        let world = World::new().await;
        let path = database(&world, name, statements).await;
        run(
            &mut stranger(&path).await,
            "INSERT INTO models (id, name) VALUES ('m', 'Größe 😀'); CREATE TABLE Lieder_ä (title TEXT)",
        )
        .await;
        let planned = plan(&world.studio, &path).await.unwrap();
        assert_eq!(counts(&planned, TableName::Models), json!({"new": 1}), "{name}");
        assert_eq!(planned.problems[0].table, "Lieder_ä", "{name}");
        import(&world.studio, &path, &skipping()).await.unwrap();
        let row = world.studio.store().get(TableName::Models, "m").await.unwrap().row;
        assert_eq!(row["name"], "Größe 😀", "{name}");
    }
}

/// A database whose table `models` is called otherwise in its schema.
async fn renamed(world: &World, name: &str, from: &str, to: &[u8]) -> PathBuf {
    let path = database(
        world,
        name,
        "CREATE TABLE models (id VARCHAR NOT NULL PRIMARY KEY, colname VARCHAR, typed COLTYPE);
         INSERT INTO models VALUES ('m', 'a', 'b'), ('n', NULL, NULL);",
    )
    .await;
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
    fs::write(&path, bytes).unwrap();
    path
}

#[tokio::test]
async fn names_that_are_not_utf_8_lose_no_rows() {
    let world = World::new().await;
    let before = export(&world.studio).await;
    let path = renamed(&world, "column", "colname", b"c\xfflname").await;
    let error = plan(&world.studio, &path).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(error.message.contains("'models' has a column whose name is not UTF-8"), "{error}");
    assert_eq!(export(&world.studio).await, before);
    // The type of a column is not read, so it may be anything.
    let path = renamed(&world, "type", "COLTYPE", b"C\xffLTYPE").await;
    let planned = plan(&world.studio, &path).await.unwrap();
    assert_eq!(planned.tables[&TableName::Models].invalid, 1, "{planned:?}");
    assert_eq!(planned.tables[&TableName::Models].new, 1);
}

//! Files that mean harm or are broken: each ends in a clear error, and the store stays as it was.

use std::{
    fmt::Write as _,
    io::{BufWriter, Write as _},
    path::Path,
};

use serde_json::json;
use sqlx::Connection as _;
use studio::{
    Error, ErrorCode, Studio,
    platform::Work,
    resources::TABLES,
    schema::TableName,
    snapshot::{ExportFormat, ImportPolicy},
};

use crate::{
    snapshots::{counts, export, import, plan, problems, skipping},
    world::{World, stranger},
};

/// A studio with a row in most tables.
async fn lived_in() -> World {
    let world = World::new().await;
    let dataset = world.dataset().await;
    world.prompt(&dataset).await;
    world.model().await;
    world
}

/// Reads what can't be read, and holds the store to be the same after.
async fn refused(studio: &Studio, source: &Path) -> Error {
    let before = export(studio).await;
    let error = match studio.snapshots().read(source, &Work::unwatched()).await {
        Err(error) => error,
        Ok(mut staged) => {
            let result =
                studio.snapshots().import(&mut staged, &ImportPolicy::default(), &Work::unwatched()).await;
            result.map(|report| panic!("{} was taken: {report:?}", source.display())).unwrap_err()
        }
    };
    assert!(error.message.contains(&source.display().to_string()), "the file is not named: {error:?}");
    assert!(error.hint.is_some(), "no way out: {error:?}");
    assert_ne!(error.code, ErrorCode::Internal, "{error:?}");
    assert_eq!(export(studio).await, before, "the store changed");
    assert!(studio.store().backups().unwrap().is_empty(), "a refusal left a backup");
    error
}

async fn refused_text(text: impl AsRef<[u8]>) -> Error {
    let world = lived_in().await;
    let source = world.file("source.json", text);
    refused(&world.studio, &source).await
}

#[tokio::test]
async fn a_snapshot_cut_short_anywhere() {
    let world = lived_in().await;
    let snapshot = r#"{"models": {"schema": "CREATE TABLE \"x\"", "data": [{"id": "a\u00e9\n", "name": null}, {"id": "ü"}]},
        "configs": [{"id": "k", "is_default": -12, "type": "custom"}], "fine_tuning_jobs": [{"id": "j", "learning_rate": 1.5e-3}]}"#;
    let before = export(&world.studio).await;
    for end in 0..snapshot.len() {
        let source = world.file("source.json", &snapshot.as_bytes()[..end]);
        let read = world.studio.snapshots().read(&source, &Work::unwatched()).await;
        let error = read.map(|_| panic!("cut at {end}, and yet read")).unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid, "{error:?}");
        assert!(error.message.contains("source.json") && error.hint.is_some(), "{error:?}");
    }
    assert_eq!(export(&world.studio).await, before);
    let whole = world.file("source.json", snapshot);
    plan(&world.studio, &whole).await.unwrap();
}

#[tokio::test]
async fn a_snapshot_with_more_behind_it() {
    for more in ["{}", "x", "]", "\u{0}", "null"] {
        refused_text(format!("{{\"models\": []}}\n{more}")).await;
    }
}

#[tokio::test]
async fn nesting_without_end() {
    let levels = |open: &str, count: usize| open.repeat(count);
    for depth in [200, 100_000] {
        for text in [
            levels("[", depth),
            levels("{\"models\":", depth),
            format!("{{\"models\": {}", levels("[", depth)),
            format!("{{\"models\": {}", levels("{\"data\":", depth)),
            format!("{{\"models\": [{{\"id\": {}", levels("[", depth)),
            format!("{{\"models\": [{{\"other\": {}", levels("{\"a\":", depth)),
            format!("{{\"models\": {{\"schema\": {}", levels("[", depth)),
            format!("{{\"unknown\": {}", levels("{\"data\":", depth)),
        ] {
            assert_eq!(refused_text(text).await.code, ErrorCode::Invalid);
        }
    }
    // The same, closed again: a valid JSON text that no parser should follow down.
    let closed = format!("{{\"models\": [{{\"id\": {}{}}}]}}", levels("[", 100_000), levels("]", 100_000));
    refused_text(closed).await;
}

#[tokio::test]
async fn keys_that_stand_twice() {
    for text in [
        r#"{"models": [{"id": "a"}], "models": [{"id": "b"}]}"#,
        r#"{"models": {"data": [{"id": "a"}], "data": [{"id": "b"}]}}"#,
        r#"{"models": [{"id": "a", "id": "b"}]}"#,
        r#"{"models": [{"id": "a", "name": "x", "name": "x"}]}"#,
        r#"{"models": [{"id": "a", "n\u0061me": "x", "name": "y"}]}"#,
    ] {
        let error = refused_text(text).await;
        assert!(error.message.contains("twice"), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_snapshot() {
    for text in [
        "[]",
        "5",
        "\"models\"",
        "null",
        "true",
        "{\"models\": 5}",
        "{\"models\": null}",
        "{\"models\": \"rows\"}",
        "{\"models\": {\"data\": 5}}",
        "{\"songs\": 5}",
        "hello",
        "{",
        "{\"models\": [{\"id\": 1e999}]}",
        "{\"models\": [{\"id\": \"\\ud800\"}]}",
        "{models: []}",
        "{'models': []}",
        "{\"models\": [NaN]}",
        "{\"models\": [{\"id\": \"a\nb\"}]}",
    ] {
        assert_eq!(refused_text(text).await.code, ErrorCode::Invalid, "{text}");
    }
    refused_text(b"{\"models\": [{\"id\": \"\xff\xfe\"}]}").await;
    refused_text(b"\xff\xfe{\0\0\xd8}\0").await;
    refused_text(b"\x1f\x8b\x08\0\0\0\0\0").await;
}

#[tokio::test]
async fn schema_texts_are_never_run() {
    let world = lived_in().await;
    let victim = world.path("victim.db");
    for schema in [
        "DROP TABLE models",
        "CREATE TABLE IF NOT EXISTS x (id); DROP TABLE models; --",
        &format!("ATTACH '{}' AS v; CREATE TABLE v.x (id)", victim.display()),
        "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema",
    ] {
        let before = export(&world.studio).await;
        let source = world.snapshot(&json!({
            "models": {"schema": schema, "data": []},
            "datasets": {"data": [], "schema": schema, "more": {"schema": [schema]}},
        }));
        import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
        assert_eq!(export(&world.studio).await, before);
    }
    assert!(!victim.exists());
    assert!(world.studio.check().await.unwrap().is_empty());
}

#[tokio::test]
async fn names_made_of_sql_are_only_names() {
    let world = lived_in().await;
    let evil = "models\"; DROP TABLE models; --";
    let before = export(&world.studio).await;
    let source = world.snapshot(&json!({
        evil: [{"id": "x"}],
        "sqlite_schema": [{"id": "x"}],
        "MODELS": [{"id": "x"}],
        "models": [{"id": "x", "name\" = 'owned' WHERE 1; --": "y"}],
    }));
    let told = plan(&world.studio, &source).await.unwrap();
    assert_eq!(counts(&told, TableName::Models), json!({"invalid": 1}));
    assert_eq!(told.problem_count, 4, "{:?}", problems(&told));
    import(&world.studio, &source, &skipping()).await.unwrap();
    assert_eq!(export(&world.studio).await, before);

    // The same as a database, where such names are real.
    let path = world.path("evil.db");
    sqlx::raw_sql(
        "CREATE TABLE \"models\"\"; DROP TABLE models; --\" (id); INSERT INTO \"models\"\"; DROP TABLE models; --\" VALUES (1);
         CREATE TABLE models (id, \"name\"\" = 'owned'; --\"); INSERT INTO models VALUES ('x', 'y');",
    )
    .execute(&mut stranger(&path).await)
    .await
    .unwrap();
    import(&world.studio, &path, &skipping()).await.unwrap();
    assert_eq!(export(&world.studio).await, before);
}

#[tokio::test]
async fn values_made_of_sql_are_only_values() {
    let world = lived_in().await;
    let evil = "'); DROP TABLE models; --";
    let source = world.snapshot(&json!({"models": [{"id": evil, "name": evil}]}));
    import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    assert_eq!(world.studio.store().get(TableName::Models, evil).await.unwrap().row["name"], evil);
}

#[tokio::test]
async fn a_text_without_end_is_not_kept_in_memory() {
    let world = lived_in().await;
    for start in ["{\"models\": [{\"id\": \"a\", \"name\": \"", "{\""] {
        let source = world.path("long.json");
        let mut file = BufWriter::new(std::fs::File::create(&source).unwrap());
        file.write_all(start.as_bytes()).unwrap();
        // An escaped quote does not end a text.
        let block = "\\\"\\\\ some text ".repeat(1 << 13);
        for _ in 0..(65 << 20) / block.len() + 1 {
            file.write_all(block.as_bytes()).unwrap();
        }
        file.write_all(b"\"}]}").unwrap();
        drop(file);
        let error = refused(&world.studio, &source).await;
        assert!(error.message.contains("64 MiB"), "{error}");
    }
}

#[tokio::test]
async fn a_row_of_unknown_columns_without_end() {
    let mut text = "{\"models\": [{\"id\": \"a\"".to_owned();
    for at in 0..20_000 {
        write!(text, ", \"c{at}\": null").unwrap();
    }
    let error = refused_text(text + "}]}").await;
    assert!(error.message.contains("unknown columns"), "{error}");
}

#[tokio::test]
async fn faults_without_end_are_counted_but_not_all_kept() {
    let world = lived_in().await;
    let mut text = "{\"models\": [5".to_owned();
    for at in 0..5_000 {
        write!(text, ", {{\"id\": {at}, \"column{at}\": 1}}").unwrap();
    }
    text += "]";
    for at in 0..5_000 {
        write!(text, ", \"song{at}\": [], \"book{at}\": [1]").unwrap();
    }
    let source = world.file("source.json", text + "}");
    let told = plan(&world.studio, &source).await.unwrap();
    assert_eq!(told.problem_count, 1 + 2 * 5_000 + 5_000);
    assert_eq!((told.problems.len(), told.skipped.len()), (1_000, 1_000));
    let error = refused(&world.studio, &source).await;
    assert!(error.message.len() < 1_000 && error.message.contains("15000 more"), "{error}");
}

#[tokio::test]
async fn what_is_no_file_is_not_waited_for() {
    let world = lived_in().await;
    assert_eq!(refused(&world.studio, &world.path("nowhere.json")).await.code, ErrorCode::NotFound);
    assert_eq!(refused(&world.studio, world.folder.path()).await.code, ErrorCode::File);
    refused(&world.studio, &world.file("empty.json", "")).await;
    refused(&world.studio, &world.file("blank.json", " \n\t ")).await;
    #[cfg(unix)]
    {
        let pipe = world.path("pipe.json");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(refused(&world.studio, &pipe).await.code, ErrorCode::File);
        assert_eq!(refused(&world.studio, Path::new("/dev/zero")).await.code, ErrorCode::File);
        let looped = world.path("loop.json");
        std::os::unix::fs::symlink(&looped, &looped).unwrap();
        let error = world.studio.snapshots().read(&looped, &Work::unwatched()).await.unwrap_err();
        assert!(error.message.contains("loop.json"), "{error}");
    }
}

#[tokio::test]
async fn bytes_of_chance() {
    let world = lived_in().await;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut chance = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for length in [1, 15, 16, 17, 100, 5_000, 100_000] {
        let bytes: Vec<u8> = (0..length).map(|_| chance().to_le_bytes()[0]).collect();
        refused(&world.studio, &world.file("chance", &bytes)).await;
        refused(&world.studio, &world.file("chance.db", [b"SQLite format 3\0", bytes.as_slice()].concat()))
            .await;
    }
}

/// A database that names a table as we do, but makes it of something that may run code.
async fn refused_database(statements: &str) -> Error {
    let world = lived_in().await;
    let path = world.path("source.db");
    let mut database = stranger(&path).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    refused(&world.studio, &path).await
}

#[tokio::test]
async fn databases_whose_tables_would_run_something() {
    for statements in [
        "CREATE VIEW models AS SELECT 'x' AS id",
        "CREATE VIEW models AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n",
        "CREATE VIRTUAL TABLE models USING fts5(id, name)",
        "CREATE TABLE models (id TEXT, name TEXT GENERATED ALWAYS AS (hex(id)) VIRTUAL); INSERT INTO models VALUES ('x')",
        "CREATE TABLE models (id TEXT, name TEXT AS (id || id) STORED); INSERT INTO models VALUES ('x')",
    ] {
        let error = refused_database(statements).await;
        assert_eq!(error.code, ErrorCode::Invalid, "{error:?}");
        assert!(error.message.contains("'models'"), "{error}");
    }
    for statements in [
        "CREATE TABLE models (id TEXT); INSERT INTO models VALUES (x'00ff')",
        "CREATE TABLE models (id TEXT); INSERT INTO models VALUES (CAST(x'fffe' AS TEXT))",
        "CREATE TABLE models (id TEXT, name TEXT); INSERT INTO models VALUES ('x', 'a' || char(0) || 'b')",
        "CREATE TABLE fine_tuning_jobs (id TEXT, learning_rate DOUBLE); INSERT INTO fine_tuning_jobs VALUES ('x', 'fast')",
        "CREATE TABLE songs (title TEXT)",
    ] {
        assert_eq!(refused_database(statements).await.code, ErrorCode::Invalid, "{statements}");
    }
}

#[tokio::test]
async fn triggers_and_indexes_of_a_source_do_nothing() {
    let world = lived_in().await;
    let path = world.path("source.db");
    sqlx::raw_sql(
        "CREATE TABLE models (id TEXT PRIMARY KEY, name TEXT, CHECK (length(hex(randomblob(10))) > 0));
         CREATE INDEX i ON models (upper(name));
         INSERT INTO models VALUES ('x', 'lab/x');
         CREATE TRIGGER models_i AFTER INSERT ON models BEGIN DELETE FROM models; END;
         CREATE TRIGGER models_u AFTER UPDATE ON models BEGIN DELETE FROM models; END;",
    )
    .execute(&mut stranger(&path).await)
    .await
    .unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let report = import(&world.studio, &path, &ImportPolicy::default()).await.unwrap();
    assert_eq!(report.tables[&TableName::Models].added, 1);
    assert_eq!(world.studio.workspace().await.unwrap().counts[1].rows, 2);
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "the source was written to");
}

#[tokio::test]
async fn databases_cut_short_or_scrambled() {
    let world = lived_in().await;
    let other = lived_in().await;
    let rows: Vec<_> = (0..300).map(|at| json!({"id": format!("m{at}"), "name": "n".repeat(200)})).collect();
    let source = other.snapshot(&json!({"models": rows}));
    import(&other.studio, &source, &ImportPolicy::default()).await.unwrap();
    let copy = other.path("copy.db");
    other.studio.snapshots().export(&copy, ExportFormat::Sqlite, None, &Work::unwatched()).await.unwrap();
    let whole = std::fs::read(&copy).unwrap();

    for end in
        [16, 50, 99, 100, 512, 4095, 4096, 5000, 8192, whole.len() / 2, whole.len() - 4096, whole.len() - 1]
    {
        refused(&world.studio, &world.file("cut.db", &whole[..end])).await;
    }
    // Pages of noise may hit what nobody reads, such as an index: then the rows must be all there.
    let before = export(&world.studio).await;
    for page in 0..whole.len() / 4096 {
        let mut bytes = whole.clone();
        for (at, byte) in
            bytes[page * 4096..][..4096].iter_mut().enumerate().skip(if page == 0 { 100 } else { 0 })
        {
            *byte = (at * 31 + page * 7) as u8;
        }
        let source = world.file("scrambled.db", &bytes);
        match plan(&world.studio, &source).await {
            Err(error) => {
                assert!(
                    error.message.contains("scrambled.db") && error.hint.is_some(),
                    "page {page}: {error:?}"
                );
                assert_ne!(error.code, ErrorCode::Internal, "page {page}: {error:?}");
            }
            Ok(told) if told.problem_count == 0 => {
                let models = told.tables[&TableName::Models];
                assert_eq!(
                    models.new + models.same + models.conflicting,
                    301,
                    "page {page}: rows went missing"
                );
            }
            Ok(_) => {}
        }
        assert_eq!(export(&world.studio).await, before);
    }
}

#[tokio::test]
async fn every_table_refuses_what_is_not_a_row() {
    let world = lived_in().await;
    for table in TABLES {
        let source = world.snapshot(&json!({table.name.into_str(): [1]}));
        let error = refused(&world.studio, &source).await;
        assert!(error.message.contains(table.name.into_str()), "{error}");
    }
}

#[tokio::test]
async fn short_and_long_rows_are_read_alike() {
    let world = lived_in().await;
    let mut taken = 0;
    for row in [
        r#""id": "a", "name": "{[\"}]\\""#,
        r#""id": "a", "name": "\u007b\ud83d\ude00 ü""#,
        r#""id": "a", "name": {"a": [{"b": "}"}]}"#,
        r#""id": "a", "name": [1, [2, {"]": "}"}]]"#,
        r#""id": "a", "later": null, "other": true"#,
        r#""id": "a", "name": 1.5e3"#,
        r#""id": "a", "id": "b""#,
        "",
        r#""id": "a","#,
        r#""id": "a" "name": "b""#,
        r#""id" "a""#,
        r#""id": "a"]"#,
        r#""id": "a"}}"#,
        r#""id": "a\""#,
        r#""id": "a\q""#,
        r#""id": "\ud800""#,
        "\"id\": \"a\u{1}\"",
        "\"id\": \"a\nb\"",
        r#""id": 1e999"#,
        r#""id": 01"#,
        r#"id: "a""#,
        r#""id": nul"#,
        r#""id": "a", "name": {"a": [}"#,
        r#"{"id": "a"}"#,
    ] {
        let mut said = Vec::new();
        // More than a megabyte of spaces makes a row that no reader keeps at hand.
        for pad in ["", &" ".repeat(1_100_000)] {
            let text =
                format!("{{\"models\": [{{\"id\": \"first\"}}, {{{pad}{row}}}, {{\"id\": \"last\"}}]}}");
            let source = world.file("source.json", text);
            said.push(match plan(&world.studio, &source).await {
                Ok(told) => Ok((told.tables[&TableName::Models], told.problems, told.skipped)),
                Err(error) => Err(error.code),
            });
        }
        taken += u32::from(said[0].is_ok());
        assert_eq!(said[0], said[1], "{row}");
    }
    assert_eq!(taken, 9, "other rows than those of valid JSON were read");
}

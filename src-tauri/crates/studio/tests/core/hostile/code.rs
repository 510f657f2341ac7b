//! Names, values and schemas made of SQL: none of it is run.

use serde_json::json;
use sqlx::Connection as _;
use studio::{Error, ErrorCode, schema::TableName, snapshot::ImportPolicy};

use super::{lived_in, refused};
use crate::{
    snapshots::{counts, export, import, plan, problems, skipping},
    world::stranger,
};

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
    let planned = plan(&world.studio, &source).await.unwrap();
    assert_eq!(counts(&planned, TableName::Models), json!({"invalid": 1}));
    assert_eq!(planned.problem_count, 4, "{:?}", problems(&planned));
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

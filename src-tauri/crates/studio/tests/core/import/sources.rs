//! What is imported from.

use serde_json::{Value, json};
use studio::{
    ErrorCode,
    platform::Work,
    schema::TableName,
    snapshot::{ImportPolicy, SourceKind},
};

use super::{get, model, three_models};
use crate::{
    snapshots::{counts, export, import, plan},
    world::{World, stranger},
};

#[tokio::test]
async fn a_table_without_data_is_named_in_the_plan() {
    let world = World::new().await;
    let path = world.file("a.json", r#"{"models": {"schema": "CREATE TABLE models (id)"}}"#);
    let mut staged = world.studio.snapshots().read(&path, &Work::unwatched()).await.unwrap();
    let plan = staged.plan().await.unwrap();
    assert_eq!(plan.problem_count, 0);
    assert_eq!(plan.skipped.iter().map(|skipped| skipped.name.as_str()).collect::<Vec<_>>(), ["models"]);
}

#[tokio::test]
async fn a_database_of_the_references_first_versions() {
    let world = World::new().await;
    let path = world.path("old.db");
    sqlx::raw_sql(
        "CREATE TABLE models (id VARCHAR NOT NULL, type VARCHAR, framework VARCHAR, name VARCHAR, PRIMARY KEY (id));
         CREATE TABLE fine_tuning_jobs (id VARCHAR NOT NULL, base_model_id VARCHAR, num_epochs INTEGER,
           learning_rate DOUBLE, PRIMARY KEY (id), FOREIGN KEY(base_model_id) REFERENCES models (id));
         CREATE TABLE adapters (id VARCHAR NOT NULL, name VARCHAR, model_id VARCHAR, prompt_id VARCHAR, PRIMARY KEY (id));
         CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
         INSERT INTO alembic_version VALUES ('first');
         INSERT INTO models VALUES ('m', 'huggingface', NULL, 'lab/tiny');
         INSERT INTO fine_tuning_jobs VALUES ('j', 'm', 2, 0.1);
         INSERT INTO adapters VALUES ('a', 'first', 'm', ''), ('b', 'second', 'gone', NULL);",
    )
    .execute(&mut stranger(&path).await)
    .await
    .unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let planned = plan(&world.studio, &path).await.unwrap();
    assert_eq!(planned.kind, SourceKind::Sqlite);
    assert_eq!(counts(&planned, TableName::Models), json!({"new": 1}));
    assert_eq!(counts(&planned, TableName::FineTuningJobs), json!({"new": 1}));
    assert_eq!(counts(&planned, TableName::Adapters), json!({"new": 2, "dangling": 1, "cleared": 1}));
    let skipped: Vec<&str> = planned.skipped.iter().map(|skipped| skipped.name.as_str()).collect();
    assert_eq!(skipped, ["alembic_version"]);
    import(&world.studio, &path, &ImportPolicy::default()).await.unwrap();
    let job = get(&world.studio, TableName::FineTuningJobs, "j").await;
    assert_eq!((&job["learning_rate"], &job["num_epochs"]), (&json!(0.1), &json!(2)));
    assert_eq!(get(&world.studio, TableName::Adapters, "a").await["prompt_id"], Value::Null);
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "the source was written to");
}

#[tokio::test]
async fn a_database_in_use_gives_its_latest_rows() {
    let world = World::new().await;
    let other = World::new().await;
    other.model().await;
    // Its last change is still in the write-ahead log.
    let report = import(&world.studio, other.studio.path(), &ImportPolicy::default()).await.unwrap();
    assert_eq!(report.tables[&TableName::Models].added, 1);
    assert_eq!(export(&world.studio).await, export(&other.studio).await);
}

#[tokio::test]
async fn the_schema_beside_the_rows_is_not_needed() {
    let world = World::new().await;
    let wrapped = json!({"models": {"schema": "CREATE TABLE models (id)", "data": [model("a", "lab/a")]}});
    let plain = json!({"models": [model("a", "lab/a")]});
    import(&world.studio, &world.snapshot(&wrapped), &ImportPolicy::default()).await.unwrap();
    let planned = plan(&world.studio, &world.snapshot(&plain)).await.unwrap();
    assert_eq!(counts(&planned, TableName::Models), json!({"same": 1}));
}

#[tokio::test]
async fn a_studio_is_not_imported_into_itself() {
    let world = three_models().await;
    let error = plan(&world.studio, world.studio.path()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    let link = world.path("link.db");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(world.studio.path(), &link).unwrap();
        assert_eq!(plan(&world.studio, &link).await.unwrap_err().code, ErrorCode::Invalid);
    }
}

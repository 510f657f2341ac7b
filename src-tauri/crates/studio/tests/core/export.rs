//! Exports: exact, whole, and never half a file.

use serde_json::{Value, json};
use studio::{
    ErrorCode, Studio, platform::Work, resources::TABLES, schema::TableName, snapshot::ExportFormat,
    store::Dependents,
};
use tokio_util::sync::CancellationToken;

use crate::world::World;

async fn export(world: &World, name: &str, format: ExportFormat) -> Value {
    let target = world.path(name);
    let exported = world.studio.snapshots().export(&target, format, None, &Work::unwatched()).await.unwrap();
    assert_eq!(exported.bytes, std::fs::metadata(&target).unwrap().len());
    match format {
        ExportFormat::Json => serde_json::from_slice(&std::fs::read(&target).unwrap()).unwrap(),
        ExportFormat::Sqlite => Value::Null,
    }
}

#[tokio::test]
async fn json_holds_every_value_exactly() {
    let world = World::new().await;
    let numbers = [0.1, 0.899_999_976_158_142_1, 2e-4, f64::MIN_POSITIVE, f64::MAX, -0.0, 1.0 / 3.0, 5e-324];
    let mut database = world.stranger().await;
    for (at, number) in numbers.iter().enumerate() {
        sqlx::query(
            "INSERT INTO fine_tuning_jobs (id, learning_rate, num_cpu, adapter_name) VALUES (?, ?, ?, ?)",
        )
        .bind(format!("{at}"))
        .bind(number)
        .bind(i64::MIN + at as i64)
        .bind("\u{1}\"\\\n\u{2028}😀\u{202e}")
        .execute(&mut database)
        .await
        .unwrap();
    }
    let snapshot = export(&world, "out.json", ExportFormat::Json).await;
    let rows = snapshot["fine_tuning_jobs"]["data"].as_array().unwrap();
    for (at, (row, number)) in rows.iter().zip(numbers).enumerate() {
        assert_eq!(
            row["learning_rate"].as_f64().map(f64::to_bits),
            Some((number + 0.0).to_bits()),
            "{number:e}"
        );
        assert_eq!(row["num_cpu"].as_i64(), Some(i64::MIN + at as i64));
        assert_eq!(row["adapter_name"], "\u{1}\"\\\n\u{2028}😀\u{202e}");
        assert_eq!(row["cml_job_id"], Value::Null);
        assert!(row.as_object().unwrap().contains_key("cml_job_id"), "null columns are left out");
    }
    let schema = snapshot["datasets"]["schema"].as_str().unwrap();
    assert!(schema.starts_with("CREATE TABLE IF NOT EXISTS"), "{schema}");
    let tables: Vec<&String> = snapshot.as_object().unwrap().keys().collect();
    let seven = TABLES.iter().map(|table| table.name.into_str());
    assert_eq!(tables, seven.chain(["studio_times", "studio_tags"]).collect::<Vec<_>>());
}

#[tokio::test]
async fn two_exports_of_the_same_rows_are_the_same_bytes() {
    let world = World::new().await;
    world.dataset().await;
    world.model().await;
    export(&world, "a.json", ExportFormat::Json).await;
    export(&world, "b.json", ExportFormat::Json).await;
    assert_eq!(std::fs::read(world.path("a.json")).unwrap(), std::fs::read(world.path("b.json")).unwrap());
}

#[tokio::test]
async fn a_sqlite_copy_opens_as_a_studio() {
    let world = World::new().await;
    let model = world.model().await;
    export(&world, "copy.sqlite", ExportFormat::Sqlite).await;
    let copy = Studio::open(&world.path("copy.sqlite")).await.unwrap();
    assert_eq!(copy.store().get(TableName::Models, &model).await.unwrap().row["name"], "lab/tiny");
    let own = world.studio.path().to_path_buf();
    assert!(
        world.studio.snapshots().export(&own, ExportFormat::Sqlite, None, &Work::unwatched()).await.is_err()
    );
}

#[tokio::test]
async fn a_sqlite_copy_holds_the_last_change_even_while_someone_reads_an_older_one() {
    let world = World::new().await;
    let mut reader = world.stranger().await;
    sqlx::raw_sql("BEGIN; SELECT count(*) FROM models").execute(&mut reader).await.unwrap();
    let model = world.model().await;
    export(&world, "copy.sqlite", ExportFormat::Sqlite).await;
    sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
    let copy = Studio::open(&world.path("copy.sqlite")).await.unwrap();
    assert_eq!(copy.store().get(TableName::Models, &model).await.unwrap().row["name"], "lab/tiny");
    // Whoever comes next can still write.
    world.dataset().await;
}

#[tokio::test]
async fn an_export_that_fails_or_is_cancelled_leaves_what_was_there() {
    let world = World::new().await;
    world.model().await;
    let target = world.file("out.json", "precious");
    let stop = CancellationToken::new();
    stop.cancel();
    let work = Work::new(stop, |_| {});
    let error = world.studio.snapshots().export(&target, ExportFormat::Json, None, &work).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
    let nowhere = world.path("no such folder/out.json");
    let error = world
        .studio
        .snapshots()
        .export(&nowhere, ExportFormat::Json, None, &Work::unwatched())
        .await
        .unwrap_err();
    assert!(error.message.contains("no such folder") && error.hint.is_some(), "{error}");
    assert!(
        world
            .studio
            .snapshots()
            .export(world.folder.path(), ExportFormat::Json, None, &Work::unwatched())
            .await
            .is_err()
    );
    assert_eq!(std::fs::read(&target).unwrap(), b"precious");
    let parts = std::fs::read_dir(world.folder.path()).unwrap();
    assert!(parts.flatten().all(|entry| !entry.file_name().to_string_lossy().ends_with(".part")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_snapshot_is_one_moment() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    world.prompt(&dataset).await;
    let studio = world.studio.clone();
    // Both rows are deleted when the export has begun but written nothing yet.
    let work = Work::new(CancellationToken::new(), move |progress| {
        if progress.done == 0 {
            let delete = studio.store().delete(
                TableName::Datasets,
                std::slice::from_ref(&dataset),
                Dependents::Delete,
            );
            let deleted = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(delete));
            deleted.unwrap();
        }
    });
    world.studio.snapshots().export(&world.path("out.json"), ExportFormat::Json, None, &work).await.unwrap();
    assert!(world.studio.workspace().await.unwrap().counts.iter().all(|count| count.rows == 0));
    let snapshot: Value = serde_json::from_slice(&std::fs::read(world.path("out.json")).unwrap()).unwrap();
    let count = |table: &str| snapshot[table]["data"].as_array().map(Vec::len);
    assert_eq!(json!([count("datasets"), count("prompts")]), json!([1, 1]));
}

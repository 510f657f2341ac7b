use std::fs;

use exchange::{plan_push, push};
use platform::Work;
use schema::{ErrorCode, TableName};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use crate::world::{World, execute, ids};

/// The import of the reference studio: each table's statement, then its rows one by one with the columns of the first,
/// until one of them fails.
async fn import_as_the_reference(database: &mut SqliteConnection, file: &Value) {
    for (table, content) in file.as_object().unwrap() {
        let schema = content["schema"].as_str().unwrap();
        sqlx::raw_sql(AssertSqlSafe(schema.to_owned())).execute(&mut *database).await.unwrap();
        let rows = content["data"].as_array().unwrap();
        let Some(columns) = rows.first().map(|row| row.as_object().unwrap().keys().collect::<Vec<_>>())
        else {
            continue;
        };
        let (names, places) = (columns.iter().map(|name| format!("\"{name}\"")), vec!["?"; columns.len()]);
        let names = names.collect::<Vec<_>>().join(", ");
        let statement = format!("INSERT INTO {table} ({names}) VALUES ({})", places.join(", "));
        for row in rows {
            let mut query = sqlx::query(AssertSqlSafe(statement.clone()));
            for column in &columns {
                query = match &row[column.as_str()] {
                    Value::Null => query.bind(None::<String>),
                    Value::String(text) => query.bind(text.clone()),
                    other => query.bind(other.as_f64().unwrap()),
                };
            }
            if query.execute(&mut *database).await.is_err() {
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_that_is_not_there_arrives_although_others_are() {
    let world = World::new().await;
    let mut there = world.studio("fine-tuning-studio/.app/state.db").await;
    execute(
        &mut there,
        "INSERT INTO models (id, type, name) VALUES ('m-1', 'huggingface', 'a/b'), ('m-2', 'huggingface', 'theirs')",
    )
    .await;
    let model = |id: &str, name: &str| json!({"id": id, "type": "huggingface", "name": name});
    world
        .add(&json!({
            "models": [model("m-0", "a/0"), model("m-1", "a/b"), model("m-2", "ours"), model("m-3", "a/3")],
            "prompts": [{"id": "p-1", "name": "Prompt", "dataset_id": "d-1", "prompt_template": "{a}"}],
            "adapters": [{"id": "a-9", "name": "New", "type": "project", "location": "/here/adapter", "model_id": "m-3"}],
        }))
        .await;
    let plan = plan_push(&world.store, &world.workbench, None, &Work::unwatched()).await.unwrap();
    let models = plan.tables[&TableName::Models];
    assert_eq!([models.sent, models.same, models.conflicting], [2, 1, 1], "{plan:?}");
    let conflicts = json!(plan.conflicts);
    assert_eq!(
        conflicts,
        json!([{"table": "models", "id": "m-2", "label": "ours", "columns": ["name"]}]),
        "{plan:?}"
    );
    assert!(plan.warnings.len() == 1 && plan.warnings[0].contains("/here/adapter"), "{plan:?}");
    assert_eq!(world.there.count("upload_file"), 0, "a plan sends nothing");

    let sent = push(&world.store, &world.workbench, None, &Work::unwatched()).await.unwrap();
    let file = sent.file.unwrap();
    let place = file.strip_prefix("/home/cdsw/").unwrap();
    assert!(sent.rows == 4 && place.starts_with("fine-tuning-studio/studio-import-"), "{file}");
    let written: Value = serde_json::from_slice(&fs::read(world.place(place)).unwrap()).unwrap();
    import_as_the_reference(&mut there, &written).await;
    assert_eq!(ids(&mut there, "models").await, ["m-0", "m-1", "m-2", "m-3"]);
    assert_eq!(ids(&mut there, "adapters").await, ["a-1", "a-9"]);
    assert_eq!(ids(&mut there, "prompts").await, ["p-1"]);
    let tables: Vec<_> = written.as_object().unwrap().keys().collect();
    assert!(tables.iter().all(|table| !table.starts_with("studio_")), "{tables:?}");
    there.close().await.unwrap();

    let again = push(&world.store, &world.workbench, None, &Work::unwatched()).await.unwrap();
    assert_eq!((again.file, again.rows), (None, 0));
    assert_eq!(world.there.count("upload_file"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_studio_whose_import_would_take_nothing_gets_nothing() {
    let world = World::new().await;
    let mut there = world.studio(".app/state.db").await;
    execute(&mut there, "ALTER TABLE fine_tuning_jobs DROP COLUMN lora_config").await;
    there.close().await.unwrap();
    world.add(&json!({"models": [{"id": "m", "name": "a/b", "type": "huggingface"}]})).await;
    assert_eq!(push(&world.store, &world.workbench, None, &Work::unwatched()).await.unwrap().rows, 1);
    world.add(&json!({"fine_tuning_jobs": [{"id": "j", "base_model_id": "m"}]})).await;
    let refused = push(&world.store, &world.workbench, None, &Work::unwatched()).await.unwrap_err();
    assert!(refused.code == ErrorCode::Invalid && refused.message.contains("lora_config"), "{refused:?}");
    assert_eq!(world.there.count("upload_file"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_cannot_be_read_there_keep_everything_here() {
    let world = World::new().await;
    let mut there = world.studio(".app/state.db").await;
    execute(&mut there, "INSERT INTO models (id, name) VALUES ('m', X'FF00')").await;
    there.close().await.unwrap();
    world.add(&json!({"models": [{"id": "m", "name": "a/b", "type": "huggingface"}]})).await;
    let refused = push(&world.store, &world.workbench, None, &Work::unwatched()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid, "{refused:?}");
    assert_eq!(world.there.count("upload_file"), 0);
}

//! What completes a row (how a dataset's file is read, what was chosen for a training) is a part of the row
//! in a snapshot.

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _};
use studio::{
    ErrorCode, Studio,
    platform::Work,
    resources::{Method, TrainingChoices},
    schema::TableName,
    snapshot::{Conflict, Difference, ExportFormat, ImportPolicy, Plan},
};

use crate::{
    snapshots::{counts, export, import, keep, plan, problems, replace},
    world::{World, stranger},
};

const JOBS: TableName = TableName::FineTuningJobs;
const FORMATS: [(&str, ExportFormat); 2] =
    [("out.json", ExportFormat::Json), ("out.sqlite", ExportFormat::Sqlite)];

fn choices(method: &str) -> Value {
    json!({
        "table_name": "fine_tuning_jobs", "row_id": "j",
        "choices": json!({"method": method}).to_string(),
    })
}

/// A snapshot with one job and these entries about it. It has the job's times, as those of this program do.
fn snapshot(world: &World, entries: &[Value]) -> std::path::PathBuf {
    world.snapshot(&json!({
        "fine_tuning_jobs": [{"id": "j", "adapter_name": "first"}],
        "studio_times": [{
            "table_name": "fine_tuning_jobs", "row_id": "j",
            "created_at": "2026-01-02T03:04:05Z", "changed_at": "2026-01-02T03:04:05Z",
        }],
        "studio_training_choices": entries,
    }))
}

/// A world whose job has been trained by this method.
async fn trained_by(method: &str) -> World {
    let world = World::new().await;
    import(&world.studio, &snapshot(&world, &[choices(method)]), &ImportPolicy::default()).await.unwrap();
    world
}

async fn method(world: &World) -> Option<Method> {
    world.studio.store().training_choices("j").await.unwrap().method
}

fn skipped(plan: &Plan) -> Vec<String> {
    plan.skipped.iter().map(|skipped| format!("{}: {}", skipped.name, skipped.reason)).collect()
}

#[tokio::test]
async fn completions_travel_in_both_formats() {
    let world = trained_by("kto").await;
    let all = export(&world.studio).await;
    for (name, format) in FORMATS {
        let file = world.path(name);
        world.studio.snapshots().export(&file, format, None, &Work::unwatched()).await.unwrap();
        let other = World::new().await;
        import(&other.studio, &file, &ImportPolicy::default()).await.unwrap();
        assert_eq!(export(&other.studio).await, all, "{name}");
        // A second time, everything is there.
        assert_eq!(counts(&plan(&other.studio, &file).await.unwrap(), JOBS), json!({"same": 1}), "{name}");
    }
    let exported: Value = serde_json::from_str(&all).unwrap();
    let tables: Vec<&String> = exported.as_object().unwrap().keys().collect();
    assert_eq!(tables[7..], ["studio_times", "studio_tags", "studio_training_choices"]);
    assert_eq!(exported["studio_training_choices"]["data"], json!([choices("kto")]));
    let schema = exported["studio_training_choices"]["schema"].as_str().unwrap();
    assert!(schema.starts_with("CREATE TABLE IF NOT EXISTS studio_training_choices ("), "{schema}");
}

#[tokio::test]
async fn a_row_with_another_completion_is_in_conflict() {
    let world = trained_by("dpo").await;
    let other = snapshot(&world, &[choices("kto")]);
    let mut staged = world.studio.snapshots().read(&other, &Work::unwatched()).await.unwrap();
    assert_eq!(counts(&staged.plan().await.unwrap(), JOBS), json!({"conflicting": 1}));
    let [Conflict { fields, .. }] = &staged.conflicts(JOBS, 0, 10).await.unwrap()[..] else {
        panic!("one conflict")
    };
    let [Difference { column, here, there }] = &fields[..] else { panic!("one field: {fields:?}") };
    assert_eq!(
        (&**column, here, there),
        ("choices", &json!(r#"{"method":"dpo"}"#), &json!(r#"{"method":"kto"}"#))
    );
    staged.discard().await;

    let refused = import(&world.studio, &other, &ImportPolicy::default()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict);
    import(&world.studio, &other, &keep()).await.unwrap();
    assert_eq!(method(&world).await, Some(Method::Dpo));
    let report = import(&world.studio, &other, &replace()).await.unwrap();
    assert_eq!(report.tables[&JOBS].replaced, 1);
    assert_eq!(method(&world).await, Some(Method::Kto));
}

#[tokio::test]
async fn a_row_that_replaces_one_brings_no_completion_where_it_has_none() {
    let world = trained_by("dpo").await;
    let without = snapshot(&world, &[]);
    assert_eq!(counts(&plan(&world.studio, &without).await.unwrap(), JOBS), json!({"conflicting": 1}));
    import(&world.studio, &without, &keep()).await.unwrap();
    assert_eq!(method(&world).await, Some(Method::Dpo));
    import(&world.studio, &without, &replace()).await.unwrap();
    assert_eq!(world.studio.store().training_choices("j").await.unwrap(), TrainingChoices::default());
}

#[tokio::test]
async fn a_snapshot_without_metadata_says_nothing_of_completions() {
    let world = trained_by("dpo").await;
    let job = |name: &str| json!({"fine_tuning_jobs": [{"id": "j", "adapter_name": name}]});
    let same = world.snapshot(&job("first"));
    assert_eq!(counts(&plan(&world.studio, &same).await.unwrap(), JOBS), json!({"same": 1}));
    import(&world.studio, &world.snapshot(&job("other")), &replace()).await.unwrap();
    let listed = world.studio.store().get(JOBS, "j").await.unwrap();
    assert_eq!((&listed.row["adapter_name"], method(&world).await), (&json!("other"), Some(Method::Dpo)));
}

#[tokio::test]
async fn a_damaged_entry_is_a_note_and_its_row_is_imported() {
    let job = "The fine-tuning job itself is read without it.";
    let entry = |fields: Value| {
        let mut entry = choices("dpo");
        entry.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        entry
    };
    for (damaged, note) in [
        (entry(json!({"choices": "{"})), format!("row 1 choices: This is not a JSON object. {job}")),
        (entry(json!({"choices": "[1]"})), format!("row 1 choices: This is not a JSON object. {job}")),
        (
            entry(json!({"choices": 5})),
            format!("row 1 choices: This is a whole number, but must be text. {job}"),
        ),
        (entry(json!({"choices": null})), format!("row 1 choices: The choices is missing. {job}")),
        (
            entry(json!({"table_name": "models"})),
            format!("row 1 table_name: This is about 'models', and not about fine_tuning_jobs. {job}"),
        ),
        (
            entry(json!({"later": 1})),
            format!(
                "row 1 later: 'later' is not a column of studio_training_choices, but it has a value. {job}"
            ),
        ),
        (json!("dpo"), format!("row 1: A text is in place of a row. {job}")),
    ] {
        let world = World::new().await;
        let source = snapshot(&world, &[damaged]);
        let planned = plan(&world.studio, &source).await.unwrap();
        assert_eq!(problems(&planned), [""; 0]);
        assert_eq!(skipped(&planned), [format!("studio_training_choices {note}")]);
        import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
        assert_eq!(world.studio.store().get(JOBS, "j").await.unwrap().choices, None);
    }
}

#[tokio::test]
async fn a_damaged_table_of_completions_is_a_note() {
    for damaged in [json!(5), json!({"data": 5}), json!("none"), json!(null)] {
        let world = World::new().await;
        let source = world.snapshot(&json!({
            "studio_training_choices": damaged, "fine_tuning_jobs": [{"id": "j", "adapter_name": "first"}],
        }));
        let planned = plan(&world.studio, &source).await.unwrap();
        assert_eq!((problems(&planned), planned.skipped.len()), (Vec::new(), 1), "{damaged}");
        assert_eq!(counts(&planned, JOBS), json!({"new": 1}));
    }

    let world = trained_by("dpo").await;
    let file = world.path("out.sqlite");
    world.studio.snapshots().export(&file, ExportFormat::Sqlite, None, &Work::unwatched()).await.unwrap();
    let mut database = stranger(&file).await;
    for statement in ["DROP TABLE studio_training_choices", "CREATE VIEW studio_training_choices AS SELECT 1"]
    {
        sqlx::query(statement).execute(&mut database).await.unwrap();
    }
    let other = World::new().await;
    let planned = plan(&other.studio, &file).await.unwrap();
    assert_eq!((problems(&planned), counts(&planned, JOBS)), (Vec::new(), json!({"new": 1})));
    assert!(skipped(&planned).iter().any(|note| note.starts_with("studio_training_choices: ")));
}

#[tokio::test]
async fn an_export_without_metadata_has_the_tables_of_the_reference_alone() {
    let world = trained_by("dpo").await;
    for (name, format) in FORMATS {
        let (snapshots, file) = (world.studio.snapshots(), world.path(name));
        snapshots.export_without_metadata(&file, format, None, &Work::unwatched()).await.unwrap();
        let other = World::new().await;
        import(&other.studio, &file, &ImportPolicy::default()).await.unwrap();
        let listed = other.studio.store().get(JOBS, "j").await.unwrap();
        assert_eq!((listed.choices, listed.created_at), (None, None), "{name}");
    }
    let exported: Value = serde_json::from_slice(&std::fs::read(world.path("out.json")).unwrap()).unwrap();
    assert_eq!(exported.as_object().unwrap().len(), 7);
    // What is left out does not stay in free pages of the file.
    let bytes = std::fs::read(world.path("out.sqlite")).unwrap();
    assert!(!bytes.windows(5).any(|bytes| bytes == b"\"dpo\""));
    assert_eq!(method(&world).await, Some(Method::Dpo));
}

/// Imports a snapshot as the reference studio does: it executes the schema of each table, and inserts the
/// rows with the columns of the first one.
async fn import_by_the_reference(snapshot: &Value, database: &std::path::Path) {
    let mut database = stranger(database).await;
    for (name, table) in snapshot.as_object().unwrap() {
        let schema = table["schema"].as_str().unwrap().to_owned();
        sqlx::query(AssertSqlSafe(schema)).execute(&mut database).await.unwrap();
        let rows = table["data"].as_array().unwrap();
        let Some(first) = rows.first().and_then(Value::as_object) else { continue };
        let columns: Vec<&str> = first.keys().map(String::as_str).collect();
        let places = vec!["?"; columns.len()].join(", ");
        let insert = format!("INSERT INTO {name} ({}) VALUES ({places})", columns.join(", "));
        for row in rows {
            let mut insert = sqlx::query(AssertSqlSafe(insert.clone()));
            for column in &columns {
                insert = insert.bind(row[*column].as_str());
            }
            insert.execute(&mut database).await.unwrap();
        }
    }
    database.close().await.unwrap();
}

#[tokio::test]
async fn the_reference_imports_a_snapshot_and_its_database_opens_with_all_that_came() {
    let world = trained_by("dpo").await;
    world.studio.store().tag(JOBS, &["j".to_owned()], &["good".to_owned()]).await.unwrap();
    let all: Value = serde_json::from_str(&export(&world.studio).await).unwrap();
    let path = world.path("reference.db");
    import_by_the_reference(&all, &path).await;

    let studio = Studio::open(&path).await.unwrap();
    let again: Value = serde_json::from_str(&export(&studio).await).unwrap();
    assert_eq!(again, all);
    studio.close().await;
    let studio = Studio::open(&path).await.unwrap();
    assert_eq!(studio.store().get(JOBS, "j").await.unwrap().tags, ["good"]);
    let aside: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'set_aside%'")
        .fetch_one(&mut stranger(&path).await)
        .await
        .unwrap();
    assert_eq!(aside, 0);
}

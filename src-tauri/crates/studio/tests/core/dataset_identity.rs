//! A dataset's file that was moved, written or removed since it was read.

use std::time::{Duration, SystemTime};

use serde_json::json;
use sqlx::Connection as _;
use studio::{
    ErrorCode,
    datasets::FileCondition,
    platform::Work,
    schema::TableName,
    store::{Dependents, ListQuery},
};

use crate::world::{World, columns, id};

const ROWS: &str = "question,answer\nWhy?,Because.\nHow?,Thus.\n";

async fn imported(world: &World) -> (std::path::PathBuf, String) {
    let path = world.file("rows.csv", ROWS);
    let created = world.studio.datasets().import(&path, None, &Work::unwatched()).await.unwrap();
    (path, id(&created.row))
}

/// Sets the file's time, as another program's writing would.
fn touch(path: &std::path::Path) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3_600)).unwrap();
}

#[tokio::test]
async fn a_file_that_is_there_touched_changed_missing() {
    let world = World::new().await;
    let (path, dataset) = imported(&world).await;
    let glance = async || world.studio.datasets().file(&dataset).await.unwrap();
    let compare = async || world.studio.datasets().verify_file(&dataset, &Work::unwatched()).await.unwrap();

    let state = glance().await;
    assert_eq!((state.condition, state.compared), (FileCondition::There, false));
    let then = state.then.unwrap();
    assert_eq!((then.bytes, then.rows), (ROWS.len() as u64, Some(2)));
    assert_eq!(then.hash.unwrap(), blake3::hash(ROWS.as_bytes()).to_hex().as_str());

    touch(&path);
    assert_eq!(glance().await.condition, FileCondition::Touched);
    let state = compare().await;
    assert_eq!((state.condition, state.compared), (FileCondition::Touched, true));
    assert_eq!(glance().await.condition, FileCondition::There, "it is known as it is now");

    world.file("rows.csv", ROWS.replace("Thus.", "Such."));
    touch(&path);
    assert_eq!(glance().await.condition, FileCondition::Touched, "same size: only comparing shows it");
    for _ in 0..2 {
        let state = compare().await;
        assert_eq!((state.condition, state.compared), (FileCondition::Changed, true));
        assert_eq!(state.now.unwrap().rows, Some(2));
    }
    world.file("rows.csv", format!("{ROWS}Who?,I.\n"));
    let state = glance().await;
    assert_eq!((state.condition, state.compared), (FileCondition::Changed, false));
    let found = world.studio.check().await.unwrap();
    assert!(found.iter().any(|f| f.message.contains("rows.csv") && f.message.contains("written since")));

    std::fs::remove_file(&path).unwrap();
    assert_eq!(glance().await.condition, FileCondition::Missing);
    let state = compare().await;
    assert_eq!((state.condition, state.now), (FileCondition::Missing, None));
    let found = world.studio.check().await.unwrap();
    assert_eq!(found.iter().filter(|f| f.message.contains("rows.csv")).count(), 1, "{found:?}");
}

#[tokio::test]
async fn a_dataset_from_elsewhere_is_known_once_it_was_verified() {
    let world = World::new().await;
    let (_, dataset) = imported(&world).await;
    let mut stranger = world.stranger().await;
    sqlx::query("DELETE FROM studio_dataset_files").execute(&mut stranger).await.unwrap();
    stranger.close().await.unwrap();
    let state = world.studio.datasets().file(&dataset).await.unwrap();
    assert_eq!((state.condition, state.then), (FileCondition::NeverRead, None));
    let state = world.studio.datasets().verify_file(&dataset, &Work::unwatched()).await.unwrap();
    assert_eq!((state.condition, state.compared), (FileCondition::There, true));
    let state = world.studio.datasets().file(&dataset).await.unwrap();
    assert_eq!(state.then.unwrap().rows, Some(2));
}

#[tokio::test]
async fn a_dataset_is_pointed_to_its_file_anew() {
    let world = World::new().await;
    let (path, dataset) = imported(&world).await;
    let moved = world.path("moved.csv");
    std::fs::rename(&path, &moved).unwrap();
    let relocated = world.studio.datasets().relocate(&dataset, &moved, &Work::unwatched()).await.unwrap();
    assert_eq!((relocated.same_content, relocated.columns_changed), (Some(true), false));
    assert_eq!(relocated.dataset.row["location"], moved.display().to_string());
    assert_eq!(world.studio.datasets().file(&dataset).await.unwrap().condition, FileCondition::There);

    // The same place, another content and another kind of row.
    world.file("moved.csv", "question,answer,source\na,b,c\n");
    let relocated = world.studio.datasets().relocate(&dataset, &moved, &Work::unwatched()).await.unwrap();
    assert_eq!((relocated.same_content, relocated.columns_changed), (Some(false), true));
    assert_eq!(relocated.dataset.row["features"], r#"["question", "answer", "source"]"#);

    let other = world.file("rows.jsonl", "{\"question\": 1}\n");
    let relocated = world.studio.datasets().relocate(&dataset, &other, &Work::unwatched()).await.unwrap();
    assert_eq!(relocated.dataset.row["type"], "project_jsonl");

    // What can't be read is refused, and nothing changes.
    let broken = world.file("broken.csv", "a,b\n1,2,3\n");
    let error = world.studio.datasets().relocate(&dataset, &broken, &Work::unwatched()).await.unwrap_err();
    assert_eq!((error.code, columns(&error)), (ErrorCode::Invalid, vec!["location"]));
    let gone = world.path("gone.csv");
    let error = world.studio.datasets().relocate(&dataset, &gone, &Work::unwatched()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert_eq!(world.studio.datasets().file(&dataset).await.unwrap().path, other.display().to_string());
}

#[tokio::test]
async fn what_was_read_is_kept_with_the_dataset_alone() {
    let world = World::new().await;
    let (_, dataset) = imported(&world).await;
    let kept = async || -> i64 {
        let mut stranger = world.stranger().await;
        sqlx::query_scalar("SELECT count(*) FROM studio_dataset_files")
            .fetch_one(&mut stranger)
            .await
            .unwrap()
    };
    // A refused import keeps nothing.
    let again = world.studio.datasets().import(&world.path("rows.csv"), None, &Work::unwatched()).await;
    assert_eq!(again.unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(kept().await, 1);
    world.studio.store().delete(TableName::Datasets, &[dataset], Dependents::Refuse).await.unwrap();
    assert_eq!(kept().await, 0);

    let fields = json!({"type": "huggingface", "huggingface_name": "lab/rows"});
    let on_hub = id(&world.create(TableName::Datasets, fields).await.unwrap());
    let error = world.studio.datasets().file(&on_hub).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound, "{error}");
    assert_eq!(world.studio.store().list(TableName::Datasets, &ListQuery::default()).await.unwrap().total, 1);
}

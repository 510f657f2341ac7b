use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use exchange::pull;
use fake_workbench::Fault;
use platform::Work;
use schema::{ErrorCode, TableName};
use serde_json::json;
use sqlx::Connection as _;

use crate::world::{World, execute};

#[tokio::test(flavor = "multi_thread")]
async fn a_studio_is_found_where_one_usually_is_or_where_it_is_said() {
    for (path, places) in [
        (".app/state.db", [None, Some("/"), Some(".app/state.db")]),
        (
            "fine-tuning-studio/.app/state.db",
            [None, Some("fine-tuning-studio"), Some("/fine-tuning-studio/")],
        ),
    ] {
        let world = World::new().await;
        let before = {
            world.studio(path).await.close().await.unwrap();
            fs::read(world.place(path)).unwrap()
        };
        for place in places {
            let plan = world.planned(place).await;
            assert_eq!(plan.tables[&TableName::Datasets].new, 1, "{plan:?}");
            assert!(plan.source.starts_with(path) && plan.source.contains(world.there.address()));
        }
        assert!(fs::read(world.place(path)).unwrap() == before, "it was changed there");
        let names = fs::read_dir(world.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(names.into_iter().all(|name| !name.to_string_lossy().ends_with(".part")), "a copy was left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_read_like_a_database() {
    let world = World::new().await;
    let export = json!({"models": {"schema": "DROP TABLE models", "data": [{"id": "m", "name": "a/b"}]}});
    fs::write(world.place("kept/export.json"), export.to_string()).unwrap();
    assert_eq!(world.new_rows(TableName::Models, Some("kept/export.json")).await, 1);
    assert_eq!(world.there.count("download_project_file"), 1, "an export is not written any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_only_in_the_log_is_read_too() {
    let world = World::new().await;
    let mut database = world.studio(".app/state.db").await;
    execute(&mut database, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0").await;
    execute(&mut database, "INSERT INTO models (id, name) VALUES ('m-1', 'a/b')").await;
    assert_eq!(world.new_rows(TableName::Models, None).await, 1);
    assert_eq!(world.there.count("download_project_file"), 4, "file and log, twice");
    database.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_program_left_unfinished_is_rolled_back() {
    let world = World::new().await;
    let mut database = world.studio("live/.app/state.db").await;
    execute(&mut database, "INSERT INTO models (id, name) VALUES ('m-1', 'a/b')").await;
    // More than the cache holds: pages are written before the end of the transaction.
    execute(
        &mut database,
        "PRAGMA cache_size = 2; BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
         INSERT INTO models (id, name) SELECT 'half-' || i, hex(randomblob(200)) FROM n",
    )
    .await;
    for name in ["state.db", "state.db-journal"] {
        fs::copy(world.place(&format!("live/.app/{name}")), world.place(&format!(".app/{name}"))).unwrap();
    }
    let halves = fs::metadata(world.place(".app/state.db")).unwrap().len();
    assert!(halves > 200_000, "nothing was written before the end: {halves}");
    assert_eq!(world.new_rows(TableName::Models, None).await, 1);
    database.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_changes_all_the_time_is_not_read() {
    let world = World::new().await;
    let mut database = world.studio(".app/state.db").await;
    let stop = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let stop = Arc::clone(&stop);
        async move {
            while !stop.load(Ordering::Relaxed) {
                execute(&mut database, "INSERT INTO configs (id) VALUES (hex(randomblob(16)))").await;
            }
            database.close().await.unwrap();
        }
    });
    let refused = pull(&world.store, &world.workbench, None, &Work::unwatched()).await.unwrap_err();
    stop.store(true, Ordering::Relaxed);
    writing.await.unwrap();
    assert_eq!(refused.code, ErrorCode::Locked, "{refused:?}");
    assert_eq!(world.new_rows(TableName::Datasets, None).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_studio_is_refused_by_name() {
    let world = World::new().await;
    let refused = async |place: Option<&str>| {
        pull(&world.store, &world.workbench, place, &Work::unwatched()).await.unwrap_err()
    };
    let nothing = refused(None).await;
    assert_eq!(nothing.code, ErrorCode::NotFound, "{nothing:?}");
    assert!(nothing.message.contains("fine-tuning-studio/.app/state.db"), "{nothing:?}");
    assert!(refused(Some("no/such")).await.message.contains("no/such"));
    fs::write(world.place("notes.txt"), "no studio").unwrap();
    let text = refused(Some("notes.txt")).await;
    assert!(
        text.code == ErrorCode::Invalid && text.message.starts_with("notes.txt in the project"),
        "{text:?}"
    );
    world.studio(".app/state.db").await.close().await.unwrap();
    let mut torn = fs::read(world.place(".app/state.db")).unwrap();
    torn[4096..8192].fill(7);
    fs::write(world.place(".app/state.db"), torn).unwrap();
    let damaged = refused(None).await;
    assert!(damaged.message.contains(".app/state.db"), "{damaged:?}");
    world.there.fail("download_project_file", [Fault::Status(403, None)]);
    assert_eq!(refused(None).await.code, ErrorCode::Conflict);
}

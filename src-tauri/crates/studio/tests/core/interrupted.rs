//! Databases whose program died in the middle of a change.

use std::path::Path;

use serde_json::json;
use sqlx::Connection as _;
use studio::{ErrorCode, Studio, platform::Work, schema::TableName};

use crate::{
    snapshots::export,
    world::{World, stranger},
};

/// A database of the reference studio as it stands in the middle of a change: half of the change
/// is in the file, and the journal beside it has what undoes it.
async fn interrupted(folder: &Path) -> std::path::PathBuf {
    let (alive, dead) = (folder.join("alive.db"), folder.join("dead.db"));
    let mut program = stranger(&alive).await;
    let tables = include_str!("../../../../../tests/tests/command_line/reference.sql");
    sqlx::raw_sql(tables).execute(&mut program).await.unwrap();
    sqlx::raw_sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
           INSERT INTO models (id, name, description) SELECT 'm' || i, 'old', hex(zeroblob(500)) FROM n;
         BEGIN; UPDATE models SET name = 'new';",
    )
    .execute(&mut program)
    .await
    .unwrap();
    let [mut database, mut journal] =
        ["", "-journal"].map(|end| std::fs::read(format!("{}{end}", alive.display())).unwrap());
    // What the program would have done next: declare its journal valid, then write its pages.
    journal[..12].copy_from_slice(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\xff\xff\xff\xff");
    database[50 * 4096..51 * 4096].fill(0);
    std::fs::write(&dead, database).unwrap();
    std::fs::write(folder.join("dead.db-journal"), journal).unwrap();
    program.close().await.unwrap();
    dead
}

#[tokio::test]
async fn the_change_is_undone_and_the_studio_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = interrupted(folder.path()).await;
    let studio = Studio::open(&path).await.unwrap();
    for id in ["m1", "m250", "m500"] {
        assert_eq!(studio.store().get(TableName::Models, id).await.unwrap().row["name"], json!("old"));
    }
    assert_eq!(studio.workspace().await.unwrap().counts[1].rows, 500);
}

#[tokio::test]
async fn as_a_source_it_is_refused_and_left_as_it_is() {
    let world = World::new().await;
    let path = interrupted(world.folder.path()).await;
    let before = (export(&world.studio).await, std::fs::read(&path).unwrap());
    let error = world.studio.snapshots().read(&path, &Work::unwatched()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(error.message.contains("dead.db") && error.hint.is_some(), "{error:?}");
    assert_eq!((export(&world.studio).await, std::fs::read(&path).unwrap()), before);
}

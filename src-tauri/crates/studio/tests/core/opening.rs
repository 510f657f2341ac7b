//! Opening a database: new, old, the reference's, and what is none.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use sqlx::Connection as _;
use studio::{
    Error, ErrorCode, Studio,
    resources::TABLES,
    schema::TableName,
    store::{ListQuery, MIGRATIONS_TABLE},
};
use tempfile::TempDir;

use crate::world::{World, row, stranger};

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    (folder, path)
}

/// Opens what can't be opened, and holds the file to be the same after.
async fn refused(path: &Path) -> Error {
    let before = fs::read(path).unwrap();
    let error = Studio::open(path).await.unwrap_err();
    assert_eq!(fs::read(path).unwrap(), before, "the file was touched");
    assert!(error.message.contains(&path.display().to_string()) && error.hint.is_some(), "{error:?}");
    error
}

fn backups(path: &Path) -> Vec<PathBuf> {
    fs::read_dir(path.parent().unwrap().join("backups"))
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default()
}

/// A database as the reference studio's first versions made it: no inline configs, references
/// declared but not enforced, `''` for "none".
pub(crate) async fn reference(path: &Path) {
    let mut sql = String::new();
    for table in TABLES {
        let inline = [
            "training_arguments_config",
            "model_bnb_config",
            "adapter_bnb_config",
            "lora_config",
            "generation_config",
        ];
        let old = table.columns.iter().filter(|column| !inline.contains(&column.name));
        let columns: Vec<String> = old
            .map(|column| match column.name {
                "id" => "id VARCHAR NOT NULL".to_owned(),
                "learning_rate" => "learning_rate DOUBLE".to_owned(),
                name if name.starts_with("num_") => format!("{name} INTEGER"),
                name => format!("{name} VARCHAR"),
            })
            .collect();
        sql += &format!("CREATE TABLE {} ({}, PRIMARY KEY (id));", table.name, columns.join(", "));
    }
    sql += "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
            INSERT INTO alembic_version VALUES ('52d1db1b40a8');
            INSERT INTO models (id, type, name) VALUES ('m', 'huggingface', 'lab/tiny');
            INSERT INTO adapters (id, name, model_id, prompt_id, fine_tuning_job_id, huggingface_name)
            VALUES ('a', 'first', 'm', '', 'long gone', '');";
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut stranger(path).await).await.unwrap();
}

#[tokio::test]
async fn a_new_database_is_made_with_its_folder() {
    let (folder, _) = folder();
    let path = folder.path().join("a/b/studio.db");
    let studio = Studio::open(&path).await.unwrap();
    let workspace = studio.workspace().await.unwrap();
    assert_eq!((workspace.name.as_str(), workspace.counts.len()), ("studio", 7));
    let mode: String =
        sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut stranger(&path).await).await.unwrap();
    assert_eq!(mode, "wal");
    fs::write(folder.path().join("empty.db"), "").unwrap();
    Studio::open(&folder.path().join("empty.db")).await.unwrap();
}

#[tokio::test]
async fn a_reference_database_opens_in_place_after_a_backup() {
    let (_folder, path) = folder();
    reference(&path).await;
    let studio = Studio::open(&path).await.unwrap();
    let adapter = studio.store().get(TableName::Adapters, "a").await.unwrap();
    assert_eq!(adapter.row["model_id"], "m");
    assert_eq!(adapter.row["prompt_id"], Value::Null, "'' is no reference");
    assert_eq!(adapter.row["fine_tuning_job_id"], "long gone", "a dangling reference was lost");
    assert_eq!(adapter.row["huggingface_name"], "", "a text that is no reference was changed");
    studio
        .rows()
        .update(TableName::Adapters, "a", row(serde_json::json!({"description": "mine"})))
        .await
        .unwrap();
    for table in TABLES {
        studio.store().list(table.name, &ListQuery { limit: 9, ..ListQuery::default() }).await.unwrap();
    }
    let kept: String = sqlx::query_scalar("SELECT version_num FROM alembic_version")
        .fetch_one(&mut stranger(&path).await)
        .await
        .unwrap();
    assert_eq!(kept, "52d1db1b40a8");

    let backups_made = backups(&path);
    assert_eq!(backups_made.len(), 1);
    let old: String = sqlx::query_scalar("SELECT prompt_id FROM adapters")
        .fetch_one(&mut stranger(&backups_made[0]).await)
        .await
        .unwrap();
    assert_eq!(old, "", "the backup is not what was there before");
    studio.close().await;
    Studio::open(&path).await.unwrap();
    assert_eq!(backups(&path).len(), 1, "opening again made another backup");
}

#[tokio::test]
async fn a_failed_update_leaves_the_old_database() {
    let (_folder, path) = folder();
    reference(&path).await;
    // The update can't make its table: the name is taken.
    sqlx::query("CREATE VIEW studio_times AS SELECT 1").execute(&mut stranger(&path).await).await.unwrap();
    Studio::open(&path).await.unwrap_err();
    let mut database = stranger(&path).await;
    let prompt: String =
        sqlx::query_scalar("SELECT prompt_id FROM adapters").fetch_one(&mut database).await.unwrap();
    assert_eq!(prompt, "");
    let ours: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = ?")
        .bind(MIGRATIONS_TABLE)
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(ours, 0, "half an update stayed");
}

#[tokio::test]
async fn files_that_are_not_ours_are_left_alone() {
    let (_folder, path) = folder();
    fs::write(&path, "hello, I am a letter and not a database").unwrap();
    assert_eq!(refused(&path).await.code, ErrorCode::NotADatabase);
    fs::remove_file(&path).unwrap();

    sqlx::query("CREATE TABLE places (url TEXT)").execute(&mut stranger(&path).await).await.unwrap();
    assert_eq!(refused(&path).await.code, ErrorCode::NotAStudio);
    assert_eq!(Studio::open(path.parent().unwrap()).await.unwrap_err().code, ErrorCode::NotADatabase);
}

#[tokio::test]
async fn newer_damaged_and_read_only_databases_are_left_alone() {
    let world = World::new().await;
    world.model().await;
    let path = world.studio.path().to_path_buf();
    world.studio.close().await;

    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 4096]).unwrap();
    assert_eq!(refused(&path).await.code, ErrorCode::Damaged);
    let mut scrambled = whole.clone();
    scrambled[100..4096].fill(0xab);
    fs::write(&path, &scrambled).unwrap();
    assert_eq!(refused(&path).await.code, ErrorCode::Damaged);
    fs::write(&path, &whole).unwrap();

    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions.clone()).unwrap();
    assert_eq!(refused(&path).await.code, ErrorCode::ReadOnly);
    #[expect(clippy::permissions_set_readonly_false, reason = "a file in a folder that is about to go")]
    permissions.set_readonly(false);
    fs::set_permissions(&path, permissions).unwrap();

    let newer =
        format!("INSERT INTO {MIGRATIONS_TABLE} VALUES (9999, 'later', CURRENT_TIMESTAMP, 1, x'00', 0)");
    let mut writer = stranger(&path).await;
    sqlx::query(sqlx::AssertSqlSafe(newer)).execute(&mut writer).await.unwrap();
    writer.close().await.unwrap();
    assert_eq!(refused(&path).await.code, ErrorCode::Newer);
}

#[tokio::test]
async fn a_database_someone_holds_says_so() {
    let (_folder, path) = folder();
    reference(&path).await;
    let mut holder = stranger(&path).await;
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut holder).await.unwrap();
    let error = refused(&path).await;
    assert_eq!(error.code, ErrorCode::Locked);
    sqlx::raw_sql("COMMIT").execute(&mut holder).await.unwrap();
    Studio::open(&path).await.unwrap();
}

#[tokio::test]
async fn two_programs_may_start_at_once() {
    let (_folder, path) = folder();
    reference(&path).await;
    let opened = (0..8).map(|_| {
        let path = path.clone();
        tokio::spawn(async move { Studio::open(&path).await.map(|_| ()) })
    });
    for opening in opened.collect::<Vec<_>>() {
        opening.await.unwrap().unwrap();
    }
}

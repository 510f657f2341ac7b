//! Backups: whole copies, kept by a rule, brought back in one step that can be undone.

use std::{fs, path::Path};

use serde_json::json;
use studio::{
    ErrorCode, Studio,
    platform::Work,
    schema::TableName,
    store::{BackupReason, BackupRule},
};
use tokio_util::sync::CancellationToken;

use crate::{
    snapshots::{export, import},
    world::{World, row, stranger},
};

#[tokio::test]
async fn a_backup_is_listed_with_its_reason_size_and_time() {
    let world = World::new().await;
    world.model().await;
    assert!(world.studio.store().backups().unwrap().is_empty());
    let made = world.studio.store().back_up(BackupReason::Manual).await.unwrap();
    assert_eq!(made.reason, BackupReason::Manual);
    assert_eq!(made.bytes, fs::metadata(&made.path).unwrap().len());
    assert!(made.created_at.ends_with('Z') && made.created_at.starts_with("20"), "{}", made.created_at);
    assert_eq!(Path::new(&made.path).parent(), Some(world.path("backups").as_path()));
    let next = world.studio.store().back_up(BackupReason::Manual).await.unwrap();
    let (first, second) = (&made.id, &next.id);
    let listed: Vec<_> =
        world.studio.store().backups().unwrap().into_iter().map(|backup| backup.id).collect();
    assert_eq!(listed.iter().collect::<Vec<_>>(), [second, first], "the latest comes first");

    let copy = Studio::open(Path::new(&made.path)).await.unwrap();
    assert_eq!(export(&copy).await, export(&world.studio).await);
}

#[tokio::test]
async fn a_restore_brings_back_all_and_can_be_undone() {
    let world = World::new().await;
    let model = world.model().await;
    let dataset = world.dataset().await;
    world.prompt(&dataset).await;
    let before = export(&world.studio).await;
    let backup = world.studio.store().back_up(BackupReason::Manual).await.unwrap();
    let bytes = fs::read(&backup.path).unwrap();

    world
        .studio
        .rows()
        .update(TableName::Models, &model, row(json!({"description": "later"})))
        .await
        .unwrap();
    let file = world.file("more.csv", "a\n1\n");
    world.studio.datasets().import(&file, None, &studio::platform::Work::unwatched()).await.unwrap();
    let after = export(&world.studio).await;
    let undo = world.studio.store().restore(&backup.id, &Work::unwatched()).await.unwrap();
    assert_eq!(undo.reason, BackupReason::Restore);
    assert_eq!(export(&world.studio).await, before);
    assert_eq!(fs::read(&backup.path).unwrap(), bytes, "the backup itself was changed");
    world.studio.store().restore(&undo.id, &Work::unwatched()).await.unwrap();
    assert_eq!(export(&world.studio).await, after);
    let left = fs::read_dir(world.path("backups")).unwrap().count();
    assert_eq!(left, world.studio.store().backups().unwrap().len(), "something was left behind");
}

#[tokio::test]
async fn a_backup_of_an_older_schema_is_brought_back_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("studio.db");
    let tables = include_str!("../../../../../tests/tests/command_line/reference.sql");
    sqlx::raw_sql(tables).execute(&mut stranger(&path).await).await.unwrap();
    let studio = Studio::open(&path).await.unwrap();
    let before = export(&studio).await;
    let backup = studio.store().backups().unwrap().remove(0);
    assert_eq!(backup.reason, BackupReason::Update);
    studio.rows().update(TableName::Datasets, "d-1", row(json!({"description": "later"}))).await.unwrap();
    studio.store().restore(&backup.id, &Work::unwatched()).await.unwrap();
    assert_eq!(export(&studio).await, before);
}

#[tokio::test]
async fn dangling_and_odd_rows_come_back_as_they_were() {
    let world = World::new().await;
    sqlx::raw_sql(
        "INSERT INTO adapters (id, model_id) VALUES ('a', 'gone');
         INSERT INTO fine_tuning_jobs (id, num_cpu, lora_config) VALUES ('j', 'two', x'00ff');",
    )
    .execute(&mut world.stranger().await)
    .await
    .unwrap();
    let before = export(&world.studio).await;
    let backup = world.studio.store().back_up(BackupReason::Manual).await.unwrap();
    sqlx::raw_sql("DELETE FROM adapters; DELETE FROM fine_tuning_jobs")
        .execute(&mut world.stranger().await)
        .await
        .unwrap();
    world.studio.store().restore(&backup.id, &Work::unwatched()).await.unwrap();
    assert_eq!(export(&world.studio).await, before);
}

#[tokio::test]
async fn a_damaged_or_missing_backup_changes_nothing() {
    let world = World::new().await;
    world.model().await;
    let backup = world.studio.store().back_up(BackupReason::Manual).await.unwrap();
    let before = export(&world.studio).await;
    let whole = fs::read(&backup.path).unwrap();
    for damaged in [&whole[..whole.len() / 2], &whole[..100], b"no database", b""] {
        fs::write(&backup.path, damaged).unwrap();
        let error = world.studio.store().restore(&backup.id, &Work::unwatched()).await.unwrap_err();
        assert!(error.message.contains(&backup.path) && error.hint.is_some(), "{error:?}");
        assert_eq!(export(&world.studio).await, before);
    }
    fs::remove_file(&backup.path).unwrap();
    assert_eq!(
        world.studio.store().restore(&backup.id, &Work::unwatched()).await.unwrap_err().code,
        ErrorCode::NotFound
    );
    for id in ["", "../studio", "%", "20260101-000000-000"] {
        assert_eq!(
            world.studio.store().restore(id, &Work::unwatched()).await.unwrap_err().code,
            ErrorCode::NotFound
        );
        assert_eq!(world.studio.store().delete_backup(id).unwrap_err().code, ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn the_rule_lets_old_ones_go_but_never_those_made_by_hand() {
    let world = World::new().await;
    let by_hand = world.studio.store().back_up(BackupReason::Manual).await.unwrap();
    world.studio.store().set_backup_rule(BackupRule { keep_last: 2, keep_days: 0 }).await.unwrap();
    for at in 0..5 {
        let source = world.snapshot(&json!({"models": [{"id": format!("m{at}")}]}));
        import(&world.studio, &source, &crate::snapshots::keep()).await.unwrap();
    }
    let kept = world.studio.store().backups().unwrap();
    let reasons: Vec<_> = kept.iter().map(|backup| backup.reason).collect();
    assert_eq!(reasons, [BackupReason::Import, BackupReason::Import, BackupReason::Manual]);
    assert_eq!(kept[2], by_hand);
    let rule = world.studio.store().backup_rule().await.unwrap();
    assert_eq!((rule.keep_last, rule.keep_days), (2, 0));
    world.studio.store().delete_backup(&by_hand.id).unwrap();
    assert_eq!(world.studio.store().backups().unwrap().len(), 2);
}

#[tokio::test]
async fn only_backups_of_this_database_count() {
    let world = World::new().await;
    let made = world.studio.store().back_up(BackupReason::Manual).await.unwrap();
    let folder = world.path("backups");
    fs::copy(&made.path, folder.join("other.20260101-000000-000.manual.sqlite")).unwrap();
    fs::write(folder.join("studio.20260101-000000-000.whim.sqlite"), "x").unwrap();
    fs::write(folder.join("studio.sometime.manual.sqlite"), "x").unwrap();
    fs::create_dir(folder.join("studio.20260102-000000-000.manual.sqlite")).unwrap();
    assert_eq!(world.studio.store().backups().unwrap(), [made]);
}

#[tokio::test]
async fn a_restore_that_is_stopped_changes_nothing() {
    let world = World::new().await;
    world.model().await;
    let backup = world.studio.store().back_up(BackupReason::Manual).await.unwrap();
    world.dataset().await;
    let before = world.studio.workspace().await.unwrap().counts;
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    // At the last report, every row was put back and nothing is committed.
    let work = Work::new(stop, move |progress| {
        if progress.total == Some(1) && progress.done == 1 {
            stopping.cancel();
        }
    });
    let error = world.studio.store().restore(&backup.id, &work).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
    assert_eq!(world.studio.workspace().await.unwrap().counts, before);
    world.studio.store().restore(&backup.id, &Work::unwatched()).await.unwrap();
    assert_ne!(world.studio.workspace().await.unwrap().counts, before);
}

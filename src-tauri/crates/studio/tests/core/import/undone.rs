//! Imports that are taken back, cancelled, or come too late.

use serde_json::json;
use studio::{ErrorCode, platform::Work, schema::TableName, snapshot::ImportPolicy};
use tokio_util::sync::CancellationToken;

use super::{get, model, three_models};
use crate::{
    snapshots::{counts, export, import, replace},
    world::row,
};

#[tokio::test]
async fn the_backup_of_an_import_brings_back_what_was_there() {
    let world = three_models().await;
    world.studio.rows().update(TableName::Models, "b", row(json!({"description": "mine"}))).await.unwrap();
    let before = export(&world.studio).await;
    let source = world.snapshot(&json!({"models": [model("b", "lab/other"), model("n", "lab/n")]}));
    let report = import(&world.studio, &source, &replace()).await.unwrap();
    let after = export(&world.studio).await;
    assert_ne!(after, before);
    let undo = world.studio.store().restore(&report.backup.id, &Work::unwatched()).await.unwrap();
    assert_eq!(export(&world.studio).await, before, "the backup is not what was there before");
    world.studio.store().restore(&undo.id, &Work::unwatched()).await.unwrap();
    assert_eq!(export(&world.studio).await, after, "a restore can't be undone");
}

#[tokio::test]
async fn a_store_that_changed_since_the_plan_is_looked_at_again() {
    let world = three_models().await;
    let source = world.snapshot(&json!({"models": [model("n", "lab/n")]}));
    let mut staged = world.studio.snapshots().read(&source, &Work::unwatched()).await.unwrap();
    assert_eq!(counts(&staged.plan().await.unwrap(), TableName::Models), json!({"new": 1}));
    sqlx::query("INSERT INTO models (id, name) VALUES ('n', 'mine')")
        .execute(&mut world.stranger().await)
        .await
        .unwrap();
    let work = Work::unwatched();
    let error =
        world.studio.snapshots().import(&mut staged, &ImportPolicy::default(), &work).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    // The refusal took nothing from what was read.
    world.studio.snapshots().import(&mut staged, &replace(), &work).await.unwrap();
    assert_eq!(get(&world.studio, TableName::Models, "n").await["name"], "lab/n");
}

#[tokio::test]
async fn a_cancelled_import_leaves_everything_as_it_was() {
    let world = three_models().await;
    let before = export(&world.studio).await;
    let source = world.snapshot(&json!({"models": [model("n", "lab/n")], "configs": [{"id": "k"}]}));
    for at in 0..8 {
        let stop = CancellationToken::new();
        let (asked, ticks) = (stop.clone(), std::sync::atomic::AtomicUsize::new(0));
        let work = Work::new(stop, move |_| {
            if ticks.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == at {
                asked.cancel();
            }
        });
        let mut staged = world.studio.snapshots().read(&source, &Work::unwatched()).await.unwrap();
        // The last report comes when all is done but the commit, and nobody asks after it.
        if let Err(error) =
            world.studio.snapshots().import(&mut staged, &ImportPolicy::default(), &work).await
        {
            assert_eq!(error.code, ErrorCode::Cancelled);
            assert_eq!(export(&world.studio).await, before, "cancelled after {at} reports");
        } else {
            assert!(at >= 7, "only {at} reports in an import");
        }
    }
}

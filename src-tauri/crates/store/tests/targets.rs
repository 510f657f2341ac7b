//! Compute targets: their names, settings and confirmation.
#![allow(clippy::unwrap_used, reason = "a test says what it found by panicking")]

use compute::{TargetCheck, TargetKind, TargetOptions, TargetSettings};
use platform::{LocalSecret, SettingsFile};
use schema::ErrorCode;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use store::Store;
use tempfile::TempDir;

async fn empty() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("studio.db")).await.unwrap();
    let store = store.with_secret(secret(&folder, "settings"));
    (folder, store)
}

/// The secret of a user whose settings are in this folder.
fn secret(folder: &TempDir, settings: &str) -> LocalSecret {
    LocalSecret::beside(&SettingsFile::from_path(folder.path().join(settings).join("settings.json")))
}

fn cluster() -> TargetSettings {
    TargetSettings {
        kind: TargetKind::Slurm,
        host: "login".to_owned(),
        folder: "~/studio".to_owned(),
        python: Some("python".to_owned()),
        ssh_config: None,
        options: TargetOptions {
            partition: Some("gpu".to_owned()),
            nodes: Some(2),
            setup: Some("module load cuda\nconda activate train".to_owned()),
            sbatch: vec!["--constraint=a100".to_owned()],
            ..TargetOptions::default()
        },
    }
}

/// Changes a database as another program would.
async fn outside(store: &Store, statement: &'static str) {
    let place = SqliteConnectOptions::new().filename(store.path());
    let mut other = SqliteConnection::connect_with(&place).await.unwrap();
    sqlx::raw_sql(statement).execute(&mut other).await.unwrap();
}

#[tokio::test]
async fn a_target_is_found_by_its_id_and_by_its_name_in_any_case() {
    let (_folder, store) = empty().await;
    let added = store.add_target(" Großer Cluster ", &cluster()).await.unwrap();
    assert!(added.confirmed && added.name == "Großer Cluster");
    for text in [added.id.as_str(), "Großer Cluster", "GROßER cluster"] {
        assert_eq!(store.target(text).await.unwrap(), added, "{text}");
    }
    assert_eq!(store.targets().await.unwrap(), [added]);
    assert_eq!(store.target("cluster").await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_name_is_of_one_target_and_never_this_machine() {
    let (_folder, store) = empty().await;
    let box_one = store.add_target("Éole", &cluster()).await.unwrap();
    store.add_target("other", &cluster()).await.unwrap();
    assert_eq!(store.add_target("éOLE", &cluster()).await.unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(
        store.update_target(&box_one.id, "OTHER", &cluster()).await.unwrap_err().code,
        ErrorCode::Conflict
    );
    for refused in ["", " ", "local", "LOCAL", "-x", "two\nlines"] {
        let error = store.add_target(refused, &cluster()).await.unwrap_err();
        assert_eq!((error.code, error.fields[0].column.as_str()), (ErrorCode::Invalid, "name"), "{refused}");
    }
    let renamed = store.update_target(&box_one.id, "ÉOLE", &cluster()).await.unwrap();
    assert_eq!((renamed.id, renamed.name.as_str()), (box_one.id, "ÉOLE"));
}

#[tokio::test]
async fn settings_that_were_changed_from_outside_are_not_confirmed() {
    let (_folder, store) = empty().await;
    let added = store.add_target("cluster", &cluster()).await.unwrap();
    outside(&store, "UPDATE studio_targets SET settings = json_set(settings, '$.host', 'evil')").await;
    let changed = store.target("cluster").await.unwrap();
    assert!(!changed.confirmed && changed.settings.host == "evil");
    // What a person saw before the change is not what they would confirm.
    assert_eq!(store.confirm_target(&added.id, &cluster()).await.unwrap_err().code, ErrorCode::Conflict);
    assert!(store.confirm_target(&added.id, &changed.settings).await.unwrap().confirmed);
    assert!(store.target("cluster").await.unwrap().confirmed);
}

#[tokio::test]
async fn a_check_is_of_the_settings_that_were_checked() {
    let (_folder, store) = empty().await;
    let added = store.add_target("cluster", &cluster()).await.unwrap();
    assert_eq!(store.last_check(&added.id).await.unwrap(), None);
    let check = TargetCheck::default();
    let kept = store.keep_check(&added, &check).await.unwrap();
    assert_eq!(store.last_check(&added.id).await.unwrap(), Some(kept.clone()));
    store.update_target(&added.id, "renamed", &cluster()).await.unwrap();
    assert_eq!(store.last_check(&added.id).await.unwrap(), Some(kept));
    let elsewhere = TargetSettings { host: "other".to_owned(), ..cluster() };
    store.update_target(&added.id, "renamed", &elsewhere).await.unwrap();
    assert_eq!(store.last_check(&added.id).await.unwrap(), None);
    store.keep_check(&added, &check).await.unwrap();
    assert_eq!(store.last_check(&added.id).await.unwrap(), None, "it was of the former host");
}

#[tokio::test]
async fn a_target_with_a_live_run_stays_where_it_is() {
    let (_folder, store) = empty().await;
    let added = store.add_target("cluster", &cluster()).await.unwrap();
    store
        .create_with_run(
            Vec::new(),
            "run",
            store::RunKind::Training,
            "A run",
            &resources::TrainingChoices::default(),
            Some(&added.id),
        )
        .await
        .unwrap();
    assert_eq!(store.remove_target(&added.id).await.unwrap_err().code, ErrorCode::InUse);
    let moved = TargetSettings { folder: "~/elsewhere".to_owned(), ..cluster() };
    assert_eq!(store.update_target(&added.id, "cluster", &moved).await.unwrap_err().code, ErrorCode::InUse);
    let mut longer = cluster();
    longer.options.time = Some("8:00:00".to_owned());
    store.update_target(&added.id, "cluster", &longer).await.unwrap();
    outside(&store, "UPDATE studio_runs SET state = 'failed'").await;
    store.remove_target(&added.id).await.unwrap();
    assert_eq!(store.targets().await.unwrap(), []);
}

#[tokio::test]
async fn a_database_of_another_machine_brings_no_confirmed_target() {
    let (folder, store) = empty().await;
    store.add_target("cluster", &cluster()).await.unwrap();
    for confirmed_there in [false, true] {
        let elsewhere = store.clone().with_secret(secret(&folder, "elsewhere"));
        if confirmed_there {
            // Now that machine has a secret, too.
            elsewhere.add_target("other", &cluster()).await.unwrap();
        }
        assert!(!elsewhere.target("cluster").await.unwrap().confirmed);
    }
    assert!(store.target("cluster").await.unwrap().confirmed);
}

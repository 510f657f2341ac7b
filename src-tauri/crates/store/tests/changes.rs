//! Changes of a store, noticed on whichever connection they were made.
#![allow(clippy::unwrap_used, reason = "a test says what it found by panicking")]

use datasets::Scanner;
use resources::{Described as _, TrainingChoices};
use schema::TableName;
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{Dependents, QueueRule, RunKind, Store, StoreChange};
use tempfile::TempDir;

async fn empty() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("studio.db")).await.unwrap();
    (folder, store)
}

async fn add(store: &Store, name: &str) -> String {
    let fields = json!({ "type": "huggingface", "huggingface_model_name": name });
    let fields = fields.as_object().unwrap().clone();
    let table = TableName::Models.table();
    let created = store.create(table, fields, &Scanner::unwatched()).await.unwrap();
    created.row.row["id"].as_str().unwrap().to_owned()
}

fn tables(change: Option<StoreChange>) -> Vec<TableName> {
    change.unwrap().tables
}

#[tokio::test]
async fn a_change_of_any_connection_names_its_tables() {
    let (_folder, store) = empty().await;
    let other = Store::open(store.path()).await.unwrap();
    let mut changes = store.changes().await.unwrap();
    assert_eq!(changes.look().await.unwrap(), None);
    for writer in [&store, &other] {
        let id = add(writer, &format!("org/{}", std::ptr::from_ref(writer) as usize)).await;
        assert_eq!(tables(changes.look().await.unwrap()), [TableName::Models]);
        writer.tag(TableName::Models, std::slice::from_ref(&id), &["good".to_owned()]).await.unwrap();
        assert_eq!(tables(changes.look().await.unwrap()), [TableName::Models]);
        writer.delete(TableName::Models, &[id], Dependents::Detach).await.unwrap();
        assert_eq!(tables(changes.look().await.unwrap()), [TableName::Models]);
        assert_eq!(changes.look().await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_changed_run_or_rule_is_a_change() {
    let (_folder, store) = empty().await;
    let mut changes = store.changes().await.unwrap();
    store
        .create_with_run(Vec::new(), "run", RunKind::Training, "A run", &TrainingChoices::default(), None)
        .await
        .unwrap();
    let runs = StoreChange { tables: Vec::new(), runs: true, transfers: false };
    assert_eq!(changes.look().await.unwrap(), Some(runs.clone()));
    assert!(store.begin_run("run").await.unwrap());
    assert_eq!(changes.look().await.unwrap(), Some(runs));
    store.set_queue_rule(QueueRule { paused: true, at_once: 1 }).await.unwrap();
    let rule = StoreChange { tables: Vec::new(), runs: false, transfers: false };
    assert_eq!(changes.look().await.unwrap(), Some(rule));
}

#[tokio::test]
async fn everything_may_have_changed_where_notes_are_missing() {
    let (_folder, store) = empty().await;
    let id = add(&store, "org/model").await;
    let mut changes = store.changes().await.unwrap();
    store.delete(TableName::Models, &[id], Dependents::Detach).await.unwrap();
    let place = SqliteConnectOptions::new().filename(store.path());
    let mut other = SqliteConnection::connect_with(&place).await.unwrap();
    sqlx::query("DELETE FROM studio_search_notes").execute(&mut other).await.unwrap();
    assert_eq!(changes.look().await.unwrap(), Some(StoreChange::everything()));
    assert_eq!(changes.look().await.unwrap(), None);
}

#[tokio::test]
async fn a_store_closes_while_changes_are_looked_for() {
    let (_folder, store) = empty().await;
    let mut changes = store.changes().await.unwrap();
    let looking = tokio::spawn({
        let store = store.clone();
        async move {
            store.closed().await;
            changes.look().await.is_ok()
        }
    });
    store.close().await;
    assert!(looking.await.unwrap());
}

//! Labels of rows, wherever they are shown.
#![allow(clippy::unwrap_used, reason = "a test says what it found by panicking")]

use schema::TableName;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{Dependents, ListQuery, Store};

const JOBS: TableName = TableName::EvaluationJobs;

#[tokio::test]
async fn evaluations_are_named_after_what_they_measure_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("studio.db")).await.unwrap();
    let mut tx = store.write().await.unwrap();
    sqlx::raw_sql(
        "INSERT INTO models (id, name) VALUES ('m', 'tiny');
         INSERT INTO adapters (id, name, model_id) VALUES ('a', ' support-lora ', 'm');
         INSERT INTO datasets (id, name) VALUES ('d', 'Tickets');
         PRAGMA defer_foreign_keys = ON;
         INSERT INTO evaluation_jobs (id, base_model_id, adapter_id, dataset_id) VALUES
         ('11111111-2', 'm', 'a', 'd'), ('22222222-2', 'm', NULL, 'd'), ('33333333-2', 'm', 'a', NULL),
         ('44444444-2', NULL, NULL, NULL)",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    // The reference to a row that does not exist counts for nothing.
    let place = SqliteConnectOptions::new().filename(store.path()).foreign_keys(false);
    let mut outside = SqliteConnection::connect_with(&place).await.unwrap();
    sqlx::query(
        "INSERT INTO evaluation_jobs (id, base_model_id, adapter_id, dataset_id) \
         VALUES ('55555555-2', 'm', 'gone', 'd')",
    )
    .execute(&mut outside)
    .await
    .unwrap();

    let expected = [
        "support-lora on Tickets, 11111111",
        "tiny on Tickets, 22222222",
        "support-lora, 33333333",
        "evaluation job 44444444",
        "tiny on Tickets, 55555555",
    ];
    let query = ListQuery { limit: 10, ..ListQuery::default() };
    let listed = store.list(JOBS, &query).await.unwrap().rows;
    assert_eq!(listed.iter().map(|row| row.label.as_str()).collect::<Vec<_>>(), expected);
    assert_eq!(store.get(JOBS, "11111111-2").await.unwrap().label, expected[0]);

    let uses = store.used_by(TableName::Models, "m").await.unwrap();
    let of_jobs = uses.iter().find(|found| found.table == JOBS).unwrap();
    let labels: Vec<&str> = of_jobs.sample.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, [expected[0], expected[1], expected[2], expected[4]]);
    let lineage = store.lineage(JOBS, "22222222-2", 1).await.unwrap();
    assert_eq!(lineage.nodes[0].label.as_deref(), Some(expected[1]));
    let findings = store.check().await.unwrap();
    let of_job = |message: &str| findings.iter().any(|finding| finding.message.starts_with(message));
    assert!(of_job("'tiny on Tickets, 55555555' refers to"), "{findings:?}");
    let deletion = store.delete(TableName::Datasets, &["d".to_owned()], Dependents::Delete).await.unwrap();
    let trash = store.deleted(0, 1).await.unwrap();
    assert_eq!(trash.deletions[0].id, deletion.deletion);
    let label = |id: &str| trash.deletions[0].rows.iter().find(|row| row.id == id).unwrap().label.clone();
    assert_eq!(label("11111111-2"), expected[0]);
}

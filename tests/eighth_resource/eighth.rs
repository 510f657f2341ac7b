//! A resource that was declared by one file, one line and one migration is whole: what is asserted
//! here of experiments follows from their declaration alone.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a test stops at the first surprise"
)]

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use studio::{ErrorCode, Studio, hub::{Environment, Hub, Keyring}, platform::{SettingsFile, Work}, resources::{Described as _, TABLES}, schema::{Row, TableName, typescript}, snapshot::{ExportFormat, ImportPolicy}, store::{Dependents, ListQuery, UndeleteRequest}};
use tempfile::TempDir;

const EXPERIMENTS: TableName = TableName::Experiments;

async fn open(folder: &TempDir) -> Studio {
    let variables = [("HF_HUB_OFFLINE", "1".to_owned())];
    let settings = SettingsFile::from_path(folder.path().join("settings.json"));
    let hub = Hub::new(Environment::from_variables(variables), settings, Keyring::new("fine-tuning-studio tests"));
    Studio::open_with(&folder.path().join("studio.db"), hub).await.unwrap()
}

fn row(value: Value) -> Row {
    value.as_object().cloned().unwrap()
}

async fn create(studio: &Studio, table: TableName, fields: Value) -> String {
    let created = studio.rows().create(table, row(fields)).await.unwrap();
    created.row.row["id"].as_str().unwrap().to_owned()
}

async fn dataset(studio: &Studio, folder: &TempDir) -> String {
    let file = folder.path().join("rows.csv");
    std::fs::write(&file, "question,answer\nWhy?,Because.\n").unwrap();
    create(studio, TableName::Datasets, json!({"type": "project_csv", "name": "rows", "location": file})).await
}

async fn questions(studio: &Studio, search: &str) -> Vec<Value> {
    let query = ListQuery { search: Some(search.to_owned()), limit: 10, ..ListQuery::default() };
    let page = studio.store().list(EXPERIMENTS, &query).await.unwrap();
    page.rows.into_iter().map(|listed| listed.row["question"].clone()).collect()
}

#[tokio::test]
async fn rows_are_created_listed_updated_and_refused() {
    let folder = tempfile::tempdir().unwrap();
    let studio = open(&folder).await;
    let id = create(&studio, EXPERIMENTS, json!({"question": "Does rank matter?"})).await;
    assert_eq!(questions(&studio, "").await, [json!("Does rank matter?")]);
    let stored = studio.store().get(EXPERIMENTS, &id).await.unwrap();
    assert_eq!((&stored.row["state"], &*stored.label), (&json!("planned"), "Does rank matter?"));

    let change = row(json!({"state": "done", "confidence": 0.75}));
    let updated = studio.rows().update(EXPERIMENTS, &id, change).await.unwrap();
    assert_eq!((&updated.row["state"], &updated.row["confidence"]), (&json!("done"), &json!(0.75)));

    let refusals = [
        (json!({"question": "Does rank matter?"}), "question", ErrorCode::Conflict),
        (json!({}), "question", ErrorCode::Invalid),
        (json!({"question": "Other", "confidence": 2}), "confidence", ErrorCode::Invalid),
        (json!({"question": "Other", "dataset_id": "nowhere"}), "dataset_id", ErrorCode::Invalid),
    ];
    for (fields, column, code) in refusals {
        let error = studio.rows().create(EXPERIMENTS, row(fields)).await.unwrap_err();
        assert_eq!((error.fields[0].column.as_str(), error.code), (column, code));
    }
}

#[tokio::test]
async fn words_are_found_before_and_after_they_are_indexed() {
    let folder = tempfile::tempdir().unwrap();
    let studio = open(&folder).await;
    studio.store().index_words().await.unwrap();
    let id = create(&studio, EXPERIMENTS, json!({"question": "Does rank matter?", "answer": "Hardly"})).await;
    for search in ["rank", "hard", "MATT"] {
        assert_eq!(questions(&studio, search).await.len(), 1, "{search}");
    }
    studio.rows().update(EXPERIMENTS, &id, row(json!({"answer": "Greatly"}))).await.unwrap();
    assert_eq!((questions(&studio, "hard").await.len(), questions(&studio, "great").await.len()), (0, 1));
    let everywhere = studio.store().search_everywhere("great", 5).await.unwrap();
    assert!(everywhere.iter().any(|matches| matches.table == EXPERIMENTS));
}

#[tokio::test]
async fn references_are_followed_both_ways_and_deletes_are_undone() {
    let folder = tempfile::tempdir().unwrap();
    let studio = open(&folder).await;
    let dataset = dataset(&studio, &folder).await;
    let id = create(&studio, EXPERIMENTS, json!({"question": "Enough rows?", "dataset_id": dataset})).await;
    let uses = studio.store().used_by(TableName::Datasets, &dataset).await.unwrap();
    assert!(uses.iter().any(|one| one.table == EXPERIMENTS && one.column == "dataset_id"));
    let lineage = studio.store().lineage(EXPERIMENTS, &id, 2).await.unwrap();
    assert!(lineage.nodes.iter().any(|node| node.row.id == dataset));

    studio.store().delete(TableName::Datasets, std::slice::from_ref(&dataset), Dependents::Delete).await.unwrap();
    assert_eq!(questions(&studio, "").await, Vec::<Value>::new());
    let deletion = studio.store().deleted(0, 1).await.unwrap().deletions.remove(0).id;
    studio.store().undelete(deletion, &UndeleteRequest::default()).await.unwrap();
    assert_eq!(studio.store().get(EXPERIMENTS, &id).await.unwrap().row["dataset_id"], json!(dataset));
}

#[tokio::test]
async fn a_snapshot_goes_there_and_back() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let studio = open(&folder).await;
    let dataset = dataset(&studio, &folder).await;
    let fields = json!({"question": "Enough rows?", "dataset_id": dataset, "confidence": 0.5});
    let id = create(&studio, EXPERIMENTS, fields).await;
    let row = studio.store().get(EXPERIMENTS, &id).await.unwrap().row;
    for (format, name) in [(ExportFormat::Json, "out.json"), (ExportFormat::Sqlite, "out.sqlite")] {
        let file = other.path().join(name);
        let work = Work::unwatched();
        studio.snapshots().export(&file, format, None, &work).await.unwrap();
        let target = tempfile::tempdir().unwrap();
        let target = open(&target).await;
        let mut staged = target.snapshots().read(&file, &work).await.unwrap();
        let plan = staged.plan().await.unwrap();
        assert_eq!(plan.tables[&EXPERIMENTS].new, 1, "{name}");
        target.snapshots().import(&mut staged, &ImportPolicy::default(), &work).await.unwrap();
        assert_eq!(target.store().get(EXPERIMENTS, &id).await.unwrap().row, row, "{name}");
    }
}

#[tokio::test]
async fn a_database_of_the_reference_studio_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("studio.db");
    let options =
        SqliteConnectOptions::new().filename(&path).create_if_missing(true).foreign_keys(false);
    let mut reference = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(include_str!("reference.sql")).execute(&mut reference).await.unwrap();
    reference.close().await.unwrap();
    let studio = open(&folder).await;
    let id = create(&studio, EXPERIMENTS, json!({"question": "Does it open?"})).await;
    assert_eq!(studio.store().get(EXPERIMENTS, &id).await.unwrap().label, "Does it open?");
    assert_eq!(studio.store().backups().unwrap().len(), 1, "it is copied before it is changed");
}

#[test]
fn typescript_and_the_navigation_follow_from_the_declaration() {
    let types = typescript::row_types(TABLES);
    assert!(types.contains("export type ExperimentRow = {"), "{types}");
    assert!(types.contains("\tstate: \"planned\" | \"done\" | (string & {}) | null;"), "{types}");
    assert!(typescript::icons(TABLES).contains("\texperiments: IconFlask,"));
    let described = serde_json::to_value(EXPERIMENTS.table()).unwrap();
    assert_eq!((&described["group"], &described["title"]), (&json!("work"), &json!("Experiments")));
}

//! The example workspace comes and goes, and leaves what is a person's own.

use serde_json::json;
use studio::{
    DatasetSource, ErrorCode,
    schema::TableName,
    store::{Dependents, TableCount, UndeleteRequest},
};

use crate::world::{World, id, row};

async fn counts(world: &World) -> Vec<u64> {
    let counts = world.studio.workspace().await.unwrap().counts;
    counts.iter().map(|TableCount { rows, .. }| *rows).collect()
}

async fn load(world: &World) -> Vec<TableCount> {
    world.studio.example().load(&world.path("example")).await.unwrap()
}

async fn first(world: &World, table: TableName) -> String {
    let query = studio::store::ListQuery { limit: 1, ..Default::default() };
    id(&world.studio.store().list(table, &query).await.unwrap().rows[0])
}

#[tokio::test]
async fn it_comes_once_and_goes_as_it_came() {
    let world = World::new().await;
    assert_eq!(load(&world).await.iter().map(|count| count.rows).sum::<u64>(), 8);
    assert_eq!(counts(&world).await, [1, 2, 0, 2, 3, 0, 0]);
    assert!(load(&world).await.is_empty(), "twice is once");
    assert!(world.studio.check().await.unwrap().is_empty());

    let dataset = first(&world, TableName::Datasets).await;
    let page = world.studio.datasets().preview(&DatasetSource::from_text(&dataset), 0, 1_000).await.unwrap();
    let names: Vec<&str> = page.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((names, page.rows.len()), (vec!["message", "intent", "reply"], 300));
    let messages: std::collections::BTreeSet<String> =
        page.rows.iter().map(|row| row.values[0].to_string()).collect();
    assert!(messages.len() > 290, "{} different messages", messages.len());

    let removed = world.studio.example().remove(None, Dependents::Refuse).await.unwrap();
    assert_eq!(counts(&world).await, [0; 7]);
    let kept = world.studio.store().deleted(0, 1).await.unwrap();
    assert_eq!(kept.deletions[0].what, "the example workspace");
    world.studio.store().undelete(removed.deletion, &UndeleteRequest::default()).await.unwrap();
    assert_eq!(counts(&world).await, [1, 2, 0, 2, 3, 0, 0]);
    assert!(
        world.studio.datasets().preview(&DatasetSource::from_text(&dataset), 0, 1).await.is_ok(),
        "its file is still there"
    );
}

#[tokio::test]
async fn what_was_changed_needs_a_word() {
    let world = World::new().await;
    load(&world).await;
    let prompt = first(&world, TableName::Prompts).await;
    let fields = row(json!({"name": "Mine"}));
    world.studio.rows().update(TableName::Prompts, &prompt, fields).await.unwrap();
    let state = world.studio.example().state().await.unwrap();
    assert_eq!((state.changed.len(), state.changed[0].label.as_str()), (1, "Mine"));

    let refused = world.studio.example().remove(None, Dependents::Refuse).await.unwrap_err();
    assert_eq!((refused.code, counts(&world).await), (ErrorCode::Conflict, vec![1, 2, 0, 2, 3, 0, 0]));
    assert!(refused.message.starts_with("'Mine' was changed"), "{}", refused.message);
    let refused = world.studio.example().remove(Some(false), Dependents::Refuse).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InUse, "what stays refers to the dataset");
    world.studio.example().remove(Some(false), Dependents::Detach).await.unwrap();
    assert_eq!(counts(&world).await, [0, 0, 0, 1, 0, 0, 0]);
}

#[tokio::test]
async fn what_refers_to_it_is_asked_about_and_what_is_there_is_used() {
    let world = World::new().await;
    let model = json!({"huggingface_model_name": "Qwen/Qwen2.5-0.5B-Instruct"});
    world.create(TableName::Models, model).await.unwrap();
    load(&world).await;
    assert_eq!(counts(&world).await[1], 2, "the model that was there is as good");
    let dataset = first(&world, TableName::Datasets).await;
    let own = json!({"name": "Own", "dataset_id": dataset, "input_template": "{message}", "completion_template": "{intent}"});
    let own = id(&world.create(TableName::Prompts, own).await.unwrap());

    let state = world.studio.example().state().await.unwrap();
    assert_eq!(state.dependents, [TableCount { table: TableName::Prompts, rows: 1 }]);
    let refused = world.studio.example().remove(None, Dependents::Refuse).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InUse);
    assert!(refused.message.contains("'Own'"), "{}", refused.message);
    world.studio.example().remove(None, Dependents::Detach).await.unwrap();
    assert_eq!(
        world.studio.store().get(TableName::Prompts, &own).await.unwrap().row["dataset_id"],
        json!(null)
    );
}

#[tokio::test]
async fn a_taken_name_leaves_nothing_behind() {
    let world = World::new().await;
    let taken = json!({"type": "huggingface", "huggingface_name": "lab/shop", "name": "Shop messages"});
    world.create(TableName::Datasets, taken).await.unwrap();
    let refused = world.studio.example().load(&world.path("example")).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert_eq!(counts(&world).await, [1, 0, 0, 0, 0, 0, 0]);
}

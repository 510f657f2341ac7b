//! The lineage follows the references both ways, names what is missing, and stays small.

use serde_json::json;
use sqlx::Connection as _;
use studio::{schema::TableName, store::Lineage};

use crate::world::{World, id};

/// A dataset, a prompt, a model, a job, its adapter and an evaluation.
async fn trained(world: &World) -> [String; 6] {
    let dataset = world.dataset().await;
    let (prompt, model) = (world.prompt(&dataset).await, world.model().await);
    let job =
        json!({"base_model_id": model, "dataset_id": dataset, "prompt_id": prompt, "adapter_name": "first"});
    let job = id(&world.create(TableName::FineTuningJobs, job).await.unwrap());
    let adapter = json!({
        "name": "first", "model_id": model, "prompt_id": prompt, "fine_tuning_job_id": job,
        "location": world.folder.path(),
    });
    let adapter = id(&world.create(TableName::Adapters, adapter).await.unwrap());
    let made = crate::world::row(json!({"adapter_id": adapter}));
    world.studio.rows().update(TableName::FineTuningJobs, &job, made).await.unwrap();
    let evaluation =
        json!({"base_model_id": model, "dataset_id": dataset, "prompt_id": prompt, "adapter_id": adapter});
    let evaluation = id(&world.create(TableName::EvaluationJobs, evaluation).await.unwrap());
    [dataset, prompt, model, job, adapter, evaluation]
}

fn tables(lineage: &Lineage) -> Vec<TableName> {
    let mut tables: Vec<_> = lineage.nodes.iter().map(|node| node.row.table).collect();
    tables.sort();
    tables
}

#[tokio::test]
async fn from_a_dataset_to_its_evaluation_and_back() {
    let world = World::new().await;
    let [dataset, _, _, job, adapter, evaluation] = trained(&world).await;
    let all = [
        TableName::Datasets,
        TableName::Models,
        TableName::Adapters,
        TableName::Prompts,
        TableName::FineTuningJobs,
        TableName::EvaluationJobs,
    ];
    for (table, id) in [(TableName::Datasets, &dataset), (TableName::EvaluationJobs, &evaluation)] {
        let lineage = world.studio.store().lineage(table, id, 4).await.unwrap();
        assert_eq!(tables(&lineage), all, "{table}");
        assert_eq!(lineage.nodes[0].row.id, *id, "the row itself first");
        let made = lineage.edges.iter().filter(|e| e.from.id == job && e.to.id == adapter).count();
        let back = lineage.edges.iter().filter(|e| e.from.id == adapter && e.to.id == job).count();
        assert_eq!((made, back), (2, 0), "an adapter comes of its job, whoever says so");
    }
    let near = world.studio.store().lineage(TableName::Datasets, &dataset, 0).await.unwrap();
    assert_eq!((near.nodes.len(), near.edges.len()), (1, 0));
    assert!(world.studio.store().lineage(TableName::Datasets, "nobody", 4).await.is_err());
}

#[tokio::test]
async fn what_is_missing_is_a_node_without_a_label() {
    let world = World::new().await;
    let mut database = world.stranger().await;
    sqlx::query("INSERT INTO adapters (id, name, model_id) VALUES ('a', 'lost', 'gone')")
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
    let lineage = world.studio.store().lineage(TableName::Adapters, "a", 2).await.unwrap();
    assert_eq!(lineage.nodes.len(), 2);
    assert_eq!((lineage.nodes[1].row.id.as_str(), &lineage.nodes[1].label), ("gone", &None));
    assert_eq!(lineage.edges[0].role, "Base model");
}

#[tokio::test]
async fn many_are_counted_and_not_shown() {
    let world = World::new().await;
    let model = world.model().await;
    for number in 0..20 {
        let fields =
            json!({"name": format!("a{number}"), "model_id": model, "location": world.folder.path()});
        world.create(TableName::Adapters, fields).await.unwrap();
    }
    let lineage = world.studio.store().lineage(TableName::Models, &model, 3).await.unwrap();
    assert_eq!((lineage.nodes.len(), lineage.more.len()), (13, 1));
    assert_eq!((lineage.more[0].table, lineage.more[0].rows), (TableName::Adapters, 8));
}

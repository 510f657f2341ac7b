//! References of imported rows.

use serde_json::{Value, json};
use studio::{
    schema::TableName,
    snapshot::{ImportPolicy, OnConflict},
};

use super::{get, model};
use crate::{
    snapshots::{clearing, counts, import, plan, said},
    world::World,
};

#[tokio::test]
async fn references_that_find_nothing_are_taken_or_cleared() {
    let adapters = json!({
        "models": [model("m", "lab/m")],
        "adapters": [
            {"id": "x", "name": "x", "model_id": "gone", "prompt_id": "gone too"},
            {"id": "y", "name": "y", "model_id": "m"},
        ],
    });
    for (policy, model_id) in [(ImportPolicy::default(), json!("gone")), (clearing(), Value::Null)] {
        let world = World::new().await;
        let source = world.snapshot(&adapters);
        let report = import(&world.studio, &source, &policy).await.unwrap();
        assert_eq!(said(report.tables[&TableName::Adapters].found), json!({"new": 2, "dangling": 1}));
        let row = get(&world.studio, TableName::Adapters, "x").await;
        assert_eq!(row["model_id"], model_id);
        assert_eq!(row["prompt_id"].is_null(), model_id.is_null());
        assert_eq!(get(&world.studio, TableName::Adapters, "y").await["model_id"], "m");
    }
}

#[tokio::test]
async fn clearing_reaches_replaced_rows_too() {
    let world = World::new().await;
    let here = world.snapshot(&json!({"adapters": [{"id": "x", "name": "old"}]}));
    import(&world.studio, &here, &ImportPolicy::default()).await.unwrap();
    let source = world.snapshot(&json!({"adapters": [{"id": "x", "name": "new", "model_id": "gone"}]}));
    let policy = ImportPolicy { on_conflict: OnConflict::Replace, ..clearing() };
    import(&world.studio, &source, &policy).await.unwrap();
    let row = get(&world.studio, TableName::Adapters, "x").await;
    assert_eq!((&row["name"], &row["model_id"]), (&json!("new"), &Value::Null));
}

#[tokio::test]
async fn an_empty_text_is_no_reference_but_stays_a_text_elsewhere() {
    let world = World::new().await;
    let source = world.snapshot(&json!({"adapters": [
        {"id": "x", "name": "", "model_id": "", "prompt_id": ""}, {"id": "y", "name": "y", "model_id": null},
    ]}));
    let report = import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    assert_eq!(said(report.tables[&TableName::Adapters].found), json!({"new": 2, "cleared": 1}));
    let row = get(&world.studio, TableName::Adapters, "x").await;
    assert_eq!((&row["model_id"], &row["name"]), (&Value::Null, &json!("")));
    let again = plan(&world.studio, &source).await.unwrap();
    assert_eq!(counts(&again, TableName::Adapters), json!({"same": 2, "cleared": 1}), "taken, and yet new");
}

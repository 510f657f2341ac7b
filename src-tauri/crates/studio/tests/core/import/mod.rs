//! Importing: planned first, then taken as decided, whole or not at all.

mod plan;
mod references;
mod rows;
mod sources;
mod undone;

use serde_json::{Value, json};
use studio::{Studio, schema::TableName, snapshot::ImportPolicy};

use crate::{snapshots::import, world::World};

fn model(id: &str, name: &str) -> Value {
    json!({"id": id, "type": "huggingface", "name": name, "huggingface_model_name": name})
}

/// A studio with the models `a`, `b` and `c`, called `lab/a` and so on.
async fn three_models() -> World {
    let world = World::new().await;
    let models = ["a", "b", "c"].map(|id| model(id, &format!("lab/{id}")));
    let source = world.snapshot(&json!({"models": models}));
    import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    world
}

async fn get(studio: &Studio, table: TableName, id: &str) -> Value {
    json!(studio.store().get(table, id).await.unwrap().row)
}

//! The whole store, out and in.

use std::fs;

use serde_json::{Value, json};
use studio::{
    platform::UNFINISHED_PREFIX,
    schema::{TableName, TextEnum as _},
};

use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_of_many_rows_comes_back_in_another_store() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let prompts: Vec<Value> = (0..20_000)
        .map(|number| {
            json!({"id": format!("00000000-0000-4000-8000-{number:012}"), "name": format!("Größe {number}"),
                "dataset_id": dataset, "prompt_template": "x".repeat(200), "input_template": "{question}",
                "completion_template": "{answer}"})
        })
        .collect();
    let snapshot = json!({"prompts": {"schema": "DROP TABLE prompts", "data": prompts}});
    fs::write(world.path("imports/prompts.json"), snapshot.to_string()).unwrap();
    let request = json!({"imported_json_path": "prompts.json"});
    world.client.answered("ImportDatabase", request).await;

    let exported = world.client.answered("ExportDatabase", json!({})).await;
    let text = exported["exported_json"].as_str().unwrap();
    assert!(text.len() > 5 << 20);
    let tables: Value = serde_json::from_str(text).unwrap();
    assert_eq!(tables.as_object().unwrap().len(), TableName::ALL.len());
    for (table, content) in tables.as_object().unwrap() {
        assert!(content["schema"].as_str().unwrap().starts_with("CREATE TABLE IF NOT EXISTS"), "{table}");
    }
    assert_eq!(tables["prompts"]["data"].as_array().unwrap().len(), 20_000);

    let other = World::new().await;
    fs::write(other.path("imports/all.json"), text).unwrap();
    other
        .client
        .answered("ImportDatabase", json!({"imported_json_path": other.path("imports/all.json")}))
        .await;
    let again = other.client.answered("ExportDatabase", json!({})).await;
    assert_eq!(again["exported_json"], text);
    // What was sent is not left behind.
    let left = fs::read_dir(world.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with(UNFINISHED_PREFIX)).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// A client that stops reading keeps no transaction open, and gets the state of its call when it goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_does_not_hold_the_store() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let prompt = |name: &str| {
        json!({"prompt": {"name": name, "dataset_id": dataset, "prompt_template": "x".repeat(12 << 20),
            "input_template": "{question}", "completion_template": "{answer}"}})
    };
    world.client.answered("AddPrompt", prompt("Before")).await;
    let mut slow = world.client.begin("ExportDatabase", json!({})).await;
    world.client.answered("AddPrompt", prompt("Meanwhile")).await;
    world.client.answered("RemoveDataset", json!({"id": dataset, "remove_prompts": true})).await;
    let exported = slow.message().await.unwrap().unwrap();
    let tables: Value = serde_json::from_str(exported["exported_json"].as_str().unwrap()).unwrap();
    let prompts = tables["prompts"]["data"].as_array().unwrap();
    assert_eq!(prompts.len(), 1);
    assert_eq!(prompts[0]["name"], "Before");
    assert!(slow.message().await.unwrap().is_none());
}

/// The reference studio skips all rows of a table after the first that exists.
#[tokio::test]
async fn a_row_that_exists_keeps_no_other_from_being_imported() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let row = |id: &str, name: &str| json!({"id": id, "type": "huggingface", "name": name, "huggingface_name": name});
    let rows =
        json!([row(&dataset, "acme/same-id"), row("11111111-1111-4111-8111-111111111111", "acme/new")]);
    fs::write(world.path("imports/some.json"), json!({"datasets": {"schema": "", "data": rows}}).to_string())
        .unwrap();
    world.client.answered("ImportDatabase", json!({"imported_json_path": "some.json"})).await;
    let listed = world.client.answered("ListDatasets", json!({})).await;
    let names: Vec<&str> =
        listed["datasets"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Rows", "acme/new"]);
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_outside_of_the_import_folder_is_read() {
    let world = World::new().await;
    fs::write(world.path("secret.json"), "{}").unwrap();
    std::os::unix::fs::symlink(world.path("secret.json"), world.path("imports/link.json")).unwrap();
    let outside = world.path("secret.json").display().to_string();
    for path in [outside.as_str(), "../secret.json", "link.json", "/etc/passwd", "/nowhere/at/all.json"] {
        let status =
            world.client.call("ImportDatabase", json!({"imported_json_path": path})).await.unwrap_err();
        assert_eq!(status.metadata().get("fts-error-code").unwrap(), "invalid", "{path}");
        assert!(status.message().contains("is not in"), "{}", status.message());
    }
}

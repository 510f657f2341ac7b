//! Many clients at once, and clients that go.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::json;
use studio::schema::TableName;

use crate::{client::Client, world::World};

fn prompt(dataset: &str, name: &str) -> serde_json::Value {
    json!({"prompt": {
        "name": name, "dataset_id": dataset, "prompt_template": "{question}{answer}",
        "input_template": "{question}", "completion_template": "{answer}",
    }})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_clients_that_write_lose_nothing_and_see_each_other() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let writers = (0..50).map(|writer| {
        let (client, dataset) = (world.client.clone(), dataset.clone());
        tokio::spawn(async move {
            for round in 0..4 {
                let name = format!("{writer}-{round}");
                let added = client.answered("AddPrompt", prompt(&dataset, &name)).await;
                let id = json!({"id": added["prompt"]["id"]});
                assert_eq!(client.answered("GetPrompt", id).await, added);
            }
        })
    });
    for writer in join_all(writers).await {
        writer.unwrap();
    }
    let listed = world.client.answered("ListPrompts", json!({})).await;
    let names: BTreeSet<&str> =
        listed["prompts"].as_array().unwrap().iter().map(|prompt| prompt["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_clients_that_want_one_name_one_gets_it() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let wanted = (0..50).map(|_| world.client.call("AddPrompt", prompt(&dataset, "Only")));
    let got = join_all(wanted).await;
    assert_eq!(got.iter().filter(|answer| answer.is_ok()).count(), 1);
    let refused = got.into_iter().filter_map(Result::err);
    assert!(refused.into_iter().all(|status| status.metadata().get("fts-error-code").unwrap() == "conflict"));
}

/// A client that goes while its call is under way: the call is carried out whole or not at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn cancelled_calls_leave_whole_rows_and_a_free_store() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    for number in 0..40 {
        let (client, request) = (world.client.clone(), prompt(&dataset, &format!("{number}")));
        let call = tokio::spawn(async move { client.call("AddPrompt", request).await });
        for _ in 0..number {
            tokio::task::yield_now().await;
        }
        call.abort();
        _ = call.await;
    }
    let listed = world.client.answered("ListPrompts", json!({})).await;
    for row in listed["prompts"].as_array().into_iter().flatten() {
        assert_eq!(row["completion_template"], "{answer}");
    }
    world.client.answered("AddPrompt", prompt(&dataset, "After all")).await;
    assert_eq!(world.studio.check().await.unwrap(), []);
}

#[tokio::test]
async fn what_the_window_writes_is_seen() {
    let world = World::new().await;
    let (window, _) = (crate::world::studio(world.folder.path()).await, ());
    let fields = json!({"type": "huggingface", "huggingface_model_name": "acme/of-the-window"});
    window.rows().create(TableName::Models, fields.as_object().cloned().unwrap()).await.unwrap();
    let listed = world.client.answered("ListModels", json!({})).await;
    assert_eq!(listed["models"][0]["huggingface_model_name"], "acme/of-the-window");
    let other = Client::clone(&world.client);
    let id = json!({"id": listed["models"][0]["id"]});
    other.answered("RemoveModel", id).await;
    assert_eq!(window.store().counts().await.unwrap().iter().map(|count| count.rows).sum::<u64>(), 0);
}

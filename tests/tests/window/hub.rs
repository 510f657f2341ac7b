//! From a search on the Hub to a model that can be used.

use fake_hub::{FakeHub, Fault, Repository};
use serde_json::json;
use stories::window::{Home, Window};
use stories::{samples, wait};

/// A hub with the model "acme/tiny" and another one, and a person who uses it.
fn hub() -> (FakeHub, Home) {
    let folder = tempfile::tempdir().unwrap();
    samples::model(folder.path());
    let mut tiny = Repository::model("acme/tiny").listed(&json!({
        "downloads": 7, "pipeline_tag": "text-generation", "tags": ["safetensors", "license:mit"],
        "safetensors": {"parameters": {"BF16": 56}, "total": 56},
    }));
    for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
        tiny = tiny.file(file.file_name().to_str().unwrap(), std::fs::read(file.path()).unwrap());
    }
    let hub = FakeHub::new([tiny, Repository::model("other/model")]);
    let home = Home::new().with_variable("HF_ENDPOINT", hub.address()).with_variable("HF_HUB_OFFLINE", "0");
    (hub, home)
}

/// Finds the model on the page of the Hub and begins to fetch it.
async fn fetch(window: &Window, hub: &FakeHub) {
    window.click("Hub").await;
    window.see("Nothing is sent before that.").await;
    window.see_focus("Search models on the Hub").await;
    window.type_text("tiny");
    assert_eq!(hub.searches(), []);
    window.press("Return");
    window.click("acme/tiny").await;
    window.see_detail("acme/tiny").await;
    window.click("Fetch").await;
}

#[tokio::test]
async fn a_model_is_searched_fetched_and_added_and_the_start_page_has_it() {
    let (hub, home) = hub();
    let window = Window::open(&home).await;
    fetch(&window, &hub).await;
    wait::until("the files of the model", || {
        let cache = home.fts(&["hub", "cache"]);
        (cache["repositories"][0]["state"] == "complete").then_some(())
    });
    window.click("Add to the studio").await;
    window.see_held("Hub name", "acme/tiny").await;
    window.click("Add model").await;
    window.see_page("Models").await;
    window.see_detail("acme/tiny").await;
    window.see("LlamaForCausalLM").await;

    window.click("Training").await;
    window.click("Train…").await;
    window.see_page("Fine-tune a model").await;
    window.choose("Base model", "acme/tiny").await;
    window.close().await;
    assert_eq!(hub.searches().len(), 1);
}

#[tokio::test]
async fn a_transfer_is_paused_and_resumed_and_its_model_is_added() {
    let (hub, home) = hub();
    hub.fail("model.safetensors", [Fault::StopAfter(100)]);
    let window = Window::open(&home).await;
    fetch(&window, &hub).await;
    window.click("Transfers").await;
    window.see_page("Transfers").await;
    window.see("Running").await;
    wait::until("the first bytes of the weights", || {
        (home.fts(&["hub", "transfers"])[0]["bytes"].as_u64()? >= 100).then_some(())
    });
    window.click("Pause: acme/tiny").await;
    window.see("Paused").await;
    window.click("Resume: acme/tiny").await;
    window.see("acme/tiny is on this machine").await;
    window.see("Done").await;

    window.click("Models").await;
    window.click("From the Hub cache").await;
    window.click("Add acme/tiny").await;
    window.see_held("Hub name", "acme/tiny").await;
    window.click("Add model").await;
    window.see_detail("acme/tiny").await;
    window.see("LlamaForCausalLM").await;
    window.close().await;
    let resumed = hub.requests_for("model.safetensors").pop().unwrap();
    assert!(resumed.range.is_some_and(|range| range.starts_with("bytes=")), "what was there is kept");
}

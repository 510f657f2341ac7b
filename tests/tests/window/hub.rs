//! From a search on the hub to a model that can be trained.

use fake_hub::{FakeHub, Repository};
use serde_json::json;
use stories::window::{Home, Window};
use stories::{samples, wait};

#[tokio::test]
async fn a_model_is_searched_fetched_and_added_and_the_start_page_has_it() {
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

    let window = Window::open(&home).await;
    window.click("Hub").await;
    window.see("Nothing is sent before that.").await;
    window.see_focus("Search models on the Hub").await;
    window.type_text("tiny");
    assert_eq!(hub.searches(), []);
    window.press("Return");
    window.click("acme/tiny").await;
    window.see_detail("acme/tiny").await;
    window.click("Fetch").await;
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

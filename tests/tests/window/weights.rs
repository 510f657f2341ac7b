//! Weights on this machine: an adapter's folder knows its base model, and a model comes from the
//! Hub's cache.

use stories::samples;
use stories::window::{Home, Window};

#[tokio::test]
async fn an_adapter_finds_its_base_among_models_of_the_cache() {
    let home = Home::new();
    let cached = home.path("cache/huggingface/hub/models--acme--tiny");
    let revision = "0123456789abcdef0123456789abcdef01234567";
    samples::model(&cached.join("snapshots").join(revision));
    std::fs::create_dir_all(cached.join("refs")).unwrap();
    std::fs::write(cached.join("refs/main"), revision).unwrap();
    let adapter = home.folder("adapters/support-intent");
    samples::adapter(&adapter, "acme/tiny");

    let window = Window::open(&home).await;
    window.click("Models").await;
    window.click("From the Hub cache").await;
    window.see("acme/tiny").await;
    window.click("Add acme/tiny").await;
    window.see_held("Hub name", "acme/tiny").await;
    window.click("Add model").await;
    window.see_detail("acme/tiny").await;
    window.see("LlamaForCausalLM").await;

    window.click("Adapters").await;
    window.click("New adapter").await;
    window.fill("Folder", adapter.to_str().unwrap()).await;
    window.see("rank 2").await;
    window.see_held("Base model", "acme/tiny").await;
    window.see_held("Name", "support-intent").await;
    window.click("Add adapter").await;
    window.see_detail("support-intent").await;
    window.see("q_proj, v_proj").await;
    window.close().await;

    let made = &home.fts(&["list", "adapters"])["rows"][0];
    assert_eq!(made["model_id"], home.fts(&["list", "models"])["rows"][0]["id"]);
}

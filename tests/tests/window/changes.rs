//! Changes that other programs make while the window is open.

use serde_json::json;
use stories::window::{Home, Window};

#[tokio::test]
async fn rows_that_fts_makes_and_deletes_are_seen_without_a_hand() {
    let home = Home::new();
    let create = |name: &str| {
        let fields = json!({"huggingface_model_name": name}).to_string();
        home.fts(&["create", "models", "--data", &fields])["id"].as_str().unwrap().to_owned()
    };
    create("acme/tiny");
    let window = Window::open(&home).await;
    window.click("Models").await;
    window.see("1 model").await;
    let added = create("acme/large");
    window.see("2 models").await;
    window.see("acme/large").await;
    home.fts(&["delete", "models", &added]);
    window.see("1 model").await;
    window.close().await;
}

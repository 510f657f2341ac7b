//! The keyboard alone: a row is made, found and deleted without the mouse.

use serde_json::json;
use stories::window::{Home, Window};

#[tokio::test]
async fn a_model_comes_and_goes_without_the_mouse() {
    let home = Home::new();
    for name in ["acme/tiny", "acme/large"] {
        let fields = json!({"huggingface_model_name": name}).to_string();
        home.fts(&["create", "models", "--data", &fields]);
    }
    let window = Window::open(&home).await;
    window.see("Models").await;
    window.press("ctrl+k");
    window.see_focus("Go to a page, a row or an action").await;
    window.type_text("models");
    window.see_no("Prompts").await;
    window.press("Return");
    window.see_no_dialog().await;
    window.see("2 models").await;

    window.press("slash");
    window.see_focus("Search models").await;
    window.type_text("large");
    window.see("1 model").await;
    window.press("Escape");
    window.see("2 models").await;

    window.press("ctrl+n");
    window.see_focus("Type").await;
    window.press("Tab");
    window.see_focus("Hub name").await;
    window.type_text("acme/middle");
    window.press("Return");
    window.see_detail("acme/middle").await;

    window.press("Delete");
    window.see("Delete “acme/middle”?").await;
    window.see_focus("Cancel").await;
    window.press("Tab");
    window.see_focus("Delete").await;
    window.press("Return");
    window.see_no_dialog().await;
    window.see("2 models").await;
    window.close().await;
}

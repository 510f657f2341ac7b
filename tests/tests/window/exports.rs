//! An adapter leaves as a model of its own.

use serde_json::json;
use stories::window::Window;

use crate::runs::Studio;

#[tokio::test]
async fn an_adapter_is_merged_and_its_model_is_in_the_list() {
    let studio = Studio::new();
    studio.trained("tickets", &json!({"steps": 2}));
    let to = studio.home.path("exported/merged");
    let window = Window::open(&studio.home).await;
    window.click("Adapters").await;
    window.click_row("tickets").await;
    window.see_detail("tickets").await;
    window.click("More actions").await;
    window.click("Export…").await;
    window.see_page("Export tickets").await;
    window.see("Choose where to write it.").await;
    window.fill("Folder to write", to.to_str().unwrap()).await;
    window.see("Precision bfloat16").await;
    window.see_no("Choose where to write it.").await;
    window.click("Start").await;

    window.see_page("tickets merged").await;
    window.see("Succeeded").await;
    window.see("The largest difference of logits is 3e-7. Good up to 0.001.").await;
    window.click_in("About this run", "tickets merged").await;
    window.see_page("Models").await;
    window.see_detail("tickets merged").await;
    window.see("LlamaForCausalLM").await;
    window.close().await;
    assert!(to.join("model.safetensors").is_file());
}

//! Make a config from a preset, in a form and in its text, and compare it with another.

use serde_json::json;
use stories::window::{Home, Window};

#[tokio::test]
async fn one_text_is_edited_in_two_ways_and_compared() {
    let home = Home::new();
    let other =
        json!({"type": "lora_config", "description": "Narrow", "config": r#"{"r": 4, "bias": "none"}"#});
    home.fts(&["create", "configs", "--data", &other.to_string()]);
    let window = Window::open(&home).await;

    window.click("Configs").await;
    window.click("New config").await;
    window.choose("Type", "LoRA").await;
    window.see_held("Rank", "16").await;
    window.choose("Start from", "Small, rank 8").await;
    window.see_held("Rank", "8").await;
    window.fill("Description", "Wide").await;

    // What is changed in the form stands in the text.
    window.fill("Rank", "24").await;
    window
        .see_held(
            "Settings",
            "{\n  \"r\": 24,\n  \"lora_alpha\": 16,\n  \"lora_dropout\": 0.05,\n  \"target_modules\": \"all-linear\",\n  \"bias\": \"none\",\n  \"task_type\": \"CAUSAL_LM\"\n}",
        )
        .await;

    // What is changed in the text stands in the form, and mistakes are shown where they are.
    window.fill("Settings", "{\"r\": 4, \"bias\": \"none\"").await;
    window.see_beside("Settings", "Line 1, column 23: This is not JSON").await;
    window.fill("Settings", "{\"r\": 4, \"bias\": \"none\"}").await;
    window.see("Same as “Narrow”.").await;
    window.see_held("Rank", "4").await;
    window.fill("Rank", "0").await;
    window.see_beside("Rank", "r must be at least 1, not 0.").await;
    window.fill("Rank", "48").await;
    window.see_held("Settings", "{\"r\": 48, \"bias\": \"none\"}").await;
    window.click("Add config").await;
    window.see_detail("Wide").await;
    window.see("default 16").await;

    // Only what differs.
    window.click("Compare with…").await;
    window.choose("With", "Narrow").await;
    window.see("One setting differs.").await;
    window.see("Changed").await;
    window.see_no("bias").await;
    window.close().await;
}

//! Deleting: who refers to a row is said first, and the person decides.

use serde_json::{Value, json};
use stories::samples;
use stories::window::{Home, Window};

#[tokio::test]
async fn a_dataset_in_use_leaves_its_prompt_behind() {
    let home = Home::new();
    let file = home.file("tickets.csv", samples::tickets_csv(20));
    let dataset = home.fts(&["import-dataset", file.to_str().unwrap(), "--name", "Tickets"]);
    let prompt = json!({
        "name": "Intent", "dataset_id": dataset["id"],
        "input_template": "{instruction}", "completion_template": "{intent}",
    });
    home.fts(&["create", "prompts", "--data", &prompt.to_string()]);

    let window = Window::open(&home).await;
    window.click("Datasets").await;
    window.click_row("Tickets").await;
    window.see("Intent").await;
    window.click("Delete").await;
    window.see("Delete “Tickets”?").await;
    window.see("Intent").await;
    window.click("Cancel").await;
    window.see_no_dialog().await;
    window.see("1 dataset").await;

    window.click("Delete").await;
    window.click("Keep it, without the reference").await;
    window.click("Delete").await;
    window.see("No datasets yet").await;
    window.close().await;

    let prompts = home.fts(&["list", "prompts"]);
    assert_eq!((&prompts["total"], &prompts["rows"][0]["dataset_id"]), (&json!(1), &Value::Null));
}

#[tokio::test]
async fn what_was_deleted_comes_back_by_key_and_from_its_page() {
    let home = Home::new();
    let model = home.fts(&[
        "create",
        "models",
        "--data",
        &json!({"huggingface_model_name": "acme/tiny"}).to_string(),
    ]);
    let adapter = json!({"type": "huggingface", "name": "Tuned", "huggingface_name": "acme/tuned", "model_id": model["id"]});
    home.fts(&["create", "adapters", "--data", &adapter.to_string()]);
    let window = Window::open(&home).await;
    window.click("Models").await;
    window.click_row("acme/tiny").await;
    window.see_detail("acme/tiny").await;
    window.press("Delete");
    window.click("Delete it too").await;
    window.click("Delete all").await;
    window.see("No models yet").await;
    assert_eq!(home.fts(&["list", "adapters"])["total"], 0);
    window.press("ctrl+z");
    window.see("1 model").await;
    let back = home.fts(&["list", "adapters"]);
    assert_eq!(back["rows"][0]["model_id"], model["id"], "with its reference");

    window.click("Adapters").await;
    window.click_row("Tuned").await;
    window.see_detail("Tuned").await;
    window.press("Delete");
    window.click("Delete").await;
    window.see("No adapters yet").await;
    window.close().await;

    // The page has it still after the next start.
    let window = Window::open(&home).await;
    window.click("Deleted").await;
    window.see("30 days left").await;
    window.click("Bring back").await;
    window.see("Nothing was deleted").await;
    window.click("Adapters").await;
    window.see("Tuned").await;
    window.close().await;
    assert_eq!(home.fts(&["list", "adapters"])["rows"], back["rows"]);
}

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

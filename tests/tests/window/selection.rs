//! Rows chosen in a list: tagged, kept as a filter, and exported.

use std::fs;

use serde_json::{Value, json};
use stories::window::{Home, Window};

#[tokio::test]
async fn chosen_rows_are_tagged_found_again_and_exported() {
    let home = Home::new();
    for name in ["acme/tiny", "acme/large", "lab/other"] {
        home.fts(&["create", "models", "--data", &json!({"huggingface_model_name": name}).to_string()]);
    }
    let window = Window::open(&home).await;
    window.click("Models").await;
    window.click("Select acme/tiny").await;
    window.click("Select acme/large").await;
    window.see("2 selected").await;
    window.click("Tag…").await;
    window.fill("Add tags", "to try").await;
    window.press("Return");
    window.click("Change tags").await;
    window.see_no_dialog().await;
    window.click("Clear").await;
    window.choose("Filter by tag", "to try").await;
    window.see("2 models").await;
    window.click("Saved filters").await;
    window.click("Save this filter…").await;
    window.fill("Name", "To try next").await;
    window.click("Save").await;
    window.see_no_dialog().await;
    window.close().await;

    // It is there at the next start.
    let window = Window::open(&home).await;
    window.click("Models").await;
    window.see("3 models").await;
    window.click("Saved filters").await;
    window.click("To try next").await;
    window.see("2 models").await;
    window.click("Select all rows").await;
    window.click("Export…").await;
    window.see("Export 2 models").await;
    window.click("Export…").await;
    let file = home.path("chosen.json");
    window.choose_place(&file);
    window.see("Exported 2 rows").await;
    window.see_no_dialog().await;

    // The menu of a row has it too, for a spreadsheet.
    window.click("Clear").await;
    window.click("Actions for acme/large").await;
    window.click("Export row…").await;
    window.click("CSV").await;
    window.click("Export…").await;
    let table = home.path("chosen.csv");
    window.choose_place(&table);
    window.see_no_dialog().await;
    window.close().await;
    assert!(fs::read_to_string(table).unwrap().contains("acme/large"));

    let chosen: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let rows = chosen["models"]["data"].as_array().unwrap();
    let mut names: Vec<_> = rows.iter().map(|row| row["huggingface_model_name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["acme/large", "acme/tiny"]);
    let elsewhere = Home::new();
    elsewhere.fts(&["import", file.to_str().unwrap()]);
    assert_eq!(elsewhere.fts(&["list", "models", "--tag", "to try"])["total"], 2);
}

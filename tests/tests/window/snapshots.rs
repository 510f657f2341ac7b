//! A snapshot comes in after its plan, and an import is undone.

use serde_json::{Value, json};
use stories::window::{Home, Window};

#[tokio::test]
async fn a_snapshot_is_planned_imported_and_undone() {
    let home = Home::new();
    let model = |name: &str| json!({"huggingface_model_name": name, "description": "then"}).to_string();
    let kept = home.fts(&["create", "models", "--data", &model("acme/kept")]);
    let lost = home.fts(&["create", "models", "--data", &model("acme/lost")]);
    let snapshot = home.path("then.json");
    home.fts(&["export", snapshot.to_str().unwrap()]);
    home.fts(&["update", "models", id(&kept), "--data", "{\"description\": \"now\"}"]);
    home.fts(&["delete", "models", id(&lost)]);

    let window = Window::open(&home).await;
    window.click("Database").await;
    window.click("Import a file").await;
    window.choose_file(&snapshot);
    window.see("Decide what happens to 1 model in conflict.").await;
    window.click("Show 1 model in conflict").await;
    window.see("now").await;
    window.see("then").await;
    assert_eq!(home.fts(&["list", "models"])["total"], 1, "the plan changed something");

    window.click("Replace").await;
    window.see("Nothing has changed yet. A backup is made before the import.").await;
    window.click("Import").await;
    window.see("1 row added, 1 row replaced").await;
    assert_eq!(home.fts(&["get", "models", id(&kept)])["description"], "then");
    assert_eq!(home.fts(&["get", "models", id(&lost)])["description"], "then");

    window.click("Undo the import").await;
    window.see_no_dialog().await;
    window.click("Models").await;
    window.see("1 model").await;
    window.click_row("acme/kept").await;
    window.see("now").await;
    window.close().await;
    assert_eq!(home.fts(&["list", "models"])["total"], 1);
}

fn id(row: &Value) -> &str {
    row["id"].as_str().unwrap()
}

//! From the first start to an exported snapshot, with the mouse and the system's dialogs.

use std::fs;

use serde_json::{Value, json};
use stories::window::{Home, Window};
use stories::{samples, sqlite};

const ROWS: usize = 20_500;

#[tokio::test]
async fn from_an_empty_folder_to_a_snapshot() {
    let home = Home::new();
    let window = Window::open(&home).await;
    window.see("Start here").await;
    import_a_dataset(&window, &home).await;
    add_a_model(&window).await;
    add_a_prompt(&window).await;
    add_a_config(&window).await;
    add_an_adapter(&window, &home).await;
    search(&window).await;
    window.close().await;
    let database = home.path("data/fine-tuning-studio/studio.db");
    assert!(database.exists());
    let log = fs::metadata(database.with_extension("db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0, "the write-ahead log is folded into the database");

    let window = Window::open(&home).await;
    all_is_there(&window).await;
    export(&window, &home).await;
    window.close().await;
}

async fn import_a_dataset(window: &Window, home: &Home) {
    let file = home.file("Support tickets.csv", samples::tickets_csv(ROWS));
    window.click("Choose a file").await;
    window.choose_file(&file);
    window.see("20,500 rows in 2 columns").await;
    window.see(&samples::ticket(0)[0]).await;
    window.click("Columns").await;
    for column in samples::TICKET_COLUMNS {
        window.see(column).await;
    }
    window.see_held("Name", "Support tickets").await;
    window.fill("Name", "Tickets").await;
    window.click("Import").await;
    window.see_detail("Tickets").await;

    // Any row can be gone to.
    window.fill("Go to row", "20,500").await;
    window.click("Go").await;
    window.see(&format!("({})", ROWS - 1)).await;
}

async fn add_a_model(window: &Window) {
    window.click("Models").await;
    window.click("New model").await;
    window.fill("Hub name", "https://acme/tiny").await;
    window.click("Add model").await;
    window.see_beside("Hub name", "is not a Hub name").await;
    window.see_held("Hub name", "https://acme/tiny").await;
    window.fill("Hub name", "acme/tiny").await;
    window.click("Add model").await;
    window.see_detail("acme/tiny").await;
}

async fn add_a_prompt(window: &Window) {
    window.click("Prompts").await;
    window.click("New prompt").await;
    window.fill("Name", "Intent").await;
    window.choose("Dataset", "Tickets").await;
    window.fill("Input", "What is wanted?\n{instruktion}\n").await;
    window.fill("Completion", "{intent}").await;
    window.click("Add prompt").await;
    window.see_beside("Input", "{instruktion} is not a column of the dataset").await;
    window.see_held("Completion", "{intent}").await;
    window.fill("Input", "What is wanted?\n{instruction}\n").await;
    window.click("Add prompt").await;
    window.see_detail("Intent").await;
}

async fn add_a_config(window: &Window) {
    window.click("Configs").await;
    window.click("New config").await;
    window.choose("Type", "LoRA").await;
    window.fill("Description", "Small LoRA").await;
    window.fill("Settings", "{\"r\": 16").await;
    window.see_beside("Settings", "JSON").await;
    window.fill("Settings", "{\"r\": 16}").await;
    window.click("Add config").await;
    window.see_detail("Small LoRA").await;
}

async fn add_an_adapter(window: &Window, home: &Home) {
    let folder = home.folder("adapters/first");
    window.click("Adapters").await;
    window.click("New adapter").await;
    window.fill("Name", "First").await;
    window.choose("Base model", "acme/tiny").await;
    window.fill("Folder", "/no/such/folder").await;
    window.click("Add adapter").await;
    window.see_beside("Folder", "/no/such/folder does not exist").await;
    window.fill("Folder", folder.to_str().unwrap()).await;
    window.click("Add adapter").await;
    window.see_detail("First").await;
}

async fn search(window: &Window) {
    window.click("Configs").await;
    window.fill("Search configs", "nothing like it").await;
    window.see("No configs match “nothing like it”").await;
    window.fill("Search configs", "small").await;
    window.see("1 config").await;
    window.click_row("Small LoRA").await;
    window.see_detail("Small LoRA").await;
}

async fn all_is_there(window: &Window) {
    let pages = [
        ("Datasets", "Tickets"),
        ("Models", "acme/tiny"),
        ("Prompts", "Intent"),
        ("Configs", "Small LoRA"),
        ("Adapters", "First"),
    ];
    for (page, row) in pages {
        window.click(page).await;
        window.click_row(row).await;
        window.see_detail(row).await;
    }
}

async fn export(window: &Window, home: &Home) {
    window.click("Database").await;
    let snapshot = home.path("snapshot.json");
    window.click("Export").await;
    window.choose_place(&snapshot);
    window.see("Exported 5 rows").await;
    window.see(snapshot.to_str().unwrap()).await;

    let snapshot: Value = serde_json::from_slice(&fs::read(snapshot).unwrap()).unwrap();
    let only = |table: &str, column: &str| snapshot[table]["data"][0][column].clone();
    assert_eq!(only("datasets", "features"), r#"["instruction", "intent"]"#);
    assert_eq!(only("models", "huggingface_model_name"), "acme/tiny");
    assert_eq!(only("prompts", "input_template"), "What is wanted?\n{instruction}\n");
    assert_eq!(only("prompts", "dataset_id"), only("datasets", "id"));
    assert_eq!(only("configs", "config"), "{\"r\": 16}");
    assert_eq!(only("adapters", "model_id"), only("models", "id"));
    assert_eq!(only("adapters", "prompt_id"), Value::Null);
    assert_eq!(snapshot["fine_tuning_jobs"]["data"], json!([]));

    let copy = home.path("copy.sqlite");
    window.click("SQLite").await;
    window.click("Export").await;
    window.choose_place(&copy);
    window.see(copy.to_str().unwrap()).await;
    assert_eq!(sqlite::texts(&copy, "SELECT name FROM datasets"), [Some("Tickets".to_owned())]);
}

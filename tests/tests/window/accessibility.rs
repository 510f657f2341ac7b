//! Every page and dialog is held against axe, in both themes.

use serde_json::json;
use stories::samples;
use stories::window::{Home, Window};

#[tokio::test]
async fn nothing_serious_on_any_page_in_either_theme() {
    let home = furnished();
    let window = Window::open(&home).await;
    let mut found = Vec::new();
    for theme in ["Light", "Dark"] {
        window.click("Settings").await;
        window.click(theme).await;
        for page in ["Home", "Database", "Settings"] {
            window.click(page).await;
            window.see(page).await;
            note(&window, &mut found, theme, page).await;
        }
        for (page, row) in PAGES {
            window.click(page).await;
            note(&window, &mut found, theme, page).await;
            if let Some(row) = row {
                window.click_row(row).await;
                window.see_detail(row).await;
                note(&window, &mut found, theme, &format!("{page}, a row")).await;
            }
        }
        dialogs(&window, &mut found, theme).await;
    }
    assert!(found.is_empty(), "axe found:\n{}", found.join("\n"));
    window.close().await;
}

#[tokio::test]
async fn nothing_serious_on_empty_pages() {
    let home = Home::new();
    let window = Window::open(&home).await;
    window.see("Start here").await;
    let mut found = Vec::new();
    note(&window, &mut found, "Light", "Home, empty").await;
    for (page, _) in PAGES {
        window.click(page).await;
        note(&window, &mut found, "Light", &format!("{page}, empty")).await;
    }
    assert!(found.is_empty(), "axe found:\n{}", found.join("\n"));
    window.close().await;
}

const PAGES: [(&str, Option<&str>); 7] = [
    ("Datasets", Some("Tickets")),
    ("Models", Some("acme/tiny")),
    ("Adapters", None),
    ("Prompts", Some("Intent")),
    ("Configs", Some("Small LoRA")),
    ("Training", None),
    ("Evaluation", None),
];

async fn dialogs(window: &Window, found: &mut Vec<String>, theme: &str) {
    window.click("Models").await;
    for (keys, title) in [("ctrl+n", "New model"), ("question", "Shortcuts"), ("ctrl+k", "Go to a page")] {
        window.press(keys);
        window.see_dialog().await;
        note(window, found, theme, title).await;
        window.press("Escape");
        window.see_no_dialog().await;
    }
}

async fn note(window: &Window, found: &mut Vec<String>, theme: &str, place: &str) {
    found.extend(window.audit().await.into_iter().map(|line| format!("{place} ({theme}): {line}")));
}

/// A studio with a row on most pages.
fn furnished() -> Home {
    let home = Home::new();
    let file = home.file("tickets.csv", samples::tickets_csv(200));
    let dataset = home.fts(&["import-dataset", file.to_str().unwrap(), "--name", "Tickets"]);
    let create = |table: &str, fields: serde_json::Value| {
        home.fts(&["create", table, "--data", &fields.to_string()]);
    };
    create("models", json!({"huggingface_model_name": "acme/tiny"}));
    create(
        "prompts",
        json!({
            "name": "Intent", "dataset_id": dataset["id"],
            "input_template": "What is wanted?\n{instruction}\n", "completion_template": "{intent}",
        }),
    );
    create("configs", json!({"type": "lora_config", "description": "Small LoRA", "config": "{\"r\": 16}"}));
    home
}

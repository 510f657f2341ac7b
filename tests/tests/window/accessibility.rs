//! Every page and dialog is held against axe, in both themes.

use std::path::Path;

use serde_json::json;
use stories::samples;
use stories::window::{Home, Window};

use crate::runs::Studio;

#[tokio::test]
async fn nothing_serious_on_any_page_in_either_theme() {
    let home = furnished();
    let window = Window::open(&home).await;
    let mut found = Vec::new();
    for theme in ["Light", "Dark"] {
        window.click("Settings").await;
        window.click(theme).await;
        for page in ["Home", "Database", "Deleted", "Settings"] {
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
        import(&window, &mut found, theme, &home.path("tickets.csv")).await;
        lineage(&window, &mut found, theme).await;
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
    window.click("Hub").await;
    for view in ["On the Hub", "On this machine"] {
        window.click(view).await;
        note(&window, &mut found, "Light", &format!("Hub, {view}, empty")).await;
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
    let keys = [
        ("Models", "ctrl+n", "New model"),
        ("Models", "question", "Shortcuts"),
        ("Models", "ctrl+k", "Go to a page"),
        ("Prompts", "ctrl+n", "New prompt"),
        ("Configs", "ctrl+n", "New config"),
    ];
    for (page, keys, title) in keys {
        window.click(page).await;
        window.see_page(page).await;
        window.press(keys);
        dialog(window, found, theme, title).await;
    }
    window.click("Datasets").await;
    window.click_row("Tickets").await;
    window.see_detail("Tickets").await;
    for action in ["Delete", "Enlarge", "Change…"] {
        window.click(action).await;
        dialog(window, found, theme, action).await;
    }
    for action in ["Export row…", "Tag…"] {
        window.click("Actions for Tickets").await;
        window.click(action).await;
        dialog(window, found, theme, action).await;
    }
}

/// The open dialog, which is closed again.
async fn dialog(window: &Window, found: &mut Vec<String>, theme: &str, title: &str) {
    window.see_dialog().await;
    note(window, found, theme, title).await;
    window.press("Escape");
    window.see_no_dialog().await;
}

/// An import before its file is saved, which the file's own picker opens.
async fn import(window: &Window, found: &mut Vec<String>, theme: &str, file: &Path) {
    window.click("Datasets").await;
    window.click("Import").await;
    window.choose_file(file);
    window.see("200 rows").await;
    dialog(window, found, theme, "Import").await;
}

/// What a row comes from, as a picture and as a list.
async fn lineage(window: &Window, found: &mut Vec<String>, theme: &str) {
    window.click("Datasets").await;
    window.click_row("Tickets").await;
    window.see_detail("Tickets").await;
    window.click("Lineage").await;
    for view in ["Picture", "List"] {
        window.click(view).await;
        window.see("Intent").await;
        note(window, found, theme, &format!("Lineage, {view}")).await;
    }
}

/// The pages of runs: one that goes and one that is over, and the ways to start, compare and ask.
#[tokio::test]
async fn nothing_serious_on_the_pages_of_runs_in_either_theme() {
    let studio = Studio::new();
    let (_, adapter) = studio.trained("over", &json!({}));
    studio.trained("other", &json!({"steps": 20}));
    let evaluation = studio.evaluated(&adapter, &json!({"base_right": [0], "adapter_wrong": [1]}));
    let evaluation = studio.run(&evaluation)["name"].as_str().unwrap().to_owned();
    for name in ["going", "next"] {
        studio.train(name, &studio.held());
    }
    let window = Window::open(&studio.home).await;
    let mut found = Vec::new();
    for theme in ["Light", "Dark"] {
        window.click("Settings").await;
        window.click(theme).await;
        run_pages(&window, &mut found, theme, &evaluation).await;
        start_pages(&window, &mut found, theme).await;
    }
    assert!(found.is_empty(), "axe found:\n{}", found.join("\n"));
    window.close().await;
}

async fn run_pages(window: &Window, found: &mut Vec<String>, theme: &str, evaluation: &str) {
    for (run, seen) in [("going", "Step 5 of 20"), ("over", "Succeeded"), (evaluation, "Word differences")] {
        window.click("Home").await;
        window.click(run).await;
        window.see_page(run).await;
        window.see(seen).await;
        note(window, found, theme, &format!("the run {run}")).await;
        for tab in ["Log", "Settings", "Specification"] {
            window.click_tab(tab).await;
            note(window, found, theme, &format!("the run {run}, {tab}")).await;
        }
        // The next run opens with the tab that was open last.
        window.click_tab(if run == evaluation { "Answers" } else { "Log" }).await;
    }
    window.click("Training").await;
    window.see("1 running, 1 waiting").await;
    window.click("Select over").await;
    window.click("Select other").await;
    note(window, found, theme, "Training, with a queue").await;
    window.click("Compare").await;
    window.see("Settings that differ").await;
    note(window, found, theme, "Compare").await;
}

async fn start_pages(window: &Window, found: &mut Vec<String>, theme: &str) {
    window.click("Training").await;
    window.click("Train…").await;
    window.see_page("Fine-tune a model").await;
    window.choose("Dataset", "Tickets").await;
    window.choose("Base model", "Tiny").await;
    window.see("Rows held back").await;
    note(window, found, theme, "Train").await;
    for title in ["All settings…", "Preview…"] {
        window.click(title).await;
        dialog(window, found, theme, title).await;
    }
    window.click("Trained weights and early stopping").await;
    note(window, found, theme, "Train, what changes").await;
    window.click("Evaluation").await;
    note(window, found, theme, "Evaluation").await;
    window.click("Evaluate…").await;
    window.see_page("Evaluate").await;
    note(window, found, theme, "Evaluate").await;
    window.click("Evaluation").await;
    window.click("Try it…").await;
    window.see_page("Try it").await;
    window.choose("Base model", "Tiny").await;
    // The page opens as it was left.
    window.click("Chat").await;
    note(window, found, theme, "Try it, a conversation").await;
    window.click("Prompt").await;
    window.fill("Prompt", "one two three").await;
    window.click("Load and ask").await;
    window.see("100 ms").await;
    note(window, found, theme, "Try it").await;
    window.click("Serve").await;
    window.see_page("Serve").await;
    note(window, found, theme, "Serve").await;
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
    let lost = home.fts(&[
        "create",
        "models",
        "--data",
        &json!({"huggingface_model_name": "acme/lost"}).to_string(),
    ]);
    home.fts(&["delete", "models", lost["id"].as_str().unwrap()]);
    create("configs", json!({"type": "lora_config", "description": "Small LoRA", "config": "{\"r\": 16}"}));
    home
}

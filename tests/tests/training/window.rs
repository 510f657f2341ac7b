//! The whole way through the real window: from a model folder and a CSV file to answers side by side, and from
//! a file of conversations to one with the result.

use serde_json::json;
use stories::window::{Home, Window};

use crate::{
    methods::{CONVERSATIONS, rows},
    recipe::{RECIPE, settings, text},
};

#[tokio::test]
async fn from_the_training_page_to_answers_side_by_side() {
    let home = Home::new().with_variable("OMP_NUM_THREADS", "1").with_variable("HF_HUB_OFFLINE", "1");
    furnish(&home);
    let window = Window::open(&home).await;
    window.click("Training").await;
    window.click("Train…").await;
    window.see_page("Fine-tune a model").await;
    window.choose("Base model", "Tiny").await;
    window.choose("Dataset", "Tickets").await;
    window.see_held("Prompt", "Label").await;
    window.see_held("Adapter name", "tickets-tiny").await;
    window.choose("Settings to start from", "Recipe").await;
    window.fill("Epochs", "3").await;
    window.fill("Learning rate", "0.005").await;
    window.fill("Training share", "0.8333").await;
    window.see("499").await;
    window.click("Start").await;
    window.see_page("tickets-tiny").await;
    until_over(&home);
    window.see("Succeeded").await;
    window.see("Loss on held-back rows").await;
    window.see("Step").await;

    window.click("Evaluate this adapter").await;
    window.see_page("Evaluate").await;
    window.see_held("Adapter", "tickets-tiny").await;
    window.see_held("Dataset", "Tickets").await;
    window.see("202").await;
    window.click("Start").await;
    window.see("Answers").await;
    until_over(&home);
    window.see("Exact match").await;
    window.see("Tiny alone").await;
    window.click("Better").await;
    window.see("rows answered as expected by tickets-tiny but not by Tiny alone").await;
    window.close().await;

    let adapters = home.fts(&["list", "adapters"]);
    assert_eq!(adapters["total"], 1, "{adapters}");
    let reported = home.fts(&["show-run", &newest(&home)])["account"]["combinations"].clone();
    let [base, adapter] =
        [0, 1].map(|at| reported[at]["metrics"]["exact_match/v1"].as_f64().expect("a share"));
    assert!(adapter > base + 0.3, "{reported}");
}

#[tokio::test]
async fn from_a_chat_file_to_a_conversation_with_the_result() {
    let home = Home::new().with_variable("OMP_NUM_THREADS", "1").with_variable("HF_HUB_OFFLINE", "1");
    furnish(&home);
    let chats = home.file("chats.jsonl", rows(CONVERSATIONS));
    let window = Window::open(&home).await;
    window.click("Datasets").await;
    window.click("Import").await;
    window.choose_file(&chats);
    window.see("600 rows").await;
    window.click("Import").await;
    window.see_detail("chats").await;

    window.click("Training").await;
    window.click("Train…").await;
    window.see_page("Fine-tune a model").await;
    window.choose("Base model", "Tiny").await;
    window.choose("Dataset", "chats").await;
    window.see_held("Row format", "Conversation").await;
    window.see("has no chat template").await;
    window.see_held("Chat template", "Plain roles").await;
    window.click("Preview…").await;
    window.see("Shaded and underlined").await;
    window.press("Escape");
    window.see_no_dialog().await;
    window.choose("Settings to start from", "Recipe").await;
    window.fill("Epochs", "4").await;
    window.fill("Learning rate", "0.005").await;
    window.fill("Training share", "0.8333").await;
    window.see("499").await;
    window.click("Start").await;
    window.see_page("chats-tiny").await;
    until_over(&home);
    window.see("Succeeded").await;

    window.click("Evaluate this adapter").await;
    window.see_page("Evaluate").await;
    window.see_held("Dataset", "chats").await;
    window.see("202").await;
    window.click("Start").await;
    window.see("Answers").await;
    until_over(&home);
    window.see("Exact match").await;
    let account = home.fts(&["show-run", &newest(&home)])["account"]["combinations"].clone();
    let [base, adapter] =
        [0, 1].map(|at| account[at]["metrics"]["exact_match/v1"].as_f64().expect("a share"));
    assert!(adapter > base + 0.3, "{account}");

    // Its answer to the second question depends on the first one.
    window.click("Evaluation").await;
    window.click("Try it…").await;
    window.choose("Base model", "Tiny").await;
    window.choose("Adapters", "chats-tiny").await;
    window.fill("Message", "Hello, can you help me with the better seat for the show in Lyon.").await;
    window.press("Return");
    window.see("Yes.").await;
    window.fill("Message", "Label?").await;
    window.press("Return");
    window.see("upgrade").await;
    window.close().await;
}

/// The recipe's model, rows and prompt, and its settings as something to start from.
fn furnish(home: &Home) {
    let create = |table: &str, fields: serde_json::Value| {
        home.fts(&["create", table, "--data", &fields.to_string()])["id"].as_str().expect("an id").to_owned()
    };
    let dataset = home.fts(&["import-dataset", &text(&RECIPE.join("tickets.csv")), "--name", "Tickets"]);
    create("models", json!({"type": "project", "name": "Tiny", "location": text(&RECIPE.join("model"))}));
    let mut prompt = settings("prompt.json");
    prompt["name"] = "Label".into();
    prompt["dataset_id"] = dataset["id"].clone();
    create("prompts", prompt);
    let config = settings("training_arguments.json").to_string();
    let fields = json!({"type": "training_arguments", "description": "Recipe", "config": config});
    home.fts(&["set-preset", &create("configs", fields)]);
}

/// Waits for the end of the run that goes: however busy the machine is, it comes.
fn until_over(home: &Home) {
    home.said(&["logs", &newest(home), "--follow"]);
}

/// The run that was asked for last.
fn newest(home: &Home) -> String {
    let runs = home.fts(&["runs"]);
    let runs = runs.as_array().expect("a list").iter().map(|summary| &summary["run"]);
    let newest = runs.max_by_key(|run| run["created_at"].as_str()).expect("a run");
    newest["id"].as_str().expect("an id").to_owned()
}

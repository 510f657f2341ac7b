//! Evaluations and questions by hand in the window, on a worker that only pretends.

use std::fs;

use serde_json::json;
use stories::window::Window;

use crate::runs::Studio;

#[tokio::test]
async fn answers_are_filtered_by_who_is_right() {
    let studio = Studio::new();
    let (_, adapter) = studio.trained("tickets", &json!({}));
    // The first row both know, the second only the base, the third none, the others only the adapter.
    let run = studio.evaluated(&adapter, &json!({"base_right": [0, 1], "adapter_wrong": [1, 2]}));
    let rows = studio.home.fts(&["results", &run])["total"].as_u64().unwrap();
    let window = Window::open(&studio.home).await;
    window.click(studio.run(&run)["name"].as_str().unwrap()).await;
    for (filter, shown) in [
        ("Worse", "1 row answered as expected by Tiny alone but not by tickets".to_owned()),
        ("Better", format!("{} rows answered as expected by tickets but not by Tiny alone", rows - 3)),
        ("Wrong", format!("{} rows with at least one unexpected answer", rows - 1)),
        ("Different", format!("{} rows with different answers", rows - 2)),
        ("All", format!("{rows} rows")),
    ] {
        window.click(filter).await;
        window.see(&shown).await;
    }
    window.close().await;
}

#[tokio::test]
async fn a_question_is_answered_side_by_side_word_by_word() {
    let studio = Studio::new();
    studio.trained("tickets", &json!({}));
    let window = Window::open(&studio.home).await;
    window.click("Evaluation").await;
    window.click("Try it…").await;
    window.choose("Base model", "Tiny").await;
    window.choose("Adapters", "tickets").await;
    // The worker says the words up to this sign, and waits.
    window.fill("Prompt", "the first words … and the last").await;
    window.click("Load and ask").await;
    window.see("the first words").await;
    window.see("Answering, one after another.").await;
    window.see("Waiting").await;
    window.click("Stop").await;
    window.see("Stopped").await;
    window.see_no("and the last").await;
    window.see("Loaded").await;

    window.fill("Prompt", "all of it at once").await;
    window.click("Ask").await;
    window.see("all of it at once").await;
    window.see_no("Stopped").await;
    window.close().await;
}

/// A chat template that writes a colon, or another sign, behind each role.
fn template(sign: &str) -> String {
    "{% for message in messages %}{{ message.role }}: {{ message.content }} {% endfor %}\
     {% if add_generation_prompt %}assistant: {% endif %}"
        .replace(':', sign)
}

#[tokio::test]
async fn a_conversation_goes_on_by_the_template_and_with_the_answers_of_each() {
    let studio = Studio::new();
    let file = studio.home.path("model").join("chat_template.jinja");
    fs::write(&file, template(":")).expect("a template");
    studio.trained_on_chats("chats");
    // The adapter keeps the template it was trained with.
    fs::write(&file, template("=")).expect("another template");
    let window = Window::open(&studio.home).await;
    window.click("Evaluation").await;
    window.click("Try it…").await;
    window.choose("Base model", "Tiny").await;
    window.choose("Adapters", "chats").await;
    window.see("Training template").await;
    window.fill("Message", "Hallo").await;
    window.press("Return");
    // Each says what it read.
    window.see("system= Kurz. user= Hallo assistant=").await;
    window.see("system: Kurz. user: Hallo assistant:").await;
    window.fill("Message", "Und?").await;
    window.press("Return");
    window.see("assistant= system= Kurz. user= Hallo assistant= user= Und? assistant=").await;
    window.see("assistant: system: Kurz. user: Hallo assistant: user: Und? assistant:").await;
    window.see("of 2,048").await;

    window.press("Up");
    window.see_held("Your message", "Und?").await;
    window.fill("Your message", "Und … wann?").await;
    window.click("Ask again").await;
    window.see("Waiting").await;
    window.press("Escape");
    window.see("Stopped").await;
    window.close().await;
}

//! A model answers other programs while its window is open.

use reqwest::Client;
use serde_json::{Value, json};
use stories::window::Window;

use crate::runs::Studio;

#[tokio::test]
async fn a_served_model_answers_until_it_is_stopped() {
    let studio = Studio::new();
    studio.home.file("model/chat_template.jinja", "{% for m in messages %}{{ m.content }} {% endfor %}");
    let window = Window::open(&studio.home).await;
    window.click("Serve").await;
    window.see("Nothing is served").await;
    window.choose("Base model", "Tiny").await;
    window.fill("Port", "0").await;
    window.click_in("What to serve", "Serve").await;
    window.see("Answering").await;
    window.see("Copy it now: it is not shown again.").await;
    let url = window.read("http://127\\.0\\.0\\.1:[1-9]\\d*/v1").await;
    let key = window.read("fts-\\w+").await;

    let client = Client::builder().no_proxy().build().unwrap();
    let question = json!({"model": "Tiny", "messages": [{"role": "user", "content": "Say it again"}]});
    let ask = || {
        let request = client.post(format!("{url}/chat/completions")).bearer_auth(&key);
        request.header("Content-Type", "application/json").body(question.to_string()).send()
    };
    let answer = ask().await.unwrap();
    assert_eq!(answer.status(), 200);
    let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(answer["choices"][0]["message"]["content"], "Say it again ");
    window.see("Answered").await;

    // The key is shown where it is made, and never again.
    window.click("Home").await;
    window.see_page("Home").await;
    window.click("Serve").await;
    window.see("The same key as before. It is not shown again.").await;
    window.see_no(&key).await;
    window.click_in("What to serve", "Stop").await;
    window.see("Nothing is served").await;
    assert!(ask().await.is_err(), "nothing answers any more");
    window.close().await;
}

//! Trainings in the window, on a worker that only pretends.

use serde_json::{Value, json};
use stories::wait;
use stories::window::Window;

use crate::runs::Studio;

#[tokio::test]
async fn a_training_started_by_keyboard_outlives_its_window() {
    let studio = Studio::new();
    let config = json!({"fake": studio.held()}).to_string();
    let preset = json!({"type": "training_arguments", "description": "Held", "config": config});
    let preset = studio.home.fts(&["create", "configs", "--data", &preset.to_string()]);
    studio.home.fts(&["set-preset", preset["id"].as_str().unwrap()]);

    let window = Window::open(&studio.home).await;
    window.see("Models").await;
    start(&window).await;
    window.see("Step 5 of 20").await;
    window.see("Running").await;
    window.close().await;
    let run = studio.runs().remove(0);
    let id = run["id"].as_str().unwrap();
    assert_eq!((&run["name"], &run["state"]), (&json!("tickets-tiny"), &json!("running")));

    // It goes on while nobody looks, and is there again.
    let window = Window::open(&studio.home).await;
    window.click("tickets-tiny").await;
    window.see_page("tickets-tiny").await;
    window.see("Step 5 of 20").await;
    window.close().await;
    studio.open_gate();
    wait::until("its last word", || studio.read(id, "events.jsonl").contains("\"ended\"").then_some(()));
    assert_eq!(studio.home.fts(&["list", "adapters"])["total"], 0);

    let window = Window::open(&studio.home).await;
    window.click("tickets-tiny").await;
    window.see("Succeeded").await;
    window.see("Evaluate this adapter").await;
    window.click("Adapters").await;
    window.click_row("tickets-tiny").await;
    window.see_detail("tickets-tiny").await;
    window.close().await;
}

/// Fills the start page without the mouse.
async fn start(window: &Window) {
    window.press("ctrl+k");
    window.see_focus("Go to a page, a row or an action").await;
    window.type_text("training");
    window.press("Return");
    window.see_no_dialog().await;
    window.see_page("Training").await;
    window.press("ctrl+n");
    window.see_page("Fine-tune a model").await;
    for (field, words, choice) in [("Base model", "tin", "Tiny"), ("Dataset", "tick", "Tickets")] {
        window.see_focus(field).await;
        window.type_text(words);
        window.see(choice).await;
        window.press("Down");
        window.press("Return");
        window.see_held(field, choice).await;
        window.press("Tab");
    }
    // The rest follows from these.
    window.see_held("Method", "Supervised fine-tuning (SFT)").await;
    window.see_held("Row format", "Prompt and completion").await;
    window.see_held("Prompt", "Intent").await;
    window.see_held("Adapter name", "tickets-tiny").await;
    for field in ["Method", "Row format", "Prompt", "Adapter name"] {
        window.see_focus(field).await;
        window.press("Tab");
    }
    window.press("Tab");
    window.see_focus("Settings to start from").await;
    window.press("Down");
    window.see("Held").await;
    // From the one that is chosen, the first, round to the last.
    window.press("Up");
    window.press("Return");
    window.see_held("Settings to start from", "Held").await;
    // What stands against a start is known once the rows are.
    window.see("Rows to train on 90").await;
    // Without Ctrl, this key opens the list that has the keyboard.
    window.press("ctrl+Return");
}

/// Two questions and answers, and a system prompt in every second one.
fn chats() -> String {
    let turn = |role: &str, content: String| json!({"role": role, "content": content});
    (1..=40)
        .map(|n| {
            let system = (n % 2 == 0).then(|| turn("system", "Say little.".to_owned()));
            let talk = (1..=2).flat_map(|at| {
                [turn("user", format!("Question {n}.{at}")), turn("assistant", format!("Answer {n}.{at}"))]
            });
            let messages: Vec<_> = system.into_iter().chain(talk).collect();
            format!("{}\n", json!({"messages": messages}))
        })
        .collect()
}

#[tokio::test]
async fn a_chat_file_is_seen_as_the_model_will_see_it_and_trained() {
    let studio = Studio::new();
    let template = "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>\n\
                    {% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";
    studio.home.file("model/chat_template.jinja", template);
    let chats = studio.home.file("chats.jsonl", chats());
    let window = Window::open(&studio.home).await;
    window.click("Datasets").await;
    window.click("Import").await;
    window.choose_file(&chats);
    window.see("40 rows").await;
    window.click("Import").await;
    window.see_detail("chats").await;

    window.click("Training").await;
    window.click("Train…").await;
    window.see_page("Fine-tune a model").await;
    window.choose("Dataset", "chats").await;
    window.choose("Base model", "Tiny").await;
    // What follows from the rows and the model.
    for (field, choice) in [
        ("Method", "Supervised fine-tuning (SFT)"),
        ("Row format", "Conversation"),
        ("Chat template", "The model's own"),
        ("Learns from", "Each answer"),
    ] {
        window.see_held(field, choice).await;
    }
    window.click("Preview…").await;
    window.see("<|assistant|>Answer 1.1<|end|>").await;
    window.see("Shaded and underlined").await;
    window.fill("System prompt", "Be kind.").await;
    window.see("<|system|>Be kind.<|end|>").await;
    // The second row has its own.
    window.click("Next row").await;
    window.see("<|system|>Say little.<|end|>").await;
    window.choose("Learns from", "The last answer").await;
    window.press("Escape");
    window.see_no_dialog().await;
    window.see("Rows to train on 36").await;
    window.press("ctrl+Return");
    window.see_page("chats-tiny").await;
    window.see("Succeeded").await;
    window.click_tab("Settings").await;
    window.see("The last answer").await;
    window.close().await;

    let run = studio.runs().remove(0);
    let rows = studio.read(run["id"].as_str().unwrap(), "train.jsonl");
    let first: Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    let (text, loss) = (first["text"].as_str().unwrap(), &first["loss"]);
    assert!(text.starts_with("<|system|>"), "{text}");
    assert_eq!(loss.as_array().map(Vec::len), Some(1), "{loss}");
    let at = |n: usize| usize::try_from(loss[0][n].as_u64().unwrap()).unwrap();
    let learned: String = text.chars().skip(at(0)).take(at(1) - at(0)).collect();
    assert!(learned.starts_with("Answer") && learned.ends_with(".2<|end|>"), "{learned}");
}

#[tokio::test]
async fn the_desktop_shows_a_run_that_ends_while_the_window_is_away() {
    let studio = Studio::new();
    let id = studio.train("tickets", &studio.held());
    let window = Window::open(&studio.home).await;
    let notifications = window.notifications().await;
    window.click("tickets").await;
    window.see("Step 5 of 20").await;
    let (title, _) = window.while_away(|| {
        assert!(notifications.is_silent(), "a run that goes on needs no notification");
        studio.open_gate();
        notifications.next()
    });
    assert_eq!(title, "tickets has finished");
    assert_eq!(studio.run(&id)["state"], "succeeded");
    window.close().await;
}

#[tokio::test]
async fn a_training_is_stopped_and_gone_on_with() {
    let studio = Studio::new();
    // Two steps after its checkpoint: they would be lost if it didn't save one when it stops.
    let mut fake = studio.held();
    fake["holds_at"] = 7.into();
    let id = studio.train("tickets", &fake);
    let window = Window::open(&studio.home).await;
    window.click("tickets").await;
    window.see("Step 7 of 20").await;
    window.click("Stop").await;
    window.see("Stopped").await;
    window.see("It stopped as asked.").await;
    assert_eq!(studio.run(&id)["state"], "stopped");
    studio.open_gate();
    window.click("Retry from step 7").await;
    window.see("Succeeded").await;
    window.see("attempt 2").await;
    window.click("Evaluate this adapter").await;
    window.see_held("Adapter", "tickets").await;
    window.close().await;
}

#[tokio::test]
async fn the_queue_is_held_and_put_in_another_order() {
    let studio = Studio::new();
    let [first, second, third] = [("first", studio.held()), ("second", json!({})), ("third", json!({}))]
        .map(|(name, fake)| studio.train(name, &fake));
    let window = Window::open(&studio.home).await;
    window.click("Training").await;
    window.see("1 running, 2 waiting").await;
    window.click("Pause queue").await;
    window.see("Paused: waiting runs are not started.").await;
    window.click("Move third up").await;
    wait::until("the third to be next", || {
        let names: Vec<_> = studio.runs().iter().map(|run| run["name"].clone()).collect();
        (names == ["first", "third", "second"]).then_some(())
    });
    studio.open_gate();
    window.see("0 running, 2 waiting").await;
    window.see("“first” has succeeded").await;
    window.click("Resume queue").await;
    window.see("“second” has succeeded").await;
    window.see_no("Queue").await;
    window.close().await;
    let began = [&first, &third, &second].map(|id| studio.run(id)["started_at"].as_str().unwrap().to_owned());
    assert!(began.is_sorted(), "{began:?}");
}

#[tokio::test]
async fn a_chatty_log_is_followed_and_searched_while_other_pages_answer() {
    let studio = Studio::new();
    // Ten thousand lines a second, with a breath after the twentieth second of them.
    let fake = json!({
        "steps": 1_000_000, "lines": 2_000, "pause_ms": 200, "holds_at": 20, "until": studio.gate(),
    });
    let id = studio.train("chatty", &fake);
    let window = Window::open(&studio.home).await;
    window.click("chatty").await;
    window.see_page("chatty").await;
    // The last line is in sight, though nobody went there.
    window.see("step 20, line 1999").await;
    window.fill("Search the log", "step 20, line 17").await;
    // Itself, ten and a hundred.
    window.see("111 of 111").await;
    window.press("Return");
    window.see("1 of 111").await;
    window.see("step 20, line 17").await;
    window.see_no("step 20, line 1999").await;
    studio.open_gate();
    window.click("Follow").await;
    window.see_no("step 20, line 17").await;
    window.click("Datasets").await;
    window.click_row("Tickets").await;
    window.see_detail("Tickets").await;
    window.click("Home").await;
    window.click("chatty").await;
    window.see("Following").await;
    assert_eq!(studio.run(&id)["state"], "running", "all this was answered while it went");
    studio.home.fts(&["stop", &id, "--wait"]);
    window.see("It stopped as asked.").await;
    window.close().await;
    let (log, reported) = (studio.read(&id, "log.txt"), studio.read(&id, "events.jsonl"));
    let steps = reported.matches("\"progress\"").count();
    assert_eq!(log.lines().count(), steps * 2_000, "nothing of it is lost");
}

#[tokio::test]
async fn two_runs_are_compared() {
    let studio = Studio::new();
    studio.trained("short", &json!({"steps": 10}));
    studio.trained("long", &json!({"steps": 50}));
    let window = Window::open(&studio.home).await;
    window.click("Training").await;
    window.click("Select short").await;
    window.click("Select long").await;
    window.click("Compare").await;
    window.see_page("Compare runs").await;
    for text in ["Curves", "short", "long", "0.5000", "0.1000", "Settings that differ", "steps"] {
        window.see(text).await;
    }
    window.close().await;
}

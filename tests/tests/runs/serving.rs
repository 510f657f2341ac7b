//! `fts serve`, asked over HTTP.

use std::{
    fs,
    io::Read as _,
    os::unix::fs::PermissionsExt as _,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use stories::samples;

use crate::{
    served::{Served, json_of},
    world::World,
};

/// Writes the messages one after another.
const TEMPLATE: &str =
    "{# tools: <tool_call> #}{% for message in messages %}{{ message.content }} {% endfor %}";

/// A world whose model has a chat template.
fn world() -> World {
    let world = World::new();
    fs::write(format!("{}/chat_template.jinja", world.fts.path("model")), TEMPLATE).expect("a template");
    world
}

/// An adapter of the model.
fn adapter(world: &World, name: &str) -> String {
    let folder = world.fts.path(name);
    samples::adapter(folder.as_ref(), &world.fts.path("model"));
    let fields = json!({"type": "project", "name": name, "location": folder, "model_id": world.model});
    world.fts.create("adapters", &fields)
}

/// The objects of a stream, which ends as it should.
async fn events(response: Response) -> Vec<Value> {
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let text = response.text().await.expect("a body");
    let mut data: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    assert_eq!(data.pop(), Some("[DONE]"), "{text}");
    data.into_iter().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[tokio::test]
async fn a_conversation_is_answered_whole_and_in_pieces() {
    let world = world();
    let served = Served::new(&world, &[]);
    assert_eq!(served.reported["models"], json!(["Tiny"]));
    let messages = json!([{"role": "system", "content": "a"}, {"role": "user", "content": "b c"}]);
    let request = json!({"model": "Tiny", "messages": messages, "temperature": 0, "max_tokens": 9});
    let whole = served.post("chat/completions", &request).send().await.unwrap();
    let whole = json_of(whole, StatusCode::OK).await;
    assert_eq!(
        whole["choices"],
        json!([{
            "index": 0, "finish_reason": "stop", "logprobs": null,
            "message": {"role": "assistant", "content": "a b c ", "refusal": null},
        }])
    );
    assert_eq!(whole["usage"], json!({"prompt_tokens": 3, "completion_tokens": 3, "total_tokens": 6}));
    assert_eq!((&whole["object"], &whole["model"]), (&json!("chat.completion"), &json!("Tiny")));

    let mut request = request;
    request["stream"] = true.into();
    request["stream_options"] = json!({"include_usage": true});
    let chunks = events(served.post("chat/completions", &request).send().await.unwrap()).await;
    assert!(
        chunks
            .iter()
            .all(|chunk| chunk["object"] == "chat.completion.chunk" && chunk["id"] == chunks[0]["id"])
    );
    assert_eq!(chunks[0]["choices"][0]["delta"]["role"], "assistant");
    let text = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str());
    assert_eq!(text.collect::<String>(), "a b c ");
    let [.., end, last] = chunks.as_slice() else { panic!("{chunks:?}") };
    assert_eq!(end["choices"][0]["finish_reason"], "stop");
    assert_eq!((&last["choices"], &last["usage"]), (&json!([]), &whole["usage"]));

    let models =
        served.client.get(served.url("models")).bearer_auth(served.reported["key"].as_str().unwrap());
    let models = json_of(models.send().await.unwrap(), StatusCode::OK).await;
    assert_eq!(models["data"][0]["id"], "Tiny");
}

#[tokio::test]
async fn calls_of_tools_are_distinguished_from_text() {
    let world = world();
    let served = Served::new(&world, &[]);
    let said = "Well. <tool_call> {\"name\": \"find\", \"arguments\": {\"n\": 7}} </tool_call>";
    let mut request = json!({
        "model": "Tiny", "messages": [{"role": "user", "content": said}],
        "tools": [{"type": "function", "function": {"name": "find", "parameters": {"type": "object"}}}],
    });
    let whole =
        json_of(served.post("chat/completions", &request).send().await.unwrap(), StatusCode::OK).await;
    let choice = &whole["choices"][0];
    assert_eq!(
        (&choice["finish_reason"], &choice["message"]["content"]),
        (&json!("tool_calls"), &json!("Well. "))
    );
    let call = &choice["message"]["tool_calls"][0];
    assert_eq!(call["function"], json!({"name": "find", "arguments": "{\"n\":7}"}));
    request["stream"] = true.into();
    let chunks = events(served.post("chat/completions", &request).send().await.unwrap()).await;
    let calls: Vec<&Value> =
        chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["tool_calls"].get(0)).collect();
    assert_eq!((calls.len(), &calls[0]["function"]), (1, &call["function"]));
    request["tool_choice"] = "none".into();
    request["stream"] = false.into();
    let whole =
        json_of(served.post("chat/completions", &request).send().await.unwrap(), StatusCode::OK).await;
    assert_eq!(whole["choices"][0]["message"]["content"], format!("{said} "));
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said_as_clients_expect() {
    let world = world();
    let served = Served::new(&world, &[]);
    let right = json!({"model": "Tiny", "prompt": "x"});
    let url = served.url("completions");
    let json_body = |body: &str| served.post("completions", &Value::Null).body(body.to_owned());
    let unkeyed = |key: &str| served.client.post(&url).bearer_auth(key).body(right.to_string());
    let long = format!("{{\"prompt\": \"{}\"}}", "x".repeat(9 << 20));
    for (request, status, code) in [
        (served.client.post(&url).body(right.to_string()), 401, json!("invalid_api_key")),
        (unkeyed("fts-wrong"), 401, json!("invalid_api_key")),
        (served.ask("Tiny", "x", &json!({})).header("Host", "example.org"), 403, Value::Null),
        (served.ask("Other", "x", &json!({})), 404, json!("model_not_found")),
        (served.ask("Tiny", "x", &json!({"n": 2})), 400, Value::Null),
        (served.ask("Tiny", "", &json!({})), 400, Value::Null),
        (served.ask("Tiny", "x", &json!({"response_format": {"type": "json_object"}})), 400, Value::Null),
        (json_body("{"), 400, Value::Null),
        (json_body("[]"), 400, Value::Null),
        (json_body(&long), 413, Value::Null),
        (served.post("embeddings", &right), 404, Value::Null),
        (served.client.get(&url).bearer_auth(served.reported["key"].as_str().unwrap()), 405, Value::Null),
    ] {
        let response = request.send().await.unwrap();
        let reported = json_of(response, StatusCode::from_u16(status).unwrap()).await;
        assert_eq!(reported["error"]["code"], code, "{reported}");
        assert!(reported["error"]["message"].as_str().unwrap().ends_with('.'), "{reported}");
        assert!(reported["error"]["type"].is_string(), "{reported}");
    }
    assert_eq!(served.said("still there").await, "still there");
}

#[tokio::test]
async fn no_form_of_an_answer_is_promised() {
    let world = world();
    let served = Served::new(&world, &[]);
    let tool = json!({"type": "function", "function": {"name": "find", "strict": true}});
    for (field, value, param) in [
        ("response_format", json!({"type": "json_object"}), "response_format"),
        ("tool_choice", json!("required"), "tool_choice"),
        ("tool_choice", json!({"type": "function", "function": {"name": "find"}}), "tool_choice"),
        ("tools", json!([tool]), "tools[0].function.strict"),
    ] {
        let request = json!({"model": "Tiny", "messages": [{"role": "user", "content": "x"}], "stream": true, field: value});
        let response = served.post("chat/completions", &request).send().await.unwrap();
        let reported = json_of(response, StatusCode::BAD_REQUEST).await["error"].clone();
        let found = (&reported["param"], &reported["type"], &reported["code"]);
        assert_eq!(found, (&json!(param), &json!("invalid_request_error"), &Value::Null));
        assert!(reported["message"].as_str().unwrap().ends_with('.'), "{reported}");
    }
}

#[tokio::test]
async fn the_model_and_its_adapters_answer_by_their_names() {
    let world = world();
    let (first, second) = (adapter(&world, "first"), adapter(&world, "second"));
    let served = Served::new(&world, &["--adapter", &first, "--adapter", &second]);
    assert_eq!(served.reported["models"], json!(["Tiny", "first", "second"]));
    for (name, target) in
        [("first", first.as_str()), ("Tiny", "base"), ("second", &second), ("first", &first)]
    {
        let answer = served.ask(name, "target?", &json!({})).send().await.unwrap();
        let answer = json_of(answer, StatusCode::OK).await;
        assert_eq!((&answer["choices"][0]["text"], &answer["model"]), (&json!(target), &json!(name)));
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_stops_its_answer_at_once() {
    let world = world();
    let served = Served::new(&world, &[]);
    for stream in [true, false] {
        // The worker would never answer it.
        let endless = served.ask("Tiny", "on and … on", &json!({"stream": stream}));
        if stream {
            let mut response = endless.send().await.unwrap();
            assert!(response.chunk().await.unwrap().is_some());
        } else {
            let hung_up = tokio::time::timeout(Duration::from_millis(300), endless.send()).await;
            assert!(hung_up.is_err());
        }
        assert_eq!(served.said("next").await, "next");
    }
}

#[tokio::test]
async fn of_32_clients_at_once_none_loses_anything() {
    let world = world();
    let served = Served::new(&world, &[]);
    let clients = (0..32).map(async |client| {
        for turn in 0..4 {
            let words: String = (0..20).map(|word| format!("{client}-{turn}-{word} ")).collect();
            let chunks =
                events(served.ask("Tiny", &words, &json!({"stream": true})).send().await.unwrap()).await;
            let said = chunks.iter().filter_map(|chunk| chunk["choices"][0]["text"].as_str());
            assert_eq!(said.collect::<String>(), words);
        }
    });
    join_all(clients).await;
}

#[tokio::test]
async fn requests_beyond_the_queue_are_asked_to_come_later() {
    let world = world();
    let served = Served::new(&world, &[]);
    let endless = || served.ask("Tiny", "…", &json!({}));
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..64 {
        waiting.spawn(endless().send());
    }
    let refused = loop {
        let answer = tokio::time::timeout(Duration::from_secs(1), endless().send()).await;
        if let Ok(answer) = answer {
            break answer.unwrap();
        }
    };
    assert!(refused.headers().contains_key("retry-after"));
    let reported = json_of(refused, StatusCode::TOO_MANY_REQUESTS).await;
    assert_eq!(reported["error"]["code"], "queue_full");
    waiting.abort_all();
    while waiting.join_next().await.is_some() {}
    let mut answer = served.ask("Tiny", "free again", &json!({})).send().await.unwrap();
    while answer.status() == StatusCode::TOO_MANY_REQUESTS {
        answer = served.ask("Tiny", "free again", &json!({})).send().await.unwrap();
    }
    assert_eq!(json_of(answer, StatusCode::OK).await["choices"][0]["text"], "free again");
}

#[tokio::test]
async fn a_signal_ends_it_in_time_with_the_running_answer_cut() {
    let world = world();
    let mut served = Served::new(&world, &[]);
    let mut running = served.ask("Tiny", "begun …", &json!({"stream": true})).send().await.unwrap();
    let begun = running.chunk().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&begun).contains("begun"));
    let waiting = tokio::spawn(served.ask("Tiny", "waits", &json!({})).send());
    let before = Instant::now();
    served.terminate();
    let rest = running.text().await.unwrap();
    assert!(
        rest.contains("The endpoint was stopped before") && rest.trim_end().ends_with("[DONE]"),
        "{rest}"
    );
    if let Ok(refused) = waiting.await.unwrap() {
        json_of(refused, StatusCode::SERVICE_UNAVAILABLE).await;
    }
    assert_eq!(served.process.wait().unwrap().code(), Some(0));
    assert!(before.elapsed() < Duration::from_secs(20), "{:?}", before.elapsed());
}

#[tokio::test]
async fn a_worker_that_ends_is_reported_and_ends_it() {
    let world = world();
    let mut served = Served::new(&world, &[]);
    let answer = served.ask("Tiny", "then crash", &json!({})).send().await.unwrap();
    json_of(answer, StatusCode::INTERNAL_SERVER_ERROR).await;
    assert_eq!(served.process.wait().unwrap().code(), Some(1));
    let mut said = String::new();
    served.process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("The model is no longer loaded"), "{said}");
}

#[test]
fn a_port_in_use_is_a_sentence() {
    let world = world();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let refusal = world.fts.refused(&["serve", "--model", &world.model, "--port", &port]);
    assert_eq!(refusal.message, format!("Port {port} is in use by another program."));
    let refusal = world.fts.refused(&["serve", "--model", &world.model, "--listen", "everywhere"]);
    assert_eq!(refusal.message, "'everywhere' is not an IP address.");
    let refusal = world.fts.refused(&["serve", "--model", &world.model, "--allow-origin", "*"]);
    assert_eq!(refusal.columns, ["allowed_origins"]);
    assert_eq!(world.fts.refused(&["serve", "--model", &world.dataset]).code, "not_found");
}

#[tokio::test]
async fn a_key_file_is_made_once_and_pages_of_allowed_origins_may_ask() {
    let world = world();
    let file = world.fts.path("key");
    let origin = "https://app.example.org";
    let arguments = ["--key-file", file.as_str(), "--allow-origin", origin];
    let first = Served::new(&world, &arguments).reported["key"].clone();
    assert_eq!(fs::read_to_string(&file).unwrap().trim(), first);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0);
    let served = Served::new(&world, &arguments);
    assert_eq!(served.reported["key"], first);
    for (origin, allowed) in [(origin, Some(origin)), ("https://example.org", None)] {
        let asked = served.client.request(reqwest::Method::OPTIONS, served.url("completions"));
        let asked = asked.header("Origin", origin).header("Access-Control-Request-Method", "POST");
        let answer = asked.send().await.unwrap();
        let found = answer.headers().get("access-control-allow-origin").map(|value| value.to_str().unwrap());
        assert_eq!(found, allowed);
    }
    fs::write(&file, "short").unwrap();
    let refusal = world.fts.refused(&["serve", "--model", &world.model, "--key-file", &file]);
    assert!(refusal.message.contains("holds no key"), "{refusal:?}");
}

//! `fts serve` as its clients see it.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::Child,
};

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::world::World;

/// `fts serve`, answering. It is killed when it is dropped.
pub(crate) struct Served {
    pub(crate) process: Child,
    /// The line that it printed.
    pub(crate) reported: Value,
    pub(crate) client: Client,
}

impl Served {
    pub(crate) fn new(world: &World, more: &[&str]) -> Self {
        let arguments = [&["serve", "--model", &world.model], more].concat();
        let mut process = world.fts.start_piped(&arguments);
        let mut line = String::new();
        let out = process.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let reported = serde_json::from_str(&line).unwrap_or_else(|error| {
            let mut said = String::new();
            _ = process.stderr.take().expect("a pipe").read_to_string(&mut said);
            panic!("no JSON ({error}): {line}{said}")
        });
        Self { process, reported, client: Client::builder().no_proxy().build().expect("a client") }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.reported["url"].as_str().expect("an address"))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.client
            .post(self.url(path))
            .bearer_auth(self.reported["key"].as_str().expect("a key"))
            .header("Content-Type", "application/json")
            .body(body.to_string())
    }

    /// Asks a model to complete a prompt, which is said again.
    pub(crate) fn ask(&self, model: &str, prompt: &str, more: &Value) -> RequestBuilder {
        let mut body = json!({"model": model, "prompt": prompt});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        self.post("completions", &body)
    }

    pub(crate) async fn said(&self, prompt: &str) -> Value {
        let answer = self.ask("Tiny", prompt, &json!({})).send().await.expect("an answer");
        json_of(answer, StatusCode::OK).await["choices"][0]["text"].clone()
    }

    pub(crate) fn terminate(&self) {
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("a signal");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// The JSON of an answer with that status.
pub(crate) async fn json_of(response: Response, status: StatusCode) -> Value {
    let found = response.status();
    let text = response.text().await.expect("a body");
    assert_eq!(found, status, "{text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("no JSON ({error}): {text}"))
}

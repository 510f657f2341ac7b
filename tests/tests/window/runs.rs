//! A home with something to train, and a worker that only pretends: its orders are in
//! `fake-worker.rs`.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use stories::window::Home;
use stories::{built, samples};

pub(crate) struct Studio {
    pub(crate) home: Home,
    dataset: String,
    model: String,
    prompt: String,
}

impl Studio {
    /// A dataset "Tickets", a model "Tiny" and a prompt "Intent".
    pub(crate) fn new() -> Self {
        let home = Home::new()
            .with_variable("FINE_TUNING_STUDIO_WORKER", built::program("fake-worker"))
            .with_variable("FINE_TUNING_STUDIO_STOP_SECONDS", "1");
        let file = home.file("tickets.csv", samples::tickets_csv(100));
        let dataset = id(&home.fts(&["import-dataset", file.to_str().unwrap(), "--name", "Tickets"]));
        let folder = home.path("model");
        samples::model(&folder);
        let create =
            |table: &str, fields: Value| id(&home.fts(&["create", table, "--data", &fields.to_string()]));
        let model = create("models", json!({"type": "project", "name": "Tiny", "location": folder}));
        let prompt = create(
            "prompts",
            json!({
                "name": "Intent", "dataset_id": dataset,
                "input_template": "Say the intent.\n{instruction}\n", "completion_template": "{intent}",
            }),
        );
        Self { home, dataset, model, prompt }
    }

    /// The file that a worker waits for which was started with `hold`.
    pub(crate) fn gate(&self) -> PathBuf {
        self.home.path("go")
    }

    /// Lets the workers go on that hold.
    pub(crate) fn open_gate(&self) {
        fs::write(self.gate(), "").expect("the file they wait for");
    }

    /// The arguments of a worker that stays at its fifth step of twenty until it may go on.
    pub(crate) fn held(&self) -> Value {
        json!({"steps": 20, "holds_at": 5, "until": self.gate()})
    }

    /// Starts a training and returns its run's id.
    pub(crate) fn train(&self, name: &str, fake: &Value) -> String {
        id(&self.home.fts(&["train", "--data", &self.training(name, fake).to_string()]))
    }

    /// Trains to the end and returns the ids of the run and of its adapter.
    pub(crate) fn trained(&self, name: &str, fake: &Value) -> (String, String) {
        let run = id(&self.home.fts(&["train", "--wait", "--data", &self.training(name, fake).to_string()]));
        let job = self.home.fts(&["get", "fine_tuning_jobs", &run]);
        (run, job["adapter_id"].as_str().expect("an adapter").to_owned())
    }

    /// Trains an adapter on conversations, with a system prompt.
    pub(crate) fn trained_on_chats(&self, name: &str) {
        let turns = json!([{"role": "user", "content": "Hallo"}, {"role": "assistant", "content": "Hi"}]);
        let rows = format!("{}\n", json!({"messages": turns})).repeat(20);
        let file = self.home.file(&format!("{name}.jsonl"), rows);
        let dataset = id(&self.home.fts(&["import-dataset", file.to_str().unwrap(), "--name", name]));
        let fields = json!({
            "adapter_name": name, "base_model_id": self.model, "dataset_id": dataset, "system_prompt": "Kurz.",
        });
        self.home.fts(&["train", "--wait", "--data", &fields.to_string()]);
    }

    fn training(&self, name: &str, fake: &Value) -> Value {
        json!({
            "adapter_name": name, "base_model_id": self.model, "dataset_id": self.dataset,
            "prompt_id": self.prompt, "training_arguments_config": json!({"fake": fake}).to_string(),
        })
    }

    /// Evaluates an adapter beside its base and returns the run's id.
    pub(crate) fn evaluated(&self, adapter: &str, fake: &Value) -> String {
        let fields = json!({
            "dataset_id": self.dataset, "prompt_id": self.prompt,
            "model_adapter_combinations": [
                {"base_model_id": self.model},
                {"base_model_id": self.model, "adapter_id": adapter},
            ],
            "generation_config": json!({"fake": fake}).to_string(),
        });
        id(&self.home.fts(&["evaluate", "--wait", "--data", &fields.to_string()]))
    }

    /// All runs, those that go or wait first.
    pub(crate) fn runs(&self) -> Vec<Value> {
        let runs = self.home.fts(&["runs"]);
        runs.as_array().expect("a list").iter().map(|summary| summary["run"].clone()).collect()
    }

    pub(crate) fn run(&self, id: &str) -> Value {
        self.runs().into_iter().find(|run| run["id"] == id).expect("the run")
    }

    /// A file in the folder of a run.
    pub(crate) fn read(&self, id: &str, file: &str) -> String {
        let runs = self.home.path("data/fine-tuning-studio/runs");
        fs::read_to_string(runs.join(id).join(file)).expect("a file of the run")
    }
}

fn id(row: &Value) -> String {
    row["id"].as_str().unwrap_or_else(|| panic!("it has an id: {row}")).to_owned()
}

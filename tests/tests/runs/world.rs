//! A studio with something to train, on a worker that only pretends.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Child,
};

use serde_json::{Value, json};
use stories::{Fts, built, samples, wait};

/// A studio with a dataset, a model and a prompt.
pub(crate) struct World {
    pub(crate) fts: Fts,
    pub(crate) dataset: String,
    pub(crate) model: String,
    pub(crate) prompt: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::on(Fts::new())
    }

    /// The same in a studio of one's own.
    pub(crate) fn on(fts: Fts) -> Self {
        let fts = fts
            .with_variable("FINE_TUNING_STUDIO_WORKER", built::program("fake-worker"))
            .with_variable("FINE_TUNING_STUDIO_STOP_SECONDS", "1");
        let dataset = fts.import(&fts.file("tickets.csv", samples::tickets_csv(30)), "Tickets");
        let folder = fts.path("model");
        samples::model(folder.as_ref());
        let model = fts.create("models", &json!({"type": "project", "name": "Tiny", "location": folder}));
        let prompt = fts.create(
            "prompts",
            &json!({
                "name": "Intent", "dataset_id": dataset,
                "input_template": "Say the intent.\n{instruction}\n", "completion_template": "{intent}",
            }),
        );
        Self { fts, dataset, model, prompt }
    }

    /// The fields of a training in which the worker behaves like that.
    pub(crate) fn training(&self, name: &str, fake: &Value) -> Value {
        json!({
            "adapter_name": name, "base_model_id": self.model, "dataset_id": self.dataset,
            "prompt_id": self.prompt, "training_arguments_config": json!({"fake": fake}).to_string(),
        })
    }

    /// Starts a training and returns the id of its run.
    pub(crate) fn train(&self, name: &str, fake: &Value) -> String {
        let run = self.fts.json(&["train", "--data", &self.training(name, fake).to_string()]);
        run["id"].as_str().expect("a run has an id").to_owned()
    }

    /// A run as it is when somebody has just looked at all of them.
    pub(crate) fn run(&self, id: &str) -> Value {
        let runs = self.fts.json(&["runs"]);
        let found = runs.as_array().expect("a list").iter().find(|summary| summary["run"]["id"] == id);
        found.unwrap_or_else(|| panic!("{id} is not among the runs: {runs}"))["run"].clone()
    }

    /// Looks after the runs until this one is in one of those states.
    pub(crate) fn until(&self, id: &str, states: &[&str]) -> Value {
        wait::until(&format!("the run to be one of {states:?}"), || {
            Some(self.run(id)).filter(|run| states.iter().any(|state| run["state"] == *state))
        })
    }

    pub(crate) fn until_over(&self, id: &str) -> Value {
        self.until(id, &["succeeded", "failed", "stopped", "lost"])
    }

    pub(crate) fn folder(&self, id: &str) -> PathBuf {
        PathBuf::from(self.fts.path("runs")).join(id)
    }

    /// Starts `fts` without waiting for it.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.fts.start(arguments)
    }

    /// Nothing of the run is left running.
    pub(crate) fn assert_nothing_left(&self, id: &str) {
        let left = processes_in(&self.folder(id));
        assert!(left.is_empty(), "still running: {left:?}");
    }
}

/// The processes that work in a folder.
pub(crate) fn processes_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir("/proc").expect("a list of processes").flatten();
    let here = entries.filter(|entry| {
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let zombie = stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z'));
        !zombie && fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd == folder)
    });
    here.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

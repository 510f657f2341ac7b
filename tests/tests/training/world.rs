//! A studio with the recipe's rows, model and prompt, and the real worker.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use stories::Fts;

use crate::recipe::{RECIPE, settings, text};

/// A studio that can train.
pub(crate) struct World {
    pub(crate) fts: Fts,
    pub(crate) dataset: String,
    pub(crate) model: String,
    pub(crate) prompt: String,
}

impl World {
    pub(crate) fn new() -> Self {
        // Two threads of a tiny model only wait for each other.
        let fts = Fts::new().with_variable("OMP_NUM_THREADS", "1");
        let dataset = fts.import(&text(&RECIPE.join("tickets.csv")), "Tickets");
        let location = text(&RECIPE.join("model"));
        let model = fts.create("models", &json!({"type": "project", "name": "Tiny", "location": location}));
        let mut prompt = settings("prompt.json");
        prompt["name"] = "Label".into();
        prompt["dataset_id"] = dataset.as_str().into();
        let prompt = fts.create("prompts", &prompt);
        Self { fts, dataset, model, prompt }
    }

    /// The fields of the recipe's training, with further training arguments.
    pub(crate) fn training(&self, name: &str, more: &Value) -> Value {
        let mut arguments = settings("training_arguments.json");
        for (argument, value) in more.as_object().expect("arguments") {
            arguments[argument] = value.clone();
        }
        json!({
            "adapter_name": name, "base_model_id": self.model, "dataset_id": self.dataset,
            "prompt_id": self.prompt, "train_test_split": 0.8333,
            "num_epochs": arguments["num_train_epochs"], "learning_rate": arguments["learning_rate"],
            "training_arguments_config": arguments.to_string(),
            "lora_config": settings("lora.json").to_string(),
        })
    }

    /// Trains to a good end and returns the run's id.
    pub(crate) fn train(&self, fields: &Value) -> String {
        let run = self.fts.json(&["train", "--wait", "--data", &fields.to_string()]);
        assert_eq!(run["state"], "succeeded", "{run}");
        run["id"].as_str().expect("a run has an id").to_owned()
    }

    /// Evaluates models with and without adapters to a good end, on the rows that are held back, and returns
    /// the run's id. `more` are further fields.
    pub(crate) fn evaluate(&self, combinations: &Value, more: &Value) -> String {
        let mut fields = json!({
            "dataset_id": self.dataset, "model_adapter_combinations": combinations,
            "generation_config": settings("generation.json").to_string(),
        });
        fields.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        let run = self.fts.json(&["evaluate", "--wait", "--data", &fields.to_string()]);
        assert_eq!(run["state"], "succeeded", "{run}");
        run["id"].as_str().expect("a run has an id").to_owned()
    }

    /// The share of rows that a combination of an evaluation answered exactly.
    pub(crate) fn exact_match(&self, evaluation: &str, combination: usize) -> f64 {
        let account = self.account(evaluation);
        let metrics = &account["combinations"][combination]["metrics"];
        metrics["exact_match/v1"].as_f64().unwrap_or_else(|| panic!("no exact match: {account}"))
    }

    /// The events of a run so far.
    pub(crate) fn account(&self, id: &str) -> Value {
        self.fts.json(&["show-run", id])["account"].clone()
    }

    /// A measure at each step it was taken.
    pub(crate) fn measured(&self, id: &str, name: &str) -> Vec<(u64, f64)> {
        let account = self.account(id);
        let series = account["series"].as_array().expect("series").iter().find(|one| one["name"] == name);
        let points =
            series.unwrap_or_else(|| panic!("{name} was not measured: {account}"))["points"].as_array();
        let point = |point: &Value| Some((point["step"].as_u64()?, point["value"].as_f64()?));
        points.expect("points").iter().filter_map(point).collect()
    }

    pub(crate) fn folder(&self, id: &str) -> PathBuf {
        PathBuf::from(self.fts.path("runs")).join(id)
    }

    /// The rows of a file of a run.
    pub(crate) fn rows(&self, id: &str, file: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.folder(id).join(file)).expect("rows");
        text.lines().map(|line| serde_json::from_str(line).expect("a row of JSON")).collect()
    }
}

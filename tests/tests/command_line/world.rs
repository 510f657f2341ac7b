//! What a story needs to be there before it starts.

use serde_json::json;
use stories::{Fts, samples};

/// A studio with one dataset, one model, one prompt and one adapter.
pub(crate) struct World {
    pub(crate) fts: Fts,
    pub(crate) dataset: String,
    pub(crate) model: String,
    pub(crate) prompt: String,
    pub(crate) adapter: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let fts = Fts::new();
        let dataset = fts.import(&fts.file("tickets.csv", samples::tickets_csv(30)), "Tickets");
        let model = fts.create("models", &json!({"huggingface_model_name": "acme/tiny"}));
        let prompt = fts.create(
            "prompts",
            &json!({
                "name": "Intent",
                "dataset_id": dataset,
                "input_template": "Say the intent.\n{instruction}\n",
                "completion_template": "{intent}",
            }),
        );
        let folder = fts.path("first");
        samples::adapter(folder.as_ref(), "acme/tiny");
        let adapter = fts.create(
            "adapters",
            &json!({"name": "First", "model_id": model, "location": folder, "prompt_id": prompt}),
        );
        Self { fts, dataset, model, prompt, adapter }
    }
}

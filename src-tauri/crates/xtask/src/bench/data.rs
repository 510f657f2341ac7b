//! The snapshots that are measured: a hundred thousand rows, the same bytes every time.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::{Context, Result};
use fastrand::Rng;
use serde_json::{Value, json};

/// How many rows there are in all.
pub(super) const ROWS: usize = 100_034;

const SEED: u64 = 20_261_123;

const WORDS: &[&str] = &[
    "account",
    "answer",
    "balance",
    "because",
    "before",
    "booking",
    "cancel",
    "card",
    "change",
    "charge",
    "choose",
    "customer",
    "delivery",
    "describe",
    "don't",
    "événement",
    "every",
    "explain",
    "field",
    "following",
    "given",
    "help",
    "instruction",
    "invoice",
    "language",
    "limit",
    "message",
    "number",
    "order",
    "please",
    "question",
    "reason",
    "refund",
    "reply",
    "schema",
    "sentence",
    "\"short\"",
    "show",
    "table",
    "text",
    "ticket",
    "total",
    "user",
    "when",
    "which",
    "with",
    "write",
    "問題",
    "✓",
];

/// How long the texts in the rows are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// As in a studio that was used for years: prompts of two thousand characters, configs of
    /// five hundred.
    Proportional,
    /// A word where a text belongs: nearly all of the work is rows and fields.
    Short,
}

impl Shape {
    pub(super) const ALL: [Self; 2] = [Self::Proportional, Self::Short];

    /// Added to the names of its files.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Proportional => "",
            Self::Short => "-short",
        }
    }

    /// A text of about so many bytes, or a word.
    fn text(self, rng: &mut Rng, bytes: usize) -> String {
        match self {
            Self::Proportional => text(rng, bytes),
            Self::Short => WORDS[rng.usize(..WORDS.len())].to_owned(),
        }
    }
}

/// The ids of each table, made before any row, so that rows can refer to them.
struct Ids {
    datasets: Vec<String>,
    models: Vec<String>,
    adapters: Vec<String>,
    prompts: Vec<String>,
    configs: Vec<String>,
    fine_tuning_jobs: Vec<String>,
    evaluation_jobs: Vec<String>,
}

/// Writes the snapshot of that shape.
pub(super) fn write(path: &Path, shape: Shape) -> Result<()> {
    let mut rng = Rng::with_seed(SEED);
    let mut ids = |count: usize| (0..count).map(|_| uuid(&mut rng)).collect::<Vec<_>>();
    let ids = Ids {
        datasets: ids(4_349),
        models: ids(6_524),
        adapters: ids(13_048),
        prompts: ids(4_349),
        configs: ids(52_192),
        fine_tuning_jobs: ids(6_524),
        evaluation_jobs: ids(13_048),
    };
    let file = File::create(path).with_context(|| format!("{} can't be written", path.display()))?;
    let mut to = BufWriter::with_capacity(1 << 20, file);
    let mut rows = |name: &str, ids: &[String], row: &mut dyn FnMut(usize, &str) -> Value| -> Result<()> {
        let start = if name == "datasets" { "{\n" } else { ",\n" };
        write!(to, "{start}  \"{name}\": {{\n    \"schema\": \"\",\n    \"data\": [")?;
        for (at, id) in ids.iter().enumerate() {
            write!(to, "{}      {}", if at == 0 { "\n" } else { ",\n" }, row(at, id))?;
        }
        Ok(write!(to, "\n    ]\n  }}")?)
    };
    rows("datasets", &ids.datasets, &mut |at, id| dataset(&mut rng, shape, at, id))?;
    rows("models", &ids.models, &mut |at, id| model(&mut rng, shape, at, id))?;
    rows("adapters", &ids.adapters, &mut |at, id| adapter(&mut rng, shape, &ids, at, id))?;
    rows("prompts", &ids.prompts, &mut |at, id| prompt(&mut rng, shape, &ids, at, id))?;
    rows("configs", &ids.configs, &mut |at, id| config(&mut rng, shape, at, id))?;
    rows("fine_tuning_jobs", &ids.fine_tuning_jobs, &mut |at, id| fine_tuning_job(&mut rng, &ids, at, id))?;
    rows("evaluation_jobs", &ids.evaluation_jobs, &mut |_, id| evaluation_job(&mut rng, &ids, id))?;
    to.write_all(b"\n}\n")?;
    Ok(to.flush()?)
}

fn dataset(rng: &mut Rng, shape: Shape, at: usize, id: &str) -> Value {
    let name = format!("{} {at}", shape.text(rng, 20));
    json!({
        "id": id, "type": "project_csv", "name": name, "description": shape.text(rng, 80),
        "huggingface_name": null, "location": format!("/home/someone/data/{at}/tickets.csv"),
        "features": "[\"instruction\", \"intent\", \"response\"]",
    })
}

fn model(rng: &mut Rng, shape: Shape, at: usize, id: &str) -> Value {
    let name = format!("someone/model-{at}-{}b", rng.u8(1..70));
    json!({
        "id": id, "type": "huggingface", "framework": "pytorch", "name": name,
        "description": shape.text(rng, 60), "huggingface_model_name": name, "location": null,
        "cml_registered_model_id": null, "mlflow_experiment_id": null, "mlflow_run_id": null,
    })
}

fn adapter(rng: &mut Rng, shape: Shape, ids: &Ids, at: usize, id: &str) -> Value {
    json!({
        "id": id, "type": "project", "name": format!("adapter-{at}"), "description": shape.text(rng, 60),
        "huggingface_name": null, "model_id": one(rng, &ids.models),
        "location": format!("/home/someone/adapters/{at}"),
        "fine_tuning_job_id": one(rng, &ids.fine_tuning_jobs), "prompt_id": one(rng, &ids.prompts),
        "cml_registered_model_id": null, "mlflow_experiment_id": null, "mlflow_run_id": null,
    })
}

fn prompt(rng: &mut Rng, shape: Shape, ids: &Ids, at: usize, id: &str) -> Value {
    let input = format!("{}\n\nQuestion: {{instruction}}\n", shape.text(rng, 2_000));
    let completion = "Answer: {response}\n";
    json!({
        "id": id, "type": "in_place", "name": format!("Prompt {at}"), "description": shape.text(rng, 60),
        "dataset_id": one(rng, &ids.datasets), "prompt_template": format!("{input}{completion}"),
        "input_template": input, "completion_template": completion,
    })
}

fn config(rng: &mut Rng, shape: Shape, at: usize, id: &str) -> Value {
    if shape == Shape::Short {
        // No two are the same, or they would be one config.
        let settings = format!("{{\"seed\": {at}}}");
        return json!({
            "id": id, "type": "training_arguments", "description": shape.text(rng, 40), "config": settings,
            "model_family": null, "is_default": 0,
        });
    }
    let settings = json!({
        "output_dir": format!("/home/someone/output/{at}"), "num_train_epochs": rng.u8(1..10),
        "per_device_train_batch_size": 1 << rng.u8(0..6), "gradient_accumulation_steps": rng.u8(1..9),
        "learning_rate": rate(rng), "warmup_ratio": 0.03, "lr_scheduler_type": "cosine",
        "optim": "paged_adamw_32bit", "max_grad_norm": 0.3, "logging_steps": 1, "note": shape.text(rng, 160),
    });
    let settings = serde_json::to_string_pretty(&settings).unwrap_or_default();
    json!({
        "id": id, "type": "training_arguments", "description": shape.text(rng, 40), "config": settings,
        "model_family": "LlamaForCausalLM", "is_default": 0,
    })
}

fn fine_tuning_job(rng: &mut Rng, ids: &Ids, at: usize, id: &str) -> Value {
    json!({
        "id": id, "base_model_id": one(rng, &ids.models), "dataset_id": one(rng, &ids.datasets),
        "prompt_id": one(rng, &ids.prompts), "num_workers": 1, "cml_job_id": null,
        "adapter_id": one(rng, &ids.adapters), "num_cpu": 2, "num_gpu": 1, "num_memory": 16,
        "num_epochs": rng.u8(1..10), "learning_rate": rate(rng),
        "out_dir": format!("/home/someone/adapters/{at}"),
        "training_arguments_config_id": one(rng, &ids.configs), "model_bnb_config_id": one(rng, &ids.configs),
        "adapter_bnb_config_id": null, "lora_config_id": one(rng, &ids.configs),
        "training_arguments_config": null, "model_bnb_config": null, "adapter_bnb_config": null,
        "lora_config": null, "dataset_fraction": 1.0, "train_test_split": 0.9, "user_script": null,
        "user_config_id": null, "framework_type": "legacy", "axolotl_config_id": null, "gpu_label_id": -1,
        "adapter_name": format!("trained-{at}"),
    })
}

fn evaluation_job(rng: &mut Rng, ids: &Ids, id: &str) -> Value {
    json!({
        "id": id, "type": "mlflow", "cml_job_id": null, "parent_job_id": one(rng, &ids.evaluation_jobs),
        "base_model_id": one(rng, &ids.models), "dataset_id": one(rng, &ids.datasets),
        "prompt_id": one(rng, &ids.prompts), "num_workers": 1, "adapter_id": one(rng, &ids.adapters),
        "num_cpu": 2, "num_gpu": 1, "num_memory": 16,
        "evaluation_dir": format!("/home/someone/evaluations/{id}"), "model_bnb_config_id": null,
        "adapter_bnb_config_id": null, "generation_config_id": one(rng, &ids.configs),
        "model_bnb_config": null, "adapter_bnb_config": null,
        "generation_config": "{\"do_sample\": true, \"temperature\": 0.8, \"max_new_tokens\": 60}",
    })
}

fn one<'a>(rng: &mut Rng, ids: &'a [String]) -> &'a str {
    &ids[rng.usize(..ids.len())]
}

fn rate(rng: &mut Rng) -> f64 {
    f64::from(rng.u16(1..1_000)) / 1e6
}

/// A text of about so many bytes.
pub(super) fn text(rng: &mut Rng, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 16);
    while text.len() < bytes {
        text.push_str(WORDS[rng.usize(..WORDS.len())]);
        text.push(if rng.u8(..12) == 0 { '\n' } else { ' ' });
    }
    text
}

fn uuid(rng: &mut Rng) -> String {
    let (high, low) = (rng.u64(..), rng.u64(..));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

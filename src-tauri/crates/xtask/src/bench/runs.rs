//! Runs: what the studio itself takes of a training's time.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    fts::Studio,
    measure::{Measured, run},
    table::{Series, Table},
    tickets::{self, Form},
};
use crate::{program::find, repo, training::Training};

const ROWS: u32 = 1_000_000;
/// How long preparing them may take, in seconds.
const LONGEST: f64 = 10.0;
/// The most memory it may take, in bytes.
const MOST_MEMORY: u64 = 200_000_000;

/// How much longer a run may take than the same script by hand.
const MOST_OVERHEAD: f64 = 1.02;
/// Enough for a minute or more.
const EPOCHS: u32 = 80;
/// The same for both, in today's names and with nothing left to a default of ours.
const ARGUMENTS: &str = r#"{
    "per_device_train_batch_size": 16, "gradient_accumulation_steps": 1, "lr_scheduler_type": "linear",
    "logging_steps": 5, "logging_first_step": true, "eval_strategy": "epoch", "save_strategy": "steps",
    "save_steps": 100, "save_total_limit": 2, "gradient_checkpointing": false, "report_to": "mlflow"
}"#;
const BY_HAND: &str = include_str!("by_hand.py");
/// Nothing is fetched, and what else the machine does disturbs less.
const QUIET: [(&str, &str); 2] = [("HF_HUB_OFFLINE", "1"), ("OMP_NUM_THREADS", "1")];

/// Measures it. The program is built.
pub(super) fn measure(folder: &Path, rounds: u32) -> Result<Table> {
    let mut table = Table::new("Runs", rounds);
    preparing(folder, rounds, &mut table)?;
    training(folder, rounds, &mut table)?;
    Ok(table)
}

/// From the start of the worker to the end of its run, beside the same training by a plain script
/// on the same rows.
fn training(folder: &Path, rounds: u32, table: &mut Table) -> Result<()> {
    let environment = Training::new()?;
    let (recipe, by_hand) = (folder.join("recipe"), folder.join("by-hand"));
    if by_hand.exists() {
        fs::remove_dir_all(&by_hand)?;
    }
    let studio = Studio::new(&folder.join("runs"))?;
    let fts = || {
        let mut fts = studio.fts();
        environment.inside(&mut fts).envs(QUIET);
        fts
    };
    run(fts().args(["environment", "create"]), None, None)?;
    if !recipe.exists() {
        let make = repo::root().join("src-tauri/worker/tests/recipe/make.py");
        run(environment.python().envs(QUIET).arg(make).arg(&recipe), None, None)?;
    }
    let read =
        |name: &str| -> Result<Value> { Ok(serde_json::from_str(&fs::read_to_string(recipe.join(name))?)?) };
    let (dataset, model) =
        (studio.import(&recipe.join("tickets.csv"))?, studio.model(&recipe.join("model"))?);
    let mut prompt = read("prompt.json")?;
    prompt["name"] = "Label".into();
    prompt["dataset_id"] = dataset.as_str().into();
    let prompt = studio.create("prompts", &prompt)?;
    let [mut ours, mut theirs] = [const { Series::new() }; 2];
    for round in 1..=rounds {
        println!("   Training, round {round} of {rounds}");
        let fields = json!({
            "adapter_name": format!("round-{round}"), "base_model_id": model, "dataset_id": dataset,
            "prompt_id": prompt, "num_epochs": EPOCHS, "learning_rate": 0.005, "train_test_split": 0.8333,
            "training_arguments_config": ARGUMENTS, "lora_config": read("lora.json")?.to_string(),
        });
        run(fts().args(["train", "--wait", "--data", &fields.to_string()]), None, Some(&studio.answer))?;
        let job = folder.join("runs/runs").join(studio.id()?);
        // The specification is written last before the worker starts.
        let prepared = jiff::Timestamp::try_from(fs::metadata(job.join("job.json"))?.modified()?)?;
        let answer = studio.answer()?;
        let ended: jiff::Timestamp = answer["ended_at"].as_str().context("the run has no end")?.parse()?;
        ours.push(Measured::from_time(ended.duration_since(prepared).unsigned_abs()));
        fs::create_dir_all(&by_hand)?;
        // The tracking database stays: the studio keeps its own, too, and making one takes seconds.
        for made in ["adapter", "checkpoints"].map(|name| by_hand.join(name)) {
            if made.exists() {
                fs::remove_dir_all(made)?;
            }
        }
        let script = folder.join("by_hand.py");
        fs::write(&script, BY_HAND)?;
        let mut plain = environment.python();
        plain.envs(QUIET).env("MLFLOW_TRACKING_URI", format!("sqlite:///{}/mlflow.db", by_hand.display()));
        theirs.push(run(plain.current_dir(&by_hand).arg(script).arg(job).arg(&by_hand), None, None)?);
    }
    table.pair("Training, after preparation", &ours, "The same script by hand", &theirs, MOST_OVERHEAD);
    Ok(())
}

/// From `fts train` to the start of its worker, which is over at once; beside reading the same file
/// once.
fn preparing(folder: &Path, rounds: u32, table: &mut Table) -> Result<()> {
    let file = tickets::file_of_rows(folder, Form::Csv, ROWS)?;
    let worker = find("true").context("the program `true` is missing")?;
    let [mut prepared, mut read] = [const { Series::new() }; 2];
    for round in 1..=rounds {
        println!("   Preparing rows, round {round} of {rounds}");
        let studio = Studio::new(&folder.join("runs"))?;
        let fts = || {
            let mut fts = studio.fts();
            fts.env("FINE_TUNING_STUDIO_WORKER", &worker);
            fts
        };
        read.push(run(fts().arg("import-dataset").arg(&file), None, Some(&studio.answer))?);
        let dataset = studio.id()?;
        let model =
            studio.create("models", &json!({"type": "huggingface", "huggingface_model_name": "a/b"}))?;
        let prompt = studio.create(
            "prompts",
            &json!({
                "name": "Answer", "dataset_id": dataset, "completion_template": "{answer}",
                "input_template": "Answer the customer in {language}.\n\n{question}\n\nAnswer: ",
            }),
        )?;
        let training = json!({
            "adapter_name": "tickets", "base_model_id": model, "dataset_id": dataset, "prompt_id": prompt,
        });
        prepared.push(run(fts().args(["train", "--data", &training.to_string()]), None, None)?);
    }
    table.alone("Preparing a million rows for a training", &prepared, LONGEST);
    table.memory("Memory of that", &prepared, MOST_MEMORY);
    table.noted("Reading the same file once", &read);
    Ok(())
}

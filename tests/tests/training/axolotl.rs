//! Trainings by axolotl, in its own environment.

use std::fs;

use serde_json::{Value, json};
use stories::wait;

use crate::world::World;

/// A config without rows: the prompt, or what is added, says how they are read.
const CONFIG: &str = "
sequence_len: 128
adapter: lora
lora_r: 8
lora_alpha: 16
lora_target_linear: true
micro_batch_size: 8
gradient_accumulation_steps: 1
optimizer: adamw_torch
learning_rate: 0.002
save_steps: 10
logging_steps: 1
";

/// The fields of a training with that config.
fn fields(world: &World, name: &str, config: &str) -> Value {
    let config = json!({"type": "axolotl", "description": name, "config": config});
    let config = world.fts.create("configs", &config);
    let mut fields = world.training(name, &json!({}));
    let all = fields.as_object_mut().expect("fields");
    for field in ["training_arguments_config", "lora_config", "num_epochs", "learning_rate"] {
        all.remove(field);
    }
    fields["framework_type"] = "axolotl".into();
    fields["axolotl_config_id"] = config.into();
    fields
}

/// The files of the adapter of a run.
fn adapter(world: &World, id: &str) -> Vec<String> {
    let job = world.fts.get("fine_tuning_jobs", id);
    let adapter = world.fts.get("adapters", job["adapter_id"].as_str().expect("an adapter"));
    let folder = fs::read_dir(adapter["location"].as_str().expect("a folder")).expect("a folder");
    let mut files: Vec<_> =
        folder.map(|entry| entry.expect("a file").file_name().into_string().expect("a name")).collect();
    files.sort();
    files
}

const ADAPTER: [&str; 4] =
    ["adapter_config.json", "adapter_model.safetensors", "tokenizer.json", "tokenizer_config.json"];

/// The steps from 1 to that one.
fn steps(last: u64) -> Vec<u64> {
    (1..=last).collect()
}

#[test]
fn it_learns_rows_as_a_prompt_makes_them() {
    let world = World::new();
    let report = world.fts.json(&["environment"]);
    assert_eq!(report["axolotl"]["state"], "complete", "{report}");
    let id = world.train(&fields(&world, "by-axolotl", &format!("{CONFIG}max_steps: 20\n")));
    let losses = world.measured(&id, "loss");
    assert_eq!(losses.iter().map(|(step, _)| *step).collect::<Vec<_>>(), steps(20));
    let (first, last) = (losses[0].1, losses[19].1);
    assert!(last < 0.7 * first, "the loss went from {first} to {last}");
    let account = world.account(&id);
    assert_eq!((&account["step"], &account["max_steps"]), (&json!(20), &json!(20)), "{account}");
    let [logged] = account["tracked"].as_array().expect("runs of MLflow").as_slice() else {
        panic!("not one run of MLflow: {account}")
    };
    assert!(logged["run_id"].is_string(), "{account}");
    assert_eq!(account["checkpoints"], json!([10, 20]));
    assert_eq!(adapter(&world, &id), ADAPTER);
    let log = fs::read_to_string(world.folder(&id).join("log.txt")).expect("a log");
    assert!(!log.to_lowercase().contains("posthog"), "axolotl sends nothing about its use");
}

#[test]
fn stopped_it_keeps_its_checkpoint_and_a_retry_goes_on_from_there() {
    let world = World::new();
    let config = CONFIG.replace("save_steps: 10", "save_steps: 5");
    let fields = fields(&world, "stopped", &format!("{config}max_steps: 100\n"));
    let run = world.fts.json(&["train", "--data", &fields.to_string()]);
    let id = run["id"].as_str().expect("an id").to_owned();
    wait::until("its first checkpoint", || world.account(&id)["checkpoints"].get(0).map(|_| ()));
    let stopped = world.fts.json(&["stop", &id, "--wait"]);
    assert_eq!(stopped["state"], "stopped", "{stopped}");
    assert_eq!(world.fts.get("fine_tuning_jobs", &id)["adapter_id"], Value::Null);
    let log = fs::read_to_string(world.folder(&id).join("log.txt")).expect("a log");
    assert!(!log.contains("Traceback"), "a stop is no failure: {log}");

    let again = world.fts.json(&["retry", &id, "--wait"]);
    assert_eq!((&again["state"], &again["attempt"]), (&json!("succeeded"), &json!(2)), "{again}");
    let account = world.account(&id);
    assert_eq!(account["step"], 100, "{account}");
    assert!(account["notes"].to_string().contains("Going on from checkpoint-"), "{account}");
    assert_eq!(adapter(&world, &id), ADAPTER);
}

#[test]
fn it_learns_preferences() {
    let world = crate::methods::world(crate::methods::PAIRS);
    let config = format!(
        "{CONFIG}max_steps: 12\nrl: dpo\ndatasets:\n  - type:\n      field_prompt: prompt\n      \
         field_chosen: chosen\n      field_rejected: rejected\n"
    );
    let mut fields = fields(&world, "prefers", &config);
    fields.as_object_mut().expect("fields").remove("prompt_id");
    let id = world.train(&fields);
    assert_eq!(world.account(&id)["checkpoints"], json!([10, 12]));
    let margins = world.measured(&id, "rewards/margins");
    assert_eq!(margins.iter().map(|(step, _)| *step).collect::<Vec<_>>(), steps(12));
    let mean = |part: &[(u64, f64)]| part.iter().map(|(_, margin)| margin).sum::<f64>() / part.len() as f64;
    let (first, last) = (mean(&margins[..3]), mean(&margins[9..]));
    assert!(last > first + 0.01, "the margin went from {first} to {last}");
    // DPO leaves the base model beside the adapter.
    assert_eq!(adapter(&world, &id), ADAPTER);
}

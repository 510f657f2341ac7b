//! What a training by the worker that pretends leaves here.

use std::{fs, path::Path};

use serde_json::Value;

use crate::Fts;

/// The numbers of the steps in the log of a run's folder, a line each.
pub fn logged_steps(folder: &Path) -> Vec<u64> {
    let log = fs::read_to_string(folder.join("log.txt")).expect("a log");
    let step = |line: &str| line.strip_prefix("step ")?.split_once(',')?.0.parse().ok();
    log.lines().filter_map(step).collect()
}

/// Fails unless there is one adapter, that of this job, whole in the folder of its run and with its model's place here.
pub fn assert_one_adapter(fts: &Fts, job: &str, folder: &Path) {
    assert_eq!(fts.count("adapters"), 1);
    let job = fts.get("fine_tuning_jobs", job);
    let adapter = fts.get("adapters", job["adapter_id"].as_str().expect("an adapter"));
    let location = Path::new(adapter["location"].as_str().expect("a folder"));
    assert_eq!(location, folder.join("output/adapter"));
    let config = fs::read(location.join("adapter_config.json")).expect("the adapter's configuration");
    let config: Value = serde_json::from_slice(&config).expect("JSON");
    assert_eq!(config["base_model_name_or_path"], fts.path("model").as_str());
    assert!(location.join("adapter_model.safetensors").is_file());
}

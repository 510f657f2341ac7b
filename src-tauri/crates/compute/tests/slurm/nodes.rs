//! A real training over two nodes, each with a network of its own.

use std::{env, fs, path::Path, process::Command};

use compute::{Launch, TargetOptions};
use tempfile::TempDir;
use test_hosts::SlurmOptions;

use crate::cluster::Cluster;

/// Writes the run folder of a training by the recipe that the worker's tests use.
const RUN_FOLDER: &str = r#"
import json, pathlib, sys
sys.path.insert(0, sys.argv[1])
import run_folder
recipe, folder = run_folder.recipe(pathlib.Path(sys.argv[2])), pathlib.Path(sys.argv[3])
rows = run_folder.rendered(recipe["rows"], recipe["prompt"])
arguments = {**recipe["training_arguments"], "report_to": "none", **json.loads(sys.argv[4])}
run_folder.training(folder, recipe["model"], rows[100:], rows[:100], training_arguments=arguments, lora=recipe["lora"])
"#;

struct Training {
    cluster: Cluster,
    launch: Launch,
}

impl Training {
    /// None, with a line that says so, where there is no environment that trains, or no cluster.
    async fn new(arguments: &str) -> Option<Self> {
        let Some(environment) = env::var_os("FINE_TUNING_STUDIO_ENVIRONMENT") else {
            eprintln!("skipped, without FINE_TUNING_STUDIO_ENVIRONMENT: a Python environment that trains.");
            return None;
        };
        let python = Path::new(&environment).join("bin/python");
        let worker = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worker").canonicalize().unwrap();
        let slurm = SlurmOptions { networks: true, ..SlurmOptions::default() };
        let cluster = Cluster::with(slurm, TargetOptions::default(), TempDir::new().unwrap()).await?;
        let launch = Launch {
            python: python.display().to_string(),
            worker: worker.display().to_string(),
            module: "fine_tuning_worker".to_owned(),
            environment: [
                ("OMP_NUM_THREADS", "1"),
                ("HF_HUB_OFFLINE", "1"),
                ("PYTHONDONTWRITEBYTECODE", "1"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
            nodes: 2,
            ..cluster.launch("a").await
        };
        let (tests, recipe) = (worker.join("tests"), cluster.there("recipe"));
        let run = |command: &mut Command| assert!(command.status().unwrap().success());
        run(Command::new(&python).arg(tests.join("recipe/make.py")).arg(&recipe));
        let folder = cluster.there(&launch.folder);
        run(Command::new(&python).args(["-c", RUN_FOLDER]).args([&tests, &recipe, &folder]).arg(arguments));
        Some(Self { cluster, launch })
    }

    fn events(&self) -> Vec<serde_json::Value> {
        let path = self.cluster.there(&self.launch.folder).join("events.jsonl");
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    fn of_kind(&self, kind: &str) -> Vec<serde_json::Value> {
        self.events().into_iter().filter(|event| event["event"] == kind).collect()
    }

    async fn trains(&self) {
        let step = |event: &serde_json::Value| event["step"].as_u64().is_some_and(|step| step > 3);
        self.cluster.until("it trains", || self.of_kind("progress").iter().any(step)).await;
    }
}

#[tokio::test]
async fn two_nodes_train_one_adapter_and_report_as_one_run() {
    let Some(training) = Training::new("{}").await else { return };
    training.cluster.start(&training.launch).await;
    assert_eq!(
        training.cluster.ended(&training.launch).await.0,
        Some(0),
        "{}",
        training.cluster.log(&training.launch)
    );
    assert_eq!(training.of_kind("started").len(), 1);
    assert_eq!(training.of_kind("facts")[0]["processes"], 2);
    let ended = training.of_kind("ended");
    assert_eq!((ended.len(), ended[0]["status"].as_str()), (1, Some("succeeded")));
    assert!(training.cluster.there("runs/a/output/adapter/adapter_model.safetensors").exists());
}

#[tokio::test]
async fn two_nodes_stop_at_one_step_and_go_on_from_there() {
    let arguments = r#"{"num_train_epochs": 200, "eval_strategy": "no", "save_strategy": "no"}"#;
    let Some(mut training) = Training::new(arguments).await else { return };
    training.cluster.start(&training.launch).await;
    training.trains().await;
    training.cluster.stop(&training.launch, false).await;
    assert_eq!(training.cluster.ended(&training.launch).await, (Some(0), None));
    assert_eq!(training.of_kind("ended")[0]["status"], "stopped");
    let checkpoints = training.of_kind("checkpoint");
    assert_eq!(checkpoints.len(), 1);

    training.launch.attempt = 2;
    training.cluster.start(&training.launch).await;
    let going_on = format!("Going on from checkpoint-{}.", checkpoints[0]["step"]);
    training
        .cluster
        .until("it goes on", || training.of_kind("message").iter().any(|event| event["text"] == *going_on))
        .await;
    training.cluster.stop(&training.launch, true).await;
    training.cluster.ended(&training.launch).await;
}

#[tokio::test]
async fn a_process_that_dies_on_one_node_ends_the_run_with_a_reason() {
    let Some(training) = Training::new(r#"{"num_train_epochs": 200, "eval_strategy": "no"}"#).await else {
        return;
    };
    training.cluster.start(&training.launch).await;
    training.trains().await;
    kill_rank(1, &training.cluster.there("").display().to_string());
    assert_eq!(training.cluster.ended(&training.launch).await.0, Some(1));
    let ended = training.of_kind("ended");
    assert_eq!((ended.len(), ended[0]["status"].as_str()), (1, Some("failed")), "{ended:?}");
}

/// Kills the process of that rank whose command line names the folder.
fn kill_rank(rank: u32, folder: &str) {
    for process in fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
        let read = |name| {
            String::from_utf8_lossy(&fs::read(process.path().join(name)).unwrap_or_default()).into_owned()
        };
        let of_rank = || read("environ").split('\0').any(|variable| variable == format!("RANK={rank}"));
        if read("cmdline").contains(folder) && of_rank() {
            Command::new("kill").arg("-9").arg(process.file_name()).status().unwrap();
        }
    }
}

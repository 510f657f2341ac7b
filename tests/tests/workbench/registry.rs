//! The registry of models of a workbench, and models that it serves.

use std::fs;

use fake_workbench::FakeWorkbench;
use serde_json::{Value, json};
use stories::{Fts, samples};

use crate::place::{add, run, runtime, studio};

/// A run of MLflow there with a model among its artifacts, registered as the first version of a name.
fn register(there: &FakeWorkbench, name: &str) {
    let project = there.project();
    let artifacts = ".experiments/e-1/r-1/artifacts";
    let folder = there.folder(project).join(artifacts).join("model/model");
    fs::create_dir_all(&folder).expect("a folder there");
    fs::write(folder.join("config.json"), "{\"model_type\": \"llama\"}").expect("a file there");
    there.add(&format!("projects/{project}/experiments"), json!({"id": "e-1", "name": "Runs"}));
    there.add(
        &format!("projects/{project}/experiments/e-1/runs"),
        json!({"id": "r-1", "experiment_id": "e-1", "artifact_uri": format!("/home/cdsw/{artifacts}")}),
    );
    there.add("registry/models", json!({"model_id": "m-1", "name": name, "count": 1}));
    let mlflow = json!({"experiment_id": "e-1", "run_id": "r-1"});
    there.add(
        "registry/models/m-1/versions",
        json!({
            "model_id": "m-1", "model_version_id": "v-1", "number": 1, "status": "REGISTERED",
            "tags": [{"key": "stage", "value": "Production"}],
            "model_version_metadata": {"project_id": project, "mlflow_metadata": mlflow},
        }),
    );
}

#[test]
fn a_registered_model_is_found_added_and_fetched() {
    let (there, fts) = (FakeWorkbench::new(), studio());
    run(&fts, &add(&there, &[]));
    register(&there, "Tickets");
    let found = fts.json(&["registry", "search", "tick", "--target", "bench"]);
    assert_eq!((found[0]["name"].as_str(), found.as_array().map(Vec::len)), (Some("Tickets"), Some(1)));
    let shown = fts.run(&["registry", "show", "Tickets", "--target", "bench"]);
    assert!(shown.code == 0 && shown.out.contains("stage=Production"), "{shown:?}");
    let row = fts.json(&["registry", "add", "Tickets", "--target", "bench"]);
    let expected = ["model_registry", "Tickets", "m-1", "e-1", "r-1"];
    let columns = ["type", "name", "cml_registered_model_id", "mlflow_experiment_id", "mlflow_run_id"];
    assert_eq!(columns.map(|column| row[column].as_str().expect("a text")), expected);
    let id = row["id"].as_str().expect("an id");
    let fetched = fts.json(&["registry", "fetch", "model", id, "--target", "bench"]);
    let folder = fetched["location"].as_str().expect("a folder");
    assert!(fetched["type"] == "project" && fs::exists(format!("{folder}/config.json")).expect("a look"));
    assert_eq!(fts.get("models", id)["cml_registered_model_id"], "m-1");
    let again = fts.refused(&["registry", "fetch", "model", id, "--target", "bench"]);
    assert!(again.message.contains("is no model or adapter of a registry"), "{again:?}");
}

/// An adapter of a model of the Hub. Returns its id.
fn adapter(fts: &Fts) -> String {
    let model = fts.create("models", &json!({"huggingface_model_name": "acme/tiny"}));
    let folder = fts.path("adapter");
    samples::adapter(folder.as_ref(), "acme/tiny");
    fts.create("adapters", &json!({"name": "Labels", "model_id": model, "location": folder}))
}

#[test]
fn an_adapter_is_deployed_followed_until_it_serves_and_asked() {
    let (there, fts) = (FakeWorkbench::new(), studio());
    run(&fts, &add(&there, &[format!("runtime={}", runtime(&there))]));
    let id = adapter(&fts);
    let deploy = |name: &str| {
        let arguments = ["--json", "adapter", "deploy", &id, "--target", "bench", "--name", name];
        fts.run(&[&arguments[..], &["--generation", "{\"max_new_tokens\": 9}"]].concat())
    };
    let deployed = deploy("labels");
    assert_eq!(deployed.code, 0, "{deployed:?}");
    let report: Value = serde_json::from_str(&deployed.out).expect("a report");
    assert_eq!(report["facts"]["base_model"], "acme/tiny", "{report}");
    let runs = fts.json(&["run", "list"]);
    let run_id = runs[0]["run"]["id"].as_str().expect("an id");
    let asked = fts.json(&["workbench", "ask", run_id, "Where is my ticket?"]);
    let answer = asked["answer"].as_str().expect("an answer");
    assert!(answer.contains("Where is my ticket?") && answer.contains("max_new_tokens"), "{answer}");

    let taken = deploy("labels");
    assert!(taken.code == 1 && taken.err.contains("has a model named 'labels' already"), "{taken:?}");
    there.behave(|behavior| behavior.builds_fail = true);
    let failed = deploy("others");
    assert!(failed.code == 1 && failed.err.contains("ended as 'build failed'"), "{failed:?}");
}

#[test]
fn what_keeps_an_endpoint_from_being_made_is_planned_without_python() {
    let (there, fts) = (FakeWorkbench::new(), studio());
    run(&fts, &add(&there, &[]));
    let id = adapter(&fts);
    let plan = fts.run(&["adapter", "deploy", &id, "--target", "bench", "--name", " ", "--dry-run"]);
    let plan: Value = serde_json::from_str(&plan.out).expect("a plan");
    let problems = plan["problems"].as_array().expect("problems");
    let columns: Vec<_> =
        problems.iter().map(|problem| problem["column"].as_str().expect("a field")).collect();
    assert_eq!(columns, ["endpoint_name", "target"], "{plan}");
    assert_eq!(there.count("create_model"), 0);
}

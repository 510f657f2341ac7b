//! Experiments of MLflow and their runs, whose artifacts are files of the project.

use std::fs;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    State, files,
    refusal::{Found, Refusal},
    world::{new_id, user},
};

pub(crate) fn create(state: &State, project: &str, asked: &Value) -> Found<Value> {
    let name = asked["name"].as_str().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refusal::invalid("name is required"))?;
    let now = state.now();
    let place = format!("projects/{project}/experiments");
    let mut world = state.world();
    world.get("projects", project)?;
    if world.list(&place).iter().any(|experiment| experiment["name"] == name) {
        return Err(Refusal::new(6, format!("experiment {name} already exists")));
    }
    let id = new_id();
    let experiment = json!({
        "id": id, "project_id": project, "name": name, "created_at": now, "updated_at": now, "user": user(),
        "artifact_location": format!("/home/cdsw/.experiments/{id}"), "lifecycle_stage": "active",
        "tags": asked.get("tags").unwrap_or(&json!([])),
    });
    Ok(world.add(&place, experiment))
}

pub(crate) fn start_run(state: &State, project: &str, experiment: &str) -> Found<Value> {
    let now = state.now();
    let mut world = state.world();
    world.get(&format!("projects/{project}/experiments"), experiment)?;
    let id = Uuid::new_v4().simple().to_string();
    let artifacts = format!(".experiments/{experiment}/{id}/artifacts");
    fs::create_dir_all(state.project_folder(project).join(&artifacts))
        .map_err(|error| Refusal::new(13, error.to_string()))?;
    let run = json!({
        "id": id, "experiment_id": experiment, "user": user(), "status": "EXPERIMENT_RUN_RUNNING",
        "start_time": now, "artifact_uri": format!("/home/cdsw/{artifacts}"),
    });
    Ok(world.add(&format!("projects/{project}/experiments/{experiment}/runs"), run))
}

/// A run with what it has logged: its artifacts, and the versions that were registered of it.
pub(crate) fn run(state: &State, project: &str, experiment: &str, id: &str) -> Found<Value> {
    let world = state.world();
    let mut run = world.get(&format!("projects/{project}/experiments/{experiment}/runs"), id)?.clone();
    let artifacts = run["artifact_uri"].as_str().and_then(|uri| uri.strip_prefix("/home/cdsw/"));
    let listed = artifacts.and_then(|path| files::list(&state.project_folder(project), path).ok());
    let versions = world
        .all("versions")
        .into_iter()
        .filter(|version| version["model_version_metadata"]["mlflow_metadata"]["run_id"] == id);
    let registered = versions.map(|version| {
        json!({
            "model_id": version["model_id"], "model_version_id": version["model_version_id"],
            "version_number": version["number"], "run_id": id, "model_path": "model",
        })
    });
    run["data"] = json!({
        "metrics": [], "params": [], "tags": [], "registered_model_metadata": registered.collect::<Vec<_>>(),
        "files": listed.map_or_else(|| json!([]), |listed| listed["files"].clone()),
    });
    Ok(run)
}

//! Jobs and their runs, each of which is a process.

use std::{sync::Arc, time::Duration};

use serde_json::{Map, Value, json};

use crate::{
    State, process,
    refusal::{Found, Refusal},
    world::{change, new_id, new_run_id, user},
};

/// The states in which a run has or waits for a process.
const ACTIVE: [&str; 4] = ["ENGINE_SCHEDULING", "ENGINE_STARTING", "ENGINE_RUNNING", "ENGINE_STOPPING"];

pub(crate) fn is_active(run: &Value) -> bool {
    run["status"].as_str().is_some_and(|status| ACTIVE.contains(&status))
}

pub(crate) fn create(state: &State, project: &str, asked: &Value) -> Found<Value> {
    let text = |key: &str| asked[key].as_str().unwrap_or_default().to_owned();
    for key in ["name", "script", "runtime_identifier"] {
        if text(key).is_empty() {
            return Err(Refusal::invalid(format!("{key} is required")));
        }
    }
    let mut world = state.world();
    let runtime = text("runtime_identifier");
    if !world.list("runtimes").iter().any(|known| known["image_identifier"] == runtime) {
        return Err(Refusal::invalid(format!("runtime {runtime} not found")));
    }
    let whose = world.get("projects", project)?.clone();
    let now = state.now();
    let number = |key: &str| asked[key].as_f64().unwrap_or(1.0);
    let environment = asked["environment"].as_object().cloned().unwrap_or_default();
    let label = match &asked["accelerator_label_id"] {
        Value::Null => "0".to_owned(),
        Value::String(label) => label.clone(),
        label => label.to_string(),
    };
    let job = json!({
        "id": new_id(), "name": text("name"), "script": text("script"), "arguments": text("arguments"),
        "cpu": number("cpu"), "memory": number("memory"), "nvidia_gpu": asked["nvidia_gpu"].as_i64().unwrap_or(0),
        "created_at": now, "updated_at": now, "creator": user(), "owner": user(), "type": "manual",
        "environment": Value::Object(environment).to_string(), "runtime_identifier": runtime,
        "runtime_addon_identifiers": asked.get("runtime_addon_identifiers").unwrap_or(&json!([])),
        "timeout": asked["timeout"].as_i64().unwrap_or(0).to_string(),
        "kill_on_timeout": asked["kill_on_timeout"].as_bool().unwrap_or(false),
        "paused": false, "run_as": 0, "accelerator_label_id": label,
        "project": {"public_identifier": project, "name": whose["name"], "default_project_engine": "ml_runtime"},
    });
    Ok(world.add(&format!("projects/{project}/jobs"), job))
}

pub(crate) fn update(state: &State, project: &str, id: &str, asked: &Value) -> Found<Value> {
    let now = state.now();
    let mut world = state.world();
    let job = world.get_mut(&format!("projects/{project}/jobs"), id)?;
    change(job, asked);
    job["updated_at"] = json!(now);
    Ok(job.clone())
}

/// Starts a run of a job.
pub(crate) fn start(state: &Arc<State>, project: &str, id: &str, asked: &Value) -> Found<Value> {
    let behavior = state.behavior();
    let now = state.now();
    let mut world = state.world();
    let job = world.get(&format!("projects/{project}/jobs"), id)?.clone();
    let place = format!("projects/{project}/jobs/{id}/runs");
    let mut run = json!({
        "id": new_run_id(), "project_id": project, "job_id": id, "status": "ENGINE_SCHEDULING",
        "created_at": now, "scheduling_at": now, "cpu": job["cpu"], "memory": job["memory"],
        "nvidia_gpu": job["nvidia_gpu"], "creator": user(), "runtime_identifier": job["runtime_identifier"],
        "arguments": job["arguments"],
    });
    if world.list(&place).iter().any(is_active) {
        if behavior.lists_skipped_runs {
            run["status"] = json!("ENGINE_UNKNOWN");
            run["finished_at"] = json!(now);
            world.add(&place, run);
        }
        return Err(Refusal::new(9, format!("job run for job {id} already active")));
    }
    let used = |key: &str| -> f64 {
        let runs = world.all("runs");
        runs.iter().filter(|run| is_active(run)).filter_map(|run| run[key].as_f64()).sum()
    };
    let quotas = [
        ("cpu", "CPU", behavior.quota_cpu),
        ("memory", "memory", behavior.quota_memory),
        ("nvidia_gpu", "GPU", behavior.quota_gpu as f64),
    ];
    for (key, word, quota) in quotas {
        if used(key) + job[key].as_f64().unwrap_or(0.0) > quota {
            return Err(Refusal::new(-409, format!("out of quota: {word} request limit reached")));
        }
    }
    if let Some(arguments) = asked.get("arguments").filter(|_| !behavior.ignores_run_arguments) {
        run["arguments"] = arguments.clone();
    }
    let mut environment: Map<String, Value> =
        serde_json::from_str(job["environment"].as_str().unwrap_or("{}")).unwrap_or_default();
    environment.extend(asked["environment"].as_object().cloned().unwrap_or_default());
    let shown = if behavior.shows_run_environment { environment.clone() } else { Map::new() };
    run["environment"] = json!(Value::Object(shown).to_string());
    let mut variables: Map<String, Value> =
        serde_json::from_str(world.get("projects", project)?["environment"].as_str().unwrap_or("{}"))
            .unwrap_or_default();
    variables.extend(environment);
    let text = |key: &str, of: &Value| of[key].as_str().unwrap_or_default().to_owned();
    let order = process::Order {
        place: place.clone(),
        run: text("id", &run),
        project: project.to_owned(),
        script: text("script", &job),
        arguments: text("arguments", &run),
        variables: variables
            .into_iter()
            .map(|(key, value)| (key, value.as_str().unwrap_or("").to_owned()))
            .collect(),
        timeout: text("timeout", &job).parse().ok().filter(|seconds| *seconds > 0).map(Duration::from_secs),
    };
    let run = world.add(&place, run);
    drop(world);
    process::start(state, order);
    Ok(run)
}

/// Asks a run to stop. One that has ended stays as it is.
pub(crate) fn stop(state: &State, project: &str, job: &str, id: &str) -> Found<Value> {
    let mut world = state.world();
    let run = world.get_mut(&format!("projects/{project}/jobs/{job}/runs"), id)?;
    if is_active(run) {
        run["status"] = json!("ENGINE_STOPPING");
        state.stop(id);
    }
    Ok(run.clone())
}

/// Deletes a job. Its runs are gone with it, and their processes are killed.
pub(crate) fn delete(state: &State, project: &str, id: &str) -> Found<Value> {
    let mut world = state.world();
    for run in world.list(&format!("projects/{project}/jobs/{id}/runs")) {
        state.stop(run["id"].as_str().unwrap_or_default());
    }
    world.remove(&format!("projects/{project}/jobs"), id)
}

//! Models with their builds and deployments, and the registry of models.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    State,
    refusal::{Found, Refusal},
    world::{change, user},
};

pub(crate) fn create(state: &State, project: &str, asked: &Value) -> Found<Value> {
    let name = required(asked, "name")?;
    let now = state.now();
    let mut world = state.world();
    let whose = world.get("projects", project)?.clone();
    let id = Uuid::new_v4().to_string();
    let model = json!({
        "id": id, "name": name, "description": asked["description"].as_str().unwrap_or_default(),
        "creator": user(), "access_key": Uuid::new_v4().simple().to_string(), "deletion_status": "",
        "created_at": now, "updated_at": now,
        "auth_enabled": !asked["disable_authentication"].as_bool().unwrap_or(false),
        "project": {"public_identifier": project, "name": whose["name"]},
        "registered_model_id": asked["registered_model_id"].as_str().unwrap_or_default(),
    });
    let model = world.add(&format!("projects/{project}/models"), model);
    drop(world);
    if asked["auto_build_model"] == json!(true) {
        let mut build = asked["auto_build_config"].clone();
        build["auto_deploy_model"] = asked["auto_deploy_model"].clone();
        build["auto_deployment_config"] = asked["auto_deployment_config"].clone();
        create_build(state, project, &id, &build)?;
    }
    Ok(model)
}

pub(crate) fn update(state: &State, project: &str, id: &str, asked: &Value) -> Found<Value> {
    let now = state.now();
    let mut world = state.world();
    let model = world.get_mut(&format!("projects/{project}/models"), id)?;
    change(model, asked);
    model["updated_at"] = json!(now);
    Ok(model.clone())
}

pub(crate) fn create_build(state: &State, project: &str, model: &str, asked: &Value) -> Found<Value> {
    if asked["registered_model_version_id"].as_str().is_none_or(str::is_empty) {
        required(asked, "file_path")?;
        required(asked, "function_name")?;
    }
    let now = state.now();
    let mut world = state.world();
    world.get(&format!("projects/{project}/models"), model)?;
    let text = |key: &str| asked[key].as_str().unwrap_or_default().to_owned();
    let build = json!({
        "id": Uuid::new_v4().to_string(), "model_id": model, "creator": user(), "comment": text("comment"),
        "file_path": text("file_path"), "function_name": text("function_name"), "kernel": text("kernel"),
        "created_at": now, "updated_at": now, "status": "pending", "deletion_status": "",
        "runtime_identifier": text("runtime_identifier"),
        "runtime_addon_identifiers": asked.get("runtime_addon_identifiers").unwrap_or(&json!([])),
        "registered_model_version_id": text("registered_model_version_id"),
    });
    let build = world.add(&format!("projects/{project}/models/{model}/builds"), build);
    if asked["auto_deploy_model"] == json!(true) {
        let id = build["id"].as_str().unwrap_or_default().to_owned();
        state.deploy_when_built.lock().unwrap().push((id, asked["auto_deployment_config"].clone()));
    }
    Ok(build)
}

/// A build, one step further each time that it is looked at.
pub(crate) fn look_at_build(state: &State, project: &str, model: &str, id: &str) -> Found<Value> {
    let fails = state.behavior().builds_fail;
    let place = format!("projects/{project}/models/{model}/builds");
    let now = state.now();
    let build = {
        let mut world = state.world();
        let build = world.get_mut(&place, id)?;
        let next = match build["status"].as_str().unwrap_or_default() {
            "pending" => "queued",
            "queued" if fails => "build failed",
            "queued" => "pushing",
            "pushing" => "built",
            other => other,
        };
        let next = next.to_owned();
        if next == "built" && build["status"] != "built" {
            build["built_at"] = json!(now);
        }
        build["status"] = json!(next);
        build.clone()
    };
    if build["status"] == "built" {
        let mut waiting = state.deploy_when_built.lock().unwrap();
        let place = waiting.iter().position(|(build, _)| build == id);
        let config = place.map(|place| waiting.remove(place).1);
        drop(waiting);
        if let Some(config) = config {
            deploy(state, project, model, id, &config)?;
        }
    }
    Ok(build)
}

pub(crate) fn deploy(state: &State, project: &str, model: &str, build: &str, asked: &Value) -> Found<Value> {
    let now = state.now();
    let mut world = state.world();
    let built = world.get(&format!("projects/{project}/models/{model}/builds"), build)?;
    if !matches!(built["status"].as_str(), Some("built" | "succeeded")) {
        return Err(Refusal::new(9, format!("build {build} is not built")));
    }
    let environment = asked["environment"].as_object().cloned().unwrap_or_default();
    let deployment = json!({
        "project_id": project, "model_id": model, "build_id": build, "id": Uuid::new_v4().to_string(),
        "cpu": asked["cpu"].as_f64().unwrap_or(1.0), "memory": asked["memory"].as_f64().unwrap_or(1.0),
        "nvidia_gpu": asked["nvidia_gpus"].as_i64().unwrap_or(0),
        "environment": Value::Object(environment).to_string(), "created_at": now, "updated_at": now,
        "deployer": user(), "status": "pending", "replicas": asked["replicas"].as_i64().unwrap_or(1),
    });
    Ok(world.add(&format!("projects/{project}/models/{model}/builds/{build}/deployments"), deployment))
}

/// A deployment, one step further each time that it is looked at.
pub(crate) fn look_at_deployment(state: &State, place: &str, id: &str) -> Found<Value> {
    let fails = state.behavior().deployments_fail;
    let mut world = state.world();
    let deployment = world.get_mut(place, id)?;
    let next = match deployment["status"].as_str().unwrap_or_default() {
        "pending" => "deploying",
        "deploying" if fails => "failed",
        // One workbench writes the end so, another in small letters.
        "deploying" => "Deployed",
        other => other,
    };
    deployment["status"] = json!(next.to_owned());
    Ok(deployment.clone())
}

pub(crate) fn stop_deployment(state: &State, place: &str, id: &str) -> Found<Value> {
    let now = state.now();
    let mut world = state.world();
    let deployment = world.get_mut(place, id)?;
    deployment["status"] = json!("stopped");
    deployment["stopped_at"] = json!(now);
    Ok(deployment.clone())
}

/// What a served model answers: the prompt again, with what its deployment and the request have.
pub(crate) fn ask(state: &State, asked: &Value, has_key: bool) -> Value {
    let world = state.world();
    let key = asked["accessKey"].as_str().unwrap_or_default();
    let failed = |why: &str| json!({"success": false, "errors": why});
    let Some(model) =
        world.all("models").into_iter().find(|model| !key.is_empty() && model["access_key"] == key)
    else {
        return failed("Unknown access key");
    };
    if model["auth_enabled"] == json!(true) && !has_key {
        return failed("Unauthorized");
    }
    let deployments = world.all("deployments").into_iter();
    let served = deployments.filter(|one| one["model_id"] == model["id"]);
    let served = served.into_iter().find(|one| one["status"].as_str() == Some("Deployed"));
    let Some(deployment) = served else { return failed("No deployment of the model is running") };
    let prompt = asked["request"]["prompt"].as_str().unwrap_or_default();
    json!({
        "success": true,
        "response": format!("{} says: {prompt} ({})", model["name"], deployment["environment"]),
    })
}

/// Registers a version: with the first one of a name, the model is made.
pub(crate) fn register(state: &State, asked: &Value) -> Found<Value> {
    for key in ["project_id", "experiment_id", "run_id", "model_path"] {
        required(asked, key)?;
    }
    let name = required(asked, "model_name")?;
    let now = state.now();
    let mut world = state.world();
    let known = world.list("registry/models").iter().find(|model| model["name"] == name).cloned();
    let model = known.unwrap_or_else(|| {
        let visibility = asked["visibility"].as_str().unwrap_or("PRIVATE");
        let model = json!({
            "model_id": Uuid::new_v4().to_string(), "name": name, "owner": user(), "permission": "owner",
            "description": asked["description"].as_str().unwrap_or_default(), "visibility": visibility,
            "created_at": now, "updated_at": now, "count": 0,
        });
        world.add("registry/models", model)
    });
    let id = model["model_id"].as_str().unwrap_or_default().to_owned();
    let place = format!("registry/models/{id}/versions");
    let number = world.list(&place).len() + 1;
    let mlflow = json!({"experiment_id": asked["experiment_id"], "run_id": asked["run_id"]});
    let version = json!({
        "model_id": id, "model_version_id": Uuid::new_v4().to_string(), "number": number,
        "version_name": format!("v{number}"), "notes": asked["notes"].as_str().unwrap_or_default(),
        "user": user(), "created_at": now, "updated_at": now, "status": "REGISTERED",
        "tags": asked.get("tags").unwrap_or(&json!([])),
        "model_version_metadata": {
            "mlops_type": "MLFLOW", "project_id": asked["project_id"], "mlflow_metadata": mlflow,
        },
    });
    let version = world.add(&place, version);
    let model = world.get_mut("registry/models", &id)?;
    model["count"] = json!(number);
    let mut model = model.clone();
    model["model_versions"] = json!([version]);
    Ok(model)
}

fn required(asked: &Value, key: &str) -> Found<String> {
    let text = asked[key].as_str().unwrap_or_default();
    if text.is_empty() { Err(Refusal::invalid(format!("{key} is required"))) } else { Ok(text.to_owned()) }
}

//! What each operation does.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use crate::{
    State,
    contract::Operation,
    experiments, files, jobs, lists, models,
    refusal::{Found, Refusal},
    world::{change, new_id, user},
};

/// A request that fits the contract.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'static Operation,
    /// What stands in the places of the path.
    pub(crate) places: Vec<String>,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: Value,
    /// Uploaded files: where they go, and where they are.
    pub(crate) uploads: Vec<(String, tempfile::NamedTempFile)>,
    pub(crate) state: &'a Arc<State>,
}

/// What is answered.
pub(crate) enum Answer {
    Json(Value),
    Bytes(Vec<u8>),
}

impl Call<'_> {
    /// `None` if the operation is not played.
    pub(crate) fn answer(&self) -> Option<Found<Answer>> {
        let places: Vec<&str> = self.places.iter().map(String::as_str).collect();
        if let (Some(project), true) = (places.first(), self.operation.name.contains("project_file"))
            && let Err(refusal) = self.state.world().get("projects", project)
        {
            return Some(Err(refusal));
        }
        if self.operation.name == "download_project_file" {
            let read = files::read(&self.state.project_folder(places[0]), places[1]);
            return Some(read.map(Answer::Bytes));
        }
        if self.operation.name == "upload_file" {
            return Some(self.upload(places[0]));
        }
        let value = self.project(&places).or_else(|| self.job(&places)).or_else(|| self.model(&places));
        Some(value?.map(Answer::Json))
    }

    fn upload(&self, project: &str) -> Found<Answer> {
        self.state.world().get("projects", project)?;
        if self.uploads.is_empty() {
            return Err(Refusal::invalid("no file"));
        }
        let beside = self.state.behavior().uploads_beside;
        for (path, file) in &self.uploads {
            files::store(&self.state.project_folder(project), path, file.path(), beside)?;
        }
        Ok(Answer::Bytes(Vec::new()))
    }

    /// A page of a collection.
    fn list(&self, place: &str, key: &str) -> Found<Value> {
        let objects = self.state.world().list(place).to_vec();
        self.page(objects, key)
    }

    fn page(&self, objects: Vec<Value>, key: &str) -> Found<Value> {
        lists::page(self.operation.name, &self.state.behavior(), &self.query, objects, key)
    }

    /// A page of a collection below something that has to be there.
    fn list_below(&self, above: &str, id: &str, name: &str, key: &str) -> Found<Value> {
        self.state.world().get(above, id)?;
        self.list(&format!("{above}/{id}/{name}"), key)
    }

    fn project(&self, places: &[&str]) -> Option<Found<Value>> {
        let (state, body) = (self.state, &self.body);
        let get = |place: &str, id: &str| state.world().get(place, id).cloned();
        Some(match (self.operation.name, places) {
            ("validate_key", _) => match body["audience"].as_str() {
                Some("API") => Ok(json!({"valid": true, "username": "ada", "message": ""})),
                _ => Err(Refusal::new(7, "the key has another audience")),
            },
            ("list_projects", _) => self.list("projects", "projects"),
            ("list_project_names", _) => {
                let projects = state.world().list("projects").to_vec();
                self.page(projects, "project_names").map(|mut page| {
                    let names: Vec<Value> = page["project_names"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(|p| p["name"].clone())
                        .collect();
                    page["project_names"] = json!(names);
                    page
                })
            }
            ("get_project", [id]) => get("projects", id),
            ("create_project", _) => create_project(state, body),
            ("update_project", [id]) => {
                let mut world = state.world();
                world.get_mut("projects", id).map(|project| {
                    change(project, body);
                    project.clone()
                })
            }
            ("delete_project", [id]) => state.world().remove("projects", id),
            ("list_project_files", [project, path]) => files::list(&state.project_folder(project), path),
            ("delete_project_file", [project, path]) => files::remove(&state.project_folder(project), path),
            ("update_project_file_metadata", [project, path]) => {
                files::rename(&state.project_folder(project), path, body)
            }
            ("list_runtimes", _) => self.list("runtimes", "runtimes"),
            ("list_runtime_addons", _) => self.list("runtimeaddons", "runtime_addons"),
            ("list_all_accelerator_node_labels", _) => self.list("nodelabels", "accelerator_node_label"),
            ("list_users_quota", _) if !state.behavior().lists_quotas => {
                Err(Refusal::new(7, "only administrators see quotas"))
            }
            ("list_users_quota", _) => self.page(vec![state.quota()], "user_quota"),
            _ => return None,
        })
    }

    fn job(&self, places: &[&str]) -> Option<Found<Value>> {
        let (state, body) = (self.state, &self.body);
        let jobs = |project: &str| format!("projects/{project}/jobs");
        let get = |place: &str, id: &str| state.world().get(place, id).cloned();
        Some(match (self.operation.name, places) {
            ("list_jobs", [project]) => self.list_below("projects", project, "jobs", "jobs"),
            ("list_all_jobs", _) => {
                let all = state.world().all("jobs");
                self.page(all, "jobs")
            }
            ("get_job", [project, id]) => get(&jobs(project), id),
            ("create_job", [project]) => jobs::create(state, project, body),
            ("update_job", [project, id]) => jobs::update(state, project, id, body),
            ("delete_job", [project, id]) => jobs::delete(state, project, id),
            ("list_job_runs", [project, job]) => self.list_below(&jobs(project), job, "runs", "job_runs"),
            ("get_job_run", [project, job, id]) => get(&format!("{}/{job}/runs", jobs(project)), id),
            ("create_job_run", [project, job]) => jobs::start(state, project, job, body),
            ("stop_job_run", [project, job, id]) => jobs::stop(state, project, job, id),
            _ => return None,
        })
    }

    fn model(&self, places: &[&str]) -> Option<Found<Value>> {
        let (state, body) = (self.state, &self.body);
        let models = |project: &str| format!("projects/{project}/models");
        let builds = |project: &str, model: &str| format!("projects/{project}/models/{model}/builds");
        let deployments = |project: &str, model: &str, build: &str| {
            format!("projects/{project}/models/{model}/builds/{build}/deployments")
        };
        let versions = |model: &str| format!("registry/models/{model}/versions");
        let get = |place: &str, id: &str| state.world().get(place, id).cloned();
        let remove = |place: &str, id: &str| state.world().remove(place, id);
        Some(match (self.operation.name, places) {
            ("list_models", [project]) => self.list_below("projects", project, "models", "models"),
            ("get_model", [project, id]) => get(&models(project), id),
            ("create_model", [project]) => models::create(state, project, body),
            ("update_model", [project, id]) => models::update(state, project, id, body),
            ("delete_model", [project, id]) => remove(&models(project), id),
            ("list_model_builds", [project, model]) => {
                self.list_below(&models(project), model, "builds", "model_builds")
            }
            ("get_model_build", [project, model, id]) => models::look_at_build(state, project, model, id),
            ("create_model_build", [project, model]) => models::create_build(state, project, model, body),
            ("delete_model_build", [project, model, id]) => remove(&builds(project, model), id),
            ("list_model_deployments", [project, model, build]) => {
                self.list_below(&builds(project, model), build, "deployments", "model_deployments")
            }
            ("get_model_deployment", [project, model, build, id]) => {
                models::look_at_deployment(state, &deployments(project, model, build), id)
            }
            ("create_model_deployment", [project, model, build]) => {
                models::deploy(state, project, model, build, body)
            }
            ("stop_model_deployment", [project, model, build, id]) => {
                models::stop_deployment(state, &deployments(project, model, build), id)
            }
            ("list_experiments", [project]) => {
                self.list_below("projects", project, "experiments", "experiments")
            }
            ("get_experiment", [project, id]) => get(&format!("projects/{project}/experiments"), id),
            ("create_experiment", [project]) => experiments::create(state, project, body),
            ("list_experiment_runs", [project, experiment]) => {
                let place = format!("projects/{project}/experiments");
                self.list_below(&place, experiment, "runs", "experiment_runs")
            }
            ("create_experiment_run", [project, experiment]) => {
                experiments::start_run(state, project, experiment)
            }
            ("get_experiment_run", [project, experiment, id]) => {
                experiments::run(state, project, experiment, id)
            }
            ("list_registered_models", _) => self.list("registry/models", "models"),
            ("get_registered_model", [id]) => get("registry/models", id).and_then(|mut model| {
                let page = self.list(&versions(id), "model_versions")?;
                change(&mut model, &page);
                Ok(model)
            }),
            ("create_registered_model", _) => models::register(state, body),
            ("get_registered_model_version", [model, id]) => get(&versions(model), id),
            ("delete_registered_model", [id]) => remove("registry/models", id),
            ("delete_registered_model_version", [model, id]) => remove(&versions(model), id),
            _ => return None,
        })
    }
}

/// Makes a project with an empty folder.
pub(crate) fn create_project(state: &State, asked: &Value) -> Found<Value> {
    let name = asked["name"].as_str().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refusal::invalid("name is required"))?;
    let now = state.now();
    let mut world = state.world();
    if world.list("projects").iter().any(|project| project["name"] == name) {
        return Err(Refusal::new(6, format!("project {name} already exists")));
    }
    let environment = asked["environment"].as_object().cloned().unwrap_or_default();
    let id = new_id();
    std::fs::create_dir_all(state.project_folder(&id))
        .map_err(|error| Refusal::new(13, error.to_string()))?;
    let may_write = state.behavior().may_write;
    let project = json!({
        "id": id, "name": name, "owner": user(), "creator": user(),
        "description": asked["description"].as_str().unwrap_or_default(), "visibility": "private",
        "default_engine_type": "ml_runtime", "created_at": now, "updated_at": now, "creation_status": "success",
        "permissions": {"read": true, "write": may_write, "admin": false},
        "environment": Value::Object(environment).to_string(),
    });
    Ok(world.add("projects", project))
}

//! Registrations: a job there with stand-ins for the libraries that its script imports.

use std::{fs, future, os::unix::fs::PermissionsExt as _, sync::Mutex};

use serde_json::{Value, json};
use workbench::{Failure, Fault as Why, RegisteredThere, RegistrationRequest, VersionRequest};

use crate::world::{World, passing_faults};

/// What the script imports: a model that notes what is done with it, and an MLflow that registers by the API.
const LIBRARIES: &str = r#"
import json, os, sys, types, urllib.request

class Tokenizer:
    def __len__(self):
        return 1

class Model:
    def get_input_embeddings(self):
        return types.SimpleNamespace(weight=types.SimpleNamespace(shape=(9, 9)))
    def merge_and_unload(self):
        return "merged"

class Run:
    info = types.SimpleNamespace(experiment_id="e-7", run_id="r-7")
    def __enter__(self):
        return self
    def __exit__(self, *_):
        return False

def log_model(transformers_model, registered_model_name, model_config, **_):
    if registered_model_name == "Refused":
        raise RuntimeError("the registry is full\nand more")
    assert transformers_model["model"] == "merged" and model_config == {"top_k": 3}, transformers_model
    body = {
        "project_id": os.environ["CDSW_PROJECT_ID"], "experiment_id": "e-7", "run_id": "r-7",
        "model_path": "model", "model_name": registered_model_name,
    }
    request = urllib.request.Request(
        os.environ["CDSW_API_URL"].replace("/api/v1", "/api/v2/registry/models"),
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["CDSW_APIV2_KEY"]},
    )
    urllib.request.urlopen(request).read()
    return types.SimpleNamespace(registered_model_version=1)

def module(name, **has):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__dict__.update(has)

of = lambda value: types.SimpleNamespace(from_pretrained=lambda *_, **__: value)
module("transformers", AutoModelForCausalLM=of(Model()), AutoTokenizer=of(Tokenizer()))
module("peft", PeftModel=of(Model()))
module(
    "mlflow", set_experiment=lambda name: None, start_run=lambda run_name: Run(),
    log_params=lambda params: None, transformers=types.SimpleNamespace(log_model=log_model),
)
exec(compile(open(sys.argv[1]).read(), "cell", "exec"), {"__name__": "__main__"})
"#;

fn request(world: &World, name: &str) -> RegistrationRequest {
    // The interpreter of jobs has the libraries.
    let libraries = world.file("libraries.py", LIBRARIES.as_bytes());
    let python =
        world.file("python", format!("#!/bin/sh\nexec python3 {} \"$@\"\n", libraries.display()).as_bytes());
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    world.there.behave(|behavior| behavior.python = python.display().to_string());
    let adapter = world.folder.path().join("adapter");
    fs::create_dir_all(&adapter).unwrap();
    fs::write(adapter.join("adapter_config.json"), "{}").unwrap();
    RegistrationRequest {
        mark: "run-1".to_owned(),
        name: name.to_owned(),
        base: "acme/base".to_owned(),
        adapter_name: "Labels".to_owned(),
        adapter,
        generation: json!({"top_k": 3}),
        folder: "studio".to_owned(),
        runtime: world.runtime(),
        cpu: 2.0,
        memory: 8.0,
        ..RegistrationRequest::default()
    }
}

/// Registers; also what was said.
async fn register(
    world: &World,
    request: &RegistrationRequest,
) -> (Result<RegisteredThere, Failure>, Vec<String>) {
    let said = Mutex::new(Vec::new());
    let report = |sentence: String| {
        said.lock().unwrap().push(sentence);
        future::ready(Ok(()))
    };
    let made = world.workbench.register_adapter(request, report).await;
    (made, said.into_inner().unwrap())
}

#[tokio::test]
async fn a_version_is_registered_by_one_job_whatever_is_lost() {
    for fault in passing_faults() {
        let world = World::new();
        for operation in ["create_job", "create_job_run", "upload_file"] {
            world.there.fail(operation, [fault.clone()]);
        }
        let (made, said) = register(&world, &request(&world, "Tickets")).await;
        let made = made.unwrap();
        assert_eq!(
            (made.version, made.experiment.as_str(), made.run.as_str()),
            (1, "e-7", "r-7"),
            "{fault:?}"
        );
        assert_eq!(world.there.list("registry/models")[0]["model_id"], made.model.as_str());
        assert!(said.last().unwrap().ends_with("succeeded"), "{said:?}");
        assert!(world.list("jobs").is_empty() && !world.place().join("studio/registrations/run-1").exists());
    }
}

#[tokio::test]
async fn a_job_that_fails_is_left_with_its_log_and_named() {
    let world = World::new();
    let (failed, _) = register(&world, &request(&world, "Refused")).await;
    let failed = failed.unwrap_err();
    assert!(
        failed.fault == Why::Failed && failed.error.message.contains("the registry is full"),
        "{failed:?}"
    );
    assert!(!failed.error.message.contains("and more"), "{failed:?}");
    assert!(
        failed.error.hint.as_deref().is_some_and(|hint| hint.contains("fts-register-run-1")),
        "{failed:?}"
    );
    let names: Vec<Value> = world.list("jobs").iter().map(|job| job["name"].clone()).collect();
    assert_eq!(names, ["fts-register-run-1"]);

    let request = RegistrationRequest { mark: "run-2".to_owned(), ..request(&world, "Tickets") };
    world.there.behave(|behavior| behavior.python = "false".to_owned());
    let (failed, _) = register(&world, &request).await;
    assert!(failed.unwrap_err().error.message.contains("ended as 'failed', without a result"));
    world.workbench.remove_registration(&request).await.unwrap();
    assert_eq!(world.list("jobs").len(), 1);
}

#[tokio::test]
async fn a_model_of_the_name_that_others_registered_gets_the_next_version() {
    let world = World::new();
    let other = VersionRequest {
        name: "Tickets".to_owned(),
        experiment: "e".to_owned(),
        run: "r".to_owned(),
        path: "model".to_owned(),
        ..VersionRequest::default()
    };
    world.workbench.register_version(&other).await.unwrap();
    let (made, _) = register(&world, &request(&world, "Tickets")).await;
    assert_eq!(made.unwrap().version, 2);
}

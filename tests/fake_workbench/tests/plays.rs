//! What the workbench plays, asked with plain requests.

use std::{fs, time::Duration};

use fake_workbench::{FakeWorkbench, Fault, KEY};
use reqwest::{Client, Method, StatusCode, multipart};
use serde_json::{Value, json};

struct Asking {
    there: FakeWorkbench,
    http: Client,
}

impl Asking {
    fn new() -> Self {
        Self { there: FakeWorkbench::new(), http: Client::builder().no_proxy().build().unwrap() }
    }

    fn url(&self, path: &str) -> String {
        let path = path.replace("{p}", self.there.project());
        format!("{}/api/v2/{path}", self.there.address())
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self.http.request(method, self.url(path)).bearer_auth(KEY);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.ask(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Makes a job whose script has this content.
    async fn job(&self, script: &str, more: Value) -> String {
        fs::write(self.there.folder(self.there.project()).join("run.py"), script).unwrap();
        let runtime = self.there.list("runtimes")[2]["image_identifier"].clone();
        let mut body = json!({"name": "a job", "script": "run.py", "runtime_identifier": runtime});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, job) = self.post("projects/{p}/jobs", body).await;
        assert_eq!(status, 200, "{job}");
        job["id"].as_str().unwrap().to_owned()
    }

    /// Starts a run of a job and waits for a state.
    async fn run(&self, job: &str, state: &str) -> Value {
        let (status, run) = self.post(&format!("projects/{{p}}/jobs/{job}/runs"), json!({})).await;
        assert_eq!(status, 200, "{run}");
        self.until(job, &run, state).await
    }

    async fn until(&self, job: &str, run: &Value, state: &str) -> Value {
        let id = run["id"].as_str().unwrap();
        for _ in 0..2_000 {
            let (_, run) = self.get(&format!("projects/{{p}}/jobs/{job}/runs/{id}")).await;
            if run["status"] == state {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the run is not {state}: {}", self.there.log(id));
    }
}

#[tokio::test]
async fn what_the_contract_does_not_know_is_refused_and_noted() {
    let asking = Asking::new();
    let cases = [
        (Method::GET, "nothing", None),
        (Method::DELETE, "projects/{p}/jobs", Some(json!({}))),
        (Method::GET, "projects/{p}/jobs?pages=2", None),
        (Method::POST, "projects/{p}/jobs", Some(json!({"nam": "a"}))),
        (Method::POST, "projects/{p}/jobs", Some(json!({"cpu": "2"}))),
        (Method::POST, "projects/{p}/jobs", None),
        (Method::GET, "projects/{p}/applications", None),
    ];
    for (method, path, body) in cases {
        let (status, _) = asking.ask(method.clone(), path, body).await;
        assert!(status.is_client_error() || status.is_server_error(), "{method} {path}: {status}");
        assert_eq!(asking.there.take_violations().len(), 1, "{method} {path}");
    }
    let wrong = asking.http.get(asking.url("projects")).bearer_auth("0").send().await.unwrap();
    assert_eq!(wrong.status(), 500);
    assert_eq!(asking.http.get(asking.url("projects")).send().await.unwrap().status(), 401);
}

#[test]
#[should_panic(expected = "the contract was broken")]
fn a_violation_can_not_be_missed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let asking = Asking::new();
    runtime.block_on(asking.get("nothing"));
}

#[tokio::test]
async fn lists_have_pages_filters_and_orders() {
    let asking = Asking::new();
    for number in 0..23 {
        let job = json!({"id": number.to_string(), "name": format!("Job {number}"), "created_at": format!("2026-01-{:02}T00:00:00Z", 1 + number)});
        asking.there.add(&format!("projects/{}/jobs", asking.there.project()), job);
    }
    let (_, first) = asking.get("projects/{p}/jobs").await;
    assert_eq!(first["jobs"].as_array().unwrap().len(), 10);
    let token: String =
        url::form_urlencoded::byte_serialize(first["next_page_token"].as_str().unwrap().as_bytes()).collect();
    let (_, second) = asking.get(&format!("projects/{{p}}/jobs?page_size=10&page_token={token}")).await;
    assert_eq!(second["jobs"][0]["name"], "Job 10");
    let (status, _) = asking.get(&format!("projects/{{p}}/jobs?page_size=7&page_token={token}")).await;
    assert_eq!(status, 400);
    let (_, found) =
        asking.get("projects/{p}/jobs?search_filter=%7B%22name%22%3A%22ob%201%22%7D&page_size=50").await;
    assert_eq!(found["jobs"].as_array().unwrap().len(), 11);
    let (_, none) = asking.get("projects/{p}/jobs?search_filter=%7B%22name%22%3A%22job%22%7D").await;
    assert_eq!(none["jobs"], json!([]));
    let (_, newest) = asking.get("projects/{p}/jobs?sort=-created_at&page_size=1").await;
    assert_eq!(newest["jobs"][0]["name"], "Job 22");
    let (status, _) = asking.get("projects/{p}/jobs?sort=arguments").await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_run_is_a_process_with_the_variables_of_a_pod() {
    let asking = Asking::new();
    let script = "import os, pathlib\npathlib.Path('out.txt').write_text(os.environ['JOB_ARGUMENTS'] + os.environ['A'] + os.environ['CDSW_PROJECT_ID'])\nprint('done')\n";
    let job = asking.job(script, json!({"arguments": "--x 1 ", "environment": {"A": "b"}})).await;
    let run = asking.run(&job, "ENGINE_SUCCEEDED").await;
    assert_eq!(asking.there.log(run["id"].as_str().unwrap()), "done\n");
    let written = fs::read_to_string(asking.there.folder(asking.there.project()).join("out.txt")).unwrap();
    assert_eq!(written, format!("--x 1 b{}", asking.there.project()));
    for time in ["created_at", "starting_at", "running_at", "finished_at"] {
        assert!(run[time].is_string(), "{time}: {run}");
    }
}

#[tokio::test]
async fn a_run_fails_times_out_and_stops() {
    let asking = Asking::new();
    let job = asking.job("raise SystemExit(3)", json!({})).await;
    asking.run(&job, "ENGINE_FAILED").await;
    let job = asking.job("import time\ntime.sleep(600)", json!({"timeout": 1})).await;
    asking.run(&job, "ENGINE_TIMEDOUT").await;
    let job = asking.job("import time\ntime.sleep(600)", json!({})).await;
    let run = asking.run(&job, "ENGINE_RUNNING").await;
    let path = format!("projects/{{p}}/jobs/{job}/runs");
    let (status, second) = asking.post(&path, json!({})).await;
    assert_eq!((status, &second["code"]), (StatusCode::BAD_REQUEST, &json!(9)));
    let (_, stopping) = asking.post(&format!("{path}/{}:stop", run["id"].as_str().unwrap()), json!({})).await;
    assert_eq!(stopping["status"], "ENGINE_STOPPING");
    asking.until(&job, &run, "ENGINE_STOPPED").await;
    // One that waits in the queue stops, too.
    asking.there.hold_runs(true);
    let run = asking.run(&job, "ENGINE_SCHEDULING").await;
    asking.post(&format!("{path}/{}:stop", run["id"].as_str().unwrap()), json!({})).await;
    asking.until(&job, &run, "ENGINE_STOPPED").await;
}

#[tokio::test]
async fn kernels_of_jupyter_run_without_a_file_and_take_every_exit_for_a_failure() {
    let asking = Asking::new();
    let job = asking.job("assert '__file__' in globals()\nraise SystemExit(0)", json!({})).await;
    asking.run(&job, "ENGINE_SUCCEEDED").await;
    asking.there.behave(|behavior| behavior.jupyter_kernel = true);
    asking.run(&job, "ENGINE_FAILED").await;
    let job = asking.job("assert '__file__' not in globals()", json!({})).await;
    asking.run(&job, "ENGINE_SUCCEEDED").await;
}

#[tokio::test]
async fn an_upload_is_put_beside_a_file_or_in_its_place() {
    let asking = Asking::new();
    let upload = async |content: &str| {
        let part = multipart::Part::text(content.to_owned()).file_name("a.txt");
        let form = multipart::Form::new().percent_encode_noop().part("in/a.txt", part);
        let request = asking.http.post(asking.url("projects/{p}/files")).bearer_auth(KEY).multipart(form);
        request.send().await.unwrap().status()
    };
    assert_eq!(upload("one").await, 200);
    assert_eq!(upload("two").await, 200);
    let (_, listed) = asking.get("projects/{p}/files/in").await;
    let mut names: Vec<&str> =
        listed["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["a(1).txt", "a.txt"]);
    asking.there.behave(|behavior| behavior.uploads_beside = false);
    assert_eq!(upload("three").await, 200);
    let read = asking
        .http
        .post(asking.url("projects/{p}/files/in%2Fa.txt:download"))
        .bearer_auth(KEY)
        .json(&json!({}));
    assert_eq!(read.send().await.unwrap().text().await.unwrap(), "three");
    let (status, _) = asking.get("projects/{p}/files/..%2F..").await;
    assert_eq!(status, 400);
    for root in ["%2F", ""] {
        let (_, listed) = asking.get(&format!("projects/{{p}}/files/{root}")).await;
        assert_eq!(listed["files"], json!([{"path": "in", "is_dir": true}]));
    }
}

#[tokio::test]
async fn faults_come_in_their_order_and_say_whether_something_was_done() {
    let asking = Asking::new();
    let create = async |name: &str| asking.post("projects", json!({"name": name})).await.0;
    asking.there.fail("create_project", [Fault::Status(429, Some(1)), Fault::DoneBut(504)]);
    assert_eq!(create("a").await, 429);
    assert_eq!(create("b").await, 504);
    assert_eq!(create("b").await, 409);
    asking.there.fail("list_projects", [Fault::Half, Fault::DoneWithoutAnswer, Fault::Page(200)]);
    for _ in 0..2 {
        let response = asking.http.get(asking.url("projects")).bearer_auth(KEY).send().await;
        assert!(response.is_err() || response.unwrap().bytes().await.is_err());
    }
    let page = asking.http.get(asking.url("projects")).bearer_auth(KEY).send().await.unwrap();
    assert_eq!(page.headers()["content-type"], "text/html");
    asking.there.expire_key(true);
    assert_eq!(asking.get("projects").await.0, 401);
    asking.there.behave(|behavior| behavior.login_page = true);
    assert_eq!(asking.get("projects").await.0, 200);
}

#[tokio::test]
async fn a_model_is_built_deployed_and_registered() {
    let asking = Asking::new();
    let (_, model) =
        asking.post("projects/{p}/models", json!({"name": "m", "disable_authentication": true})).await;
    assert_eq!(model["auth_enabled"], false);
    let builds = format!("projects/{{p}}/models/{}/builds", model["id"].as_str().unwrap());
    let body = json!({"file_path": "p.py", "function_name": "f", "auto_deploy_model": true, "auto_deployment_config": {"nvidia_gpus": 1}});
    let (_, build) = asking.post(&builds, body).await;
    let build = format!("{builds}/{}", build["id"].as_str().unwrap());
    let (status, _) = asking.post(&format!("{build}/deployments"), json!({})).await;
    assert_eq!(status, 400);
    let mut states = Vec::new();
    while states.last() != Some(&json!("built")) {
        states.push(asking.get(&build).await.1["status"].clone());
    }
    assert_eq!(states, ["queued", "pushing", "built"]);
    let (_, deployments) = asking.get(&format!("{build}/deployments")).await;
    assert_eq!(deployments["model_deployments"][0]["nvidia_gpu"], 1);
    let version = json!({"project_id": asking.there.project(), "experiment_id": "e", "run_id": "r", "model_path": "m", "model_name": "n"});
    asking.post("registry/models", version.clone()).await;
    let (_, registered) = asking.post("registry/models", version).await;
    assert_eq!(registered["count"], 2);
    let id = registered["model_id"].as_str().unwrap();
    let (_, got) = asking.get(&format!("registry/models/{id}")).await;
    assert_eq!(got["model_versions"][0]["model_version_metadata"]["mlflow_metadata"]["run_id"], "r");
}

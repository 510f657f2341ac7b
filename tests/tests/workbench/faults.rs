//! What a workbench and the way to it do to runs.

use fake_workbench::{FakeWorkbench, Fault};
use serde_json::json;

use crate::place::Place;

#[test]
fn a_training_comes_home_though_answers_are_lost_and_lists_have_pages() {
    let place = Place::new();
    place.bench.behave(|behavior| {
        (behavior.largest_page, behavior.newer, behavior.lists_skipped_runs) = (1, true, true);
    });
    for operation in [
        "list_project_files",
        "upload_file",
        "create_job",
        "create_job_run",
        "get_job_run",
        "list_jobs",
        "download_project_file",
        "delete_project_file",
    ] {
        place.bench.fail(operation, [Fault::Status(429, Some(1)), Fault::DoneBut(504), Fault::Half]);
    }
    let run = place.train_to_its_end(&json!({"steps": 8}));
    assert_eq!(run["state"], "succeeded", "{run}");
    let id = run["id"].as_str().expect("an id");
    place.assert_one_adapter(id);
    assert_eq!(place.logged_steps(id), (1..=8).collect::<Vec<_>>());
    let jobs = place.jobs();
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    let runs =
        format!("projects/{}/jobs/{}/runs", place.bench.project(), jobs[0]["id"].as_str().expect("an id"));
    assert_eq!(place.bench.list(&runs).len(), 1);
}

#[test]
fn a_company_s_own_authority_is_trusted_where_the_target_names_it() {
    let bench = FakeWorkbench::with_tls();
    let authority = bench.authority().expect("an authority").to_owned();
    let place = Place::with(bench, &[]);
    let refused = place.train_to_its_end(&json!({"steps": 2}));
    assert_eq!(refused["state"], "failed", "{refused}");
    assert!(refused["note"].as_str().expect("a note").contains("certificate"), "{refused}");
    let file = place.world.fts.file("authority.pem", authority);
    place.world.fts.json(&["target", "remove", "bench"]);
    place.add_target(&[format!("certificates={file}")]);
    assert_eq!(place.train_to_its_end(&json!({"steps": 2}))["state"], "succeeded");
}

#[test]
fn a_project_that_is_gone_says_nothing_of_its_runs() {
    let place = Place::new();
    let id = place.train(&json!({"steps": 100_000, "pause_ms": 20}));
    let mut watching = place.world.start(&["run", "watch", &id]);
    place.until(&id, "its worker", |report| report["run"]["state"] == "running");
    place.bench.remove("projects", place.bench.project());
    let away = place.until(&id, "the mark", |report| report["elsewhere"]["unreachable_since"].is_string());
    watching.kill().and_then(|()| watching.wait()).expect("it can be ended");
    assert_eq!(away["run"]["state"], "running");
    assert!(away["elsewhere"]["unreachable_why"].as_str().expect("why").contains("project"), "{away}");
}

#[test]
fn a_target_that_can_not_be_used_refuses_its_runs_in_words() {
    let place = Place::new();
    place.bench.behave(|behavior| behavior.quota_cpu = 1.0);
    let run = place.train_to_its_end(&json!({"steps": 2}));
    assert_eq!(run["state"], "failed", "{run}");
    assert!(run["note"].as_str().expect("a note").contains("quota"), "{run}");
    place.bench.expire_key(true);
    let run = place.train_to_its_end(&json!({"steps": 2}));
    assert_eq!(run["state"], "failed", "{run}");
    assert!(run["note"].as_str().expect("a note").contains("key"), "{run}");
    // It is tried again with a key that is taken.
    place.bench.expire_key(false);
    place.bench.behave(|behavior| behavior.quota_cpu = 8.0);
    let again = place.world.fts.json(&["retry", run["id"].as_str().expect("an id"), "--wait"]);
    assert_eq!(again["state"], "succeeded", "{again}");
}

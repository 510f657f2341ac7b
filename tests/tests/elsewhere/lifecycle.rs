//! What becomes of runs on a machine that is reached by SSH.

use std::{fs, process::Command};

use serde_json::{Value, json};
use stories::Fts;
use test_hosts::Login;

use crate::{place::Place, world::processes_in};

#[test]
fn a_training_there_ends_in_a_registered_adapter_here() {
    let Some(place) = Place::new() else { return };
    let arguments = place.training("tickets-1", &json!({"steps": 12}));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--wait"]).collect();
    let answer = place.world.fts.run(&[&["--json"], arguments.as_slice()].concat());
    assert_eq!(answer.code, 0, "{} {}", answer.out, answer.err);
    let run: Value = serde_json::from_str(&answer.out).expect("a run");
    let id = run["id"].as_str().expect("an id");
    place.assert_one_adapter(id);
    let report = place.report(id);
    assert_eq!(report["account"]["step"], 12);
    assert_eq!(report["account"]["series"][0]["points"].as_array().map(Vec::len), Some(12));
    assert_eq!(
        (&report["elsewhere"]["name"], &report["elsewhere"]["phase"]),
        (&json!("box"), &json!("done"))
    );
    assert_eq!(report["elsewhere"]["left_there"], Value::Null);
    // The MLflow of this machine is out of reach there, so it is written here.
    let logged = json!([{"job": null, "uri": report["specification"]["tracking"]["uri"], "experiment_id": "1", "run_id": id}]);
    assert_eq!(report["account"]["tracked"], logged);
    assert!(report["elsewhere"]["sent"].as_u64() > Some(0), "{report}");
    assert_eq!(place.logged_steps(id), (1..=12).collect::<Vec<_>>());
    // Its folder there has served its purpose. What it was made from is not sent again.
    assert!(!place.there(id).exists());
    assert!(fs::read_dir(place.world.fts.path("there/data")).expect("content").count() > 0);
}

#[test]
fn results_may_take_longer_than_a_look_at_the_run() {
    let Some(place) = Place::new() else { return };
    // The run is looked at four times a second.
    let bytes = 256 << 20;
    let id = place.train("tickets-1", &json!({"steps": 2, "weighs": bytes}));
    let run = place.until_over(&id);
    assert_eq!(run["state"], "succeeded", "{run}");
    place.assert_one_adapter(&id);
    let more = place.world.folder(&id).join("output/adapter/more.bin");
    assert_eq!(more.metadata().expect("the whole adapter").len(), bytes);
}

#[test]
fn an_evaluation_there_has_its_results_here() {
    let Some(place) = Place::new() else { return };
    let world = &place.world;
    let id = place.train("tickets-1", &json!({}));
    place.until_over(&id);
    let adapter = world.fts.get("fine_tuning_jobs", &id)["adapter_id"].clone();
    let fields = json!({
        "dataset_id": world.dataset, "prompt_id": world.prompt,
        "model_adapter_combinations": [
            {"base_model_id": world.model}, {"base_model_id": world.model, "adapter_id": adapter},
        ],
    });
    let run = world.fts.json(&["evaluate", "--target", "box", "--wait", "--data", &fields.to_string()]);
    assert_eq!(run["state"], "succeeded", "{run}");
    let results = world.fts.json(&["results", run["id"].as_str().expect("an id")]);
    assert_eq!(results["total"], 3);
    for row in results["rows"].as_array().expect("rows") {
        assert_eq!(row["answers"][1]["output"], row["expected"]);
    }
}

#[test]
fn a_worker_that_is_killed_there_is_lost_with_its_last_words() {
    let Some(place) = Place::new() else { return };
    let id = place.train("tickets-1", &json!({"at": 7, "misfortune": "vanish"}));
    let run = place.until_over(&id);
    assert_eq!(run["state"], "lost", "{run}");
    assert!(run["note"].as_str().expect("a note").contains("Killed, or so it seems"), "{run}");
    // It goes on from the checkpoint that lies there.
    let again = place.world.fts.json(&["retry", &id, "--wait"]);
    assert_eq!((&again["state"], &again["attempt"]), (&json!("succeeded"), &json!(2)), "{again}");
    assert_eq!(place.logged_steps(&id), [1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10]);
    place.assert_one_adapter(&id);
}

#[test]
fn half_an_event_of_a_killed_worker_does_not_spoil_those_of_the_next_attempt() {
    let Some(place) = Place::new() else { return };
    let id = place.train("tickets-1", &json!({"at": 8, "misfortune": "half_line"}));
    assert_eq!(place.until_over(&id)["state"], "lost");
    assert_eq!(place.world.fts.json(&["retry", &id, "--wait"])["state"], "succeeded");
    let points = place.report(&id)["account"]["series"][0]["points"].clone();
    assert_eq!(points.as_array().map(Vec::len), Some(10), "{points}");
}

#[test]
fn a_run_whose_folder_there_was_deleted_is_lost_for_that_reason() {
    let Some(place) = Place::new() else { return };
    let id = place.train("tickets-1", &json!({"steps": 100_000, "pause_ms": 20, "deaf": true}));
    let mut watching = place.watch(&id);
    place.until_step(&id, 1);
    let moved = place.there(&id).with_extension("moved");
    fs::rename(place.there(&id), &moved).expect("a folder can be moved");
    for process in processes_in(&moved) {
        Command::new("kill").args(["-9", &process]).status().expect("a process can be killed");
    }
    watching.wait().expect("it ends");
    let run = place.until_over(&id);
    assert_eq!(run["state"], "lost", "{run}");
    assert!(run["note"].as_str().expect("a note").starts_with("Its folder on box is gone."), "{run}");
}

#[test]
fn a_run_works_on_the_gpu_that_nobody_uses() {
    let worker = "#!/bin/sh\necho \"GPUs $CUDA_VISIBLE_DEVICES, $CUDA_DEVICE_ORDER\"\nwhile [ \"$1\" != run ]; do \
                  shift; done\nexec \"FAKE\" \"$@\"\n";
    let Some(place) = Place::on(Fts::new(), worker) else { return };
    place.world.fts.script("nvidia-smi", "#!/bin/sh\necho '0, 1000'\necho '1, 80000'\n");
    let path = format!("{}:/usr/bin:/bin", place.world.fts.path(""));
    place.sshd.log_in(&Login { path: Some(path), ..Login::default() });
    let id = place.train("tickets-1", &json!({"steps": 2}));
    assert_eq!(place.until_over(&id)["state"], "succeeded");
    let log = fs::read_to_string(place.world.folder(&id).join("log.txt")).expect("a log");
    assert!(log.starts_with("GPUs 1, PCI_BUS_ID\n"), "{log}");
}

#[test]
fn what_a_target_refuses_is_said_and_can_be_put_right() {
    let Some(place) = Place::new() else { return };
    place.sshd.forget_host_key();
    let arguments = place.training("tickets-1", &json!({}));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--wait"]).collect();
    let answer = place.world.fts.run(&[&["--json"], arguments.as_slice()].concat());
    let run: Value = serde_json::from_str(&answer.out).expect("a run");
    assert_eq!((answer.code, &run["state"]), (1, &json!("failed")), "{run}");
    place.sshd.know_host_key();
    let again = place.world.fts.json(&["retry", run["id"].as_str().expect("an id"), "--wait"]);
    assert_eq!(again["state"], "succeeded", "{again}");
}

#[test]
fn an_unknown_target_is_refused_before_anything_is_made() {
    let Some(place) = Place::new() else { return };
    let fields = place.world.training("tickets-1", &json!({})).to_string();
    let refusal = place.world.fts.refused(&["train", "--target", "nowhere", "--data", &fields]);
    assert_eq!(refusal.code, "invalid");
    assert!(refusal.message.contains("nowhere"), "{}", refusal.message);
    assert_eq!(place.world.fts.count("fine_tuning_jobs"), 0);
}

#[test]
fn what_stays_there_of_a_run_is_as_the_person_says() {
    let Some(place) = Place::new() else { return };
    let fts = &place.world.fts;
    let config = place.sshd.config().display().to_string();
    let python = fts.path("python-there");
    let folder = fts.path("there");
    let keep = |keep: &str| {
        fts.json(&["target", "remove", "box"]);
        let target = ["target", "add", "box", "--kind", "ssh", "--host", "box", "--ssh-config", &config];
        let option = format!("keep={keep}");
        fts.json(&[&target[..], &["--folder", &folder, "--python", &python, "--option", &option]].concat())
    };
    let run = |name: &str| {
        let id = place.train(name, &json!({"steps": 3}));
        assert_eq!(place.until_over(&id)["state"], "succeeded");
        place.there(&id)
    };
    let home = |run: &std::path::Path| run.join(".results-fetched");
    let of_before = |run: &std::path::Path, days: u64| {
        let time = std::time::SystemTime::now() - std::time::Duration::from_secs(days * 86_400 + 60);
        let mark = fs::File::options().write(true).open(home(run)).expect("its mark");
        mark.set_modified(time).expect("a time for the test");
    };
    let target = keep("everything");
    let (kept, other) = (run("one"), run("two"));
    assert!(kept.join("output/adapter").is_dir() && other.is_dir());
    of_before(&kept, 400);
    // What another studio keeps is no matter of this one.
    fs::write(home(&other), "another studio's target").expect("another mark");
    of_before(&other, 400);
    // A target that is added again has another id, so runs of the former one stay, too.
    let three = {
        keep("7");
        run("three")
    };
    assert!(kept.is_dir(), "it is of the target {}", target["id"]);
    of_before(&three, 6);
    let four = run("four");
    assert!(three.is_dir(), "six days are less than seven");
    of_before(&three, 7);
    let failed = place.train("five", &json!({"at": 3, "misfortune": "fail"}));
    assert_eq!(place.until_over(&failed)["state"], "failed");
    let six = run("six");
    assert!(!three.exists() && four.is_dir() && six.is_dir() && kept.is_dir() && other.is_dir());
    assert!(place.there(&failed).is_dir(), "Retry goes on from its checkpoint");
    assert_eq!(fts.run(&["target", "add", "x", "--option", "keep"]).code, 2);
    let wrong = ["target", "add", "x", "--kind", "ssh", "--host", "box", "--folder", "~/x", "--option"];
    for text in ["keep=0", "keep=some", "keep="] {
        assert_eq!(fts.refused(&[&wrong[..], &[text]].concat()).columns, ["keep"], "{text}");
    }
}

//! What was trained here, written for other programs.

use std::{
    fs::{self, File},
    io::Write as _,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::Path,
    thread,
};

use serde_json::{Value, json};
use stories::{Disk, fts::Answer, wait};

use crate::{recipe::RECIPE, world::World};

/// The edges of a lineage: the ids of both ends, and the role.
fn edges(lineage: &Value) -> Vec<[String; 3]> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let edges = lineage["edges"].as_array().expect("edges").iter();
    edges.map(|edge| [text(&edge["from"]["id"]), text(&edge["to"]["id"]), text(&edge["role"])]).collect()
}

/// An adapter, trained as shortly as it can be.
fn trained(world: &World) -> String {
    let training = world.train(&world.training("labels", &json!({"num_train_epochs": 1})));
    let adapter = world.fts.get("fine_tuning_jobs", &training)["adapter_id"].clone();
    adapter.as_str().expect("an adapter").to_owned()
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The states of the exports.
fn states(world: &World) -> Vec<String> {
    let runs = world.fts.json(&["runs"]);
    let runs = runs.as_array().expect("runs").iter().map(|summary| &summary["run"]);
    let exports = runs.filter(|run| run["kind"] == "export");
    exports.map(|run| run["state"].as_str().expect("a state").to_owned()).collect()
}

#[test]
fn of_two_exports_to_one_place_one_is_kept() {
    let world = World::new();
    let adapter = trained(&world);
    world.fts.json(&["queue", "--at-once", "2"]);
    let to = world.fts.path("out/merged");
    let merge = ["--json", "adapter", "merge", &adapter, "--to", &to];
    let answers: Vec<Answer> = thread::scope(|scope| {
        let both = [0, 1].map(|_| scope.spawn(|| world.fts.run(&merge)));
        both.map(|one| one.join().expect("an answer")).into()
    });
    let (kept, refused): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.code == 0);
    assert_eq!((kept.len(), refused.len()), (1, 1), "{answers:?}");
    // Said when it is planned, or by the worker where both were planned at the same time.
    let said = ["Another export writes there.", "exists already.", "already holds something."];
    assert!(said.iter().any(|said| refused[0].err.contains(said)), "{answers:?}");
    // What is there is that of one of them, whole.
    let report: Value = serde_json::from_str(&kept[0].out).expect("a report");
    let files = report["files"].as_array().expect("files").iter();
    let mut reported: Vec<&str> = files.map(|file| file["path"].as_str().expect("a path")).collect();
    reported.sort_unstable();
    assert_eq!(names(to.as_ref()), reported);
    assert_eq!(names(world.fts.path("out").as_ref()), ["merged"]);
    assert_eq!(states(&world).iter().filter(|state| *state == "succeeded").count(), 1);
}

#[test]
fn a_disk_that_fills_while_a_model_is_written_keeps_nothing_of_it() {
    let Some(disk) = Disk::new(96 << 20) else { return };
    let world = World::new();
    let adapter = trained(&world);
    let to = disk.path("merged");
    let merge = ["--json", "adapter", "merge", &adapter, "--to", &to];
    // There is room when it is planned, and when the worker looks for that of the weights; what comes beside them
    // has none.
    world.fts.json(&["queue", "--pause"]);
    let answer = thread::scope(|scope| {
        let merged = scope.spawn(|| world.fts.run(&merge));
        // Whatever happens, nothing waits for ever.
        let filled = catch_unwind(AssertUnwindSafe(|| {
            wait::until("an export in the queue", || (!states(&world).is_empty()).then_some(()));
            let weights = fs::metadata(RECIPE.join("model/model.safetensors")).expect("weights").len();
            let ballast = File::create(disk.path("ballast")).expect("a file");
            let block = vec![0; 1 << 16];
            while (&ballast).write_all(&block).is_ok() {}
            let full = ballast.metadata().expect("the ballast").len();
            ballast.set_len(full - weights.next_multiple_of(4096)).expect("some of it is given back");
        }));
        world.fts.json(&["queue", "--resume"]);
        let answer = merged.join().expect("an answer");
        filled.unwrap_or_else(|why| resume_unwind(why));
        answer
    });
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(answer.err.contains("The disk is full."), "{answer:?}");
    assert_eq!(names(disk.path("").as_ref()), ["ballast"]);
    assert_eq!(world.fts.count("models"), 1);

    fs::remove_file(disk.path("ballast")).expect("room again");
    let report = world.fts.json(&merge[1..]);
    assert_eq!(report["checks"][0]["passed"], true, "{report}");
    assert_eq!(names(disk.path("").as_ref()), ["merged"]);
}

#[test]
fn a_merged_model_is_registered_with_its_lineage_and_answers_as_the_adapter() {
    let world = World::new();
    let training = world.train(&world.training("labels", &json!({"num_train_epochs": 2})));
    let adapter = world.fts.get("fine_tuning_jobs", &training)["adapter_id"].clone();
    let id = adapter.as_str().expect("an adapter");
    let to = world.fts.path("exported/merged");
    let merge = ["adapter", "merge", id, "--to", &to];

    let plan = world.fts.json(&[&merge[..], &["--dry-run"]].concat());
    assert_eq!((&plan["problems"], &plan["samples_of"]), (&json!([]), &json!("labels")), "{plan}");
    assert!(!fs::exists(&to).expect("a look"));
    let report = world.fts.json(&[&merge[..], &["--register"]].concat());
    let check = &report["checks"][0];
    assert_eq!((&check["passed"], &report["output"]), (&json!(true), &json!(to)), "{report}");
    let effect = report["facts"]["adapter_effect"].as_f64().expect("an effect");
    assert!(check["value"].as_f64() < Some(1e-3) && effect > 0.1, "{report}");

    let models = world.fts.json(&["list", "models"]);
    let model =
        models["rows"].as_array().expect("rows").iter().find(|model| model["location"] == to.as_str());
    let model = model.unwrap_or_else(|| panic!("{models}"))["id"].as_str().expect("an id").to_owned();
    let lineage = world.fts.json(&["lineage", "models", &model]);
    let found = edges(&lineage);
    assert!(found.contains(&[id, &model, "Merged"].map(str::to_owned)), "{lineage}");
    assert!(found.contains(&[&world.model, id, "Base model"].map(str::to_owned)), "{lineage}");

    let refused = world.fts.refused(&merge);
    assert!(refused.message.contains("exists already"), "{}", refused.message);
    let both = json!([{"base_model_id": world.model, "adapter_id": adapter}, {"base_model_id": model}]);
    let evaluation = world.evaluate(&both, &json!({"prompt_id": world.prompt}));
    let [with_adapter, merged] = [0, 1].map(|place| world.exact_match(&evaluation, place));
    assert!(with_adapter > 0.5 && with_adapter == merged, "{with_adapter} {merged}");

    // The export stays without its adapter, until it is removed by itself.
    world.fts.json(&["delete", "adapters", id, "--dependents", "detach"]);
    let exports = |runs: &Value| -> Vec<Value> {
        let runs = runs.as_array().expect("runs").iter().map(|summary| summary["run"].clone());
        runs.filter(|run| run["kind"] == "export").collect()
    };
    let [export] = exports(&world.fts.json(&["runs"])).try_into().expect("one export");
    world.fts.json(&["run", "remove", export["id"].as_str().expect("an id")]);
    assert_eq!(exports(&world.fts.json(&["runs"])), Vec::<Value>::new());
    assert!(fs::exists(&to).expect("a look"));
}

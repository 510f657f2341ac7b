//! Exports that are carried out on a target and come here.

use std::{fs, path::Path};

use serde_json::{Value, json};
use stories::{samples, wait};

use crate::place::Place;

/// An adapter of the studio's model.
fn adapter(place: &Place) -> String {
    let fts = &place.world.fts;
    let folder = fts.path("adapter");
    samples::adapter(folder.as_ref(), &fts.path("model"));
    let fields = json!({
        "type": "project", "name": "Labels", "location": folder, "model_id": place.world.model,
    });
    fts.create("adapters", &fields)
}

/// The one export that is not over.
fn exporting(place: &Place) -> String {
    wait::until("an export", || {
        let runs = place.world.fts.json(&["runs"]);
        let run = &runs.as_array()?.first()?["run"];
        Some(run["id"].as_str()?.to_owned())
    })
}

#[test]
fn what_is_merged_there_lies_here_as_if_it_were_merged_here() {
    for place in Place::new().into_iter().chain(Place::on_slurm(1, &[])) {
        let (fts, adapter) = (&place.world.fts, adapter(&place));
        let merged = |to: &str, more: &[&str]| {
            let to = fts.path(to);
            let mut report = fts.json(&[&["adapter", "merge", &adapter, "--to", &to], more].concat());
            assert_eq!(report["output"], to.as_str(), "{report}");
            report["output"] = Value::Null;
            (report, fs::read(Path::new(&to).join("model.safetensors")).expect("weights"))
        };
        // A folder that is not there yet is made for it.
        let there = merged("exported/there", &["--target", "box", "--register"]);
        assert_eq!(there, merged("exported/here", &[]));
        let names: Vec<_> = fs::read_dir(fts.path("exported"))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(names.len(), 2, "{names:?}");
        let models = fts.json(&["list", "models"]);
        let registered = models["rows"].as_array().expect("rows").iter();
        let places: Vec<&Value> = registered.map(|model| &model["location"]).collect();
        assert!(places.contains(&&json!(fts.path("exported/there"))), "{places:?}");
        let runs = fts.json(&["runs"]);
        let run = runs.as_array().expect("runs").iter().find(|one| !one["run"]["target"].is_null());
        let id = run.expect("a run there")["run"]["id"].as_str().expect("an id").to_owned();
        assert_eq!(place.report(&id)["account"]["report"]["output"], fts.path("exported/there").as_str());
        // By the rule of the target nothing of it is kept there.
        assert!(!place.there(&id).exists());
    }
}

#[test]
fn what_can_not_be_done_there_is_said_before_anything_is_sent() {
    let Some(place) = Place::new() else { return };
    let (fts, adapter) = (&place.world.fts, adapter(&place));
    let to = fts.path("exported.gguf");
    let gguf = ["adapter", "gguf", &adapter, "--to", &to, "--target"];
    for (arguments, why) in [
        (&[gguf.as_slice(), &["nowhere"]].concat(), "nowhere"),
        (&[gguf.as_slice(), &["box"]].concat(), "Check it first"),
        (
            &["adapter", "register", &adapter, "--name", "labels", "--target", "box"].to_vec(),
            "does not reach the MLflow of this machine",
        ),
        (
            &["adapter", "ollama", &adapter, "--to", &fts.path("folder"), "--create", "--target", "box"]
                .to_vec(),
            "does not reach the Ollama of this machine",
        ),
    ] {
        let refused = fts.refused(arguments);
        let said = format!("{} {}", refused.message, refused.hint.unwrap_or_default());
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(fts.json(&["runs"]), json!([]));
    assert!(!Path::new(&fts.path("there")).exists());
}

#[test]
fn a_stop_and_a_place_that_is_taken_meanwhile_leave_what_is_there_as_it_is() {
    let Some(place) = Place::new() else { return };
    let (fts, adapter) = (&place.world.fts, adapter(&place));
    let (to, go_on) = (fts.path("merged"), fts.path("go-on"));
    let name = format!("until {go_on}");
    let merge = ["adapter", "merge", &adapter, "--to", &to, "--name", &name, "--target", "box"];
    let mut merging = place.world.start(&merge);
    let id = exporting(&place);
    place.until(&id, "its worker", |report| report["run"]["state"] == "running");
    fts.json(&["stop", &id]);
    merging.wait().expect("it ends");
    let run = place.report(&id)["run"].clone();
    assert_eq!((&run["state"], &run["note"]), (&json!("stopped"), &json!("It stopped as asked.")));
    assert!(!Path::new(&to).exists());

    let mut retrying = place.world.start(&["run", "retry", &id, "--wait"]);
    place.until(&id, "its worker", |report| report["run"]["state"] == "running");
    fs::create_dir(&to).expect("a folder");
    fs::write(format!("{to}/note"), "mine").expect("a file");
    fts.file("go-on", "");
    retrying.wait().expect("it ends");
    let run = place.report(&id)["run"].clone();
    let note = run["note"].as_str().expect("a note");
    assert!(run["state"] == "stopped" && note.contains("already holds something"), "{run}");
    assert_eq!(fs::read_dir(&to).expect("a folder").count(), 1);
    assert!(place.there(&id).join("output/merged/model.safetensors").is_file());

    fs::remove_dir_all(&to).expect("a folder that is removed");
    let run = fts.json(&["run", "retry", &id, "--wait"]);
    assert_eq!(run["state"], "succeeded", "{run}");
    assert!(Path::new(&to).join("model.safetensors").is_file());
}

#[test]
fn a_cut_line_keeps_no_export_from_its_place() {
    let Some(mut place) = Place::new() else { return };
    let (adapter, to) = (adapter(&place), place.world.fts.path("merged"));
    let go_on = place.world.fts.path("go-on");
    let name = format!("until {go_on}");
    let mut merging =
        place.world.start(&["adapter", "merge", &adapter, "--to", &to, "--name", &name, "--target", "box"]);
    let id = exporting(&place);
    place.until(&id, "its worker", |report| report["run"]["state"] == "running");
    place.sshd.stop();
    place.world.fts.file("go-on", "");
    place.until(&id, "the mark", |report| !report["elsewhere"]["unreachable_since"].is_null());
    assert!(!Path::new(&to).exists());
    place.sshd.restart();
    assert!(merging.wait().expect("it ends").success());
    assert!(Path::new(&to).join("model.safetensors").is_file());
    // An export that did not succeed is retried at another place as well.
    let refused = place.world.fts.refused(&["run", "retry", &id, "--here"]);
    assert!(refused.message.contains("succeeded"), "{}", refused.message);
}

//! Targets on the command line: described, checked, confirmed, and planned for by what is there.

use std::fs;

use serde_json::{Value, json};
use stories::Fts;
use test_hosts::{Login, Sshd};

use crate::world::World;

/// An interpreter that answers as one with everything that training needs would.
const COMPLETE: &str = r#"#!/bin/sh
cat > /dev/null
echo '{"python": "3.11.9", "executable": "'"$0"'", "missing": [],
"packages": {"torch": "2.9", "transformers": "5.0", "bitsandbytes": "0.5"}, "accelerators": [
{"kind": "cuda", "name": "H100", "memory_bytes": 85899345920, "bfloat16": true, "quantizes": true},
{"kind": "cuda", "name": "H100", "memory_bytes": 85899345920, "bfloat16": true, "quantizes": true}]}' | tr -d '\n'
"#;

/// The arguments that add the target `box` with that Python.
fn add<'a>(sshd: &Sshd, folder: &'a str, python: &'a str) -> Vec<String> {
    let config = sshd.config().display().to_string();
    let ssh = ["target", "add", "box", "--kind", "ssh", "--host", Sshd::HOST, "--ssh-config", &config];
    ssh.iter().chain(&["--folder", folder, "--python", python]).map(|text| (*text).to_owned()).collect()
}

fn run(fts: &Fts, arguments: &[String]) -> Value {
    fts.json(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A check of the target `box`: its exit code and what it found.
fn check(fts: &Fts, further: &[&str]) -> (i32, Value) {
    let answer = fts.run(&[&["--json", "target", "check", "box"], further].concat());
    let found = serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{answer:?}"));
    (answer.code, found)
}

/// The sentences of a level.
fn said(found: &Value, level: &str) -> String {
    let findings = found["findings"].as_array().expect("findings").iter();
    let texts =
        findings.filter(|finding| finding["level"] == level).filter_map(|finding| finding["text"].as_str());
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_target_is_added_shown_and_removed() {
    let fts = Fts::new();
    let target = ["target", "add", "Cluster", "--kind", "slurm", "--host", "login", "--folder", "~/studio"];
    let options =
        ["--option", "partition=gpu", "--option", "setup=module load a", "--option", "setup=module load b"];
    let added = fts.json(&[&target[..], &options].concat());
    assert_eq!(added["settings"]["options"]["setup"], "module load a\nmodule load b");
    assert_eq!(added["confirmed"], true);
    assert_eq!(fts.refused(&target).code, "conflict");
    let again = ["target", "add", "x", "--kind", "ssh", "--host=-oProxyCommand=x", "--folder", "studio"];
    assert_eq!(fts.refused(&again).columns, ["host", "folder"]);
    assert_eq!(fts.run(&["target", "add", "x", "--option", "colour=red"]).code, 2);
    let shown = fts.run(&["target", "show", "cluster"]).out;
    for text in ["login", "--partition=gpu", "module load b"] {
        assert!(shown.contains(text), "{text} is not in {shown}");
    }
    assert!(fts.run(&["target", "list"]).out.contains("Cluster"));
    fts.json(&["target", "remove", "CLUSTER"]);
    assert_eq!(fts.refused(&["target", "show", "Cluster"]).code, "not_found");
}

#[test]
fn a_check_says_what_is_there_and_changes_nothing() {
    let Some(sshd) = Sshd::start() else { return };
    let fts = Fts::new();
    let (folder, python) = (fts.path("there"), fts.script("python-there", COMPLETE));
    run(&fts, &add(&sshd, &folder, &python));
    let (code, found) = check(&fts, &[]);
    assert_eq!(
        (code, found["can_run"].clone(), found["reachable"].clone()),
        (0, true.into(), true.into()),
        "{found}"
    );
    assert!(said(&found, "fine").contains("PyTorch 2.9"), "{found}");
    assert!(!fs::exists(&folder).expect("the folder's parent"), "the check made the folder");
    assert_eq!(fts.json(&["target", "show", "box"])["last_check"]["check"], found);

    // A GPU that another program uses is a remark.
    fts.script("nvidia-smi", "#!/bin/sh\necho 'H100, 81559, 1000'\n");
    let path = format!("{}:{}", fts.path(""), std::env::var("PATH").expect("a path"));
    sshd.log_in(&Login { path: Some(path), noise: Some("Welcome!\n".to_owned()), ..Login::default() });
    let (code, found) = check(&fts, &[]);
    assert_eq!((code, found["gpus"][0]["name"].as_str()), (0, Some("H100")));
    assert!(said(&found, "remark").contains("another program uses it"), "{found}");

    // An interpreter that lacks something is not enough, and one that can't be started.
    let lacking = COMPLETE.replace("\"missing\": []", "\"missing\": [\"peft\"]");
    fts.script("python-there", lacking);
    let (code, found) = check(&fts, &[]);
    assert_eq!(code, 1);
    assert!(said(&found, "problem").contains("has not everything that training needs: peft"), "{found}");
    fts.script("python-there", "#!/bin/sh\necho 'no such luck' >&2\nexit 1\n");
    assert!(said(&check(&fts, &[]).1, "problem").contains("no such luck"));
}

#[test]
fn a_machine_on_which_training_can_t_run_is_refused_before_anything_is_sent() {
    // Read by every Python there before its program: a system as Alpine Linux is one.
    let fts = Fts::new();
    fts.file("sitecustomize.py", "import platform\nplatform.libc_ver = lambda *_: ('musl', '1.2.5')\n");
    let Some(sshd) = Sshd::start_with(&[&format!("SetEnv PYTHONPATH={}", fts.path(""))]) else { return };
    let folder = fts.path("there");
    run(&fts, &add(&sshd, &folder, &fts.script("python-there", COMPLETE)));
    let problem = |found: &Value| {
        let findings = found["findings"].as_array().expect("findings");
        let problem = findings.iter().find(|finding| finding["level"] == "problem").expect("a problem");
        let text = |field: &str| problem[field].as_str().expect("a text").to_owned();
        (text("text"), text("hint"))
    };
    let (code, found) = check(&fts, &[]);
    let (text, hint) = problem(&found);
    assert_eq!((code, text.contains("musl 1.2.5"), hint.contains("glibc")), (1, true, true), "{found}");

    let programs = fts.path("programs");
    fs::create_dir(&programs).expect("a folder");
    std::os::unix::fs::symlink("/bin/sh", format!("{programs}/sh")).expect("a shell");
    sshd.log_in(&Login { path: Some(programs), ..Login::default() });
    let (code, found) = check(&fts, &[]);
    let (text, hint) = problem(&found);
    assert_eq!((code, text.as_str()), (1, "box has no python3 on the path of its logins."), "{found}");
    assert!(hint.contains("name an interpreter"), "{hint}");
    assert!(!fs::exists(&folder).expect("the folder's parent"), "the check made the folder");
}

#[test]
fn a_host_is_the_one_that_a_person_knows() {
    let Some(mut sshd) = Sshd::start() else { return };
    let fts = Fts::new();
    run(&fts, &add(&sshd, &fts.path("there"), &fts.script("python-there", COMPLETE)));
    sshd.forget_host_key();
    let fingerprint = sshd.fingerprint();
    let (code, found) = check(&fts, &[]);
    assert_eq!((code, found["host_key"]["fingerprint"].as_str()), (1, Some(fingerprint.as_str())));
    assert_eq!(found["host_key"]["known"], false);
    let (code, found) = check(&fts, &["--accept-host-key", "SHA256:of-another-host"]);
    assert_eq!(code, 1);
    assert!(said(&found, "problem").contains("is not the accepted one"), "{found}");
    assert_eq!(check(&fts, &["--accept-host-key", &fingerprint]).0, 0);
    assert_eq!(check(&fts, &[]).0, 0, "the key is known from then on");
    sshd.change_host_key();
    let (code, found) = check(&fts, &["--accept-host-key", &sshd.fingerprint()]);
    assert_eq!((code, found["reachable"].clone()), (1, false.into()));
    assert!(said(&found, "problem").contains("another key than before"), "{found}");
    sshd.stop();
    assert_eq!(check(&fts, &[]).0, 1);
}

#[test]
fn a_target_that_came_with_a_snapshot_runs_nothing_before_it_is_confirmed() {
    let Some(sshd) = Sshd::start() else { return };
    let first = Fts::new();
    run(&first, &add(&sshd, &first.path("there"), &first.script("python-there", COMPLETE)));
    let snapshot = first.path("all.json");
    first.json(&["snapshot", "export", &snapshot]);
    let world = World::new();
    let fts = &world.fts;
    let plan = fts.run(&["snapshot", "import", &snapshot, "--dry-run"]).out;
    assert!(plan.contains("Compute targets"), "{plan}");
    fts.json(&["snapshot", "import", &snapshot]);
    let refused = fts.refused(&["target", "check", "box"]);
    assert!(refused.message.contains("is not confirmed"), "{refused:?}");
    assert!(refused.hint.is_some_and(|hint| hint.contains("fts target confirm")));
    let fields = world.training("tuned", &json!({})).to_string();
    let training = ["train", "--target", "box", "--data", &fields];
    assert!(fts.refused(&training).message.contains("is not confirmed"));
    // Without a terminal nobody is asked, and what it would run is printed.
    let unasked = fts.run(&["target", "confirm", "box"]);
    assert!(unasked.code == 1 && unasked.out.contains("python-there"), "{unasked:?}");
    fts.json(&["target", "confirm", "box", "--yes"]);
    assert_eq!(check(fts, &[]).0, 0);
}

#[test]
fn a_plan_is_of_the_devices_there() {
    let Some(sshd) = Sshd::start() else { return };
    let world = World::new();
    let fts = &world.fts;
    run(fts, &add(&sshd, &fts.path("there"), &fts.script("python-there", COMPLETE)));
    let mut fields = world.training("tuned", &json!({}));
    let plan = |fields: &Value, further: &[&str]| {
        let fields = fields.to_string();
        let answer = fts.run(&[&["--json", "train", "--dry-run", "--data", &fields], further].concat());
        serde_json::from_str::<Value>(&answer.out).unwrap_or_else(|_| panic!("{answer:?}"))
    };
    let there = ["--target", "box"];
    let unchecked = plan(&fields, &there);
    assert!(unchecked["warnings"].to_string().contains("was not checked yet"), "{unchecked}");
    assert_eq!((&unchecked["problems"], &unchecked["quantizes"]), (&json!([]), &json!(true)));
    check(fts, &[]);
    let planned = plan(&fields, &there);
    assert_eq!(planned["problems"], json!([]));
    assert!(!planned["warnings"].to_string().contains("box"), "{planned}");
    assert_eq!(
        (&planned["device"], &planned["memory_bytes"]),
        (&json!("box: H100"), &json!(85_899_345_920_u64))
    );
    assert_eq!(planned["gpus"].as_array().map(Vec::len), Some(2));
    fields["num_gpu"] = json!(3);
    assert!(plan(&fields, &there)["problems"].to_string().contains("3 GPUs are asked for, and 'box' has 2."));
    fields["num_gpu"] = json!(1);
    fields["model_bnb_config"] = json!("{\"load_in_4bit\": true}");
    assert_eq!(plan(&fields, &there)["problems"], json!([]));
    assert_eq!(plan(&fields, &there)["quantizes"], true);
}

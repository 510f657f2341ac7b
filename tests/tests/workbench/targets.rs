//! A workbench on the command line: described and checked.

use std::fs;

use fake_workbench::{FakeWorkbench, KEY};
use serde_json::Value;
use stories::Fts;

use crate::place::{add, run, runtime, studio};

/// A check of the target `bench`: its exit code and what it found.
fn check(fts: &Fts) -> (i32, Value) {
    let answer = fts.run(&["--json", "target", "check", "bench"]);
    assert!(!format!("{answer:?}").contains(KEY), "the key is shown");
    (answer.code, serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{answer:?}")))
}

/// The problems of a check, with their hints.
fn problems(found: &Value) -> String {
    let findings = found["findings"].as_array().expect("findings").iter();
    let problems = findings.filter(|finding| finding["level"] == "problem");
    problems.map(|problem| format!("{} {}", problem["text"], problem["hint"])).collect()
}

#[test]
fn a_workbench_is_added_and_checked_with_a_key_that_is_shown_nowhere() {
    let (there, fts) = (FakeWorkbench::new(), studio());
    // What a browser shows has a path, which is no part of the address.
    let mut arguments = add(&there, &[]);
    arguments[6].push_str("/ada/project");
    let added = run(&fts, &arguments);
    assert_eq!(added["settings"]["host"], there.address());
    assert_eq!(added["settings"]["folder"], "~/studio-runs");
    let (code, found) = check(&fts);
    assert!(code == 1 && problems(&found).contains("No runtime is chosen."), "{found}");
    let offered = found["workbench"]["runtimes"].as_array().expect("runtimes");
    assert!(offered.iter().any(|one| one["value"] == runtime(&there)), "{found}");
    fts.json(&["target", "remove", "bench"]);
    run(&fts, &add(&there, &[format!("runtime={}", runtime(&there)), "gpu_label=NVIDIA-L4".to_owned()]));
    let (code, found) = check(&fts);
    assert_eq!((code, problems(&found)), (0, String::new()), "{found}");
    assert_eq!((&found["processors"], &found["workbench"]["project"]), (&2.into(), &"Fine Tuning".into()));
    let shown = format!("{:?}", fts.run(&["target", "show", "bench"]));
    assert!(shown.contains("gpu_label=NVIDIA-L4") && shown.contains("python3 of the runtime"), "{shown}");
    for file in fs::read_dir(fts.path("")).expect("the studio's folder").flatten() {
        let content = fs::read(file.path()).unwrap_or_default();
        assert!(!content.windows(KEY.len()).any(|part| part == KEY.as_bytes()), "{}", file.path().display());
    }
}

#[test]
fn what_is_wrong_with_a_workbench_is_said_in_words() {
    let there = FakeWorkbench::new();
    let good = [format!("runtime={}", runtime(&there))];
    for (options, said) in [
        (vec!["runtime=nothing".to_owned()], "has no runtime 'nothing'"),
        (vec![good[0].clone(), "gpu_label=H100".to_owned()], "has no GPUs 'H100'"),
        (vec![good[0].clone(), "profile=500cpu,8gb".to_owned()], "The quota has 64 processors"),
        (vec![good[0].clone(), "addons=spark-1".to_owned()], "runtime addons are not available: spark-1"),
    ] {
        let fts = studio();
        run(&fts, &add(&there, &options));
        let (code, found) = check(&fts);
        assert!(code == 1 && problems(&found).contains(said), "{said}: {found}");
    }
    let fts = studio();
    run(&fts, &add(&there, &good));
    there.expire_key(true);
    let (_, found) = check(&fts);
    assert!(problems(&found).contains("key"), "{found}");
    there.expire_key(false);
    there.remove("projects", there.project());
    assert!(problems(&check(&fts).1).contains("project"), "{found}");
    let without_key = Fts::new().with_variable("CDSW_APIV2_KEY", "");
    run(&without_key, &add(&there, &good));
    let (_, found) = check(&without_key);
    assert!(problems(&found).contains("CDSW_APIV2_KEY"), "{found}");
    // The key of another workbench is not sent there.
    let elsewhere = studio().with_variable("CDSW_API_URL", "https://ml.example.com/api/v1");
    run(&elsewhere, &add(&there, &good));
    let before = there.requests().len();
    assert_eq!(check(&elsewhere).0, 1);
    assert_eq!(there.requests().len(), before);
}

#[test]
fn a_workbench_that_is_described_wrongly_is_refused() {
    let fts = studio();
    let refused =
        |arguments: &[&str]| fts.refused(&[&["target", "add", "bench", "--kind"], arguments].concat());
    assert_eq!(refused(&["cloudera", "--host", "ml.example.com"]).columns, ["host"]);
    assert_eq!(refused(&["cloudera", "--host", "https://ml.example.com"]).columns, ["project"]);
    let ssh = ["ssh", "--host", "box", "--folder", "~/x", "--option", "project=1a2b"];
    assert_eq!(refused(&ssh).columns, ["project"]);
    let key = fts.file("key.txt", "two words");
    let target = ["target", "add", "bench", "--kind", "cloudera", "--host", "https://ml.example.com"];
    let rest = ["--option", "project=1a2b", "--key-file", &key];
    fts.refused(&[&target[..], &rest].concat());
    assert_eq!(fts.json(&["target", "list"]).as_array().map(Vec::len), Some(0));
}

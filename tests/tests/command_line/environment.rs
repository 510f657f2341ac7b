//! Python: which there is, and which one is chosen.

use std::fs;

use stories::Fts;

/// A machine without any Python.
fn bare() -> Fts {
    let fts = Fts::new();
    let nothing = fts.path("nothing");
    let variables = ["PATH", "PYENV_ROOT", "HOME", "VIRTUAL_ENV", "CONDA_PREFIX"];
    let mut fts = variables.iter().fold(fts, |fts, name| fts.with_variable(name, nothing.clone()));
    for (name, folder) in [("XDG_DATA_HOME", "data"), ("FINE_TUNING_STUDIO_ENVIRONMENT", "python")] {
        let folder = fts.path(folder);
        fts = fts.with_variable(name, folder);
    }
    fts
}

#[test]
fn without_any_python_it_is_said_what_to_do() {
    let fts = bare();
    let report = fts.json(&["environment"]);
    assert_eq!(report["state"], "absent");
    assert_eq!(report["used"], serde_json::Value::Null);
    assert_eq!(report["why"], "There is no Python on this machine that can train.");
    assert!(report["hint"].as_str().unwrap().contains("fts env create"), "{report}");
    let printed = fts.run(&["environment"]);
    assert!(printed.out.contains("(Not created yet)"), "{}", printed.out);
    assert_eq!(
        (&report["axolotl"]["state"], report["axolotl"]["folder"].as_str()),
        (&"absent".into(), Some(&*format!("{}-axolotl", fts.path("python"))))
    );
    assert!(printed.out.contains("That for axolotl: "), "{}", printed.out);
    assert_eq!(report["gguf"]["folder"].as_str(), Some(&*format!("{}-gguf", fts.path("python"))));
    assert!(printed.out.contains("That for exports to GGUF: "), "{}", printed.out);

    let refused = fts.refused(&["environment", "create"]);
    assert_eq!(refused.code, "no_python");
    assert!(refused.hint.unwrap().starts_with("Install Python"));
    fts.json(&["environment", "remove"]);
    assert_eq!(fts.refused(&["environment", "create", "--for", "axolotl"]).code, "no_python");
    fts.json(&["environment", "remove", "--for", "axolotl"]);
    assert_eq!(fts.refused(&["environment", "create", "--for", "gguf"]).code, "no_python");
    assert_eq!(fts.run(&["environment", "create", "--for", "nothing"]).code, 2);
}

#[test]
fn what_is_no_python_is_not_chosen() {
    let fts = bare();
    let file = fts.file("notes.txt", "notes");
    let refused = fts.refused(&["environment", "use", &file]);
    assert_eq!((refused.code.as_str(), refused.columns), ("invalid", vec!["python".to_owned()]));
    assert!(refused.message.contains(&file), "{}", refused.message);
    assert!(!fs::exists(fts.path("config/fine-tuning-studio/settings.json")).unwrap());
    fts.json(&["environment", "use", "--managed"]);
    for wrong in [&["environment", "use"][..], &["environment", "use", &file, "--managed"]] {
        assert_eq!(fts.run(wrong).code, 2);
    }
}

#[test]
fn a_folder_of_somebody_elses_is_left_alone() {
    let fts = bare();
    fs::create_dir(fts.path("python")).unwrap();
    let mine = fts.file("python/thesis.txt", "mine");
    for command in ["create", "remove"] {
        assert_eq!(fts.refused(&["environment", command]).code, "conflict");
    }
    assert_eq!(fs::read_to_string(mine).unwrap(), "mine");
}

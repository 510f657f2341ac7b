//! The log file of `fts`.

use std::{fs, path::PathBuf};

use stories::{Fts, sqlite};

fn log(fts: &Fts) -> PathBuf {
    fts.path(".state/fine-tuning-studio/fts.log").into()
}

#[test]
fn a_command_is_logged_to_the_file_and_not_to_standard_error() {
    let fts = Fts::new();
    let answer = fts.run(&["model", "create", "--data", r#"{"huggingface_model_name": "acme/tiny"}"#]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let text = fs::read_to_string(log(&fts)).unwrap();
    assert!(text.contains("model create"), "{text}");
    assert!(!text.contains("acme/tiny"), "arguments are not logged: {text}");
}

#[test]
fn rust_log_sets_what_is_logged_and_shows_it() {
    let fts = Fts::new().with_variable("RUST_LOG", "studio=debug,sqlx=debug");
    let answer = fts.run(&["tags"]);
    assert_eq!(answer.code, 0);
    assert!(answer.err.contains("DEBUG"), "{}", answer.err);
    assert!(fs::read_to_string(log(&fts)).unwrap().contains("DEBUG"));

    let fts = Fts::new().with_variable("RUST_LOG", "off");
    assert_eq!(fts.run(&["tags"]).err, "");
    assert_eq!(fs::read_to_string(log(&fts)).unwrap(), "");
}

/// A database that refuses new tags for a reason that the program does not know.
fn refusing(fts: Fts) -> Fts {
    fts.json(&["tags"]);
    sqlite::execute(
        fts.db(),
        "CREATE TRIGGER broken BEFORE INSERT ON models BEGIN SELECT * FROM nowhere; END",
    );
    fts
}

const CREATE: [&str; 4] = ["create", "models", "--data", r#"{"huggingface_model_name": "acme/tiny"}"#];

#[test]
fn an_error_of_the_program_names_the_file_that_has_the_detail() {
    let fts = refusing(Fts::new());
    let refusal = fts.refused(&CREATE);
    assert_eq!(refusal.code, "internal");
    let hint = refusal.hint.unwrap();
    assert!(hint.contains(log(&fts).to_str().unwrap()), "{hint}");
    let text = fs::read_to_string(log(&fts)).unwrap();
    assert!(text.contains("ERROR") && text.contains("nowhere"), "{text}");
}

#[test]
fn without_a_folder_for_the_log_everything_else_works() {
    let fts = Fts::new();
    let file = fts.file("file", "not a folder");
    let fts = refusing(fts.with_variable("XDG_STATE_HOME", file));
    let refusal = fts.refused(&CREATE);
    assert_eq!(refusal.code, "internal");
    assert_eq!(refusal.hint.unwrap(), "Try again.");
}

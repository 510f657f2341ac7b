//! Several programs at work on one database wait for each other and lose nothing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;

use crate::world::{ROWS, assert_sound, first_edition, rows, start};

#[test]
fn creating_and_importing_at_once_loses_nothing() {
    const EACH: usize = 6;
    let fts = first_edition();
    // Ids of its own, so all of it is new.
    let more = rows("more", ROWS).to_string().replace("-", "-more-");
    let source = fts.file("more.json", more);
    thread::scope(|scope| {
        for writer in 0..4 {
            let fts = &fts;
            scope.spawn(move || {
                for at in 0..EACH {
                    let name = format!("acme/{writer}-{at}");
                    fts.create("models", &json!({"huggingface_model_name": name}));
                }
            });
        }
        scope.spawn(|| fts.json(&["import", &source]));
    });
    assert_eq!(fts.count("models"), (2 * ROWS + 4 * EACH) as u64);
    assert_eq!(fts.count("prompts"), (2 * ROWS) as u64);
    assert_sound(&fts, &["first.json", "more.json"]);
}

#[test]
fn two_imports_at_once_are_one_after_the_other() {
    let fts = first_edition();
    let [second, third] = ["second", "third"]
        .map(|edition| fts.file(&format!("{edition}.json"), rows(edition, ROWS).to_string()));
    thread::scope(|scope| {
        for source in [&second, &third] {
            let fts = &fts;
            scope.spawn(move || fts.json(&["import", source, "--on-conflict", "replace"]));
        }
    });
    let names = stories::sqlite::texts(fts.db(), "SELECT DISTINCT substr(name, 1, 5) FROM prompts");
    assert_eq!(names.len(), 1, "rows of both: {names:?}");
    assert_sound(&fts, &["first.json", "second.json", "third.json"]);
}

#[test]
fn lists_answer_while_an_import_runs() {
    let fts = first_edition();
    let source = fts.file("more.json", rows("more", 6 * ROWS).to_string().replace("-", "-more-"));
    let running = AtomicBool::new(true);
    let mut answered = 0;
    thread::scope(|scope| {
        let mut import = start(&fts, &["import", &source]);
        let running = &running;
        scope.spawn(move || {
            let status = import.wait().expect("the import ends");
            running.store(false, Ordering::SeqCst);
            assert!(status.success(), "the import failed");
        });
        while running.load(Ordering::SeqCst) {
            let total = fts.count("prompts");
            assert!([ROWS, 7 * ROWS].contains(&(total as usize)), "{total} rows: half an import");
            answered += u32::from(running.load(Ordering::SeqCst));
        }
    });
    assert!(answered > 0, "no list answered while the import ran");
    assert_eq!(fts.count("prompts"), (7 * ROWS) as u64);
}

#[test]
fn a_backup_during_writing_is_one_moment() {
    let fts = first_edition();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for at in 0..6 {
                fts.create("models", &json!({"huggingface_model_name": format!("acme/{at}")}));
            }
        });
        while !writer.is_finished() {
            fts.json(&["backup"]);
        }
    });
    assert_sound(&fts, &["first.json"]);
}

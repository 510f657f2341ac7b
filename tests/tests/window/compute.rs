//! A machine that is reached by SSH: a real server of this machine, where a worker pretends.

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::json;
use stories::{built, window::Window};
use test_hosts::Sshd;

use crate::runs::Studio;

/// A Python that says what it has, and carries out runs by the worker that pretends.
const PYTHON: &str = r#"#!/bin/sh
case " $* " in
*" run "*) ;;
*)
    cat > /dev/null
    echo '{"python": "3.11.9", "executable": "python-there", "packages": {"torch": "2.9.1"}, "missing": [], "accelerators": []}'
    exit
    ;;
esac
while [ "$1" != run ]; do shift; done
exec "FAKE" "$@"
"#;

#[tokio::test]
async fn a_machine_is_added_and_trained_on_though_the_line_is_cut() {
    let Some(mut sshd) = Sshd::start() else { return };
    sshd.forget_host_key();
    let studio = Studio::new();
    let fake = built::program("fake-worker");
    let python = studio.home.file("python-there", PYTHON.replace("FAKE", fake.to_str().unwrap()));
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    let config = json!({"fake": studio.held()}).to_string();
    let preset = json!({"type": "training_arguments", "description": "Held", "config": config});
    let preset = studio.home.fts(&["create", "configs", "--data", &preset.to_string()]);
    studio.home.fts(&["set-preset", preset["id"].as_str().unwrap()]);

    let window = Window::open(&studio.home).await;
    window.click("Compute").await;
    window.see("No other machine yet").await;
    window.click("Add target…").await;
    window.see_dialog().await;
    for (field, text) in [
        ("Name", "lab"),
        ("Host", Sshd::HOST),
        ("Folder there", studio.home.path("there").to_str().unwrap()),
        ("Python there", python.to_str().unwrap()),
        ("SSH configuration", sshd.config().to_str().unwrap()),
    ] {
        window.fill(field, text).await;
    }
    window.click("Add and check").await;
    window.see(&sshd.fingerprint()).await;
    window.click("They are the same").await;
    window.see("Runs can start there.").await;

    window.click("Training").await;
    window.click("Train…").await;
    window.choose("Base model", "Tiny").await;
    window.choose("Dataset", "Tickets").await;
    window.see_held("Adapter name", "tickets-tiny").await;
    window.choose("Settings to start from", "Held").await;
    window.choose("Runs on", "lab").await;
    window.see("Rows to train on 90").await;
    window.click("Start").await;
    window.see_page("tickets-tiny").await;
    window.see("Training on lab").await;
    window.see("Step 5 of 20").await;

    sshd.stop();
    window.see("lab: not reached since").await;
    window.see("Running").await;
    studio.open_gate();
    sshd.restart();
    window.see("Succeeded").await;
    window.see_no("not reached since").await;
    window.see("Evaluate this adapter").await;
    window.close().await;
    assert_eq!(studio.home.fts(&["list", "adapters"])["total"], 1);
}

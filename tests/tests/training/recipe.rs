//! A model, rows and settings with which an adapter learns in seconds what the base can't know.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use serde_json::Value;
use stories::{Fts, built};

/// What the recipe is made by: a change of any of these makes it anew.
const SOURCES: [&str; 5] = [
    "tiny_model.py",
    "recipe/make.py",
    "recipe/training_arguments.json",
    "recipe/lora.json",
    "recipe/generation.json",
];

/// The interpreter of the managed environment.
pub(crate) static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| {
    let report = Fts::new().json(&["environment"]);
    PathBuf::from(report["used"].as_str().unwrap_or_else(|| panic!("no Python can train: {report}")))
});

/// The folder with the recipe, which all stories share: the same comes out every time.
pub(crate) static RECIPE: LazyLock<PathBuf> = LazyLock::new(|| {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/worker/tests");
    let source = |name: &&str| fs::read_to_string(tests.join(name)).expect("a source of the recipe");
    let sources: String = SOURCES.iter().map(source).collect();
    let folder = built::made("recipe");
    let turn = File::create(folder.with_extension("lock")).expect("a lock file");
    turn.lock().expect("this story's turn");
    let stamp = folder.join("made-of");
    if fs::read_to_string(&stamp).is_ok_and(|made_of| made_of == sources) {
        return folder;
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an older recipe can be taken away");
    }
    python(&["-B", &text(&tests.join("recipe/make.py")), &text(&folder)]);
    fs::write(stamp, sources).expect("the recipe is marked as made");
    folder
});

/// A file of the recipe as JSON.
pub(crate) fn settings(name: &str) -> Value {
    let file = fs::read_to_string(RECIPE.join(name)).expect("a file of the recipe");
    serde_json::from_str(&file).expect("JSON")
}

/// Runs Python afresh in the managed environment, and returns what it prints.
pub(crate) fn python(arguments: &[&str]) -> String {
    said(Command::new(&*PYTHON).args(arguments))
}

/// The same with the client of OpenAI's API, which `cargo xtask test --training` installs.
pub(crate) fn python_with_client(arguments: &[&str]) -> String {
    said(Command::new(&*PYTHON).args(arguments).env("PYTHONPATH", built::made("client")))
}

fn said(command: &mut Command) -> String {
    command.env("OMP_NUM_THREADS", "1").env("HF_HUB_OFFLINE", "1");
    let output = command.output().expect("Python starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "Python failed: {said}");
    String::from_utf8(output.stdout).expect("Python speaks UTF-8")
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> String {
    path.to_str().expect("a path of plain text").to_owned()
}

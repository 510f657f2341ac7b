//! The programs under test, and a folder for what failed tests leave behind.

use std::env::{self, consts::EXE_SUFFIX};
use std::fs;
use std::path::PathBuf;

/// The path of a program of this workspace, built with the same profile as the tests.
pub fn program(name: &str) -> PathBuf {
    let path = profile_folder().join(format!("{name}{EXE_SUFFIX}"));
    assert!(
        path.is_file(),
        "{} is not built, and a test does not build it. Run `cargo xtask test`, or first \
         `cargo build --package {name}`.",
        path.display()
    );
    path
}

/// A folder for the pictures of failed journeys.
pub fn pictures() -> PathBuf {
    let folder = profile_folder().with_file_name("e2e");
    fs::create_dir_all(&folder).expect("the folder for pictures can be made");
    folder
}

/// Where the tests keep what takes long to make; it need not be there yet.
pub fn made(name: &str) -> PathBuf {
    let folder = profile_folder().with_file_name("training");
    fs::create_dir_all(&folder).expect("a folder for what is made");
    folder.join(name)
}

/// Test programs are built into `target/<profile>/deps`.
fn profile_folder() -> PathBuf {
    let test = env::current_exe().expect("a test knows its own path");
    test.ancestors().nth(2).expect("a test is in target/<profile>/deps").to_path_buf()
}

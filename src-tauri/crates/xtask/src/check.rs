//! `cargo xtask check`: formatting, lints, types and the policy on packages, with warnings as errors.

use std::{fs, io, path::PathBuf};

use anyhow::Result;

use crate::program::{cargo, run};
use crate::ruff::Ruff;
use crate::steps::Steps;
use crate::{needs, node, policy, repo, system};

pub(crate) fn check() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("Formatting", || {
        run(cargo().args(["fmt", "--all", "--check", "--"]).args(declared_by_a_macro()?))
    })?;
    steps.step("Python code", || Ruff::provide()?.check())?;
    steps.step("System packages", || system::provide(&[needs::BUILD]))?;
    steps.step("Packages of the UI", node::provide)?;
    steps.step("Lints and types of the UI", || run(node::npm().args(["run", "check"])))?;
    // The window embeds the built UI, so even its lints need it.
    steps.step("UI", node::build)?;
    steps.step("Lints", || {
        let lints = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "--deny=warnings"];
        run(cargo().args(lints))
    })?;
    // Last, as it reads what the steps before it downloaded.
    steps.step("Licenses and sources of packages", policy::check)?;
    steps.sum_up();
    Ok(())
}

/// The files of the resources, whose modules a macro declares: rustfmt finds no others than those that
/// `mod` names, so it gets their paths.
fn declared_by_a_macro() -> Result<Vec<PathBuf>> {
    let folder = repo::root().join("src-tauri/crates/resources/src");
    let files: io::Result<Vec<PathBuf>> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect();
    Ok(files?)
}

//! `cargo xtask run`: from a fresh clone to the open window.

use std::env;

use anyhow::{Result, bail};

use crate::program::{cargo, program, run};
use crate::steps::Steps;
use crate::{needs, node, repo, system};

#[derive(clap::Args)]
pub(crate) struct Run {
    /// What the program itself gets, for example `-- --db FILE`.
    #[arg(last = true)]
    arguments: Vec<String>,
}

impl Run {
    pub(crate) fn run(self) -> Result<()> {
        if cfg!(target_os = "linux") && !has_display() {
            bail!(
                "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is \
                 set. Run this in a desktop session, or use Fine Tuning Studio without a window: \
                 cargo run -p fts -- --help"
            );
        }
        let mut steps = Steps::default();
        steps.step("System packages", || system::provide(&[needs::BUILD, needs::USE]))?;
        steps.step("Packages of the UI", node::provide)?;
        steps.step("UI", node::build)?;
        steps.step("Program", || run(cargo().args(["build", "--package", "fine-tuning-studio"])))?;
        println!("\nOpening the window. Close it to come back here.");
        let name = format!("fine-tuning-studio{}", env::consts::EXE_SUFFIX);
        let path = repo::target().join("debug").join(name);
        let mut studio = program(&path.to_string_lossy());
        // Paths that a person gives are relative to where they are.
        run(studio.current_dir(env::current_dir()?).args(self.arguments))
    }
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

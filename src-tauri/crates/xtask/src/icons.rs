//! `cargo xtask icons`: every size from the one drawing.

use std::fs;

use anyhow::{Context, Result};

use crate::program::run;
use crate::steps::Steps;
use crate::{node, repo};

/// The sizes that the program and its packages use. The tool makes more, for stores and phones.
const SIZES: &[&str] = &["32x32.png", "128x128.png", "128x128@2x.png", "icon.png", "icon.ico", "icon.icns"];

pub(crate) fn icons() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("Packages of the UI", node::provide)?;
    steps.step("Icons", make)?;
    steps.sum_up();
    Ok(())
}

/// Draw all sizes, in a folder aside, and keep the ones that are used.
pub(crate) fn make() -> Result<()> {
    let aside = repo::target().join("icons");
    let svg = repo::icons().join("icon.svg");
    run(node::npm().args(["exec", "--", "tauri", "icon"]).arg(svg).arg("--output").arg(&aside))?;
    for size in SIZES {
        let made = aside.join(size);
        fs::copy(&made, repo::icons().join(size))
            .with_context(|| format!("{} was not made", made.display()))?;
    }
    Ok(())
}

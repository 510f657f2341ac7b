//! `cargo xtask codegen`: make the generated files anew.

use anyhow::Result;

use crate::program::{cargo, run};
use crate::steps::Steps;
use crate::{icons, needs, node, system};

pub(crate) fn codegen() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("System packages", || system::provide(&[needs::BUILD]))?;
    steps.step("Packages of the UI", node::provide)?;
    // The test that finds stale bindings writes them when this variable is set.
    steps.step("Bindings", || {
        run(cargo().args(["test", "--package", "fine-tuning-studio", "bindings"]).env("UPDATE_BINDINGS", "1"))
    })?;
    steps.step("Icons", icons::make)?;
    steps.sum_up();
    Ok(())
}

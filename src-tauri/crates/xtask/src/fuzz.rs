//! `cargo xtask fuzz`: broken files for everything that reads files, for a fixed time.

use anyhow::Result;

use crate::program::{cargo, run};
use crate::repo;
use crate::steps::Steps;

#[derive(clap::Args)]
pub(crate) struct Fuzz {
    /// How long each reader is fed.
    #[arg(long, default_value_t = 180)]
    seconds: u64,
    /// The same seed makes the same files.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Fuzz {
    pub(crate) fn run(self) -> Result<()> {
        let mut steps = Steps::default();
        // With overflow checks and debug assertions: they are what finds things.
        steps.step("Program", || run(cargo().args(["build", "--package", "fuzz"])))?;
        steps.step("Snapshots", || self.feed("snapshot"))?;
        steps.step("Dataset files", || self.feed("datasets"))?;
        steps.sum_up();
        Ok(())
    }

    fn feed(&self, target: &str) -> Result<()> {
        let (seconds, seed) = (self.seconds.to_string(), self.seed.to_string());
        let found = repo::target().join("fuzz");
        let mut command = cargo();
        command.args(["run", "--quiet", "--package", "fuzz", "--", target]);
        run(command.args(["--seconds", &seconds, "--seed", &seed, "--found"]).arg(found))
    }
}

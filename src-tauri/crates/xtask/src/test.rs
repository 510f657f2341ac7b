//! `cargo xtask test`: everything that can fail, in the order in which it fails fastest.

use std::{env::consts::EXE_SUFFIX, path::PathBuf, process::Command};

use anyhow::Result;

use crate::count::Count;
use crate::package::bare;
use crate::program::{ask, cargo, find, run, run_and_read};
use crate::steps::Steps;
use crate::training::Training;
use crate::{eighth, measured, needs, node, repo, system};

/// Passes WebDriver commands on to the window.
const TAURI_DRIVER: &str = "tauri-driver@2.1.0";

/// Architectures that every change is tried with: today's most used ones, and those of fused layers, of
/// experts, of layers that LoRA can't change, and without recomputation.
const ARCHITECTURES: &[&str] = &[
    "phi3",
    "smollm3",
    "granite",
    "olmo2",
    "qwen3_5",
    "gpt_oss",
    "gemma4",
    "ministral3",
    "gpt2",
    "qwen3_moe",
    "mamba",
    "phimoe",
    "ctrl",
];

#[derive(clap::Args)]
pub(crate) struct Test {
    /// Leave out the journeys through the real window.
    #[arg(long)]
    no_e2e: bool,
    /// Really train, too: in the Python environment that is kept in the user's cache, 6.5 GB.
    #[arg(long)]
    training: bool,
    /// Only train a tiny model of every architecture, in the same environment: some twenty minutes.
    #[arg(long)]
    architectures: bool,
    /// With --architectures, take what came of it for what is known of them.
    #[arg(long, requires = "architectures")]
    update: bool,
    /// Only train with axolotl, in the environment for it that is kept in the user's cache, 6.8 GB, beside that
    /// of --training: some ten minutes.
    #[arg(long)]
    axolotl: bool,
    /// Only hold the estimates of memory to what trainings take on the processor, in the same environment:
    /// some ten minutes and 4 GB of memory.
    #[arg(long)]
    memory: bool,
    /// Only check the worker on a CUDA device.
    #[arg(long)]
    gpu: bool,
    /// With --gpu, a folder of wheels for the Python on the path, as `gpu_wheels.py` makes it.
    #[arg(long, requires = "gpu")]
    wheels: Option<PathBuf>,
    /// Only install, use and remove the Debian package that `cargo xtask package` made, on bare systems: as root,
    /// some ten minutes and 2 GB of disk.
    #[arg(long)]
    packages: bool,
    /// Only declare an eighth resource in a copy of the core, and test it there.
    #[arg(long)]
    eighth: bool,
}

impl Test {
    pub(crate) fn run(self) -> Result<()> {
        if self.eighth {
            return eighth::test().map(drop);
        }
        if self.packages {
            return bare::test();
        }
        if self.gpu {
            return measured::gpu(self.wheels);
        }
        if self.memory {
            run(cargo().args(["build", "--package", "fts"]))?;
            return measured::memory();
        }
        if self.architectures {
            run(cargo().args(["build", "--package", "fts"]))?;
            let environment = Training::new()?;
            environment.make()?;
            return environment.architectures(&[], self.update).map(drop);
        }
        if self.axolotl {
            run(cargo().args(["build", "--package", "fts"]))?;
            let environment = Training::new()?;
            environment.make()?;
            environment.make_axolotl()?;
            return counted(environment.inside(&mut axolotl_tests())).map(drop);
        }
        let mut steps = Steps::default();
        let mut count = Count::default();
        let drive = if self.no_e2e { &[] } else { needs::DRIVE };
        steps.step("System packages", || system::provide(&[needs::BUILD, needs::USE, needs::PACK, drive]))?;
        steps.step("SSH server and Slurm", || {
            system::provide_servers(needs::SERVERS);
            Ok(())
        })?;
        steps.step("Packages of the UI", node::provide)?;
        steps.step("UI", node::build)?;
        if !self.no_e2e {
            steps.step("Window driver", provide_driver)?;
        }
        // All targets at once: the stories and the tests of the UI start the programs, which no test
        // runner builds for them.
        steps.step("Programs and tests", || {
            run(self.features(cargo().args(["build", "--workspace", "--all-targets"])))
        })?;
        count += steps.step("Tests of the UI", || {
            let host = repo::target().join("debug").join(format!("ui-host{EXE_SUFFIX}"));
            counted(node::npm().args(["run", "test"]).env("UI_HOST", host))
        })?;
        count += steps.step("Examples in the documentation", || {
            counted(cargo().args(["test", "--workspace", "--doc"]))
        })?;
        count += steps.step("Tests of the workspace", || counted(&mut self.workspace_tests()))?;
        count += steps.step("An eighth resource", eighth::test)?;
        if self.training {
            let environment = Training::new()?;
            steps.step("Python environment", || environment.make())?;
            count += steps.step("Tests of the worker", || environment.worker_tests())?;
            steps.step("Python environment for GGUF", || environment.make_gguf())?;
            count += steps.step("Conversions to GGUF", || environment.gguf_tests())?;
            count += steps.step("Clients of gRPC", || environment.grpc_tests())?;
            steps.step("Client of OpenAI", || environment.install_client())?;
            count += steps.step("Architectures", || environment.architectures(ARCHITECTURES, false))?;
            count +=
                steps.step("Real training", || counted(environment.inside(&mut self.training_tests())))?;
            count += steps
                .step("Training on two nodes", || counted(environment.inside(&mut self.node_tests())))?;
        }
        steps.sum_up();
        println!("\ntests: {} passed, 0 failed, {} skipped", count.passed, count.skipped);
        Ok(())
    }

    fn workspace_tests(&self) -> Command {
        let mut command = tests(None);
        self.features(&mut command);
        command
    }

    fn training_tests(&self) -> Command {
        let mut command = tests(Some("training"));
        command.args(["--features", "stories/training"]);
        self.features(&mut command);
        command
    }

    /// Those of the tests with Slurm that train. They are skipped where there is none.
    fn node_tests(&self) -> Command {
        let mut command = tests(Some("slurm"));
        self.features(command.arg("nodes::"));
        command
    }

    fn features<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if self.no_e2e { command } else { command.args(["--features", "stories/window"]) }
    }
}

/// The stories that really train with axolotl.
fn axolotl_tests() -> Command {
    let mut command = tests(Some("training"));
    command.args(["--features", "stories/axolotl", "axolotl::"]);
    command
}

/// The tests of the workspace, or those of one of its targets.
fn tests(target: Option<&str>) -> Command {
    let mut command = cargo();
    let nextest = ask(cargo().args(["nextest", "--version"])).is_some();
    command.args(if nextest { ["nextest", "run"].as_slice() } else { &["test"] }).arg("--workspace");
    match target {
        Some(target) => command.args(["--test", target]),
        None if nextest => &mut command,
        // The examples in the documentation were run before.
        None => command.arg("--all-targets"),
    };
    command
}

pub(crate) fn counted(command: &mut Command) -> Result<Count> {
    Ok(Count::read(&run_and_read(command)?))
}

fn provide_driver() -> Result<()> {
    if find("tauri-driver").is_some() {
        println!("   tauri-driver is there.");
        return Ok(());
    }
    run(cargo().args(["install", "--locked", TAURI_DRIVER]))
}

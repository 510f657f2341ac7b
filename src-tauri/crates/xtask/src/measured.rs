//! What trainings really take, and how they go on a GPU.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::program::{ask, program, run};
use crate::repo;
use crate::training::Training;

/// Hold the estimates of memory to what trainings take on the processor.
pub(crate) fn memory() -> Result<()> {
    let environment = Training::new()?;
    environment.make()?;
    let folder = repo::target().join("training/memory");
    run(script(environment.python(), "measure_memory.py").arg(folder))
}

/// Check the worker on a CUDA device: by the Python that trains, else by the one on the path, with these wheels
/// before its own packages. Skipped where neither has such a device.
pub(crate) fn gpu(wheels: Option<PathBuf>) -> Result<()> {
    let environment = Training::new()?.python();
    let there = ask(Command::new(environment.get_program()).arg("--version")).is_some();
    let python = if there && wheels.is_none() { environment } else { program("python3") };
    let mut check = script(python, "check_gpu.py");
    check.arg("--out").arg(repo::target().join("gpu.json"));
    if let Some(wheels) = wheels {
        check.arg("--wheels").arg(std::path::absolute(wheels)?);
    }
    run(&mut check)
}

/// One of the scripts in the worker's tests.
fn script(mut python: Command, name: &str) -> Command {
    python.arg("-B").arg(repo::root().join("src-tauri/worker/tests").join(name));
    python
}

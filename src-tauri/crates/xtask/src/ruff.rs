//! ruff, which lints and formats the Python code: its settings are the worker's `pyproject.toml`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::program::{ask, find, pip, program, run};
use crate::repo;

/// The version that is checked with, as pip reads it.
const PINNED: &str = "src-tauri/worker/requirements-lint.txt";

pub(crate) struct Ruff(PathBuf);

impl Ruff {
    /// The pinned version: that on the path, or one that is installed beside the build.
    pub(crate) fn provide() -> Result<Self> {
        let wanted = pinned(&std::fs::read_to_string(repo::root().join(PINNED))?)?;
        let folder = repo::target().join("ruff");
        let installed = Self(folder.join("bin").join(format!("ruff{}", std::env::consts::EXE_SUFFIX)));
        let on_path = find("ruff").map(Self);
        if let Some(ruff) =
            on_path.into_iter().chain([Self(installed.0.clone())]).find(|ruff| ruff.is(&wanted))
        {
            println!("   ruff {wanted} is there.");
            return Ok(ruff);
        }
        let mut install = if find("uv").is_some() {
            let mut uv = program("uv");
            uv.args(["pip", "install"]);
            uv
        } else {
            let mut pip = pip("ruff, which checks the Python code")?;
            pip.args(["install", "--upgrade"]);
            pip
        };
        run(install.args(["--quiet", "--target"]).arg(folder).args(["--requirement", PINNED]))?;
        Ok(installed)
    }

    /// Lint all Python code and check its formatting.
    pub(crate) fn check(&self) -> Result<()> {
        run(&mut self.command("check"))?;
        run(self.command("format").arg("--check"))
    }

    fn command(&self, name: &str) -> Command {
        let mut ruff = program(&self.0.to_string_lossy());
        // The settings name no folders, so those of the worker hold for all Python code.
        ruff.current_dir(repo::root().join("src-tauri/worker"));
        ruff.env("RUFF_CACHE_DIR", repo::target().join("ruff/cache"));
        ruff.args([name, "--config", "pyproject.toml", "../.."]);
        ruff
    }

    fn is(&self, version: &str) -> bool {
        ask(program(&self.0.to_string_lossy()).arg("--version")) == Some(format!("ruff {version}"))
    }
}

/// The version in a file of pip's requirements.
fn pinned(requirements: &str) -> Result<String> {
    let version = requirements.lines().find_map(|line| line.strip_prefix("ruff=="));
    Ok(version.with_context(|| format!("{PINNED} pins no ruff"))?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::pinned;

    #[test]
    fn the_version_is_read_from_the_requirements() {
        assert_eq!(pinned("# what for\nruff==0.1.2\n").unwrap(), "0.1.2");
        assert!(pinned("# ruff==0.1.2\nruff>=1\n").is_err());
    }
}

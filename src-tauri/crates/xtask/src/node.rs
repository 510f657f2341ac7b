//! Node.js and the packages of the UI.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::program::{ask, program, run};
use crate::repo;

/// The oldest Node.js that the UI's build tools accept.
const OLDEST: (u32, u32) = (20, 19);

/// Node.js is there and new enough, and the packages are those of the lock file.
pub(crate) fn provide() -> Result<()> {
    check_version()?;
    let lock =
        fs::read(repo::ui().join("package-lock.json")).context("ui/package-lock.json can't be read")?;
    // A copy of the lock file that was installed: git checkout changes the times of files.
    let stamp = repo::ui().join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        println!("   The UI's packages are up to date.");
        return Ok(());
    }
    run(npm().args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, lock).with_context(|| format!("{} can't be written", stamp.display()))
}

/// Build the UI that is bundled into the program.
pub(crate) fn build() -> Result<()> {
    run(npm().args(["run", "build"]))
}

/// npm in the UI's folder.
pub(crate) fn npm() -> Command {
    // On Windows it is a script, which is found only by its whole name.
    let mut npm = program(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(repo::ui());
    npm
}

fn check_version() -> Result<()> {
    let (major, minor) = OLDEST;
    let way_out = format!(
        "Install Node.js {major}.{minor} or newer, from the Node.js website or your system's \
         packages, then try again."
    );
    let Some(version) = ask(program("node").arg("--version")) else {
        bail!("Node.js is needed to build the window's pages, and it is not installed. {way_out}");
    };
    if parse(&version).is_none_or(|found| found < OLDEST) {
        bail!("Node.js {version} is too old to build the window's pages. {way_out}");
    }
    if ask(npm().arg("--version")).is_none() {
        bail!("npm, which comes with Node.js, is not installed. {way_out}");
    }
    Ok(())
}

fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::{OLDEST, parse};

    #[test]
    fn versions_compare_as_numbers() {
        assert!(parse("v20.9.0").is_some_and(|version| version < OLDEST));
        assert!(parse("v20.19.0").is_some_and(|version| version >= OLDEST));
        assert!(parse("v22.1.0").is_some_and(|version| version >= OLDEST));
        assert_eq!(parse("nonsense"), None);
    }
}

//! How long it takes to check and to build again after one line of the core changed: what someone
//! who works on it waits for.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use super::{
    measure::run,
    table::{Series, Table},
};
use crate::{program::cargo, repo};

/// A file in the middle of each area. When files move, this list is all there is to change.
const AREAS: &[(&str, &str)] = &[
    ("datasets", "src-tauri/crates/datasets/src/csv/mod.rs"),
    ("store", "src-tauri/crates/store/src/read.rs"),
    ("runs", "src-tauri/crates/runs/src/supervisor/supervise.rs"),
];
/// The commands that are timed, each after a change.
const COMMANDS: &[&[&str]] = &[&["check", "--package", "fts"], &["build", "--package", "fts"]];

/// Measures all areas. The files are as they were afterwards.
pub(super) fn measure(rounds: u32) -> Result<Table> {
    let mut table = Table::new("Again after one line changed", rounds);
    for command in COMMANDS {
        let again = || run(cargo().arg("--quiet").args(*command), None, None);
        // What other changes left to do is no part of what is measured.
        again()?;
        for (area, file) in AREAS {
            let mut series = Series::new();
            let source = Source::open(file)?;
            for round in 1..=rounds {
                println!("   cargo {}, {area}, round {round} of {rounds}", command.join(" "));
                source.change(round)?;
                series.push(again()?);
            }
            table.noted(&format!("`cargo {}` after a line in {area}", command.join(" ")), &series);
            drop(source);
            again()?;
        }
    }
    Ok(table)
}

/// A source file that gets its text back.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    fn open(file: &str) -> Result<Self> {
        let path = repo::root().join(file);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{file} can't be read: AREAS in bench/build.rs names it"))?;
        Ok(Self { path, text })
    }

    /// Ends the file with a line that is another one each round, so that cargo can't reuse a build.
    fn change(&self, round: u32) -> Result<()> {
        Ok(fs::write(&self.path, format!("{}const _: u32 = {round};\n", self.text))?)
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if let Err(error) = fs::write(&self.path, &self.text) {
            eprintln!("{} keeps a line of the bench: {error}", self.path.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AREAS, repo};

    #[test]
    fn the_files_that_are_changed_exist() {
        for (area, file) in AREAS {
            assert!(repo::root().join(file).is_file(), "{area} has no file {file}");
        }
    }
}

//! DuckDB and Polars, in a Python environment of their own in the person's cache.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::measure::{Measured, run};
use crate::program::{self, find, program};

const SCRIPT: &str = include_str!("rivals.py");

/// One of the programs that is compared with.
#[derive(Clone, Copy)]
pub(super) enum Rival {
    DuckDb,
    Polars,
}

/// What is done with a file.
#[derive(Clone, Copy)]
pub(super) enum Task {
    /// Counts its rows and finds the types of its columns. Of CSV and JSON Lines all is read, of Parquet
    /// what its foot says.
    Scan,
    /// Reads ten rows.
    FirstRows,
    /// DuckDB's `SUMMARIZE`, Polars' `describe`, with the types that they take the columns for.
    Profile,
}

/// A Python that has both.
pub(super) struct Python(PathBuf);

impl Python {
    /// Makes the environment if it is not there. An error says why it could not be made.
    pub(super) fn prepare() -> Result<Self> {
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
        let folder = cache.context("there is no home folder")?.join("fine-tuning-studio/bench");
        let python = folder.join("bin/python");
        let ready = |python: &Path| {
            program::ask(Command::new(python).args(["-c", "import duckdb, polars"])).is_some()
        };
        if !ready(&python) {
            if find("uv").is_some() {
                program::run(program("uv").args(["venv", "--quiet", "--clear"]).arg(&folder))?;
                program::run(
                    program("uv")
                        .args(["pip", "install", "--quiet", "--python"])
                        .arg(&python)
                        .args(["duckdb", "polars"]),
                )?;
            } else {
                program::run(program("python3").args(["-m", "venv"]).arg(&folder))?;
                program::run(
                    Command::new(&python).args(["-m", "pip", "install", "--quiet", "duckdb", "polars"]),
                )?;
            }
        }
        Ok(Self(python))
    }

    /// Writes the rows of a CSV file as Parquet.
    pub(super) fn write_parquet(&self, csv: &Path, parquet: &Path) -> Result<()> {
        const SCRIPT: &str = "import polars, sys; polars.read_csv(sys.argv[1]).write_parquet(sys.argv[2], row_group_size=50_000)";
        run(Command::new(&self.0).args(["-c", SCRIPT]).arg(csv).arg(parquet), None, None)?;
        Ok(())
    }

    /// Has one of them do something with a file, whose ending says what it is.
    pub(super) fn measure(&self, task: Task, rival: Rival, file: &Path, folder: &Path) -> Result<Measured> {
        let task = match task {
            Task::Scan => "scan",
            Task::FirstRows => "first rows",
            Task::Profile => "profile",
        };
        let name = match rival {
            Rival::DuckDb => "duckdb",
            Rival::Polars => "polars",
        };
        let output = folder.join("seconds");
        let mut python = Command::new(&self.0);
        python.args(["-c", SCRIPT, task, name]).arg(file);
        let whole = run(&mut python, None, Some(&output))?;
        let printed = std::fs::read_to_string(&output)?;
        let mut seconds =
            printed.split_whitespace().map(|number| number.parse().map(Duration::from_secs_f64));
        let (Some(Ok(time)), Some(Ok(processors))) = (seconds.next(), seconds.next()) else {
            bail!("{name} printed {printed:?}");
        };
        Ok(Measured { time, processors, ..whole })
    }
}

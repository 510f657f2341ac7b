//! DuckDB and Polars, in a Python environment of their own in the person's cache.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};

use super::{
    measure::{Measured, run},
    tickets::Form,
};
use crate::program::{self, find, program};

/// Counts the rows of a file and finds the types of its columns by DuckDB or Polars, reading all of
/// it, and prints the seconds that took; starting Python and loading the library don't count.
const SCRIPT: &str = r#"
import sys, time
tool, form, path = sys.argv[1:]
if tool == "duckdb":
    import duckdb
    reader, options = {
        "csv": ("read_csv", "header = true, delim = ',', quote = '\"', escape = '\"'"),
        "jsonl": ("read_json", "format = 'newline_delimited'"),
    }[form]
    start = time.perf_counter()
    types = duckdb.sql(f"DESCRIBE SELECT * FROM {reader}('{path}', {options}, sample_size = -1)").fetchall()
    # Given the types it does not look for them once more.
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind, *_ in types)
    rows = duckdb.sql(f"SELECT count(*) FROM {reader}('{path}', {options}, columns = {{{columns}}}, auto_detect = false)").fetchall()[0][0]
else:
    import polars
    start = time.perf_counter()
    scan = {"csv": polars.scan_csv, "jsonl": polars.scan_ndjson}[form](path, infer_schema_length=None)
    types = list(scan.collect_schema().items())
    rows = scan.select(polars.len()).collect().item()
seconds = time.perf_counter() - start
assert len(types) == 9 and rows > 1_000_000, (types, rows)
print(seconds)
"#;

/// One of the programs that is compared with.
#[derive(Clone, Copy)]
pub(super) enum Rival {
    DuckDb,
    Polars,
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

    /// Has one of them read the whole file.
    pub(super) fn read(&self, rival: Rival, form: Form, file: &Path, folder: &Path) -> Result<Measured> {
        let name = match rival {
            Rival::DuckDb => "duckdb",
            Rival::Polars => "polars",
        };
        let output = folder.join("seconds");
        let mut python = Command::new(&self.0);
        python.args(["-c", SCRIPT, name, form.ending()]).arg(file);
        let whole = run(&mut python, None, Some(&output))?;
        let seconds = std::fs::read_to_string(&output)?;
        let seconds: f64 = seconds.trim().parse().with_context(|| format!("{name} printed {seconds:?}"))?;
        Ok(Measured { time: Duration::from_secs_f64(seconds), ..whole })
    }
}

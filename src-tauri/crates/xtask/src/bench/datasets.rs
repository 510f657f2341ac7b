//! Reading dataset files of a gigabyte, beside DuckDB and Polars.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use super::{
    bytes,
    measure::run,
    rivals::{Python, Rival},
    table::{Series, Table},
    tickets::{self, Form},
};
use crate::repo;

/// The most memory reading a file may take, in bytes.
const MOST_MEMORY: u64 = 150_000_000;
/// How soon the first rows of a file, and any others, should be seen, in seconds.
const FIRST_ROWS: f64 = 0.1;

/// Measures the time that two kinds of files take, and how often the bytes of all kinds are read.
/// The program is built.
pub(super) fn measure(folder: &Path, rounds: u32) -> Result<Vec<Table>> {
    let mut table = Table::new(&format!("Files of {} MB", tickets::BYTES / 1_000_000), rounds);
    let python = Python::prepare();
    if let Err(error) = &python {
        println!("   Without DuckDB and Polars, as they can't be installed: {error:#}");
    }
    for (form, name) in [(Form::Csv, "CSV"), (Form::JsonLines, "JSON Lines")] {
        read(form, name, python.as_ref().ok(), folder, rounds, &mut table)?;
    }
    Ok(vec![table, bytes::measure(folder, python.as_ref().ok())?])
}

fn read(
    form: Form,
    name: &str,
    python: Option<&Python>,
    folder: &Path,
    rounds: u32,
    table: &mut Table,
) -> Result<()> {
    let file = tickets::file(folder, form)?;
    let [mut ours, mut first, mut last, mut profile, mut duckdb, mut polars] = [const { Series::new() }; 6];
    for round in 1..=rounds {
        println!("   {name}, round {round} of {rounds}");
        let store = folder.join("datasets");
        if store.exists() {
            fs::remove_dir_all(&store)?;
        }
        let fts = || {
            let mut fts = Command::new(repo::target().join("release/fts"));
            fts.arg("--db").arg(store.join("studio.db")).arg("--json");
            fts
        };
        let answer = folder.join("answer.json");
        ours.push(run(fts().arg("import-dataset").arg(&file), None, Some(&answer))?);
        let dataset: serde_json::Value = serde_json::from_str(&fs::read_to_string(&answer)?)?;
        let id = dataset["id"].as_str().context("the dataset has no id")?;
        first.push(run(fts().arg("preview-dataset").arg(&file), None, None)?);
        last.push(run(fts().args(["preview-dataset", id, "--offset", "1500000"]), None, None)?);
        profile.push(run(fts().arg("profile-dataset").arg(&file), None, None)?);
        if let Some(python) = python {
            duckdb.push(python.read(Rival::DuckDb, form, &file, folder)?);
            polars.push(python.read(Rival::Polars, form, &file, folder)?);
        }
    }
    let what = format!("{name}: rows, columns, problems, offsets and BLAKE3");
    if python.is_some() {
        table.pair(&what, &ours, "DuckDB: rows and columns", &duckdb, 1.0);
        table.pair(&what, &ours, "Polars: rows and columns", &polars, 1.0);
    } else {
        table.noted(&what, &ours);
    }
    table.memory(&format!("{name}: memory"), &ours, MOST_MEMORY);
    table.noted(&format!("{name}: a profile of each column"), &profile);
    table.memory(&format!("{name}: memory of the profile"), &profile, MOST_MEMORY);
    table.alone(&format!("{name}: first rows of a file"), &first, FIRST_ROWS);
    table.alone(&format!("{name}: ten rows after 1,500,000"), &last, FIRST_ROWS);
    Ok(())
}

//! Reading large dataset files, beside DuckDB and Polars.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    bytes,
    measure::run,
    rivals::{Python, Rival, Task},
    table::{Series, Table},
    tickets::{self, Form},
};
use crate::repo;

/// The most memory reading a file may take, in bytes.
const MOST_MEMORY: u64 = 150_000_000;
/// How soon the first rows of a file, and any others, should be seen, in seconds.
const FIRST_ROWS: f64 = 0.1;
/// Fewer than there are.
const ROWS_OF_A_MEGABYTE: u32 = 1_500;

/// Measures the time that files of so many megabytes take, and how often the bytes of all kinds are
/// read. The program is built.
pub(super) fn measure(folder: &Path, rounds: u32, megabytes: u32) -> Result<Vec<Table>> {
    let python = Python::prepare();
    if let Err(error) = &python {
        println!("   Without DuckDB, Polars and Parquet, as they can't be installed: {error:#}");
    }
    let python = python.as_ref().ok();
    let csv = tickets::file(folder, Form::Csv, megabytes)?;
    let lines = tickets::file(folder, Form::JsonLines, megabytes)?;
    let mut files = vec![("CSV", csv.clone()), ("JSON Lines", lines)];
    if let Some(python) = python {
        let parquet = tickets::made(csv.with_extension("parquet"), |part| python.write_parquet(&csv, part))?;
        files.push(("Parquet", parquet));
    }
    let mut table = Table::new(&format!("Files of {megabytes} MB, Parquet of the rows of the CSV"), rounds);
    for (name, file) in files {
        let offset = megabytes * ROWS_OF_A_MEGABYTE;
        let mut kind = Kind { name, file, folder, python, offset, figures: Figures::default() };
        for round in 1..=rounds {
            println!("   {name}, round {round} of {rounds}");
            kind.measure()?;
        }
        kind.report(&mut table);
    }
    Ok(vec![table, bytes::measure(folder, python)?])
}

/// A kind of file, and what was measured of it.
struct Kind<'a> {
    name: &'a str,
    file: PathBuf,
    folder: &'a Path,
    python: Option<&'a Python>,
    /// A row in the latter half of the file.
    offset: u32,
    figures: Figures,
}

#[derive(Default)]
struct Figures {
    scan: Series,
    first: Series,
    last: Series,
    profile: Series,
    doctor: Series,
    duckdb: RivalFigures,
    polars: RivalFigures,
}

#[derive(Default)]
struct RivalFigures {
    scan: Series,
    first: Series,
    profile: Series,
}

impl Kind<'_> {
    /// One round: here and beside it in turns.
    fn measure(&mut self) -> Result<()> {
        let Self { file, folder, figures, .. } = self;
        let store = folder.join("datasets");
        if store.exists() {
            fs::remove_dir_all(&store)?;
        }
        let fts = |command: &[&str]| {
            let mut fts = Command::new(repo::target().join("release/fts"));
            fts.arg("--db").arg(store.join("studio.db")).arg("--json").arg("dataset").args(command);
            fts
        };
        let answer = folder.join("answer.json");
        figures.scan.push(run(fts(&["import"]).arg(&*file), None, Some(&answer))?);
        let dataset: Value = serde_json::from_str(&fs::read_to_string(&answer)?)?;
        let id = dataset["id"].as_str().context("the dataset has no id")?;
        figures.first.push(run(fts(&["preview"]).arg(&*file), None, None)?);
        figures.last.push(run(&mut fts(&["preview", id, "--offset", &self.offset.to_string()]), None, None)?);
        figures.profile.push(run(fts(&["profile"]).arg(&*file), None, None)?);
        figures.doctor.push(run(fts(&["validate"]).arg(&*file), None, None)?);
        if let Some(python) = self.python {
            for (rival, to) in [(Rival::DuckDb, &mut figures.duckdb), (Rival::Polars, &mut figures.polars)] {
                to.scan.push(python.measure(Task::Scan, rival, file, folder)?);
                to.first.push(python.measure(Task::FirstRows, rival, file, folder)?);
                to.profile.push(python.measure(Task::Profile, rival, file, folder)?);
            }
        }
        Ok(())
    }

    fn report(&self, table: &mut Table) {
        let Self { name, figures: Figures { scan, first, last, profile, doctor, duckdb, polars }, .. } = self;
        let what = format!("{name}: rows, columns, problems, offsets and BLAKE3");
        let others = [("DuckDB: rows and columns", &duckdb.scan), ("Polars: rows and columns", &polars.scan)];
        match self.python {
            // Their answer stands in the foot of the file.
            Some(_) if *name == "Parquet" => table.compared(&what, scan, others),
            Some(_) => table.faster_of(&what, scan, others, 1.0),
            None => table.noted(&what, scan),
        }
        table.memory(&format!("{name}: memory"), scan, MOST_MEMORY);
        let what = format!("{name}: a profile of each column");
        let others = [("DuckDB's `SUMMARIZE`", &duckdb.profile), ("Polars' `describe`", &polars.profile)];
        match self.python {
            Some(_) => table.faster_of(&what, profile, others, 1.0),
            None => table.noted(&what, profile),
        }
        table.memory(&format!("{name}: memory of the profile"), profile, MOST_MEMORY);
        table.noted(&format!("{name}: validation of all rows"), doctor);
        table.memory(&format!("{name}: memory of the validation"), doctor, MOST_MEMORY);
        table.alone(&format!("{name}: first rows of a file"), first, FIRST_ROWS);
        if self.python.is_some() {
            let others = [("DuckDB", &duckdb.first), ("Polars", &polars.first)];
            table.compared(&format!("{name}: the same, with the start of the program"), first, others);
        }
        table.alone(&format!("{name}: ten rows after {}", self.offset), last, FIRST_ROWS);
    }
}

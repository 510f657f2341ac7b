//! How often the bytes of a dataset file are read on its way in. What is counted is what the
//! program reads by system calls, divided by the size of the file.

use std::{fs, path::Path, process::Command};

use anyhow::Result;

use super::{
    measure::{bytes_read, run},
    rivals::Python,
    table::Table,
    tickets::{self, Form},
};
use crate::repo;

/// Enough for a hundred megabytes: what the program reads beside the file is little then.
const ROWS: u32 = 200_000;
/// Once, and some for the program, its database and the head and foot of the file: about 0.2 MB, and
/// a packed or Parquet file is small.
const MOST: f64 = 1.05;

/// Imports a file of each format. The program is built.
pub(super) fn measure(folder: &Path, python: Option<&Python>) -> Result<Table> {
    let mut table = Table::counts("How many times the bytes of a file are read by its import");
    let csv = tickets::file_of_rows(folder, Form::Csv, ROWS)?;
    let json = tickets::file_of_rows(folder, Form::Json, ROWS)?;
    let lines = tickets::file_of_rows(folder, Form::JsonLines, ROWS)?;
    let packed = tickets::made(lines.with_extension("jsonl.gz"), |part| {
        run(Command::new("gzip").arg("-1c").arg(&lines), None, Some(part)).map(drop)
    })?;
    let mut files = vec![("CSV", csv.clone()), ("JSON", json), ("JSON Lines", lines), ("gzip", packed)];
    if let Some(python) = python {
        let parquet = tickets::made(csv.with_extension("parquet"), |part| python.write_parquet(&csv, part))?;
        files.push(("Parquet", parquet));
    }
    for (name, file) in files {
        println!("   {name}");
        let store = folder.join("bytes");
        if store.exists() {
            fs::remove_dir_all(&store)?;
        }
        let mut fts = Command::new(repo::target().join("release/fts"));
        fts.arg("--db").arg(store.join("studio.db")).arg("import-dataset").arg(&file);
        let size = fs::metadata(&file)?.len();
        match bytes_read(|| run(&mut fts, None, None))? {
            Some(bytes) => table.ratio(&format!("{name}, {} MB", size / 1_000_000), bytes, size, MOST),
            None => table.fact(name, "not counted by this system"),
        }
    }
    Ok(table)
}

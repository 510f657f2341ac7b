//! Merging an adapter into a model of 500 MB, beside a copy of its files and PEFT's merge by hand.

use std::{fs, path::Path};

use anyhow::Result;
use serde::Deserialize;

use super::{measure::run, table::Table};
use crate::{repo, training::Training};

/// How much longer a merge may take than both by hand, what is compared not counted.
const MOST_TIME: f64 = 1.3;
/// How much memory it may hold above the libraries and one copy of the model, in bytes.
const MOST_BESIDE: u64 = 300_000_000;
const MERGE: &str = include_str!("merging.py");

#[derive(Deserialize)]
struct Measured {
    /// Bytes of the model's weights.
    model: u64,
    /// Medians in seconds.
    ours: f64,
    compared: f64,
    by_hand: f64,
    /// The most bytes above the loaded libraries.
    memory: u64,
}

/// Measures it, in turns.
pub(super) fn measure(folder: &Path, rounds: u32) -> Result<Table> {
    let environment = Training::new()?;
    let folder = folder.join("merging");
    fs::create_dir_all(&folder)?;
    let answer = folder.join("answer.json");
    let mut merge = environment.python();
    merge.args(["-c", MERGE]).arg(&folder).arg(rounds.to_string());
    merge.env("PYTHONPATH", repo::root().join("src-tauri/worker")).env("PYTHONDONTWRITEBYTECODE", "1");
    run(merge.env("HF_HUB_OFFLINE", "1"), None, Some(&answer))?;
    let measured: Measured = serde_json::from_str(&fs::read_to_string(&answer)?)?;
    let mut table = Table::counts(&format!("Merging, {rounds} rounds in turns; medians"));
    table.aim(
        "Merge of a 500 MB model, without comparing",
        &format!("{:.2} s", measured.ours),
        &format!("Copy, sync and PEFT by hand: {:.2} s", measured.by_hand),
        &format!("≤ {MOST_TIME:.2} times"),
        measured.ours <= MOST_TIME * measured.by_hand,
    );
    table.fact("Comparing before and after", &format!("{:.2} s", measured.compared));
    let most = measured.model + MOST_BESIDE;
    table.aim(
        "Most memory above the libraries",
        &format!("{} MB", measured.memory / 1_000_000),
        &format!("The model: {} MB", measured.model / 1_000_000),
        &format!("< {} MB", most / 1_000_000),
        measured.memory < most,
    );
    Ok(table)
}

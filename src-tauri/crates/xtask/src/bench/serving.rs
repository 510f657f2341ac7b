//! Serving: many clients at once, and how soon an answer begins.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{fts::Studio, measure::run, table::Table};
use crate::{repo, training::Training};

/// How much later than Try it an answer may begin, in seconds.
const MOST_LATER: f64 = 0.020;
/// How much more memory the endpoint may hold at the end than in the first fifth of the time, in bytes.
const MOST_GROWTH: u64 = 20_000_000;
const ASK: &str = include_str!("ask_served.py");

#[derive(Deserialize)]
struct Measured {
    clients: u32,
    answers: u64,
    lost: u64,
    /// Different texts; all clients ask the same and should get one.
    texts: u64,
    errors: Vec<String>,
    first_text: f64,
    first_text_by_hand: f64,
    memory_early: u64,
    memory_most: u64,
}

/// Measures it, under load for that many seconds. The program is built.
pub(super) fn measure(folder: &Path, seconds: u32) -> Result<Table> {
    let environment = Training::new()?;
    let recipe = folder.join("recipe");
    if !recipe.exists() {
        let make = repo::root().join("src-tauri/worker/tests/recipe/make.py");
        run(environment.python().arg(make).arg(&recipe), None, None)?;
    }
    let studio = Studio::new(&folder.join("serving"))?;
    let tiny = endless(&recipe.join("model"), &folder.join("serving/model"))?;
    let model = studio.model(&tiny)?;
    let mut serve = studio.fts();
    serve.args(["serve", "--model", &model]).env("OMP_NUM_THREADS", "1");
    serve.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut serve = environment.inside(&mut serve).spawn().context("fts serve could not be started")?;
    let mut line = String::new();
    BufReader::new(serve.stdout.take().context("it has no output")?).read_line(&mut line)?;
    let mut ask = environment.python();
    ask.args(["-c", ASK, &line, &serve.id().to_string()]).arg(&tiny).arg(seconds.to_string());
    ask.env("PYTHONPATH", repo::root().join("src-tauri/worker")).env("OMP_NUM_THREADS", "1");
    let answer = folder.join("served.json");
    let asked = run(ask.env("PYTHONDONTWRITEBYTECODE", "1"), None, Some(&answer));
    _ = serve.kill();
    _ = serve.wait();
    asked?;
    let measured: Measured = serde_json::from_str(&fs::read_to_string(&answer)?)?;
    for error in &measured.errors {
        println!("   {error}");
    }
    let mut table = Table::counts(&format!("Serving, {} clients for {seconds} s", measured.clients));
    table.aim("Answers", &measured.answers.to_string(), "", "> 0", measured.answers > 0);
    table.aim(
        "Answers that were lost or differ",
        &(measured.lost + measured.texts - 1).to_string(),
        "",
        "0",
        measured.lost == 0 && measured.texts == 1,
    );
    let later = measured.first_text - measured.first_text_by_hand;
    table.aim(
        "First text of one client",
        &format!("{:.1} ms", measured.first_text * 1e3),
        &format!("Try it: {:.1} ms", measured.first_text_by_hand * 1e3),
        &format!("≤ {:.0} ms later", MOST_LATER * 1e3),
        later <= MOST_LATER,
    );
    table.aim(
        "Most memory of the endpoint",
        &format!("{} MB", measured.memory_most / 1_000_000),
        &format!("In the first fifth: {} MB", measured.memory_early / 1_000_000),
        &format!("≤ {} MB more", MOST_GROWTH / 1_000_000),
        measured.memory_most <= measured.memory_early + MOST_GROWTH,
    );
    Ok(table)
}

/// A copy of the model whose answers are as long as they may be.
fn endless(model: &Path, copy: &Path) -> Result<PathBuf> {
    fs::create_dir_all(copy)?;
    for file in fs::read_dir(model)? {
        let file = file?;
        fs::copy(file.path(), copy.join(file.file_name()))?;
    }
    // It has no such token.
    fs::write(copy.join("generation_config.json"), r#"{"eos_token_id": 1000000}"#)?;
    Ok(copy.to_owned())
}

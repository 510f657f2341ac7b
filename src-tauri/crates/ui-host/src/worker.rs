//! The worker of a session. It keeps the contract of the run folder and trains nothing: what it reports
//! is written by the test.
//!
//! - The first attempt of a run goes on until there is a file `end-1` in its folder, or no folder. The test appends to `events.jsonl` and
//!   `log.txt`.
//! - A loaded model takes its answers from `answers.jsonl` in the session's folder, and writes what it
//!   is asked into `asked.jsonl` there. The line `{"exit": …}` ends it.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::json;

/// How often the files are looked at.
const PULSE: Duration = Duration::from_millis(10);

/// Does a run.
pub(crate) fn run(folder: &Path) -> Result<()> {
    let attempt: u32 = std::env::var("FTS_RUN_ATTEMPT")?.parse()?;
    let end = folder.join(format!("end-{attempt}"));
    let started = json!({"event": "started", "pid": std::process::id(), "attempt": attempt});
    append(&folder.join("events.jsonl"), &started.to_string())?;
    tauri::async_runtime::block_on(async {
        // A request to stop is answered by the test, too.
        #[cfg(unix)]
        let _stop = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        while folder.is_dir() && !end.exists() {
            tokio::time::sleep(PULSE).await;
        }
        Ok(())
    })
}

/// Answers questions.
pub(crate) fn serve() -> Result<()> {
    let folder = session()?;
    let answers = folder.join("answers.jsonl");
    fs::write(&answers, "")?;
    thread::spawn(move || _ = pass_on(&answers));
    for request in std::io::stdin().lines() {
        append(&folder.join("asked.jsonl"), &request?)?;
    }
    Ok(())
}

/// The line that ends a loaded model, with its last words.
#[derive(Deserialize)]
struct Last {
    exit: String,
}

/// Prints what is appended to a file.
fn pass_on(path: &Path) -> Result<()> {
    let mut at = 0;
    loop {
        let mut file = BufReader::new(File::open(path)?);
        file.seek(SeekFrom::Start(at))?;
        let mut line = String::new();
        while file.by_ref().read_line(&mut line)? > 0 && line.ends_with('\n') {
            at += line.len() as u64;
            if let Ok(Last { exit }) = serde_json::from_str(&line) {
                eprintln!("{exit}");
                std::process::exit(1);
            }
            let mut out = std::io::stdout().lock();
            out.write_all(line.as_bytes())?;
            out.flush()?;
            line.clear();
        }
        thread::sleep(PULSE);
    }
}

/// The session's folder, in which this program has a name.
fn session() -> Result<PathBuf> {
    let name = std::env::args_os().next().context("a program has a name")?;
    Ok(Path::new(&name).parent().context("the name is in a folder")?.to_owned())
}

fn append(path: &Path, line: &str) -> Result<()> {
    let mut file = File::options().create(true).append(true).open(path)?;
    Ok(file.write_all(format!("{line}\n").as_bytes())?)
}

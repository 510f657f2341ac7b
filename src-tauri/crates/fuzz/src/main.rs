//! `cargo xtask fuzz`: broken files for the readers, for a fixed time.
//!
//! Files that work are changed at random, from a seed. A change that makes a reader say something
//! new is kept to be changed further. A panic, a hang or an answer that no person could use ends
//! the run with the file at hand; it then becomes a test.

mod chance;
mod mutate;
mod seeds;
mod target;

use std::{
    collections::HashSet,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use clap::Parser;

use crate::{chance::Chance, target::Target};

#[derive(Parser)]
struct Arguments {
    target: target::Name,
    /// How long to go on.
    #[arg(long, default_value_t = 180)]
    seconds: u64,
    /// The same seed makes the same files.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where a file that did harm is kept.
    #[arg(long, default_value = "target/fuzz")]
    found: PathBuf,
}

/// A reader that takes longer for a small file does not end.
const PATIENCE: Duration = Duration::from_secs(30);
/// Files that made a reader say something new, beside the seeds.
const MOST_KEPT: usize = 2_000;

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { target: name, seconds, seed, found } = Arguments::parse();
    let target = Target::new(name).await?;
    let mut corpus = target.seeds().await?;
    let mut seeds = corpus.clone().into_iter();
    let mut chance = Chance::new(seed);
    let mut answers = HashSet::new();
    let (began, mut runs) = (Instant::now(), 0_u64);
    while began.elapsed() < Duration::from_secs(seconds) {
        // The seeds themselves first: they have to be read as they are.
        let input = match seeds.next() {
            Some(seed) => seed,
            None => mutate::mutate(&corpus, &mut chance),
        };
        runs += 1;
        let task = target.clone();
        let bytes = input.clone();
        let running = tokio::spawn(async move { task.read(&bytes).await });
        let fault = match tokio::time::timeout(PATIENCE, running).await {
            Err(_) => "it does not end".to_owned(),
            Ok(Err(panic)) => format!("it panics: {panic}"),
            Ok(Ok(Err(fault))) => format!("{fault:#}"),
            Ok(Ok(Ok(answer))) => {
                if answers.len() < MOST_KEPT && answers.insert(answer) {
                    corpus.push(input);
                }
                continue;
            }
        };
        std::fs::create_dir_all(&found)?;
        let file = found.join(format!("{}-{seed}-{runs}.{}", target.name(), input.kind));
        std::fs::write(&file, &input.bytes)
            .with_context(|| format!("{} can't be written", file.display()))?;
        bail!("After {runs} files of seed {seed}: {fault}. The file is kept as {}.", file.display());
    }
    println!("{}: {runs} files in {seconds} s, {} different answers, no harm.", target.name(), answers.len());
    Ok(())
}

//! `cargo xtask bench`: the program beside what people would use instead. What counts are the
//! ratios: both sides run in turns on the same machine. Each part is a file.

mod build;
mod bytes;
mod conversations;
mod data;
mod datasets;
#[cfg(unix)]
mod elsewhere;
mod fetch;
mod fts;
mod machine;
#[cfg(unix)]
mod many;
mod measure;
mod merging;
mod rivals;
mod runs;
mod search;
mod serving;
mod snapshots;
mod table;
mod tickets;
mod window;

use std::fs;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::{
    program::{self, cargo},
    repo,
    steps::Steps,
};

#[derive(clap::Args)]
pub(crate) struct Bench {
    /// What is measured [default: everything]
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// How often each thing is measured
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How large the dataset files are, in megabytes; for a quick look, fewer do
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(10..))]
    megabytes: u32,
    /// How long clients ask what is served, in seconds
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// Imports and exports, beside the sqlite3 shell and a plain copy
    Snapshots,
    /// Reading dataset files of a gigabyte, beside DuckDB and Polars
    Datasets,
    /// Preparing the rows of a training, and training beside the same script run by hand
    Runs,
    /// Preparing conversations for a training, and counting their tokens beside Python
    Conversations,
    /// Fetching from a hub on loopback, beside curl, sync and sha256sum; a file of twice the megabytes
    Fetch,
    /// Runs on a machine reached by SSH on loopback, beside the same here, and sending files beside rsync
    Elsewhere,
    /// A hundred runs at once on twenty machines reached by SSH on loopback
    Many,
    /// Search while typing
    Search,
    /// Merging an adapter into a model of 500 MB, beside a copy and PEFT by hand
    Merge,
    /// Serving a model to 32 clients at once, and how soon an answer begins
    Serve,
    /// How soon the window can be used, and how much memory it holds
    Window,
    /// Checking and building again after one line of the core changed
    Build,
}

impl Bench {
    pub(crate) fn run(self) -> Result<()> {
        let mut steps = Steps::default();
        let folder = repo::target().join("bench");
        fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
        let rounds = self.rounds;
        let parts = if self.parts.is_empty() { Part::value_variants() } else { &self.parts };
        if parts.iter().any(|part| !matches!(part, Part::Build)) {
            steps
                .step("Program", || program::run(cargo().args(["build", "--release", "--package", "fts"])))?;
        }
        let mut tables = Vec::new();
        for part in parts {
            tables.extend(match part {
                Part::Snapshots => steps.step("Snapshots", || snapshots::measure(&folder, rounds))?,
                Part::Runs => vec![steps.step("Runs", || runs::measure(&folder, rounds))?],
                Part::Conversations => {
                    vec![steps.step("Conversations", || conversations::measure(&folder, rounds))?]
                }
                Part::Fetch => {
                    vec![steps.step("Fetch", || fetch::measure(&folder, rounds, self.megabytes * 2))?]
                }
                #[cfg(not(unix))]
                Part::Elsewhere => anyhow::bail!("The SSH server of the tests runs on Unix alone."),
                #[cfg(unix)]
                Part::Elsewhere => {
                    vec![steps.step("Elsewhere", || elsewhere::measure(&folder, rounds, self.megabytes))?]
                }
                #[cfg(not(unix))]
                Part::Many => anyhow::bail!("The SSH server of the tests runs on Unix alone."),
                #[cfg(unix)]
                Part::Many => vec![steps.step("Many", || many::measure(&folder))?],
                Part::Search => vec![steps.step("Search", || search::measure(&folder))?],
                Part::Merge => vec![steps.step("Merging", || merging::measure(&folder, rounds))?],
                Part::Serve => vec![steps.step("Serving", || serving::measure(&folder, self.seconds))?],
                Part::Datasets => {
                    steps.step("Datasets", || datasets::measure(&folder, rounds, self.megabytes))?
                }
                Part::Window => vec![
                    steps.step("Window", || window::measure(&folder, &snapshots::store(&folder)?, rounds))?,
                ],
                Part::Build => vec![steps.step("Build", || build::measure(rounds))?],
            });
        }
        steps.sum_up();
        println!("\n{}", machine::describe(&folder));
        tables.iter().for_each(|table| println!("\n{table}"));
        Ok(())
    }
}

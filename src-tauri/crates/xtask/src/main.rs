//! `cargo xtask`: the project's own commands, so that a fresh clone needs no list of steps.
//!
//! Each command is one file. What a command needs from the machine is named in [`needs`],
//! and every program it starts goes through [`program`], which shows the line before running it.

mod bench;
mod check;
mod codegen;
mod count;
mod eighth;
mod fuzz;
mod icons;
mod measured;
mod needs;
mod node;
mod package;
mod policy;
mod program;
mod repo;
mod ruff;
mod run;
mod steps;
mod system;
mod test;
mod training;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, build the program and open its window.
    Run(run::Run),
    /// Install what the tests need and run all of them.
    Test(test::Test),
    /// Measure the program beside what people would use instead.
    Bench(bench::Bench),
    /// Make the packages that people install, with their checksums.
    Package(package::Package),
    /// Feed changed files to everything that reads files, guided by the code they reach.
    Fuzz(fuzz::Fuzz),
    /// Check formatting, lints, types and the licenses of packages, without running anything.
    Check,
    /// Make the generated files anew: the TypeScript bindings and the icons.
    Codegen,
    /// Make every icon size from icons/icon.svg.
    Icons,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Run(run) => run.run(),
        Command::Test(test) => test.run(),
        Command::Bench(bench) => bench.run(),
        Command::Package(package) => package.run(),
        Command::Fuzz(fuzz) => fuzz.run(),
        Command::Check => check::check(),
        Command::Codegen => codegen::codegen(),
        Command::Icons => icons::icons(),
    };
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    // The chain of causes, without the backtrace that anyhow would add for a developer of xtask.
    eprintln!("\nerror: {error:#}");
    ExitCode::FAILURE
}

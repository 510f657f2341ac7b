//! Starts a workbench on loopback, for looking at it by hand: prints one line of JSON with its address, project and
//! key, and ends with the end of its input.

use std::io::{self, Read as _};

use clap::Parser;
use fake_workbench::{FakeWorkbench, KEY};
use serde_json::json;

/// Plays a Cloudera AI workbench on loopback until the input ends.
#[derive(Parser)]
struct Arguments {
    /// Use TLS; the authority's certificate is printed too.
    #[arg(long)]
    tls: bool,
    /// The Python interpreter of job runs.
    #[arg(long, default_value = "python3")]
    python: String,
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let workbench = if arguments.tls { FakeWorkbench::with_tls() } else { FakeWorkbench::new() };
    workbench.behave(|behavior| behavior.python = arguments.python);
    println!(
        "{}",
        json!({
            "url": workbench.address(), "project": workbench.project(), "key": KEY,
            "folder": workbench.folder(workbench.project()), "authority": workbench.authority(),
        })
    );
    io::stdin().read_to_end(&mut Vec::new())?;
    for violation in workbench.take_violations() {
        eprintln!("{violation}");
    }
    Ok(())
}

//! `fts`: the command line of Fine Tuning Studio.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    fts::run().await
}

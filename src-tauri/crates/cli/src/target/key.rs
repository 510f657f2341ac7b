//! `fts target key`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;
use studio::{Error, Result};

use crate::{
    output::print,
    session::{DONE, Outcome, Session},
};

/// Store the API key of a workbench in the system's keyring, in place of an earlier one
///
/// The key is read from a file, because others can see the arguments of a command.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fts target key workbench --key-file key.txt
  fts target key workbench --remove")]
pub(crate) struct Key {
    /// The name or id of the target
    target: String,
    /// A file with the key
    #[arg(long, value_name = "FILE", required_unless_present = "remove")]
    key_file: Option<PathBuf>,
    /// Remove the stored key
    #[arg(long, conflicts_with = "key_file")]
    remove: bool,
}

impl Key {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let key = self.key_file.as_deref().map(read_key).transpose()?;
        session.studio().await?.targets().set_key(&self.target, key.as_deref()).await?;
        let stored = key.is_some();
        if !session.output.json(&json!({ "stored": stored })) {
            print(if stored {
                "Stored the key in the keyring."
            } else {
                "Removed the key from the keyring."
            });
        }
        DONE
    }
}

/// The text of a file with a key.
pub(super) fn read_key(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(|error| Error::file("read", file, &error))
}

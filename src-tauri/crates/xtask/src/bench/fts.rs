//! The program that is measured, with a database of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::measure::run;
use crate::repo;

/// An empty studio in a folder.
pub(super) struct Studio {
    database: PathBuf,
    /// Where the program's answers are kept.
    pub(super) answer: PathBuf,
}

impl Studio {
    pub(super) fn new(folder: &Path) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        Ok(Self { database: folder.join("studio.db"), answer: folder.join("answer.json") })
    }

    pub(super) fn fts(&self) -> Command {
        let mut fts = Command::new(repo::target().join("release/fts"));
        fts.arg("--db").arg(&self.database).arg("--json");
        fts
    }

    /// A dataset of that file.
    pub(super) fn import(&self, file: &Path) -> Result<String> {
        run(self.fts().arg("import-dataset").arg(file), None, Some(&self.answer))?;
        self.id()
    }

    /// A model of that folder.
    pub(super) fn model(&self, folder: &Path) -> Result<String> {
        self.create("models", &json!({"type": "project", "name": "tiny", "location": folder}))
    }

    pub(super) fn create(&self, table: &str, fields: &Value) -> Result<String> {
        run(self.fts().args(["create", table, "--data", &fields.to_string()]), None, Some(&self.answer))?;
        self.id()
    }

    /// The last answer of `fts`.
    pub(super) fn answer(&self) -> Result<Value> {
        Ok(serde_json::from_str(&fs::read_to_string(&self.answer)?)?)
    }

    /// The id in it.
    pub(super) fn id(&self) -> Result<String> {
        Ok(self.answer()?["id"].as_str().context("the answer has no id")?.to_owned())
    }
}

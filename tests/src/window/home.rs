//! A person's folders: what stays when the window closes.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::built;
use crate::fts::finish;

/// An empty home folder. Windows opened on the same home share their data.
pub struct Home {
    folder: TempDir,
    variables: Vec<(String, OsString)>,
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Home {
    /// A person who starts the program for the first time.
    pub fn new() -> Self {
        let home =
            Self { folder: tempfile::tempdir().expect("a folder for the test"), variables: Vec::new() };
        let runtime = home.path("runtime");
        fs::create_dir(&runtime).expect("a folder for sockets");
        // The session bus refuses a folder that others may read.
        fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700)).expect("its permissions");
        home
    }

    /// The same with a variable in the environment of all that is started.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// A path in the home folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Write a file into the home folder.
    pub fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, contents).expect("a file for the test");
        path
    }

    /// Make a folder in the home folder.
    pub fn folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(&path).expect("a folder for the test");
        path
    }

    /// Run `fts` as this person: without a word it works on the window's database.
    pub fn fts(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.said(arguments)).expect("fts says JSON")
    }

    /// The same, for what is no JSON.
    pub fn said(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(built::program("fts"));
        self.dress(command.arg("--json").args(arguments));
        let answer = finish(command, "");
        assert_eq!(answer.code, 0, "fts {arguments:?} failed: {}{}", answer.out, answer.err);
        answer.out
    }

    /// Everything a program keeps goes below this home, and nothing of this machine shows.
    pub(super) fn dress<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let at = |name: &str| self.path(name);
        command
            .env("HOME", self.folder.path())
            .env("XDG_DATA_HOME", at("data"))
            .env("XDG_CONFIG_HOME", at("config"))
            .env("XDG_CACHE_HOME", at("cache"))
            .env("XDG_STATE_HOME", at("state"))
            .env("XDG_RUNTIME_DIR", at("runtime"))
            .env("GSETTINGS_BACKEND", "memory")
            .env("NO_AT_BRIDGE", "1")
            // A display without a GPU is composed by Mesa's llvmpipe, which crashes WebKit's web
            // process once in a few hundred windows.
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env("LANG", "C.UTF-8")
            .env_remove("LC_ALL")
            .env_remove("FINE_TUNING_STUDIO_SQLITE_DB")
            .env_remove("MLFLOW_TRACKING_URI")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir::<&Path>(self.folder.path())
    }
}

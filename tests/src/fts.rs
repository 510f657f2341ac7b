//! The command line program, each time on a folder of its own.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::built;

/// `fts` with an empty folder and a database in it that does not exist yet.
pub struct Fts {
    folder: TempDir,
    db: PathBuf,
    variables: Vec<(String, OsString)>,
}

/// How `fts` ended and what it said.
#[derive(Debug)]
pub struct Answer {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// A refusal as `--json` prints it.
#[derive(Debug)]
pub struct Refusal {
    /// The stable code.
    pub code: String,
    /// The sentence for the person.
    pub message: String,
    /// The way out, where there is one.
    pub hint: Option<String>,
    /// The columns at fault.
    pub columns: Vec<String>,
}

impl Default for Fts {
    fn default() -> Self {
        Self::new()
    }
}

impl Fts {
    /// An empty folder, and the database `state.db` in it.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let db = folder.path().join("state.db");
        Self { folder, db, variables: Vec::new() }
    }

    /// The same folder with the database at another path.
    #[must_use]
    pub fn with_db(mut self, db: impl Into<PathBuf>) -> Self {
        self.db = db.into();
        self
    }

    /// The same with a variable in the environment of all that is started.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// The database.
    pub fn db(&self) -> &Path {
        &self.db
    }

    /// A path in the test's folder, as text for an argument.
    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("a path of plain text").to_owned()
    }

    /// The local cache of the Hub that `fts` sees.
    pub fn hub_cache(&self) -> PathBuf {
        self.folder.path().join("huggingface/hub")
    }

    /// Write a file into the test's folder and return its path.
    pub fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), contents).expect("a file for the test");
        self.path(name)
    }

    /// The same, for a script that can be run.
    pub fn script(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.file(name, text);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be run");
        path
    }

    /// Run `fts --db FILE ARGUMENTS…` to its end.
    pub fn run(&self, arguments: &[&str]) -> Answer {
        self.run_with_input(arguments, "")
    }

    /// Run with a last argument that may be no text.
    pub fn run_with_name(&self, arguments: &[&str], name: &OsStr) -> Answer {
        let mut command = self.command(arguments);
        command.arg(name);
        finish(command, "")
    }

    /// Run with a text on standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Answer {
        finish(self.command(arguments), input)
    }

    /// Start `fts --db FILE ARGUMENTS…` without waiting for its end.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("fts starts")
    }

    /// The same, with pipes for what it prints.
    pub fn start_piped(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.env_remove("FINE_TUNING_STUDIO_SQLITE_DB");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("fts starts")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(built::program("fts"));
        command.arg("--db").arg(&self.db).args(arguments).current_dir(self.folder.path());
        // Nothing of this machine's Hub, Python or tracking shows, and nothing is asked.
        command.env("HF_HOME", self.path("huggingface")).env("HF_HUB_OFFLINE", "1");
        command.env("XDG_DATA_HOME", self.path("data")).env_remove("MLFLOW_TRACKING_URI");
        // And nobody's settings and log change.
        command.env("XDG_CONFIG_HOME", self.path("config")).env("XDG_STATE_HOME", self.path(".state"));
        command.env_remove("RUST_LOG");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Run with `--json`, expect success, and return what was said.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let answer = self.run(&[&["--json"], arguments].concat());
        assert_eq!(answer.code, 0, "fts {arguments:?} failed: {}{}", answer.out, answer.err);
        serde_json::from_str(&answer.out)
            .unwrap_or_else(|error| panic!("fts {arguments:?} said no JSON ({error}): {}", answer.out))
    }

    /// Run with `--json`, expect a refusal, and return it.
    pub fn refused(&self, arguments: &[&str]) -> Refusal {
        let answer = self.run(&[&["--json"], arguments].concat());
        assert_eq!(answer.code, 1, "fts {arguments:?} was not refused: {}{}", answer.out, answer.err);
        assert_eq!(answer.out, "", "a refusal says nothing on standard output");
        Refusal::read(&answer.err)
    }

    /// Create a row and return its identifier.
    pub fn create(&self, table: &str, fields: &Value) -> String {
        let row = self.json(&["create", table, "--data", &fields.to_string()]);
        row["id"].as_str().unwrap_or_else(|| panic!("a created row has an id: {row}")).to_owned()
    }

    /// Try to create a row and return the refusal.
    pub fn create_refused(&self, table: &str, fields: &Value) -> Refusal {
        self.refused(&["create", table, "--data", &fields.to_string()])
    }

    /// The row with an identifier.
    pub fn get(&self, table: &str, id: &str) -> Value {
        self.json(&["get", table, id])
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> u64 {
        let page = self.json(&["list", table, "--limit", "1"]);
        page["total"].as_u64().unwrap_or_else(|| panic!("a list has a total: {page}"))
    }

    /// Import a file as a dataset and return the dataset's identifier.
    pub fn import(&self, path: &str, name: &str) -> String {
        let row = self.json(&["import-dataset", path, "--name", name]);
        row["id"].as_str().unwrap_or_else(|| panic!("an imported dataset has an id: {row}")).to_owned()
    }
}

impl Refusal {
    /// The last line is the error; warnings may come before it.
    fn read(text: &str) -> Self {
        let error: Value = serde_json::from_str(text.lines().last().unwrap_or_default())
            .unwrap_or_else(|error| panic!("the refusal is no JSON ({error}): {text}"));
        let fields = error["fields"].as_array().cloned().unwrap_or_default();
        let field = |name: &str| error[name].as_str().map(str::to_owned);
        Self {
            code: field("code").unwrap_or_else(|| panic!("a refusal has a code: {error}")),
            message: field("message").unwrap_or_else(|| panic!("a refusal has a message: {error}")),
            hint: field("hint"),
            columns: fields.iter().filter_map(|f| f["column"].as_str().map(str::to_owned)).collect(),
        }
    }
}

/// Run a command to its end with a text on standard input.
pub fn finish(mut command: Command, input: &str) -> Answer {
    let mut child = command
        .env_remove("FINE_TUNING_STUDIO_SQLITE_DB")
        .env_remove("HF_HUB_CACHE")
        .env_remove("HF_TOKEN")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("fts starts");
    // A program that refuses its arguments may be gone before it reads.
    let _ = child.stdin.take().expect("its input is a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("fts ends");
    Answer {
        code: output.status.code().expect("fts ends by itself"),
        out: String::from_utf8(output.stdout).expect("fts speaks UTF-8"),
        err: String::from_utf8(output.stderr).expect("fts speaks UTF-8"),
    }
}

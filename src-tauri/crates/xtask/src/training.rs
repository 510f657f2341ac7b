//! The Python environment in which tests really train, kept between runs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::count::Count;
use crate::program::{ask, cargo, pip, program, run};
use crate::repo;
use crate::test::counted;

/// The environment's folder, outside the repository: it outlives a clone.
pub(crate) struct Training(PathBuf);

/// Names another folder for it, as it does for the program.
const VARIABLE: &str = "FINE_TUNING_STUDIO_ENVIRONMENT";

impl Training {
    pub(crate) fn new() -> Result<Self> {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(folder) = set(VARIABLE) {
            return Ok(Self(std::path::absolute(folder)?));
        }
        let cache = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")));
        let cache = cache.context("There is no folder for caches: neither XDG_CACHE_HOME nor HOME is set")?;
        Ok(Self(cache.join("fine-tuning-studio/python")))
    }

    /// Make it as a person does. One that is complete is found to be in a moment.
    pub(crate) fn make(&self) -> Result<()> {
        self.create("training")
    }

    /// Make the environment of axolotl, which lies beside it.
    pub(crate) fn make_axolotl(&self) -> Result<()> {
        self.create("axolotl")
    }

    /// Make the environment for exports to GGUF, which lies beside it and takes its packages.
    pub(crate) fn make_gguf(&self) -> Result<()> {
        self.create("gguf")
    }

    fn create(&self, purpose: &str) -> Result<()> {
        let fts = repo::target().join("debug").join(format!("fts{}", env::consts::EXE_SUFFIX));
        let mut command = program(&fts.to_string_lossy());
        command.arg("--db").arg(self.aside("studio.db")).args(["environment", "create", "--for", purpose]);
        run(self.inside(&mut command))
    }

    /// The worker's own tests, by the environment's interpreter.
    pub(crate) fn worker_tests(&self) -> Result<Count> {
        self.pytest(self.python(), &[])
    }

    /// Those of the worker's tests that convert to GGUF, by the interpreter of that environment.
    pub(crate) fn gguf_tests(&self) -> Result<Count> {
        let name = self.0.file_name().unwrap_or_default().to_string_lossy();
        let python = interpreter(&self.0.with_file_name(format!("{name}-gguf")));
        self.pytest(python, &["-m", "gguf"])
    }

    fn pytest(&self, mut python: Command, arguments: &[&str]) -> Result<Count> {
        let packages =
            self.packages("pytest", "pytest, which runs the worker's tests", &[worker_requirements()])?;
        python.args(["-m", "pytest"]).args(arguments).current_dir(repo::root().join("src-tauri/worker"));
        // What Python would write beside the worker makes cargo build the core again.
        python.env("PYTHONPATH", packages).env("PYTHONDONTWRITEBYTECODE", "1");
        counted(python.args(["-p", "no:cacheprovider"]))
    }

    /// The client by which stories ask what is served.
    pub(crate) fn install_client(&self) -> Result<()> {
        let wanted = repo::root().join("src-tauri/worker/requirements-client.txt");
        self.packages("client", "openai, which asks what is served", &[wanted]).map(drop)
    }

    /// The calls of `fts grpc` by generated stubs: those of the newest client, and of the one that the reference
    /// studio pins.
    pub(crate) fn grpc_tests(&self) -> Result<Count> {
        let (tests, mut count) = (repo::root().join("src-tauri/crates/grpc/tests/python"), Count::default());
        let fts = repo::target().join("debug").join(format!("fts{}", env::consts::EXE_SUFFIX));
        for name in ["requirements-grpc", "requirements-grpc-reference"] {
            let wanted = [tests.join(name).with_extension("txt"), worker_requirements()];
            let packages = self.packages(name, "grpcio, which calls the service", &wanted)?;
            let mut python = self.python();
            python.args(["-m", "pytest", "-p", "no:cacheprovider"]).current_dir(&tests);
            python.env("PYTHONPATH", packages).env("PYTHONDONTWRITEBYTECODE", "1").env("FTS", &fts);
            count += counted(&mut python)?;
        }
        Ok(count)
    }

    /// A folder with the packages of these files, outside the environment, which is kept as a person has it. They
    /// are installed again when the files change, as wheels for this environment's Python: that of the system may
    /// be another one.
    fn packages(&self, name: &str, what: &str, files: &[PathBuf]) -> Result<PathBuf> {
        let folder = self.aside(name);
        let mut wanted = String::new();
        for file in files {
            wanted += &fs::read_to_string(file)?;
        }
        let installed = folder.join("requirements.txt");
        if wanted == fs::read_to_string(&installed).unwrap_or_default() {
            return Ok(folder);
        }
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let version = "import sys; print('%d.%d' % sys.version_info[:2])";
        let version = ask(self.python().args(["-c", version])).context("The environment has no Python")?;
        let mut install = pip(what)?;
        install.args(["install", "--quiet", "--only-binary", ":all:", "--python-version", version.trim()]);
        install.arg("--target").arg(&folder);
        for file in files {
            install.arg("--requirement").arg(file);
        }
        run(&mut install)?;
        fs::write(installed, wanted)?;
        Ok(folder)
    }

    /// Trains a tiny model of each of these types, of all if none is named, and compares what is known of
    /// them with what came of it.
    pub(crate) fn architectures(&self, types: &[&str], update: bool) -> Result<Count> {
        let (root, folder) = (repo::root(), self.aside("architectures"));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let mut train = self.python();
        train.arg(root.join("src-tauri/worker/tests/train_architectures.py")).arg(&folder).args(types);
        run(train.env("PYTHONDONTWRITEBYTECODE", "1"))?;
        if update {
            let known = root.join("src-tauri/crates/weights/src/modules/architectures.json");
            fs::copy(folder.join("architectures.json"), known)?;
        }
        let mut tests = cargo();
        tests.args(["test", "--package", "weights", "--test", "architectures", "--", "--ignored"]);
        counted(tests.env("ARCHITECTURES", folder))
    }

    /// The same command in this environment.
    pub(crate) fn inside<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env(VARIABLE, &self.0)
    }

    /// Its interpreter.
    pub(crate) fn python(&self) -> Command {
        interpreter(&self.0)
    }

    /// A folder of the tests.
    fn aside(&self, name: &str) -> PathBuf {
        repo::target().join("training").join(name)
    }
}

/// What tests in Python need beside what they test.
fn worker_requirements() -> PathBuf {
    repo::root().join("src-tauri/worker/requirements-tests.txt")
}

/// The interpreter of an environment.
fn interpreter(environment: &Path) -> Command {
    let name = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    program(&environment.join(name).to_string_lossy())
}

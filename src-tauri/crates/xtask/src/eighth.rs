//! An eighth resource, declared in a copy of the core by what the README says it takes: a file, a
//! line and a migration.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::count::Count;
use crate::program::{cargo, find};
use crate::repo;
use crate::test::counted;

/// The line, and the line of the list before it.
const LINE: &str = "            experiment: Experiment => Experiments = \"experiments\";\n";
const LINE_BEFORE: &str =
    "            evaluation_job: EvaluationJob => EvaluationJobs = \"evaluation_jobs\";\n";
/// Crates that the core does not need.
const AROUND: [&str; 5] = ["cli", "fuzz", "grpc", "xtask", "ui-host"];

/// Declares the resource in the copy and runs its tests there.
pub(crate) fn test() -> Result<Count> {
    let copy = repo::target().join("eighth-resource");
    let crates = Path::new("src-tauri/crates");
    let mut copied = Copy { files: Vec::new() };
    let core = copy.join(crates);
    let given = repo::root().join("tests/eighth_resource");
    copied.file(&given.join("experiment.rs"), &core.join("resources/src/experiment.rs"))?;
    copied.file(&given.join("experiments.sql"), &core.join("store/migrations/0099_experiments.sql"))?;
    copied.file(&given.join("eighth.rs"), &core.join("studio/tests/eighth/main.rs"))?;
    let reference = repo::root().join("tests/tests/command_line/reference.sql");
    copied.file(&reference, &core.join("studio/tests/eighth/reference.sql"))?;
    copied.file(&repo::root().join("Cargo.lock"), &copy.join("Cargo.lock"))?;
    copied.text(&copy.join("Cargo.toml"), &workspace()?)?;

    let list = repo::root().join(crates).join("schema/src/list.rs");
    let text = fs::read_to_string(&list)?;
    ensure!(text.matches(LINE_BEFORE).count() == 1, "{} has no line {LINE_BEFORE}", list.display());
    let text = text.replace(LINE_BEFORE, &format!("{LINE_BEFORE}{LINE}"));
    copied.text(&core.join("schema/src/list.rs"), &text)?;
    // Files that were written above are left out here.
    copied.folder(&repo::root().join("src-tauri/worker"), &copy.join("src-tauri/worker"))?;
    // Cargo reads the manifests of what the core's tests need, too.
    for servers in ["tests/fake_hub", "tests/fake_workbench", "tests/test_hosts"] {
        copied.folder(&repo::root().join(servers), &copy.join(servers))?;
    }
    for entry in fs::read_dir(repo::root().join(crates))? {
        let entry = entry?;
        let name = entry.file_name();
        if !AROUND.iter().any(|around| name == *around) {
            copied.folder(&entry.path(), &copy.join(crates).join(&name))?;
        }
    }
    copied.sweep(&copy)?;

    let mut command = cargo();
    command.current_dir(&copy).env("CARGO_TARGET_DIR", repo::target());
    let nextest = find("cargo-nextest").is_some();
    command.args(if nextest { ["nextest", "run"].as_slice() } else { &["test"] });
    counted(command.args(["--offline", "--package", "studio", "--test", "eighth"]))
}

/// The workspace with the core's crates alone, in a version of their own: cargo knows crates that are built
/// into one folder apart by name, version and features, and would take the copy's for the originals.
fn workspace() -> Result<String> {
    let text = fs::read_to_string(repo::root().join("Cargo.toml"))?;
    let lines = text.lines().map(|line| match line.split_once(" = ") {
        Some(("members" | "default-members", _)) => {
            format!("{} = [\"src-tauri/crates/*\"]", line.split(' ').next().unwrap_or_default())
        }
        Some(("version", version)) => format!("version = {}-eighth\"", version.trim_end_matches('"')),
        _ => line.to_owned(),
    });
    Ok(lines.collect::<Vec<_>>().join("\n") + "\n")
}

/// A copy whose unchanged files keep their times, so that nothing is built twice.
struct Copy {
    files: Vec<PathBuf>,
}

impl Copy {
    fn folder(&mut self, from: &Path, to: &Path) -> Result<()> {
        for entry in fs::read_dir(from).with_context(|| format!("{} can't be read", from.display()))? {
            let entry = entry?;
            let (path, target) = (entry.path(), to.join(entry.file_name()));
            if entry.file_type()?.is_dir() {
                self.folder(&path, &target)?;
            } else if !self.files.contains(&target) {
                self.file(&path, &target)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, from: &Path, to: &Path) -> Result<()> {
        self.bytes(to, &fs::read(from).with_context(|| format!("{} can't be read", from.display()))?)
    }

    fn text(&mut self, to: &Path, text: &str) -> Result<()> {
        self.bytes(to, text.as_bytes())
    }

    fn bytes(&mut self, to: &Path, bytes: &[u8]) -> Result<()> {
        if fs::read(to).ok().as_deref() != Some(bytes) {
            fs::create_dir_all(to.parent().context("a file in a folder")?)?;
            fs::write(to, bytes)?;
        }
        self.files.push(to.to_path_buf());
        Ok(())
    }

    /// Removes what an earlier copy had and the sources no longer have.
    fn sweep(&self, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.sweep(&path)?;
            } else if !self.files.contains(&path) {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }
}

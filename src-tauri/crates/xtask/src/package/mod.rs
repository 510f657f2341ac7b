//! `cargo xtask package`: what people install, in `target/package/`.
//!
//! The packages are made by the tools of the distributions from one staged folder, and not by Tauri's bundler:
//! they find the libraries that the programs need with the versions they need, take any number of programs,
//! and make the same bytes of the same files. What they can't make, AppImage, .dmg and .msi, the bundler
//! makes, each on its own system.

pub(crate) mod bare;
mod build;
mod bundle;
mod notices;
mod pack;
mod sizes;
mod stage;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use self::bundle::Bundle;
use crate::program::{ask, program};
use crate::steps::Steps;
use crate::{needs, node, repo, system};

/// The name of the packages and of the window's program.
const NAME: &str = "fine-tuning-studio";
/// The version of everything in the workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(clap::Args)]
pub(crate) struct Package {
    /// Make this with Tauri's bundler instead, which downloads the tools for it.
    #[arg(long)]
    bundle: Option<Bundle>,
    /// Where ui/pictures is published, for the screenshots of software centers: they take only addresses.
    #[arg(long, value_name = "ADDRESS")]
    pictures: Option<String>,
    /// Only write the licenses of everything that the programs contain to this file.
    #[arg(long, value_name = "FILE", conflicts_with = "bundle")]
    notices: Option<PathBuf>,
}

impl Package {
    pub(crate) fn run(self) -> Result<()> {
        let mut steps = Steps::default();
        if let Some(path) = self.notices {
            steps.step("Packages of the UI", node::provide)?;
            return steps.step("Licenses", || Ok(fs::write(&path, notices::text()?)?));
        }
        let (staged, out) = (repo::target().join("staged"), folder());
        if self.bundle.is_none() && !cfg!(target_os = "linux") {
            bail!("Packages of Linux are made on Linux. Elsewhere: cargo xtask package --bundle dmg, or msi");
        }
        let tools = if self.bundle.is_none() { needs::PACK } else { &[] };
        steps.step("System packages", || system::provide(&[needs::BUILD, tools]))?;
        steps.step("Packages of the UI", node::provide)?;
        steps.step("UI", node::build)?;
        // Packages of an earlier version are not to be taken for these.
        for folder in [&staged, &out] {
            remove(folder)?;
            fs::create_dir_all(folder)?;
        }
        if let Some(kind) = self.bundle {
            steps.step("Program", || bundle::make(kind, &staged, &out))?;
        } else {
            let programs = steps.step("Programs", build::programs)?;
            let time = build::time()?;
            steps.step("Files", || stage::stage(&staged, &programs, self.pictures.as_deref(), time))?;
            steps.step("Debian package", || pack::deb(&staged, &out, time))?;
            steps.step("RPM package", || pack::rpm(&staged, &out, time))?;
            steps.step("Plain archive", || pack::tar(&staged, &out, time))?;
        }
        steps.step("Checksums", || checksums(&out))?;
        // Last, so that packages that are too large are there to be looked into.
        if self.bundle.is_none() {
            steps.step("Sizes", || sizes::check(&staged, &out))?;
        }
        remove(&staged)?;
        steps.sum_up();
        println!("\nThe packages are in {}.", out.display());
        Ok(())
    }
}

/// The folder of the finished packages.
fn folder() -> PathBuf {
    repo::target().join("package")
}

/// The one Debian package that was made.
fn deb() -> Result<PathBuf> {
    let found = files(&folder()).unwrap_or_default();
    found
        .into_iter()
        .find(|path| path.extension().is_some_and(|ending| ending == "deb"))
        .context("There is no Debian package. This makes one: cargo xtask package")
}

/// The files in a folder, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?;
    let mut files = read.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} can't be removed", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Writes `SHA256SUMS`, which `sha256sum --check` reads.
fn checksums(out: &Path) -> Result<()> {
    let mut command = program(if cfg!(target_os = "macos") { "shasum" } else { "sha256sum" });
    if cfg!(target_os = "macos") {
        command.args(["--algorithm", "256"]);
    }
    for file in files(out)? {
        command.args(file.file_name());
    }
    let sums = ask(command.current_dir(out)).context("The checksums can't be computed")?;
    println!("{sums}");
    Ok(fs::write(out.join("SHA256SUMS"), format!("{sums}\n"))?)
}

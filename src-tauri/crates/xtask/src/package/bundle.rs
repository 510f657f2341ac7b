//! What Tauri's bundler makes: `fts` and the licenses go beside the window's program.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::json;

use super::{build, files, notices};
use crate::program::{ask, program, run};
use crate::{node, repo};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Bundle {
    /// One file that runs on most distributions, on Linux.
    Appimage,
    /// A disk image, on macOS.
    Dmg,
    /// An installer, on Windows.
    Msi,
}

impl Bundle {
    fn name(self) -> &'static str {
        match self {
            Self::Appimage => "appimage",
            Self::Dmg => "dmg",
            Self::Msi => "msi",
        }
    }
}

/// Builds the programs and puts the bundle into `out`.
pub(super) fn make(kind: Bundle, aside: &Path, out: &Path) -> Result<()> {
    let programs = build::programs()?;
    let notices = aside.join("third-party.txt");
    fs::write(&notices, notices::text()?)?;
    // The bundler looks for a program with the platform in its name, and takes that away.
    let platform = ask(program("rustc").args(["--print", "host-tuple"])).context("rustc can't be run")?;
    fs::copy(&programs.fts, aside.join(format!("fts-{platform}{}", env::consts::EXE_SUFFIX)))?;
    let config = aside.join("bundle.json");
    let bundle = json!({ "bundle": {
        "externalBin": [aside.join("fts")],
        "resources": { notices.display().to_string(): "third-party.txt" },
    }});
    fs::write(&config, bundle.to_string())?;
    run(node::npm()
        .args(["exec", "--", "tauri", "build", "--bundles", kind.name(), "--config"])
        .arg(&config)
        .current_dir(repo::root().join("src-tauri")))?;
    let made = repo::target().join("release/bundle").join(kind.name());
    for file in files(&made)?.into_iter().filter(|path| path.is_file()) {
        let to: PathBuf = out.join(file.file_name().unwrap_or_default());
        fs::copy(&file, &to).with_context(|| format!("{} can't be copied", file.display()))?;
    }
    Ok(())
}

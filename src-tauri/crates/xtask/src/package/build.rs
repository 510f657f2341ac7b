//! The two programs, built so that nothing of this machine is in them.

use std::{env, path::PathBuf};

use anyhow::{Context, Result};

use super::NAME;
use crate::program::{ask, cargo, program, run};
use crate::repo;

/// The programs that are installed.
pub(super) struct Programs {
    pub(super) window: PathBuf,
    pub(super) fts: PathBuf,
}

pub(super) fn programs() -> Result<Programs> {
    // Messages of panics and texts of C's assertions name the files they are in.
    let (rust, c): (Vec<_>, Vec<_>) = places()
        .into_iter()
        .map(|(from, to)| {
            let from = from.display().to_string();
            (format!("--remap-path-prefix={from}={to}"), format!("-ffile-prefix-map={from}={to}"))
        })
        .unzip();
    let mut build = cargo();
    build
        .args(["build", "--release", "--locked", "--package", "fts", "--package", NAME])
        // The form that takes folders with a space in their name.
        .env("CARGO_ENCODED_RUSTFLAGS", rust.join("\u{1f}"));
    if cfg!(unix) {
        build.env("CFLAGS", c.join(" ")).env("CXXFLAGS", c.join(" "));
    }
    run(&mut build)?;
    let built =
        |name: &str| repo::target().join("release").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    Ok(Programs { window: built(NAME), fts: built("fts") })
}

/// Folders of this machine and what is written in their place. Later ones are tried first.
fn places() -> Vec<(PathBuf, &'static str)> {
    let home = env::home_dir().unwrap_or_default();
    let cargo = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    vec![(cargo, "/cargo"), (repo::root().to_path_buf(), "/fine-tuning-studio"), (repo::target(), "/target")]
}

/// The time of all files in the packages, in seconds since 1970: that of the commit, so that two builds of it
/// make the same bytes (<https://reproducible-builds.org/specs/source-date-epoch/>).
pub(super) fn time() -> Result<u64> {
    let given = env::var("SOURCE_DATE_EPOCH").ok();
    let text = given
        .or_else(|| ask(program("git").args(["log", "-1", "--format=%ct"])))
        .context("This is no git repository: set SOURCE_DATE_EPOCH to the time of the release")?;
    text.parse().with_context(|| format!("SOURCE_DATE_EPOCH is '{text}', and not a number of seconds"))
}

//! Where things are in this repository.

use std::path::{Path, PathBuf};

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    const HERE: &str = env!("CARGO_MANIFEST_DIR");
    // src-tauri/crates/xtask is three folders deep.
    Path::new(HERE).ancestors().nth(3).unwrap_or(Path::new(HERE))
}

/// The window's pages.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// The icon and the sizes made from it.
pub(crate) fn icons() -> PathBuf {
    root().join("icons")
}

/// Where cargo puts what it builds: this program was built there itself.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

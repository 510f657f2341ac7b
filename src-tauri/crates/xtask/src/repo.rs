//! Where things are in this repository.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// The folder that holds the workspace's `Cargo.toml`. `cargo run` names it: the folder at the time of
/// the build may be that of another clone, if both build into the same target folder.
pub(crate) fn root() -> &'static Path {
    static HERE: LazyLock<PathBuf> = LazyLock::new(|| {
        std::env::var_os("CARGO_MANIFEST_DIR").map_or(env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
    });
    // src-tauri/crates/xtask is three folders deep.
    HERE.ancestors().nth(3).unwrap_or(&HERE)
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

//! Folders for what is not finished yet.

use std::path::Path;

use platform::{UNFINISHED_PREFIX, UNFINISHED_SUFFIX, sweep_unfinished};
use schema::{Error, Result};
use tempfile::TempDir;

/// A new folder in another, which is removed when it is dropped. Those that a killed program left there long
/// ago are removed as well.
pub(crate) fn folder_in(folder: &Path) -> Result<TempDir> {
    sweep_unfinished(folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED_PREFIX).suffix(UNFINISHED_SUFFIX);
    builder.tempdir_in(folder).map_err(|error| Error::file("write to", folder, &error))
}

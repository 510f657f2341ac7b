//! What a refusal must be like.

use std::path::Path;

use anyhow::{Result, ensure};
use studio::{Error, ErrorCode};

/// A person can use this refusal: it is about the file, names it, and is no fault of the program.
pub(crate) fn check(path: &Path, error: &Error) -> Result<()> {
    ensure!(error.code != ErrorCode::Internal, "an internal error: {error:?}");
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    ensure!(error.message.contains(&*name), "the file is not named: {error:?}");
    Ok(())
}

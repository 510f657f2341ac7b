//! Folders for what is not finished yet, and the room for it.

use std::path::Path;

use platform::{UNFINISHED_PREFIX, UNFINISHED_SUFFIX, disk, sweep_unfinished};
use schema::{Error, ErrorCode, Result};
use tempfile::TempDir;

/// A new folder in another, which is removed when it is dropped. Those that a killed program left there long
/// ago are removed as well.
pub(crate) fn folder_in(folder: &Path) -> Result<TempDir> {
    sweep_unfinished(folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED_PREFIX).suffix(UNFINISHED_SUFFIX);
    builder.tempdir_in(folder).map_err(|error| Error::file("write to", folder, &error))
}

/// Refuses to unpack so many bytes of an archive to a disk that has not as many free.
pub(crate) fn refuse_full_disk(archive: &Path, to: &Path, bytes: u64) -> Result<()> {
    let Some(free) = disk::free(to).filter(|free| *free < bytes) else { return Ok(()) };
    let [needed, free] = [bytes, free].map(disk::format_bytes);
    let (archive, folder) = (archive.display(), to.display());
    let message = format!("The files of {archive} take {needed}, and {folder} has {free} free.");
    Err(Error::new(ErrorCode::File, message).hint("Free some space, or choose another folder."))
}

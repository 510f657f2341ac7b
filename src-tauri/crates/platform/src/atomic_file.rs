//! Putting a finished file into place: written beside it, made durable, renamed.

use std::{fs::File, path::Path};

use schema::{Error, ErrorCode, Result};
use tempfile::{NamedTempFile, TempPath};

/// A new file beside `target`, gone again unless it is put into place.
pub fn beside(target: &Path) -> Result<NamedTempFile> {
    let folder = folder(target);
    if target.is_dir() {
        return Err(Error::new(ErrorCode::File, format!("{} is a folder.", target.display()))
            .hint("Give the file a name."));
    }
    tempfile::Builder::new().prefix(".fine-tuning-studio-").suffix(".part").tempfile_in(folder).map_err(
        |error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                Error::new(ErrorCode::NotFound, format!("The folder {} does not exist.", folder.display()))
                    .hint("Choose another place.")
            }
            _ => Error::file("write to", folder, &error),
        },
    )
}

/// Makes the file durable and gives it its name, replacing what had it.
pub fn put(finished: TempPath, target: &Path) -> Result<u64> {
    let failed = |error: std::io::Error| Error::file("write", target, &error);
    let file = File::open(&finished).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    finished.persist(target).map_err(|error| failed(error.error))?;
    // The rename is durable once the folder is.
    #[cfg(unix)]
    File::open(folder(target)).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(bytes)
}

fn folder(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

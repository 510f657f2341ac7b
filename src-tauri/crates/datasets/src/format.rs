//! Which kind of dataset this is.

use std::path::Path;

use resources::DatasetType;
use schema::{Error, ErrorCode, Result};

use super::{dataset_file::DatasetFile, file_name::detect_file, form::Form};

/// The kind of dataset at that place: a folder, or the kind of file that its content is.
///
/// # Errors
/// The file holds no rows that can be read; the message says what it is.
pub fn detect(file: impl Into<DatasetFile>) -> Result<DatasetType> {
    let file = file.into();
    if file.path.is_dir() {
        return Ok(DatasetType::Project);
    }
    check_link(&file.path)?;
    // What is not there, or empty, is of the kind that its name says; its reader says what is wrong.
    match std::fs::metadata(&file.path) {
        Ok(metadata) if metadata.is_file() && metadata.len() > 0 => Ok(Form::from_file(&file)?.kind),
        _ => detect_file(&file.path),
    }
}

/// Refuses a link that leads nowhere: the link is there, but no file.
fn check_link(path: &Path) -> Result<()> {
    match std::fs::read_link(path) {
        Ok(target) if !path.exists() => {
            let message =
                format!("{} is a link to {}, which does not exist.", path.display(), target.display());
            Err(Error::new(ErrorCode::NotFound, message).hint("Choose the file itself, or restore it there."))
        }
        _ => Ok(()),
    }
}

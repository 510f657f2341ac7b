//! The files of a folder with weights.

use std::{fs::File, path::Path};

use schema::{Error, ErrorCode, Result};

/// The configuration of a model of the Transformers library.
pub(crate) const MODEL_CONFIG: &str = "config.json";
/// The configuration of a PEFT adapter.
pub(crate) const ADAPTER_CONFIG: &str = "adapter_config.json";
/// How the names of an adapter's weights begin.
pub(crate) const ADAPTER_PREFIX: &str = "adapter_model";

/// Opens a regular file. Reading a pipe or a device might never end.
pub(crate) fn open_regular(path: &Path) -> Result<File> {
    let failed = |error| Error::file("read", path, &error);
    if path.is_symlink() && !path.exists() {
        return Err(parse_error(path, &"it is a link to a file that does not exist"));
    }
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(parse_error(path, &"it is not a file"));
    }
    File::open(path).map_err(failed)
}

/// The error for a file with a content that can't be parsed. `why` is a part of a sentence.
pub(crate) fn parse_error(path: &Path, why: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorCode::File, format!("{} can't be parsed: {why}.", path.display()))
        .hint("Get the file again from where it came from.")
}

/// The names of the files in a folder, sorted; broken links are included.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>> {
    let failed = |error| Error::file("read", folder, &error);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

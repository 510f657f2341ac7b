//! The files of a folder with weights: their names, and the small ones read within a size limit.

use std::{fs::File, io::Read as _, path::Path};

use schema::{Error, ErrorCode, Result};
use serde_json::{Map, Value};

/// The configuration of a model of the Transformers library.
pub(crate) const MODEL_CONFIG: &str = "config.json";
/// The file name of a model's weights, without part number and extension.
pub(crate) const MODEL_STEM: &str = "model";
/// The configuration of a PEFT adapter.
pub(crate) const ADAPTER_CONFIG: &str = "adapter_config.json";
/// The file name of an adapter's weights, without part number and extension.
pub(crate) const ADAPTER_STEM: &str = "adapter_model";

/// The largest configuration that is read, in bytes. A tokenizer's with all its added tokens has a
/// few megabytes.
const LARGEST: u64 = 32 << 20;

/// Reads a JSON object from a file of at most [`LARGEST`] bytes.
pub(crate) fn object(path: &Path) -> Result<Map<String, Value>> {
    let file = open_regular(path)?;
    let mut text = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut text).map_err(|error| Error::file("read", path, &error))?;
    if text.len() as u64 > LARGEST {
        return Err(parse_error(path, &"it is far too large"));
    }
    serde_json::from_slice(&text).map_err(|error| parse_error(path, &error))
}

/// Opens a regular file. Reading a pipe or a device might never end.
pub(crate) fn open_regular(path: &Path) -> Result<File> {
    let failed = |error| Error::file("read", path, &error);
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(parse_error(path, &"it is not a file"));
    }
    File::open(path).map_err(failed)
}

/// The error for a file with a content that can't be parsed.
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

//! Folders that the datasets library of Python wrote with `save_to_disk`.

use std::{fs, path::Path};

use schema::{Error, ErrorCode};

/// Why a folder of Arrow files is not read, and how its rows become a file that is.
pub(super) fn refusal(folder: &Path) -> Option<Error> {
    let several = folder.join("dataset_dict.json").is_file();
    let arrow = |entry: std::io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| entry.path().extension().is_some_and(|ending| ending == "arrow"))
    };
    let saved = folder.join("state.json").is_file() && folder.join("dataset_info.json").is_file();
    if !several && !saved && !fs::read_dir(folder).ok()?.any(arrow) {
        return None;
    }
    let shown = folder.display();
    let message = format!("{shown} was written by save_to_disk; its Arrow files are not read here.");
    let way = if several {
        "for name, split in datasets.load_from_disk(FOLDER).items(): split.to_parquet(f\"{name}.parquet\")"
    } else {
        "datasets.load_from_disk(FOLDER).to_parquet(\"train.parquet\")"
    };
    Some(Error::new(ErrorCode::Invalid, message).hint(format!("Write it as Parquet, in Python: {way}")))
}

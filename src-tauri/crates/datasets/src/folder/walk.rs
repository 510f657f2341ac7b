//! The dataset files that lie in a folder.

use std::{fs, path::Path};

use schema::{Error, ErrorCode, Result};

use crate::{file_name, problem::Problem};

/// Descriptions that lie beside the rows.
const NO_ROWS: [&str; 5] =
    ["dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json", "config.json"];
/// A folder with more files is not a dataset that somebody chose.
const MOST_FILES: usize = 100_000;
/// Folders within folders are looked into so deep.
const DEPTH: usize = 8;

/// Whether a file of a repository, by its path within it, is one that [`walk`] finds.
pub(super) fn is_found(name: &str) -> bool {
    let is_passed_over = |part: &str| part.starts_with(['.', '_']) || NO_ROWS.contains(&part);
    name.split('/').count() <= DEPTH
        && !name.split('/').any(is_passed_over)
        && file_name::detect_file(Path::new(name)).is_ok()
}

/// The dataset files in a folder, by their path within it, in order, and what can't be read of it.
pub(super) fn walk(folder: &Path) -> Result<(Vec<String>, Vec<Problem>)> {
    let (mut found, mut notes) = (Vec::new(), Vec::new());
    add(folder, "", DEPTH, &mut found, &mut notes)?;
    found.sort();
    Ok((found, notes))
}

/// Whether a folder is one of those that `here` is in, as one that a link leads back to is.
fn holds(folder: &Path, here: &Path) -> bool {
    let is_link = fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_symlink());
    is_link
        && fs::canonicalize(folder)
            .is_ok_and(|folder| fs::canonicalize(here).is_ok_and(|here| here.starts_with(folder)))
}

fn add(
    folder: &Path,
    inside: &str,
    depth: usize,
    found: &mut Vec<String>,
    notes: &mut Vec<Problem>,
) -> Result<()> {
    let here = folder.join(inside);
    let failed = |error| Error::file("read", &here, &error);
    for entry in fs::read_dir(&here).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (name, path) = (entry.file_name(), entry.path());
        let Some(name) = name.to_str() else {
            if path.is_dir() || file_name::detect_file(&path).is_ok() {
                let message = format!(
                    "The name '{}' is not UTF-8 text. Give it another one; it is not read.",
                    name.to_string_lossy()
                );
                notes.push(Problem::warning(None, message));
            }
            continue;
        };
        if name.starts_with(['.', '_']) || NO_ROWS.contains(&name) {
            continue;
        }
        let inner = if inside.is_empty() { name.to_owned() } else { format!("{inside}/{name}") };
        if path.is_dir() {
            if depth > 1 && !holds(&path, &here) {
                add(folder, &inner, depth - 1, found, notes)?;
            }
        } else if file_name::detect_file(&path).is_ok() {
            found.push(inner);
        }
        if found.len() > MOST_FILES {
            let message = format!("{} contains more than {MOST_FILES} dataset files.", folder.display());
            return Err(Error::new(ErrorCode::Invalid, message).hint("Choose a folder inside it."));
        }
    }
    Ok(())
}

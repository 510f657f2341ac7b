//! The files of projects: real folders, one for each.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use serde_json::{Value, json};

use crate::refusal::{Found, Refusal};

/// The path of a project's file. `.`, `/` and nothing are the project's folder.
pub(crate) fn inside(folder: &Path, path: &str) -> Found<PathBuf> {
    let relative = Path::new(path.trim_start_matches('/'));
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if plain { Ok(folder.join(relative)) } else { Err(Refusal::invalid(format!("invalid path {path}"))) }
}

/// One level of a folder: names without the folder, in no order.
pub(crate) fn list(folder: &Path, path: &str) -> Found<Value> {
    let place = inside(folder, path)?;
    if place.is_file() {
        return Err(Refusal::invalid(format!("{path} is not a directory")));
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(&place).map_err(|error| failed(path, &error))? {
        let entry = entry.map_err(|error| failed(path, &error))?;
        let about = entry.metadata().map_err(|error| failed(path, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        files.push(match about.is_dir() {
            true => json!({"path": name, "is_dir": true}),
            false => json!({"path": name, "is_dir": false, "file_size": about.len().to_string()}),
        });
    }
    Ok(json!({"files": files}))
}

/// Puts an uploaded file where it was asked for, or beside the file that is there.
pub(crate) fn store(folder: &Path, path: &str, uploaded: &Path, beside: bool) -> Found<()> {
    let mut place = inside(folder, path)?;
    if place.is_dir() {
        return Err(Refusal::invalid(format!("{path} is a directory")));
    }
    let above = place.parent().unwrap_or(folder);
    fs::create_dir_all(above).map_err(|error| failed(path, &error))?;
    let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = name
        .rsplit_once('.')
        .map_or((name.as_str(), String::new()), |(stem, ending)| (stem, format!(".{ending}")));
    let mut number = 0;
    while beside && place.exists() {
        number += 1;
        place.set_file_name(format!("{stem}({number}){ending}"));
    }
    fs::copy(uploaded, &place).map_err(|error| failed(path, &error))?;
    Ok(())
}

pub(crate) fn read(folder: &Path, path: &str) -> Found<Vec<u8>> {
    fs::read(inside(folder, path)?).map_err(|error| failed(path, &error))
}

/// Removes a file, or a folder with everything in it.
pub(crate) fn remove(folder: &Path, path: &str) -> Found<Value> {
    let place = inside(folder, path)?;
    let removed = if place.is_dir() { fs::remove_dir_all(&place) } else { fs::remove_file(&place) };
    removed.map_err(|error| failed(path, &error))?;
    Ok(json!({}))
}

pub(crate) fn rename(folder: &Path, path: &str, info: &Value) -> Found<Value> {
    let to = info["path"].as_str().ok_or_else(|| Refusal::invalid("no path"))?;
    fs::rename(inside(folder, path)?, inside(folder, to)?).map_err(|error| failed(path, &error))?;
    Ok(info.clone())
}

fn failed(path: &str, error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NotFound => Refusal::not_found(format!("file {path} not found")),
        _ => Refusal::new(13, format!("{path}: {error}")),
    }
}

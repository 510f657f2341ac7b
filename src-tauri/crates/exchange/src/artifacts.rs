//! The files of a model of the registry, fetched to this machine.
//!
//! The API has no way to fetch from the registry itself. The files of a version are those that its run of MLflow logged,
//! which are files of the project in which it was made, as long as nobody deleted them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use platform::{Progress, UNFINISHED_PREFIX, UNFINISHED_SUFFIX, Work, blocking};
use schema::{Error, ErrorCode, Result, TableName};
use workbench::{FileThere, Workbench};

use crate::registry::{RegisteredVersion, RegisteredVersions};

/// The deepest folders of artifacts that are looked into.
const DEEPEST: usize = 16;
/// The file that says that a folder has a model, or an adapter.
const CONFIGS: [(TableName, &str, &str); 2] =
    [(TableName::Models, "config.json", "model"), (TableName::Adapters, "adapter_config.json", "adapter")];
/// A file of every tokenizer.
const TOKENIZER: &str = "tokenizer_config.json";

/// Fetches the model or the adapter of a version into a new folder, with its tokenizer, as programs load it. MLflow keeps
/// both in folders of their own.
///
/// # Errors
/// The folder is there already, the workbench can't be asked, the version's files are not in reach, or they are no model
/// or adapter of transformers.
pub async fn fetch_version(
    workbench: &Workbench,
    versions: &RegisteredVersions,
    version: &RegisteredVersion,
    table: TableName,
    to: &Path,
    work: &Work,
) -> Result<()> {
    let name = format!("version {} of '{}'", version.number, versions.model.name);
    if to.symlink_metadata().is_ok() {
        return Err(Error::new(ErrorCode::Conflict, format!("{} exists already.", to.display()))
            .hint("Choose another folder, or remove that one."));
    }
    if version.run.is_empty() || version.experiment.is_empty() {
        return Err(out_of_reach(&format!("The registry does not say which run of MLflow logged {name}.")));
    }
    let of_project = match version.project.as_str() {
        "" => workbench.clone(),
        project => workbench.in_project(project),
    };
    let run = of_project.experiment_run(&version.experiment, &version.run).await?;
    let Some(artifacts) = run.artifacts() else {
        return Err(out_of_reach(&format!("The files of {name} are not files of its project.")));
    };
    let logged = run.logged(&version.id);
    let from = logged.map_or_else(|| artifacts.to_owned(), |path| format!("{artifacts}/{path}"));
    let above = to.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(above).map_err(|error| Error::file("create", above, &error))?;
    let folder = tempfile::Builder::new()
        .prefix(UNFINISHED_PREFIX)
        .suffix(UNFINISHED_SUFFIX)
        .tempdir_in(above)
        .map_err(|error| Error::file("write", above, &error))?;
    let fetched = fetch_folder(&of_project, &from, folder.path(), work).await?;
    if fetched == 0 {
        return Err(out_of_reach(&format!("The project there has no files of {name} in {from}.")));
    }
    let (root, to) = (folder.path().to_owned(), to.to_owned());
    blocking("arranging the files of a model", move || arrange(&root, table, &name, &to)).await
}

fn out_of_reach(why: &str) -> Error {
    Error::new(ErrorCode::NotFound, why)
        .hint("Download the model from the registry in the workbench, and add its folder as a model.")
}

/// Fetches everything in a folder there. Returns the number of files.
async fn fetch_folder(workbench: &Workbench, from: &str, to: &Path, work: &Work) -> Result<u64> {
    let mut waiting = vec![(from.to_owned(), to.to_owned(), 0)];
    let (mut files, mut bytes) = (0, 0);
    while let Some((from, to, depth)) = waiting.pop() {
        for FileThere { name, is_dir, bytes: size } in workbench.files(&from).await?.unwrap_or_default() {
            work.tick(Progress { done: bytes, total: None, rows: 0 })?;
            let is_plain = !matches!(name.as_str(), "" | "." | "..")
                && !name.contains(['/', '\\'])
                && !name.contains(char::is_control);
            if !is_plain || depth >= DEEPEST {
                let message =
                    format!("The folder {from} there has '{}', which is not fetched.", name.escape_debug());
                return Err(Error::new(ErrorCode::Invalid, message).hint("Rename it there, or take it away."));
            }
            let (there, here) = (format!("{from}/{name}"), to.join(&name));
            if is_dir {
                fs::create_dir_all(&here).map_err(|error| Error::file("create", &here, &error))?;
                waiting.push((there, here, depth + 1));
            } else {
                workbench.download(&there, &here).await?;
                files += 1;
                bytes += size.unsigned_abs();
            }
        }
    }
    Ok(files)
}

/// Moves the folder of the model or adapter to its place, with the files of the tokenizer beside it.
fn arrange(root: &Path, table: TableName, name: &str, to: &Path) -> Result<()> {
    let (wanted, other): (Vec<_>, Vec<_>) = CONFIGS.into_iter().partition(|(of, ..)| *of == table);
    let Some((_, config, what)) = wanted.first() else {
        return Err(Error::new(ErrorCode::Invalid, "Only models and adapters are fetched from a registry."));
    };
    let Some(folder) = folder_with(root, config)? else {
        let is_other = other.iter().find(|(_, config, _)| matches!(folder_with(root, config), Ok(Some(_))));
        let message = format!("{name} has no {what}: there is no {config} among its files.");
        let hint = match is_other {
            Some((.., other)) => format!("It has an {other}: add it as such.").replace("an model", "a model"),
            None => "It was made with another library, and can't be used here.".to_owned(),
        };
        return Err(Error::new(ErrorCode::Invalid, message).hint(hint));
    };
    if let Some(tokenizer) = folder_with(root, TOKENIZER)?.filter(|tokenizer| *tokenizer != folder) {
        for file in entries(&tokenizer)?.into_iter().filter(|file| file.is_file()) {
            let beside = folder.join(file.file_name().unwrap_or_default());
            if !beside.exists() {
                fs::rename(&file, &beside).map_err(|error| Error::file("write", &beside, &error))?;
            }
        }
    }
    fs::rename(&folder, to).map_err(|error| Error::file("write", to, &error))
}

/// The folder with that file which is the least deep.
fn folder_with(root: &Path, name: &str) -> Result<Option<PathBuf>> {
    let mut level = vec![root.to_owned()];
    while !level.is_empty() {
        if let Some(found) = level.iter().find(|folder| folder.join(name).is_file()) {
            return Ok(Some(found.clone()));
        }
        let mut next = Vec::new();
        for folder in level {
            next.extend(entries(&folder)?.into_iter().filter(|path| path.is_dir()));
        }
        level = next;
    }
    Ok(None)
}

/// What a folder has, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder).map_err(|error| Error::file("read", folder, &error))?;
    let mut paths: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

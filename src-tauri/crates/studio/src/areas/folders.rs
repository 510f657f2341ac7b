//! The folders of the program on this machine.

use std::path::{Path, PathBuf};

use hub::Hub;
use platform::{blocking, default_database, disk::folder_size, log_file};
use schema::{Result, text_enum};
use serde::Serialize;

text_enum! {
    /// What a folder is for.
    pub enum FolderUse {
        /// The folder with the open database.
        Database = "database", "Database";
        /// The backups of the open database.
        Backups = "backups", "Backups";
        /// The Hub's local cache.
        HubCache = "hub_cache", "Hub cache";
        /// The data of the program itself, and the default database.
        Data = "data", "Application data";
        /// The log files of the window and the command line.
        Log = "log", "Log";
    }
}

/// A folder that the program uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Folder {
    /// Its use.
    pub what: FolderUse,
    /// Its path.
    pub path: String,
    /// The bytes of the database, or of everything in one of the other folders. `None` if the folder does
    /// not exist.
    pub bytes: Option<u64>,
}

/// The folders that the program uses, whether or not they exist. Those of the database are left out
/// without one.
pub async fn folders(hub: &Hub, database: Option<&Path>) -> Result<Vec<Folder>> {
    let beside = database.map(|file| file.parent().unwrap_or(Path::new(".")).to_path_buf());
    let data = default_database().ok().and_then(|file| file.parent().map(Path::to_path_buf));
    let all: [(FolderUse, Option<PathBuf>); 5] = [
        (FolderUse::Database, beside.clone()),
        (FolderUse::Backups, beside.map(|folder| folder.join("backups"))),
        (FolderUse::HubCache, Some(hub.cache_folder())),
        (FolderUse::Data, data),
        (FolderUse::Log, log_file::folder()),
    ];
    let file = database.map(Path::to_path_buf);
    blocking("measuring folders", move || {
        let known = all.into_iter().filter_map(|(what, path)| Some((what, path?)));
        let folder = |(what, path): (FolderUse, PathBuf)| Folder {
            what,
            bytes: path.is_dir().then(|| match (what, &file) {
                // Other files may lie beside the database.
                (FolderUse::Database, Some(file)) => std::fs::metadata(file).map_or(0, |file| file.len()),
                _ => folder_size(&path),
            }),
            path: path.display().to_string(),
        };
        Ok(known.map(folder).collect())
    })
    .await
}

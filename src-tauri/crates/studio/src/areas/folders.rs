//! Where things are on this machine.

use std::path::{Path, PathBuf};

use platform::{blocking, disk::folder_size};
use schema::{Result, text_enum};
use serde::Serialize;
use store::default_database;

use platform::log_file;

use crate::Studio;

text_enum! {
    /// What a folder is for.
    pub enum FolderUse {
        /// The open database lies in it.
        Database = "database", "Database";
        /// The backups of the open database.
        Backups = "backups", "Backups";
        /// The hub's local cache.
        HubCache = "hub_cache", "Hub cache";
        /// What the program keeps for itself, and databases that nobody gave a place.
        Data = "data", "Application data";
        /// The log files of the window and the command line.
        Log = "log", "Log";
    }
}

/// A folder that the program uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Folder {
    /// What for.
    pub what: FolderUse,
    /// Where.
    pub path: String,
    /// How many bytes of it are the program's: the database alone, or all that lies in the others.
    /// `None` if it isn't there.
    pub bytes: Option<u64>,
}

impl Studio {
    /// The folders that the program uses, whether or not they are there yet.
    pub async fn folders(&self) -> Result<Vec<Folder>> {
        let beside = self.path().parent().unwrap_or(Path::new(".")).to_path_buf();
        let data = default_database().ok().and_then(|file| file.parent().map(Path::to_path_buf));
        let all: [(FolderUse, Option<PathBuf>); 5] = [
            (FolderUse::Database, Some(beside.clone())),
            (FolderUse::Backups, Some(beside.join("backups"))),
            (FolderUse::HubCache, Some(self.hub.cache_folder())),
            (FolderUse::Data, data),
            (FolderUse::Log, log_file::folder()),
        ];
        let file = self.path().to_path_buf();
        blocking("measuring folders", move || {
            let known = all.into_iter().filter_map(|(what, path)| Some((what, path?)));
            let folder = |(what, path): (FolderUse, PathBuf)| Folder {
                what,
                bytes: path.is_dir().then(|| match what {
                    // Anything may lie beside a database.
                    FolderUse::Database => std::fs::metadata(&file).map_or(0, |file| file.len()),
                    _ => folder_size(&path),
                }),
                path: path.display().to_string(),
            };
            Ok(known.map(folder).collect())
        })
        .await
    }
}

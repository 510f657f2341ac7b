//! One window for each database: a second start goes to the window that is open.

use std::{
    ffi::OsString,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
};

use clap::Parser as _;
use fine_tuning_studio::opened;
use studio::platform::default_database;
use tauri::{AppHandle, Manager as _, Runtime, plugin::TauriPlugin};

use crate::Arguments;

/// Ends this process if a window was started with the same database, after its arguments reached that window. On a
/// Linux without a session bus it can't be known, and the lock beside the database keeps a second window from it.
pub(crate) fn plugin<R: Runtime>(database: Option<&Path>) -> TauriPlugin<R> {
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(name(database))
        .callback(|app, arguments, folder| started_again(app, arguments, Path::new(&folder)))
        .build()
}

/// The name on the session bus. Windows of other databases have other names.
fn name(database: Option<&Path>) -> String {
    let database = database.map_or_else(default_database, |path| Ok(path.to_owned())).unwrap_or_default();
    let mut hash = DefaultHasher::new();
    std::path::absolute(&database).unwrap_or(database).hash(&mut hash);
    // Parts of a name must not begin with a digit.
    format!("fine-tuning-studio.database-{:016x}", hash.finish())
}

/// The arguments of a second start, and the folder it was started in.
fn started_again<R: Runtime>(app: &AppHandle<R>, arguments: Vec<String>, folder: &Path) {
    for window in app.webview_windows().values() {
        // A window that can't come to the front is still there to be found.
        let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!("the window did not come to the front: {error}");
        }
    }
    if let Some(file) = file_of(arguments, folder) {
        opened::open(app, file);
    }
}

/// The file that these arguments name.
fn file_of(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    folder: &Path,
) -> Option<PathBuf> {
    Some(folder.join(Arguments::try_parse_from(arguments).ok()?.file?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_has_a_name_whichever_way_it_is_written() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(name(Some(Path::new("studio.db"))), name(Some(&here.join("studio.db"))));
        assert_ne!(name(Some(Path::new("studio.db"))), name(Some(Path::new("other.db"))));
        assert_eq!(name(None), name(default_database().ok().as_deref()));
    }

    #[test]
    fn a_file_is_found_from_where_the_second_start_was() {
        let folder = Path::new("/home/ada");
        assert_eq!(file_of(["studio", "all.fts.json"], folder), Some(folder.join("all.fts.json")));
        assert_eq!(file_of(["studio", "--db", "a.db", "/b.json"], folder), Some("/b.json".into()));
        assert_eq!(file_of(["studio"], folder), None);
        assert_eq!(file_of(["studio", "--unknown"], folder), None);
    }
}

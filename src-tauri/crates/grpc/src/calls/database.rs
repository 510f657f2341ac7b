//! The whole store, out and in.

use std::{fs::File, path::PathBuf};

use serde::Deserialize;
use serde_json::json;
use studio::{
    Error, ErrorCode, Result,
    platform::{UNFINISHED_PREFIX, UNFINISHED_SUFFIX, Work},
    snapshot::{ExportFormat, ImportPolicy, ImportReport, OnConflict, OnDangling},
};

use super::{Calls, require};
use crate::reply::{Reply, TextFile};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ImportDatabaseRequest {
    imported_json_path: String,
}

impl Calls {
    /// The seven tables as one JSON text, of one moment. It is written to a file first, so that a client that
    /// reads slowly keeps no transaction open.
    pub(super) async fn export_database(&self) -> Result<Reply> {
        let beside = self.studio.path().parent().unwrap_or(self.studio.path());
        // What is left behind by a killed program is swept away by these names.
        let mut folder = tempfile::Builder::new();
        let folder = folder.prefix(UNFINISHED_PREFIX).suffix(UNFINISHED_SUFFIX).tempdir_in(beside);
        let folder = folder.map_err(|error| Error::file("write", beside, &error))?;
        let path = folder.path().join("export.json");
        let snapshots = self.studio.snapshots();
        let work = Work::unwatched();
        snapshots.export_without_metadata(&path, ExportFormat::Json, None, &work).await?;
        let opened = File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (size, file) = opened.map_err(|error| Error::file("read", &path, &error))?;
        Ok(Reply::Text(TextFile { file, size, folder }))
    }

    /// Imports a snapshot in the import folder: rows that exist stay, invalid ones are skipped, each on its
    /// own, in one transaction after a backup.
    pub(super) async fn import_database(&self, request: ImportDatabaseRequest) -> Result<Reply> {
        let file = self.importable(&request.imported_json_path)?;
        let work = Work::unwatched();
        let mut staged = self.studio.snapshots().read(&file, &work).await?;
        let policy = ImportPolicy {
            on_conflict: OnConflict::Keep,
            on_dangling: OnDangling::Keep,
            skip_invalid: true,
            ..ImportPolicy::default()
        };
        let imported = self.studio.snapshots().import(&mut staged, &policy, &work).await;
        staged.discard().await;
        Ok(Reply::Report(report(&imported?)))
    }

    /// The file in the import folder that a path names, without links. A relative path begins there.
    fn importable(&self, path: &str) -> Result<PathBuf> {
        require("imported_json_path", path)?;
        let Some(folder) = &self.import_folder else {
            return Err(Error::new(ErrorCode::Invalid, "This service imports no files.")
                .hint("Start it with the folder that files may be imported from."));
        };
        let outside = || {
            let message = format!("{path} is not in {}, the folder to import from.", folder.display());
            Error::new(ErrorCode::Invalid, message).hint("Put the file there, and name it there.")
        };
        let named = folder.join(path.trim());
        // What is elsewhere is refused alike whether it exists or not.
        let real = named.canonicalize().map_err(|error| match named.starts_with(folder) {
            true => Error::file("read", &named, &error),
            false => outside(),
        })?;
        if real.starts_with(folder) { Ok(real) } else { Err(outside()) }
    }
}

/// What an import did, by table.
fn report(imported: &ImportReport) -> String {
    let tables = imported.tables.iter().map(|(table, report)| {
        (table.into_str().to_owned(), json!({"added": report.added, "replaced": report.replaced}))
    });
    let tables: serde_json::Map<_, _> = tables.collect();
    json!({"tables": tables, "left_out": imported.left_out_count}).to_string()
}

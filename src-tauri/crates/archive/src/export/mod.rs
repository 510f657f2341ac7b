//! Export of rows with the files they refer to.

mod contents;
mod places;
mod walk;
mod write;

use std::path::Path;

use platform::{Work, disk};
use resources::Described as _;
use schema::{Error, ErrorCode, Result, TableName, TextEnum as _};
use serde::{Deserialize, Serialize};
use store::{Extent, Moment, Store, TableCount};

pub use contents::PlannedFolder;
pub use write::ArchiveExported;

use self::contents::Contents;
use crate::{left_out::LeftOut, progress::ArchiveProgress};

/// Rows to archive. What they refer to is archived with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ArchivedRows {
    /// Their table.
    pub table: TableName,
    /// Their ids.
    pub ids: Vec<String>,
}

/// What to archive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ArchiveRequest {
    /// The rows; `None` for all.
    pub rows: Option<ArchivedRows>,
    /// Whether the folders of base models are archived too. They are by far the largest.
    pub with_models: bool,
}

/// What an archive would hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ArchivePlan {
    /// The number of rows of each table.
    pub tables: Vec<TableCount>,
    /// The folders with files, each with the rows that refer to it.
    pub folders: Vec<PlannedFolder>,
    /// The number of all files.
    pub files: u64,
    /// Their bytes, before they are compressed.
    pub bytes: u64,
    /// What rows refer to and the archive would not hold.
    pub left_out: Vec<LeftOut>,
    /// The free bytes on the disk of the target, if it is known.
    pub free: Option<u64>,
}

/// What an archive of these rows would hold. Reads no file. `target` is the file that would be written.
pub async fn plan(
    store: &Store,
    request: &ArchiveRequest,
    target: Option<&Path>,
    work: &Work<ArchiveProgress>,
) -> Result<ArchivePlan> {
    let mut moment = store.moment().await?;
    let extent = extent(&mut moment, request).await?;
    let contents = Contents::list(&mut moment, &extent, request.with_models, work).await?;
    Ok(ArchivePlan {
        tables: moment.counts(&extent).await?,
        files: contents.files(),
        bytes: contents.bytes(),
        folders: contents.folders.iter().map(contents::FolderContents::planned).collect(),
        left_out: contents.left_out,
        free: target.and_then(|file| disk::free(file.parent().unwrap_or(Path::new(".")))),
    })
}

/// Writes an archive. The file appears when it is complete.
///
/// # Errors
/// A file changed or disappeared while it was read, a name can't be in an archive, or the disk is full.
/// Nothing is left then.
pub async fn export(
    store: &Store,
    target: &Path,
    request: &ArchiveRequest,
    work: &Work<ArchiveProgress>,
) -> Result<ArchiveExported> {
    let target = std::path::absolute(target).map_err(|error| Error::file("write", target, &error))?;
    let mut moment = store.moment().await?;
    let extent = extent(&mut moment, request).await?;
    let contents = Contents::list(&mut moment, &extent, request.with_models, work).await?;
    let rows = write::rows(&mut moment, &extent, &contents, &target, work).await?;
    // Hashing may take minutes, in which the store's log could not be written back.
    drop(moment);
    write::archive(contents, rows, target, work.clone()).await
}

async fn extent(moment: &mut Moment, request: &ArchiveRequest) -> Result<Extent> {
    match &request.rows {
        None => Ok(Extent::Tables(TableName::ALL.to_vec())),
        Some(ArchivedRows { table, ids }) if ids.is_empty() => {
            Err(Error::new(ErrorCode::Invalid, format!("Choose the {} to archive.", table.table().plural)))
        }
        Some(ArchivedRows { table, ids }) => moment.rows_of(table.table(), ids, true).await,
    }
}

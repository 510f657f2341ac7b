//! Archives: rows with their files in one file.

use std::path::{Path, PathBuf};

use archive::{
    ArchiveExported, ArchiveImportReport, ArchivePlan, ArchiveProgress, ArchiveRequest, OpenArchive,
};
use platform::Work;
use schema::Result;
use snapshot::ImportPolicy;

use crate::Studio;

/// Archives of rows with their files: export and import.
#[derive(Debug, Clone, Copy)]
pub struct Archives<'a>(pub(crate) &'a Studio);

impl Archives<'_> {
    /// What an archive in this file would hold.
    pub async fn plan(
        &self,
        request: &ArchiveRequest,
        target: Option<&Path>,
        work: &Work<ArchiveProgress>,
    ) -> Result<ArchivePlan> {
        archive::plan(&self.0.store, request, target, work).await
    }

    /// Writes an archive.
    pub async fn export(
        &self,
        target: &Path,
        request: &ArchiveRequest,
        work: &Work<ArchiveProgress>,
    ) -> Result<ArchiveExported> {
        archive::export(&self.0.store, target, request, work).await
    }

    /// Reads an archive as a whole. Does not change the store. Its files would go to `to`, else to
    /// [`Self::folder`].
    pub async fn read(
        &self,
        file: &Path,
        to: Option<&Path>,
        work: &Work<ArchiveProgress>,
    ) -> Result<OpenArchive> {
        let folder = self.folder();
        OpenArchive::read(&self.0.store, file, to.unwrap_or(&folder), work).await
    }

    /// Imports the files and the rows of an archive that was read, after a backup.
    pub async fn import(
        &self,
        archive: &mut OpenArchive,
        policy: &ImportPolicy,
        work: &Work<ArchiveProgress>,
    ) -> Result<ArchiveImportReport> {
        archive.import(&self.0.store, policy, work).await
    }

    /// The folder beside the database in which imported files are written unless another is chosen.
    pub fn folder(&self) -> PathBuf {
        self.0.path().parent().unwrap_or(Path::new(".")).join("imported")
    }
}

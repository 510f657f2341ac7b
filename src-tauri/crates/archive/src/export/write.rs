//! Writes an archive: the rows to a temporary file, then the hashes, then the tar.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use platform::{AtomicFile, Work, blocking};
use schema::{Error, Result};
use serde::Serialize;
use store::{Extent, Moment, TableCount};
use tempfile::TempDir;

use super::contents::Contents;
use crate::{
    hashing::{changed, hash},
    left_out::LeftOut,
    manifest::{ArchivedFile, ArchivedFolder, FILES, FORMAT, MANIFEST, Manifest, ROWS, VERSION},
    progress::{self, ArchiveProgress, ArchiveStep, Bytes},
    seal::Sealing,
    unfinished::folder_in,
};

/// The level at which weights, which do not compress well, take little time.
const LEVEL: i32 = 3;
/// The bytes that are read at a time.
const BLOCK: usize = 1 << 18;

/// The result of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ArchiveExported {
    /// The file.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The number of rows of each table.
    pub tables: Vec<TableCount>,
    /// The number of files in it.
    pub files: u64,
    /// Their bytes, before they were compressed.
    pub content_bytes: u64,
    /// What rows refer to and the archive does not hold.
    pub left_out: Vec<LeftOut>,
}

/// Rows that were written to a temporary file, which is removed when this is dropped.
pub(super) struct WrittenRows {
    folder: TempDir,
    tables: Vec<TableCount>,
}

impl WrittenRows {
    fn file(&self) -> PathBuf {
        self.folder.path().join(ROWS)
    }
}

/// Writes the rows to a temporary file in the folder of the archive.
pub(super) async fn rows(
    moment: &mut Moment,
    extent: &Extent,
    contents: &Contents,
    target: &Path,
    work: &Work<ArchiveProgress>,
) -> Result<WrittenRows> {
    let beside = target.parent().unwrap_or(Path::new("."));
    let folder = folder_in(beside)?;
    let file = folder.path().join(ROWS);
    let work = progress::rows(work, ArchiveStep::Rows);
    let written = snapshot::export_extent(moment, &file, extent, &contents.texts(), &work).await?;
    Ok(WrittenRows { folder, tables: written.rows })
}

/// Hashes all files and writes the archive.
pub(super) async fn archive(
    contents: Contents,
    rows: WrittenRows,
    target: PathBuf,
    work: Work<ArchiveProgress>,
) -> Result<ArchiveExported> {
    blocking("writing an archive", move || write(contents, &rows, &target, &work)).await
}

fn write(
    contents: Contents,
    rows: &WrittenRows,
    target: &Path,
    work: &Work<ArchiveProgress>,
) -> Result<ArchiveExported> {
    let row_bytes =
        std::fs::metadata(rows.file()).map_err(|error| Error::file("read", &rows.file(), &error))?;
    let total = contents.bytes() + row_bytes.len();
    let mut hashed = Bytes::new(work, ArchiveStep::Hashing, total);
    let mut sources = vec![rows.file()];
    let listed = archived(ROWS.to_owned(), &rows.file(), row_bytes.len(), &mut hashed)?;
    let mut folders = Vec::new();
    for folder in contents.folders {
        let mut files = Vec::new();
        for source in folder.files {
            let path = format!("{FILES}/{}/{}", folder.name, source.inner);
            files.push(archived(path, &source.file, source.bytes, &mut hashed)?);
            sources.push(source.file);
        }
        folders.push(ArchivedFolder { name: folder.name, references: folder.references, files });
    }
    let created = Timestamp::now();
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        created: format!("{created:.0}"),
        tables: rows.tables.clone(),
        rows: listed,
        folders,
        left_out: contents.left_out,
    };
    let bytes = pack(&manifest, &sources, created, target, work)?;
    Ok(ArchiveExported {
        path: target.display().to_string(),
        bytes,
        tables: manifest.tables,
        files: manifest.folders.iter().map(|folder| folder.files.len() as u64).sum(),
        content_bytes: total - manifest.rows.bytes,
        left_out: manifest.left_out,
    })
}

/// Hashes a file that had so many bytes.
fn archived(path: String, file: &Path, bytes: u64, hashed: &mut Bytes<'_>) -> Result<ArchivedFile> {
    let blake3 = hash(file, bytes, hashed)?.to_string();
    Ok(ArchivedFile { path, bytes, blake3 })
}

/// Writes the tar and seals it. Returns the size of the file.
fn pack(
    manifest: &Manifest,
    sources: &[PathBuf],
    created: Timestamp,
    target: &Path,
    work: &Work<ArchiveProgress>,
) -> Result<u64> {
    let failed = |error: io::Error| {
        error.downcast::<Error>().unwrap_or_else(|error| Error::file("write", target, &error))
    };
    let text =
        serde_json::to_vec_pretty(manifest).map_err(|error| Error::internal("writing a manifest", &error))?;
    let mut written = Bytes::new(work, ArchiveStep::Writing, manifest.bytes());
    let part = AtomicFile::new(target)?;
    let sealing = Sealing::new(BufWriter::with_capacity(BLOCK, part.handle()?));
    let mut encoder = zstd::Encoder::new(sealing, LEVEL).map_err(failed)?;
    encoder.include_checksum(true).map_err(failed)?;
    let mut tar = tar::Builder::new(encoder);
    let header = |bytes: u64| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes);
        header.set_mode(0o644);
        header.set_mtime(created.as_second().unsigned_abs());
        header
    };
    tar.append_data(&mut header(text.len() as u64), MANIFEST, &*text).map_err(failed)?;
    for ((_, file), source) in manifest.files().zip(sources) {
        let mut reader = Unchanged::open(source, file, &mut written)?;
        tar.append_data(&mut header(file.bytes), &file.path, &mut reader).map_err(failed)?;
    }
    let mut file =
        tar.into_inner().and_then(zstd::Encoder::finish).and_then(Sealing::finish).map_err(failed)?;
    file.flush().map_err(failed)?;
    drop(file);
    part.commit()
}

/// A file that has to be the same as when it was hashed. Its errors are those of the core.
struct Unchanged<'a, 'w> {
    path: &'a Path,
    file: File,
    wanted: &'a ArchivedFile,
    hasher: blake3::Hasher,
    left: u64,
    written: &'a mut Bytes<'w>,
}

impl<'a, 'w> Unchanged<'a, 'w> {
    fn open(path: &'a Path, wanted: &'a ArchivedFile, written: &'a mut Bytes<'w>) -> Result<Self> {
        let file = File::open(path).map_err(|error| Error::file("read", path, &error))?;
        Ok(Self { path, file, wanted, hasher: blake3::Hasher::new(), left: wanted.bytes, written })
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let failed = |error| Error::file("read", self.path, &error);
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            let more = self.file.read(&mut [0]).map_err(failed)? > 0;
            let same = self.hasher.finalize().to_string() == self.wanted.blake3;
            return if same && !more { Ok(0) } else { Err(changed(self.path)) };
        }
        let read = self.file.read(&mut buffer[..most]).map_err(failed)?;
        if read == 0 {
            return Err(changed(self.path));
        }
        self.hasher.update(&buffer[..read]);
        self.left -= read as u64;
        self.written.add(read)?;
        Ok(read)
    }
}

impl Read for Unchanged<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fill(buffer).map_err(io::Error::other)
    }
}

//! Unpacks the folders of an archive under temporary names in the target folder, and renames them.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use platform::Work;
use schema::{Error, ErrorCode, Result};

use super::read;
use crate::{
    manifest::{ArchivedFile, FILES, Manifest},
    progress::{ArchiveProgress, ArchiveStep},
    unfinished::{folder_in, refuse_full_disk},
};

/// Folders that were moved to their places. They are removed when this is dropped without [`Self::keep`].
#[derive(Debug, Default)]
pub(super) struct Placed {
    folders: Vec<PathBuf>,
    /// Folders that were made for them, the outermost first.
    made: Vec<PathBuf>,
}

impl Placed {
    /// Leaves the folders where they are.
    pub(super) fn keep(mut self) {
        self.folders.clear();
        self.made.clear();
    }
}

impl Drop for Placed {
    fn drop(&mut self) {
        for folder in &self.folders {
            let _ = fs::remove_dir_all(folder);
        }
        for folder in self.made.iter().rev() {
            // One that is not empty has something of another program.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// A folder to unpack.
#[derive(Debug, Clone)]
pub(super) struct Unpack {
    /// Its index in the manifest.
    pub(super) at: usize,
    /// Where it goes. Nothing is there.
    pub(super) place: PathBuf,
}

/// Unpacks folders of an archive, which is compared with its manifest again. All are unpacked before the
/// first is moved.
pub(super) fn place(
    archive: &Path,
    expected: &Manifest,
    to: &Path,
    folders: &[Unpack],
    work: &Work<ArchiveProgress>,
) -> Result<Placed> {
    let mut placed = Placed::default();
    if folders.is_empty() {
        return Ok(placed);
    }
    let bytes = folders.iter().map(|folder| expected.folders[folder.at].bytes()).sum();
    refuse_full_disk(archive, to, bytes)?;
    make(to, &mut placed.made)?;
    let unpacked = folder_in(to)?;
    for Unpack { at, .. } in folders {
        let folder = &expected.folders[*at];
        // A folder that a row refers to may have no files.
        for path in folder.references.iter().map(|reference| &reference.path) {
            let is_file = folder.files.iter().any(|file| file.path == *path);
            if !is_file {
                make_all(&unpacked.path().join(path))?;
            }
        }
    }
    let wanted = |at: Option<usize>| folders.iter().any(|folder| Some(folder.at) == at);
    let file = |at: Option<usize>, file: &ArchivedFile| {
        wanted(at).then(|| create(unpacked.path(), &file.path)).transpose()
    };
    let same = |manifest: &Manifest| match manifest == expected {
        true => Ok(()),
        false => {
            Err(Error::new(ErrorCode::Conflict, format!("{} changed since its plan.", archive.display()))
                .hint("Choose it again. Nothing was changed."))
        }
    };
    read::whole(archive, ArchiveStep::Unpacking, work, same, file)?;
    for Unpack { at, place } in folders {
        let from = unpacked.path().join(FILES).join(&expected.folders[*at].name);
        fs::rename(&from, place).map_err(|error| Error::file("write", place, &error))?;
        placed.folders.push(place.clone());
    }
    #[cfg(unix)]
    File::open(to).and_then(|folder| folder.sync_all()).map_err(|error| Error::file("write", to, &error))?;
    Ok(placed)
}

/// Creates a file of an archive. The manifest was checked: the path leads nowhere else.
fn create(root: &Path, path: &str) -> Result<File> {
    let file = root.join(path);
    if let Some(folder) = file.parent() {
        make_all(folder)?;
    }
    match File::create_new(&file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let message =
                format!("This disk can't hold '{path}' beside another file of almost the same name.");
            Err(Error::new(ErrorCode::File, message)
                .hint("Choose a folder on a disk that distinguishes upper and lower case."))
        }
        created => created.map_err(|error| Error::file("write", &file, &error)),
    }
}

fn make_all(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))
}

/// Creates a folder and those above it that do not exist, and notes them.
fn make(folder: &Path, made: &mut Vec<PathBuf>) -> Result<()> {
    let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
    for folder in missing.into_iter().rev() {
        fs::create_dir(folder).map_err(|error| Error::file("create", folder, &error))?;
        made.push(folder.to_owned());
    }
    match folder.is_dir() {
        true => Ok(()),
        false => Err(Error::new(ErrorCode::File, format!("{} is not a folder.", folder.display()))
            .hint("Choose a folder for the files.")),
    }
}

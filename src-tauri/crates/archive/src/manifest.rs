//! `manifest.json`, the first entry of an archive.

use std::collections::BTreeSet;

use resources::Described as _;
use schema::{Column, Kind, TableName};
use serde::{Deserialize, Serialize};
use store::TableCount;

use crate::{left_out::LeftOut, names};

/// The name of the format in a manifest.
pub(crate) const FORMAT: &str = "fine-tuning-studio-archive";
/// The version of the format that this program writes, and the newest that it reads.
pub(crate) const VERSION: u32 = 1;
/// The path of the manifest in an archive.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The path of the rows in an archive.
pub(crate) const ROWS: &str = "rows.json";
/// The folder of the folders in an archive.
pub(crate) const FILES: &str = "files";
/// The most bytes of a manifest: it is read into memory. A file takes some 200.
pub(crate) const LARGEST: u64 = 64 << 20;

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Manifest {
    /// The name of the format.
    pub format: String,
    /// Its version.
    pub version: u32,
    /// The version of the program that wrote the archive.
    pub program: String,
    /// When it was written, as in RFC 3339.
    pub created: String,
    /// The number of rows of each table.
    pub tables: Vec<TableCount>,
    /// The rows, as a JSON snapshot.
    pub rows: ArchivedFile,
    /// The folders with files.
    pub folders: Vec<ArchivedFolder>,
    /// What rows refer to and the archive does not hold.
    pub left_out: Vec<LeftOut>,
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ArchivedFile {
    /// Its path in the archive, with `/` between the parts.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its BLAKE3 hash, in hexadecimal digits.
    pub blake3: String,
}

/// A folder in an archive: the files of one row, to which others may refer as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ArchivedFolder {
    /// Its name under `files/`.
    pub name: String,
    /// The rows that refer to it, or to something in it.
    pub references: Vec<ArchivedReference>,
    /// Its files.
    pub files: Vec<ArchivedFile>,
}

/// A row's reference to a file or a folder in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ArchivedReference {
    /// The table of the row.
    pub table: TableName,
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// The column with the path.
    pub column: String,
    /// The path in the archive.
    pub path: String,
}

impl ArchivedFolder {
    /// Its path in the archive.
    pub fn path(&self) -> String {
        format!("{FILES}/{}", self.name)
    }

    /// The bytes of its files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

impl ArchivedReference {
    /// The column, which holds paths: [`Manifest::parse`] takes no others.
    pub(crate) fn declared(&self) -> Option<&'static Column> {
        let column = self.table.table().column(&self.column)?;
        matches!(column.kind, Kind::File | Kind::Folder).then_some(column)
    }
}

impl Manifest {
    /// Parses a manifest and checks all that the reader and the importer rely on. An error is the end of a
    /// sentence about the archive, as in "… is of another program".
    pub(crate) fn parse(text: &[u8]) -> Result<Self, Unusable> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let head: Head = serde_json::from_slice(text)
            .map_err(|_| Unusable::Odd("its manifest is not one of this program".to_owned()))?;
        if head.format != FORMAT {
            return Err(Unusable::Odd("its manifest is not one of this program".to_owned()));
        }
        if head.version > VERSION {
            return Err(Unusable::Newer);
        }
        let manifest: Self = serde_json::from_slice(text)
            .map_err(|error| Unusable::Odd(format!("its manifest can't be parsed: {error}")))?;
        manifest.check().map_err(Unusable::Odd)?;
        Ok(manifest)
    }

    /// The files in the order of the archive, the rows first, each with the index of its folder.
    pub(crate) fn files(&self) -> impl Iterator<Item = (Option<usize>, &ArchivedFile)> {
        let listed = self.folders.iter().enumerate();
        let listed = listed.flat_map(|(at, folder)| folder.files.iter().map(move |file| (Some(at), file)));
        std::iter::once((None, &self.rows)).chain(listed)
    }

    /// The bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files().map(|(_, file)| file.bytes).sum()
    }

    fn check(&self) -> Result<(), String> {
        if self.rows.path != ROWS {
            return Err(format!("its rows are called '{}'", self.rows.path));
        }
        let sum = self.files().try_fold(0u64, |sum, (_, file)| sum.checked_add(file.bytes));
        if sum.is_none() {
            return Err("the sizes in its manifest are impossible".to_owned());
        }
        let mut names = BTreeSet::new();
        for folder in &self.folders {
            if let Some(problem) = names::problem(&folder.name) {
                return Err(format!("the name of its folder '{}' {problem}", folder.name));
            }
            // Some file systems do not distinguish them.
            if !names.insert(folder.name.to_lowercase()) {
                return Err(format!("it has the folder '{}' twice", folder.name));
            }
            folder.check()?;
        }
        Ok(())
    }
}

/// Why a manifest can't be used.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// A newer program wrote it.
    Newer,
    /// The end of a sentence.
    Odd(String),
}

impl ArchivedFolder {
    fn check(&self) -> Result<(), String> {
        let mut files = BTreeSet::new();
        let mut folders = BTreeSet::new();
        for file in &self.files {
            self.check_path(&file.path)?;
            if file.path == self.path() {
                return Err(format!("'{}' is both a file and a folder", file.path));
            }
            if !files.insert(file.path.to_lowercase()) {
                return Err(format!("it has the file '{}' twice", file.path));
            }
            let path = file.path.to_lowercase();
            folders.extend(path.match_indices('/').map(|(at, _)| path[..at].to_owned()));
        }
        if let Some(both) = files.intersection(&folders).next() {
            return Err(format!("'{both}' is both a file and a folder"));
        }
        for reference in &self.references {
            self.check_path(&reference.path)?;
            let Some(column) = reference.declared() else {
                return Err(format!("it has files of '{}', which holds no paths", reference.column));
            };
            let is_file = self.files.iter().any(|file| file.path == reference.path);
            let path = reference.path.to_lowercase();
            let above = path.match_indices('/').any(|(at, _)| files.contains(&path[..at]));
            // A dataset may be a file or a folder, whatever its column says of it.
            if above || (column.kind == Kind::Folder && is_file) || (files.contains(&path) && !is_file) {
                return Err(format!("'{}' is not a folder in it", reference.path));
            }
        }
        Ok(())
    }

    /// Refuses a path that is not this folder or one within it.
    fn check_path(&self, path: &str) -> Result<(), String> {
        let mut parts = path.split('/');
        if parts.next() != Some(FILES) || parts.next() != Some(&self.name) {
            return Err(format!("'{path}' is not in its folder '{}'", self.name));
        }
        match parts.find_map(names::problem) {
            Some(problem) => Err(format!("a part of the path '{path}' {problem}")),
            None => Ok(()),
        }
    }
}

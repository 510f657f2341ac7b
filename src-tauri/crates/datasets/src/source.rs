//! The files of a dataset as readers open them. Where a hash is wanted, the bytes are hashed as they are
//! read, so that no file is read a second time for it.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use platform::ContentHash;
use schema::{Error, ErrorCode, Result};

use crate::{dataset_file::DatasetFile, folder, form::Form};

/// A file or a folder that is read.
#[derive(Clone)]
pub(crate) struct Source {
    file: DatasetFile,
    form: OnceLock<Form>,
    hashed: Option<Arc<HashedFiles>>,
}

/// All files of a dataset, laid one behind the other for their hash: of a folder's files first the name
/// within the folder and a zero byte, then the content.
struct HashedFiles {
    files: Vec<HashedFile>,
    numbers: HashMap<PathBuf, usize>,
    hash: Mutex<ContentHash>,
}

struct HashedFile {
    path: PathBuf,
    /// What comes before the content.
    head: Vec<u8>,
    /// Where the content begins in what is hashed.
    start: u64,
    /// How long the content was when the reading began.
    length: u64,
}

impl Source {
    /// A source that is only read.
    pub(crate) fn new(file: &DatasetFile) -> Self {
        Self { file: file.clone(), form: OnceLock::new(), hashed: None }
    }

    /// A source whose bytes are hashed as they are read.
    pub(crate) fn with_hash(file: &DatasetFile) -> Result<Self> {
        let hashed = Some(Arc::new(HashedFiles::new(file)?));
        Ok(Self { file: file.clone(), form: OnceLock::new(), hashed })
    }

    /// What is read.
    pub(crate) fn dataset(&self) -> &DatasetFile {
        &self.file
    }

    pub(crate) fn path(&self) -> &Path {
        &self.file.path
    }

    /// How the file is read.
    ///
    /// # Errors
    /// The file can't be read, or holds no rows.
    pub(crate) fn form(&self) -> Result<&Form> {
        if let Some(form) = self.form.get() {
            return Ok(form);
        }
        self.check()?;
        let form = Form::from_file(&self.file)?;
        Ok(self.form.get_or_init(|| form))
    }

    /// A file of this folder.
    pub(crate) fn file(&self, name: &str) -> Self {
        let file = DatasetFile::new(self.path().join(name), self.file.options.clone());
        Self { file, form: OnceLock::new(), hashed: self.hashed.clone() }
    }

    /// Opens a file that has something in it.
    pub(crate) fn open(&self) -> Result<SourceFile> {
        self.check()?;
        let failed = |error| Error::file("read", self.path(), &error);
        let file = File::open(self.path()).map_err(failed)?;
        let hashed = self.hashed.as_ref().and_then(|all| {
            let number = all.numbers.get(self.path())?;
            Some((all.clone(), *number))
        });
        if let Some((all, number)) = &hashed {
            all.take_head(*number);
        }
        Ok(SourceFile { file, position: 0, hashed })
    }

    /// Refuses what is no file, or a file without a byte.
    fn check(&self) -> Result<()> {
        let failed = |error| Error::file("read", self.path(), &error);
        let metadata = std::fs::metadata(self.path()).map_err(failed)?;
        if !metadata.is_file() {
            let message = format!("{} is not a regular file.", self.path().display());
            return Err(
                Error::new(ErrorCode::File, message).hint("Choose a CSV, JSON, JSON Lines or Parquet file.")
            );
        }
        if metadata.len() == 0 {
            return Err(empty(self.path()));
        }
        Ok(())
    }

    /// BLAKE3 of all bytes in hexadecimal digits; what no reader asked for is read now. `tick` is called
    /// now and then and may stop it.
    pub(crate) fn finish_hash(&self, mut tick: impl FnMut() -> Result<()>) -> Result<Option<String>> {
        let Some(all) = &self.hashed else { return Ok(None) };
        for number in 0..all.files.len() {
            all.take_head(number);
        }
        let mut block = Vec::new();
        loop {
            let missing = all.hash().missing();
            let Some((start, end)) = missing else { break };
            let Some(file) = all.files.iter().rfind(|file| file.start <= start) else { break };
            let failed = |error| Error::file("read", &file.path, &error);
            let mut opened = File::open(&file.path).map_err(failed)?;
            opened.seek(SeekFrom::Start(start - file.start)).map_err(failed)?;
            let length = end.min(file.start + file.length) - start;
            block.clear();
            (&mut opened).take(length).read_to_end(&mut block).map_err(failed)?;
            if (block.len() as u64) < length {
                return Err(changed(&file.path));
            }
            all.hash().update(start, &block);
            tick()?;
        }
        Ok(all.hash().finish())
    }
}

/// The error of a file that was written while it was read.
pub(crate) fn changed(path: &Path) -> Error {
    Error::new(ErrorCode::File, format!("{} changed while it was read.", path.display()))
        .hint("Read it again once the program that writes it has finished.")
}

/// The error of a file without a byte.
pub(crate) fn empty(path: &Path) -> Error {
    Error::new(ErrorCode::Invalid, format!("{} is empty.", path.display()))
        .hint("Choose a file with rows in it.")
}

impl HashedFiles {
    fn new(dataset: &DatasetFile) -> Result<Self> {
        let path = &dataset.path;
        let mut files = Vec::new();
        let mut end = 0;
        for file in folder::all_files(dataset)? {
            let length = std::fs::metadata(&file).map_err(|error| Error::file("read", &file, &error))?.len();
            let mut head = Vec::new();
            if let Ok(name) = file.strip_prefix(path)
                && name != Path::new("")
            {
                head.extend_from_slice(name.as_os_str().as_encoded_bytes());
                head.push(0);
            }
            let start = end + head.len() as u64;
            end = start + length;
            files.push(HashedFile { path: file, head, start, length });
        }
        let numbers = files.iter().enumerate().map(|(number, file)| (file.path.clone(), number)).collect();
        Ok(Self { files, numbers, hash: Mutex::new(ContentHash::new(end)) })
    }

    fn hash(&self) -> MutexGuard<'_, ContentHash> {
        self.hash.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_head(&self, number: usize) {
        if let Some(file) = self.files.get(number) {
            self.hash().update(file.start - file.head.len() as u64, &file.head);
        }
    }

    fn take(&self, number: usize, position: u64, bytes: &[u8]) {
        let Some(file) = self.files.get(number) else { return };
        // What was added since the reading began is another file's place.
        let most = usize::try_from(file.length.saturating_sub(position)).unwrap_or(usize::MAX);
        let bytes = bytes.get(..most).unwrap_or(bytes);
        self.hash().update(file.start + position, bytes);
    }
}

/// An open file of a source.
pub(crate) struct SourceFile {
    file: File,
    position: u64,
    hashed: Option<(Arc<HashedFiles>, usize)>,
}

impl SourceFile {
    /// Whether what is read goes into the hash of the source.
    pub(crate) fn is_hashed(&self) -> bool {
        self.hashed.is_some()
    }

    /// Its length in bytes.
    pub(crate) fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }
}

impl Read for SourceFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if let Some((all, number)) = &self.hashed {
            all.take(*number, self.position, buffer.get(..read).unwrap_or_default());
        }
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for SourceFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = self.file.seek(to)?;
        Ok(self.position)
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        Ok(self.position)
    }
}

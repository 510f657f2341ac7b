//! What identifies the content of a dataset's files, where no rows are read of them.

use std::{fs::File, io::Read as _};

use platform::{Progress, Work};
use schema::{Error, Result};

use super::{dataset_file::DatasetFile, folder};

/// Bytes that are read at once, between two looks at Cancel.
const PIECE: usize = 1 << 20;

/// BLAKE3 of a file, or of a folder's files one after the other, in hexadecimal digits. It is the hash of a
/// [`Reading`](crate::Reading).
///
/// # Errors
/// A file can't be read, or the work was cancelled.
pub fn content_hash(file: impl Into<DatasetFile>, work: &Work) -> Result<String> {
    let file = file.into();
    let total = folder::size(&file)?;
    let (mut hasher, mut done) = (blake3::Hasher::new(), 0);
    let mut piece = vec![0; PIECE];
    for path in folder::all_files(&file)? {
        let failed = |error| Error::file("read", &path, &error);
        let mut file = File::open(&path).map_err(failed)?;
        loop {
            let read = file.read(&mut piece).map_err(failed)?;
            if read == 0 {
                break;
            }
            hasher.update(piece.get(..read).unwrap_or_default());
            done += read as u64;
            work.tick(Progress { done, total: Some(total), rows: 0 })?;
        }
    }
    Ok(hasher.finalize().to_hex().to_string())
}

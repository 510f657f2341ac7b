//! Hashes of files that must not change meanwhile.

use std::{fs::File, io::Read as _, path::Path};

use schema::{Error, ErrorCode, Result};

use crate::progress::Bytes;

/// The bytes that are read at a time.
const BLOCK: usize = 1 << 18;

/// The hash of a file that has so many bytes; an error if it has others.
pub(crate) fn hash(path: &Path, bytes: u64, counted: &mut Bytes<'_>) -> Result<blake3::Hash> {
    let failed = |error| Error::file("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let (mut hasher, mut buffer, mut done) = (blake3::Hasher::new(), vec![0; BLOCK], 0);
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        done += read as u64;
        if done > bytes || (read == 0 && done < bytes) {
            return Err(changed(path));
        }
        if read == 0 {
            return Ok(hasher.finalize());
        }
        hasher.update(&buffer[..read]);
        counted.add(read)?;
    }
}

/// The error of a file that has other bytes than before.
pub(crate) fn changed(path: &Path) -> Error {
    Error::new(ErrorCode::Locked, format!("{} changed while it was read.", path.display()))
        .hint("Wait until no program writes it, then export again. Nothing was written.")
}

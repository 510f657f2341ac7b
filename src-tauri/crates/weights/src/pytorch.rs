//! Weights in PyTorch's own format, judged without unpickling them: that could run code.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
};

use schema::{Error, Result};

use crate::{
    files::{open_regular, parse_error},
    json::pointer_error,
    words::sentences,
};

/// A file without a single tensor has 443 bytes; the smallest LoRA adapters have some thousand.
const SMALLEST: u64 = 1_000;
/// How a ZIP archive begins, which `torch.save` writes since PyTorch 1.6.
const ZIP: &[u8] = b"PK\x03\x04";
/// How a pickle begins, which it wrote before.
const PICKLE: &[u8] = b"\x80\x02";
/// How the end of a ZIP archive begins; its 22 bytes are the last, because PyTorch adds no comment.
const ZIP_END: &[u8] = b"PK\x05\x06";

/// Why a file can't contain weights, if it can't.
pub(crate) fn problem(path: &Path) -> Option<String> {
    look(path).unwrap_or_else(|error| Some(sentences(error)))
}

fn look(path: &Path) -> Result<Option<String>> {
    let failed = |error| Error::file("read", path, &error);
    let mut file = open_regular(path)?;
    let bytes = file.metadata().map_err(failed)?.len();
    let (mut start, mut end) = (Vec::new(), Vec::new());
    (&mut file).take(64).read_to_end(&mut start).map_err(failed)?;
    read_end(&mut file, bytes, &mut end).map_err(failed)?;
    if platform::is_lfs_pointer(&start) {
        return Err(pointer_error(path));
    }
    if !start.starts_with(ZIP) && !start.starts_with(PICKLE) {
        return Err(parse_error(path, &"it is not in PyTorch's format, or damaged at its start"));
    }
    if start.starts_with(ZIP) && !end.windows(ZIP_END.len()).any(|window| window == ZIP_END) {
        return Err(parse_error(path, &"it is cut short: the end of the archive is missing"));
    }
    let name = path.file_name().unwrap_or_default().display();
    Ok((bytes < SMALLEST).then(|| {
        format!("{name} has only {bytes} bytes and contains no weights. Save the weights again, or get the file again.")
    }))
}

fn read_end(file: &mut File, bytes: u64, end: &mut Vec<u8>) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(bytes.saturating_sub(64)))?;
    file.take(64).read_to_end(end)?;
    Ok(())
}

//! Kinds of files that say in their first bytes what they are.

use std::path::Path;

use schema::{Error, ErrorCode};

use crate::packing::Packing;

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Magic {
    /// It is packed.
    Packed(Packing),
    /// It is Parquet.
    Parquet,
    /// Something that can't be read as rows.
    Other(Other),
}

/// A kind of file that can't be read as rows: what it is, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Other {
    what: &'static str,
    way_out: &'static str,
}

const WORKBOOK: &str = "Save the sheet with the rows as CSV (UTF-8), and choose that file.";
const UNPACK: &str = "Unpack it, and choose the file with the rows.";
const ARROW: &str =
    "Write it as Parquet, as load_from_disk(…).to_parquet(…) of Hugging Face's datasets does.";
const AVRO: &str = "Write it as Parquet or JSON Lines, and choose that file.";
const PICKLE: &str = "a Python pickle, which may run code when it is loaded";
const NO_ROWS: &str = "Choose a CSV, JSON, JSON Lines or Parquet file.";
const DAMAGED: &str = "Get the file again: a web page was saved in its place.";

/// Where a tar archive says that it is one.
const TAR: std::ops::Range<usize> = 257..262;

/// Bytes a file starts with, and what it is then.
const STARTS: [(&[u8], &str, &str); 23] = [
    (
        platform::LFS_POINTER,
        "a Git LFS pointer: it stands for the file, which has not been fetched",
        "Fetch it with `git lfs pull` in its repository, then choose it again.",
    ),
    (b"SQLite format 3\0", "an SQLite database", "Export the table with the rows as CSV."),
    (b"%PDF-", "a PDF document", NO_ROWS),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document, such as an .xls workbook", WORKBOOK),
    (b"ARROW1\0\0", "an Arrow file", ARROW),
    (b"\xff\xff\xff\xff", "an Arrow stream, as save_to_disk of Hugging Face's datasets writes it", ARROW),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (b"Obj\x01", "an Avro file", AVRO),
    (b"PARE", "an encrypted Parquet file", "Write it again without encryption."),
    (b"<?xml", "an XML document", NO_ROWS),
    (b"\x89HDF\r\n", "an HDF5 file", NO_ROWS),
    (b"\x80\x02}", PICKLE, NO_ROWS),
    (b"\x80\x02]", PICKLE, NO_ROWS),
    (b"\x80\x04\x95", PICKLE, NO_ROWS),
    (b"\x80\x05\x95", PICKLE, NO_ROWS),
    (b"GGUF", "a model in the GGUF format", NO_ROWS),
    (b"\x93NUMPY", "a NumPy array", NO_ROWS),
    (b"\x89PNG", "a PNG image", NO_ROWS),
    (b"\xff\xfe\0\0", "UTF-32 text", "Save it as UTF-8."),
    (b"\0\0\xfe\xff", "UTF-32 text", "Save it as UTF-8."),
];

impl Magic {
    /// What these first bytes say; `None` if they may be text.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let other = |what, way_out| Some(Self::Other(Other { what, way_out }));
        match bytes {
            [0x1f, 0x8b, ..] => return Some(Self::Packed(Packing::Gzip)),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => return Some(Self::Packed(Packing::Zstd)),
            [b'P', b'A', b'R', b'1', ..] => return Some(Self::Parquet),
            [b'P', b'K', 3 | 5, 4 | 6, ..] => {
                return match memchr::memmem::find(bytes, b"xl/").is_some()
                    || memchr::memmem::find(bytes, b"[Content_Types].xml").is_some()
                {
                    true => other("an Excel workbook", WORKBOOK),
                    false if memchr::memmem::find(bytes, b"opendocument.spreadsheet").is_some() => {
                        other("an OpenDocument workbook", WORKBOOK)
                    }
                    false => other("a zip archive", UNPACK),
                };
            }
            _ => {}
        }
        if bytes.get(TAR).is_some_and(|mark| mark == b"ustar") {
            return other("a tar archive", UNPACK);
        }
        let start = bytes.trim_ascii_start().get(..15).unwrap_or_default().to_ascii_lowercase();
        if start.starts_with(b"<!doctype html") || start.starts_with(b"<html") {
            return other("a web page", DAMAGED);
        }
        let found = STARTS.iter().find(|(start, _, _)| bytes.starts_with(start))?;
        other(found.1, found.2)
    }
}

impl Other {
    pub fn refusal(self, path: &Path) -> Error {
        Error::new(ErrorCode::Invalid, format!("{} is {}.", path.display(), self.what)).hint(self.way_out)
    }
}

//! The first bytes of a file or of a text.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use platform::BYTE_ORDER_MARK;
use schema::{Error, Result};

use crate::{packing::Packing, read_options::TextEncoding, unpacked};

/// How many bytes of a file are looked at.
const HEAD: u64 = 1 << 15;
/// What to do about a packed file that can't be unpacked.
pub const DAMAGED: &str = "Get a new copy of the file, or unpack what can be saved of it.";

/// The first bytes of a file or of a text.
pub struct Head {
    /// Up to 32 KiB of them.
    pub bytes: Vec<u8>,
    /// Whether that is all of it.
    pub complete: bool,
}

impl Head {
    /// Those of a file as it lies on the disk.
    pub fn from_file(path: &Path) -> Result<Self> {
        File::open(path).and_then(Self::read).map_err(|error| Error::file("read", path, &error))
    }

    /// Those of the text in a file, unpacked and decoded, without a byte-order mark.
    pub fn from_text(path: &Path, packing: Option<Packing>, encoding: TextEncoding) -> Result<Self> {
        let failed = |error| Error::file("read", path, &error);
        let file = File::open(path).map_err(failed)?;
        let head = unpacked::text(file, packing, encoding).and_then(Self::read).map_err(failed);
        head.map_err(|error| if packing.is_some() { error.hint(DAMAGED) } else { error })
    }

    /// UTF-8 text without its byte-order mark.
    pub fn without_mark(mut self) -> Self {
        if self.bytes.starts_with(BYTE_ORDER_MARK) {
            self.bytes.drain(..BYTE_ORDER_MARK.len());
        }
        self
    }

    fn read(reader: impl io::Read) -> io::Result<Self> {
        let mut bytes = Vec::new();
        reader.take(HEAD).read_to_end(&mut bytes)?;
        let complete = (bytes.len() as u64) < HEAD;
        Ok(Self { bytes, complete })
    }

    /// Its lines that are not blank; the last may go on where the head ends.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
    }
}

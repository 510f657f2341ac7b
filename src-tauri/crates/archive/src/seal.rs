//! The seal at the end of an archive: the hash of all bytes before it, in a frame that readers of zstd skip.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek as _, SeekFrom, Take, Write},
};

/// A skippable frame with 32 bytes (RFC 8878, section 3.1.2).
const FRAME: [u8; 8] = [0x50, 0x2A, 0x4D, 0x18, 32, 0, 0, 0];
/// The bytes of a seal.
const SEAL: usize = FRAME.len() + blake3::OUT_LEN;

/// Hashes what is written, for the seal.
pub(crate) struct Sealing<W> {
    inner: W,
    hash: blake3::Hasher,
}

impl<W: Write> Sealing<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, hash: blake3::Hasher::new() }
    }

    /// Writes the seal.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.inner.write_all(&FRAME)?;
        self.inner.write_all(self.hash.finalize().as_bytes())?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The bytes before the seal of a file.
pub(crate) struct Sealed {
    inner: Take<BufReader<File>>,
    hash: blake3::Hasher,
    wanted: [u8; blake3::OUT_LEN],
}

impl Sealed {
    /// Reads the seal; `None` if the file ends without one.
    pub(crate) fn open(mut file: File) -> io::Result<Option<Self>> {
        let Some(content) = file.metadata()?.len().checked_sub(SEAL as u64) else { return Ok(None) };
        let mut seal = [0; SEAL];
        file.seek(SeekFrom::Start(content))?;
        file.read_exact(&mut seal)?;
        let (frame, hash) = seal.split_at(FRAME.len());
        if frame != FRAME {
            return Ok(None);
        }
        let mut wanted = [0; blake3::OUT_LEN];
        wanted.copy_from_slice(hash);
        file.seek(SeekFrom::Start(0))?;
        let inner = BufReader::with_capacity(1 << 17, file).take(content);
        Ok(Some(Self { inner, hash: blake3::Hasher::new(), wanted }))
    }

    /// Reads what is left, and returns whether all bytes are those that were sealed.
    pub(crate) fn holds(&mut self) -> io::Result<bool> {
        io::copy(self, &mut io::sink())?;
        Ok(self.inner.limit() == 0 && *self.hash.finalize().as_bytes() == self.wanted)
    }
}

impl Read for Sealed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}

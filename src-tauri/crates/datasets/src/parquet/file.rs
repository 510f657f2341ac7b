//! The bytes of a Parquet file as the decoder asks for them: by offsets, the header of a page first and
//! then the page. What was read to find the end of a header is not read again for the page.

use std::{
    collections::BTreeMap,
    io::{self, Read, Seek as _, SeekFrom},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use parquet::{
    errors::{ParquetError, Result},
    file::reader::{ChunkReader, Length},
};

use crate::source::SourceFile;

/// Longer than most headers of pages, in bytes.
const HEADER: u64 = 1 << 12;

/// A file that is read by offsets. Clones share it.
#[derive(Clone)]
pub(crate) struct ParquetFile {
    length: u64,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    file: SourceFile,
    /// What was read and not yet asked for, by where it starts: at most a header's length for each
    /// column of the group that is read.
    ahead: BTreeMap<u64, Bytes>,
}

impl ParquetFile {
    pub(crate) fn new(file: SourceFile) -> io::Result<Self> {
        let length = file.length()?;
        Ok(Self { length, shared: Arc::new(Mutex::new(Shared { file, ahead: BTreeMap::new() })) })
    }

    /// Reads what lies between the chunks of the columns, from where to where these are, if the file is
    /// hashed: no column asks for it, and all that comes behind it would have to be held.
    pub(crate) fn read_between(&self, mut chunks: Vec<(u64, u64)>) -> io::Result<()> {
        if !self.shared().file.is_hashed() {
            return Ok(());
        }
        chunks.sort_unstable();
        let gaps = chunks.iter().zip(chunks.iter().skip(1)).map(|((_, end), (start, _))| (*end, *start));
        for (start, end) in gaps.filter(|(start, end)| start < end && end - start <= HEADER) {
            self.shared().read(start, &[], usize::try_from(end - start).unwrap_or_default())?;
        }
        Ok(())
    }

    /// Drops what was read ahead: the next group of rows begins.
    pub(crate) fn begin_group(&self) {
        self.shared().ahead.clear();
    }

    /// Some bytes from that offset on, none at the end of the file.
    fn some(&self, start: u64) -> io::Result<Bytes> {
        let mut shared = self.shared();
        if let Some(bytes) = shared.known(start) {
            return Ok(bytes);
        }
        let length = HEADER.min(self.length.saturating_sub(start));
        let bytes = shared.read(start, &[], usize::try_from(length).unwrap_or_default())?;
        shared.ahead.insert(start, bytes.clone());
        Ok(bytes)
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// What is known from that offset on; never empty.
    fn known(&self, start: u64) -> Option<Bytes> {
        let (at, bytes) = self.ahead.range(..=start).next_back()?;
        let skip = usize::try_from(start - at).ok()?;
        (skip < bytes.len()).then(|| bytes.slice(skip..))
    }

    /// So many bytes from that offset on, of which the first are known.
    fn read(&mut self, start: u64, known: &[u8], length: usize) -> io::Result<Bytes> {
        let mut bytes = vec![0; length];
        let (first, rest) = bytes.split_at_mut(known.len());
        first.copy_from_slice(known);
        self.file.seek(SeekFrom::Start(start + known.len() as u64))?;
        self.file.read_exact(rest)?;
        Ok(bytes.into())
    }
}

impl Length for ParquetFile {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for ParquetFile {
    type T = HeaderReader;

    fn get_read(&self, start: u64) -> Result<HeaderReader> {
        Ok(HeaderReader { file: self.clone(), position: start, bytes: Bytes::new() })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let end = start.saturating_add(length as u64);
        if end > self.length {
            let what = format!("{length} bytes at {start} lie beyond its end at {}", self.length);
            return Err(ParquetError::EOF(what));
        }
        let mut shared = self.shared();
        let Some(known) = shared.known(start) else { return Ok(shared.read(start, &[], length)?) };
        // What lies before the page has been asked for.
        shared.ahead.retain(|at, bytes| *at > start || at + bytes.len() as u64 <= start);
        if known.len() >= length {
            if known.len() > length {
                shared.ahead.insert(end, known.slice(length..));
            }
            return Ok(known.slice(..length));
        }
        Ok(shared.read(start, &known, length)?)
    }
}

/// Reads on from an offset.
pub(crate) struct HeaderReader {
    file: ParquetFile,
    position: u64,
    bytes: Bytes,
}

impl Read for HeaderReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes.is_empty() {
            self.bytes = self.file.some(self.position)?;
        }
        let length = buffer.len().min(self.bytes.len());
        let now = self.bytes.split_to(length);
        buffer.iter_mut().zip(now).for_each(|(to, from)| *to = from);
        self.position += length as u64;
        Ok(length)
    }
}

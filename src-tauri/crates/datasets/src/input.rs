//! The bytes of a dataset file as they stream by, unpacked where the file is packed.

use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    rc::Rc,
};

use super::{
    packing::Packing,
    source::{self, Source, SourceFile},
};
use schema::{Error, ErrorCode, Result};

const BLOCK: usize = 1 << 18;
/// Texts are packed to a fifth, very uniform ones to a fiftieth of their size; what unpacks to far more
/// was made to fill the memory.
const MOST_TIMES: u64 = 200;
const SURELY_FINE: u64 = 256 << 20;

pub(super) enum Input {
    Plain(BufReader<SourceFile>),
    Packed {
        text: BufReader<Unpacked>,
        /// How many unpacked bytes were read.
        position: u64,
        progress: Rc<Cell<u64>>,
    },
}

/// How far a reader is in its file.
#[derive(Clone)]
pub(super) struct BytePosition(Option<Rc<Cell<u64>>>);

impl BytePosition {
    /// In bytes of the file, for a reader that is at this byte of the text.
    pub(super) fn at(&self, byte: u64) -> u64 {
        self.0.as_ref().map_or(byte, |packed| packed.get())
    }
}

impl Input {
    pub(super) fn new(file: SourceFile, packing: Option<Packing>) -> io::Result<Self> {
        let Some(packing) = packing else {
            return Ok(Self::Plain(BufReader::with_capacity(BLOCK, file)));
        };
        let progress = Rc::new(Cell::new(0));
        let counted = BufReader::with_capacity(BLOCK, Counted { file, progress: progress.clone() });
        let inner: Box<dyn Read> = match packing {
            // A file may be several gzip streams, one behind the other; zstd's reader knows them as frames.
            Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(counted)),
            Packing::Zstd => Box::new(zstd::Decoder::with_buffer(counted)?),
        };
        let unpacked = Unpacked { inner, packing, last: b'\n', unpacked: 0, packed: progress.clone() };
        Ok(Self::Packed { text: BufReader::with_capacity(BLOCK, unpacked), position: 0, progress })
    }

    pub(super) fn byte_position(&self) -> BytePosition {
        match self {
            Self::Plain(_) => BytePosition(None),
            Self::Packed { progress, .. } => BytePosition(Some(progress.clone())),
        }
    }

    /// Where a text ends whose last line has no line break; else `None`. The reader stays where it is.
    pub(super) fn unfinished(&mut self) -> io::Result<Option<u64>> {
        let Self::Plain(file) = self else { return Ok(None) };
        let here = file.stream_position()?;
        let end = file.seek(SeekFrom::End(-1))? + 1;
        let mut last = [0];
        file.read_exact(&mut last)?;
        file.seek(SeekFrom::Start(here))?;
        Ok((last != *b"\n").then_some(end))
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(buffer),
            Self::Packed { text, position, .. } => {
                let read = text.read(buffer)?;
                *position += read as u64;
                Ok(read)
            }
        }
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(file) => file.fill_buf(),
            Self::Packed { text, .. } => text.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Plain(file) => file.consume(amount),
            Self::Packed { text, position, .. } => {
                text.consume(amount);
                *position += amount as u64;
            }
        }
    }
}

/// Opens a file of text at its first character, past a byte-order mark.
pub(super) fn open(source: &Source) -> Result<Input> {
    let path = source.path();
    let failed = |error| Error::file("read", path, &error);
    let mut file = Input::new(source.open()?, Packing::from_path(path)).map_err(failed)?;
    let start = file.fill_buf().map_err(failed)?;
    if start.is_empty() {
        return Err(source::empty(path));
    }
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Err(Error::new(ErrorCode::Invalid, format!("{} is UTF-16 text.", path.display()))
            .hint("Save it as UTF-8."));
    }
    if start.starts_with(b"\xef\xbb\xbf") {
        file.consume(3);
    }
    Ok(file)
}

/// How far a reader is in its text, in bytes.
pub(super) fn position(file: &mut Input) -> u64 {
    file.stream_position().unwrap_or_default()
}

/// What is packed can only be walked through forwards.
impl Seek for Input {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Plain(file) => file.seek(to),
            Self::Packed { text, position, .. } => {
                let target = match to {
                    SeekFrom::Start(target) => Some(target),
                    SeekFrom::Current(by) => position.checked_add_signed(by),
                    SeekFrom::End(_) => None,
                };
                let ahead = target.and_then(|target| target.checked_sub(*position));
                let ahead = ahead.ok_or(io::ErrorKind::Unsupported)?;
                *position += io::copy(&mut text.take(ahead), &mut io::sink())?;
                Ok(*position)
            }
        }
    }
}

/// Counts the bytes of the file itself.
struct Counted {
    file: SourceFile,
    progress: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.progress.set(self.progress.get() + read as u64);
        Ok(read)
    }
}

/// What was packed. Its last line always ends in a line break: that it had none can't be seen before
/// its end.
pub(super) struct Unpacked {
    inner: Box<dyn Read>,
    packing: Packing,
    last: u8,
    unpacked: u64,
    packed: Rc<Cell<u64>>,
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).map_err(|error| {
            let name = self.packing.name();
            let what = match error.kind() {
                io::ErrorKind::UnexpectedEof => format!("it ends in the middle of its {name} data"),
                _ => format!("its {name} data is damaged ({error})"),
            };
            io::Error::new(io::ErrorKind::InvalidData, what)
        })?;
        self.unpacked += read as u64;
        if self.unpacked > SURELY_FINE && self.unpacked / MOST_TIMES > self.packed.get() {
            let what = format!("it unpacks to more than {MOST_TIMES} times its size, as no dataset does");
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        if read == 0 && self.last != b'\n' {
            self.last = b'\n';
            return io::Cursor::new(b"\n").read(buffer);
        }
        if let Some(last) = buffer.get(..read).and_then(<[u8]>::last) {
            self.last = *last;
        }
        Ok(read)
    }
}

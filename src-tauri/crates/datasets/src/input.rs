//! The text of a dataset file as it streams by: unpacked and decoded.

use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    rc::Rc,
};

use super::{
    form::Form,
    packing::Packing,
    read_options::TextEncoding,
    source::{self, Source, SourceFile},
    transcode::Transcoded,
};
use schema::{Error, Result};

const BLOCK: usize = 1 << 16;
/// Texts are packed to a fifth, very uniform ones to a fiftieth of their size; what unpacks to far more
/// was made to fill the memory.
const MOST_TIMES: u64 = 200;
const SURELY_FINE: u64 = 256 << 20;

pub(super) enum Input {
    Plain(BufReader<SourceFile>),
    /// Unpacked or decoded.
    Converted {
        text: BufReader<Box<dyn Read>>,
        /// How many bytes of the text were read.
        position: u64,
        /// How many bytes of the file were read.
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
    /// The text of a file from its first character on.
    fn new(file: SourceFile, form: &Form) -> io::Result<Self> {
        if form.is_plain() {
            return Ok(Self::Plain(BufReader::with_capacity(BLOCK, file)));
        }
        let progress = Rc::new(Cell::new(0));
        let counted = Counted { file, progress: progress.clone() };
        let text: Box<dyn Read> = text(counted, form.packing, form.encodings.read_as)?;
        Ok(Self::Converted { text: BufReader::with_capacity(BLOCK, text), position: 0, progress })
    }

    pub(super) fn byte_position(&self) -> BytePosition {
        match self {
            Self::Plain(_) => BytePosition(None),
            Self::Converted { progress, .. } => BytePosition(Some(progress.clone())),
        }
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(buffer),
            Self::Converted { text, position, .. } => {
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
            Self::Converted { text, .. } => text.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Plain(file) => file.consume(amount),
            Self::Converted { text, position, .. } => {
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
    let form = source.form()?;
    let mut file = Input::new(source.open()?, form).map_err(failed)?;
    let start = file.fill_buf().map_err(failed)?;
    if start.is_empty() {
        return Err(source::empty(path));
    }
    if start.starts_with(b"\xef\xbb\xbf") {
        file.consume(3);
    }
    Ok(file)
}

/// The text in the bytes of a file, unpacked and decoded.
pub(super) fn text<R: Read + 'static>(
    file: R,
    packing: Option<Packing>,
    encoding: TextEncoding,
) -> io::Result<Box<dyn Read>> {
    let unpacked: Box<dyn Read> = match packing {
        None => Box::new(file),
        Some(packing) => Box::new(Unpacked::new(file, packing)?),
    };
    Ok(if encoding.is_utf8() { unpacked } else { Box::new(Transcoded::new(unpacked, encoding)) })
}

/// How far a reader is in its text, in bytes.
pub(super) fn position(file: &mut Input) -> u64 {
    file.stream_position().unwrap_or_default()
}

/// What is converted can only be walked through forwards.
impl Seek for Input {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Plain(file) => file.seek(to),
            Self::Converted { text, position, .. } => {
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
struct Counted<R> {
    file: R,
    progress: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.progress.set(self.progress.get() + read as u64);
        Ok(read)
    }
}

/// What was packed.
struct Unpacked {
    inner: Box<dyn Read>,
    packing: Packing,
    unpacked: u64,
    packed: Rc<Cell<u64>>,
}

impl Unpacked {
    fn new<R: Read + 'static>(file: R, packing: Packing) -> io::Result<Self> {
        let packed = Rc::new(Cell::new(0));
        let file = BufReader::with_capacity(BLOCK, Counted { file, progress: packed.clone() });
        let inner: Box<dyn Read> = match packing {
            // A file may be several gzip streams, one behind the other; zstd's reader knows them as frames.
            Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
            Packing::Zstd => Box::new(zstd::Decoder::with_buffer(file)?),
        };
        Ok(Self { inner, packing, unpacked: 0, packed })
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).map_err(|error| {
            let name = self.packing.name();
            let what = match error.kind() {
                io::ErrorKind::UnexpectedEof => format!("it ends in the middle of its {name} data"),
                _ => format!("its {name} data is damaged"),
            };
            io::Error::new(io::ErrorKind::InvalidData, what)
        })?;
        self.unpacked += read as u64;
        if self.unpacked > SURELY_FINE && self.unpacked / MOST_TIMES > self.packed.get() {
            let what = format!("it unpacks to more than {MOST_TIMES} times its size, as no dataset does");
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok(read)
    }
}

//! The text of a dataset file as it streams by: unpacked and decoded.

use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    rc::Rc,
};

use super::{
    form::Form,
    source::{self, Source, SourceFile},
    unpacked::{Counted, text},
};
use platform::BYTE_ORDER_MARK;
use schema::{Error, Result};

const BLOCK: usize = 1 << 16;

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
    if start.starts_with(BYTE_ORDER_MARK) {
        file.consume(BYTE_ORDER_MARK.len());
    }
    Ok(file)
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

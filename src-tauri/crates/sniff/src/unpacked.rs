//! The text in the bytes of a file: unpacked and decoded.

use std::{
    cell::Cell,
    io::{self, BufReader, Read},
    rc::Rc,
};

use super::{packing::Packing, read_options::TextEncoding, transcode::Transcoded};

const BLOCK: usize = 1 << 16;
/// Texts are packed to a fifth, very uniform ones to a fiftieth of their size; what unpacks to far more
/// was made to fill the memory.
const MOST_TIMES: u64 = 200;
const SURELY_FINE: u64 = 256 << 20;

/// The text in the bytes of a file, unpacked and decoded.
pub fn text<R: Read + 'static>(
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

/// Counts the bytes of the file itself.
pub struct Counted<R> {
    /// What is counted.
    pub file: R,
    /// How many bytes were read so far.
    pub progress: Rc<Cell<u64>>,
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

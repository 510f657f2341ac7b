//! The encoding of a JSON file, and its text as UTF-8. JSON begins with two characters of ASCII, so
//! its first bytes show (RFC 4627, section 3), with or without a byte-order mark.

use std::io::{self, Read};

/// How the text of a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// The text begins after so many bytes of a mark.
    Utf8(u8),
    /// Two bytes a unit, the low one first.
    Utf16Le,
    /// Two bytes a unit, the high one first.
    Utf16Be,
}

impl Encoding {
    /// The encoding of a file that starts with these bytes.
    pub(super) fn from_start(start: &[u8]) -> Self {
        match *start {
            [0xef, 0xbb, 0xbf, ..] => Self::Utf8(3),
            [0xff, 0xfe, ..] => Self::Utf16Le,
            [0xfe, 0xff, ..] => Self::Utf16Be,
            [first, 0, second, 0, ..] if first != 0 && second != 0 => Self::Utf16Le,
            [0, first, 0, second, ..] if first != 0 && second != 0 => Self::Utf16Be,
            _ => Self::Utf8(0),
        }
    }

    /// The text of the file without a mark. Bytes that are no text are an error of kind
    /// `InvalidData`, a character that the end of the file cuts is one of kind `UnexpectedEof`.
    pub(super) fn text<R: Read + 'static>(self, mut file: R) -> io::Result<Box<dyn Read>> {
        let unit = match self {
            Self::Utf8(mark) => {
                io::copy(&mut file.by_ref().take(u64::from(mark)), &mut io::sink())?;
                return Ok(Box::new(file));
            }
            Self::Utf16Le => u16::from_le_bytes,
            Self::Utf16Be => u16::from_be_bytes,
        };
        Ok(Box::new(Utf16 { file, unit, bytes: Vec::new(), text: Vec::new(), at: 0, begun: false }))
    }
}

/// Text in UTF-16, read as UTF-8.
struct Utf16<R> {
    file: R,
    unit: fn([u8; 2]) -> u16,
    /// What of the file is not decoded yet: the start of a character, between two reads.
    bytes: Vec<u8>,
    text: Vec<u8>,
    /// How much of the text was taken.
    at: usize,
    /// Whether the first character was read, which may be a mark.
    begun: bool,
}

/// How many bytes are decoded at a time.
const BLOCK: u64 = 1 << 16;

impl<R: Read> Utf16<R> {
    /// Decodes a block. False at the end of the file.
    fn fill(&mut self) -> io::Result<bool> {
        let invalid = || io::Error::new(io::ErrorKind::InvalidData, "bytes in it are no UTF-16");
        let ended = (&mut self.file).take(BLOCK).read_to_end(&mut self.bytes)? == 0;
        if ended {
            // What is left is half of a unit or of a pair.
            return if self.bytes.is_empty() { Ok(false) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        let mut units: Vec<u16> = self.bytes.as_chunks().0.iter().map(|bytes| (self.unit)(*bytes)).collect();
        // Half of a pair waits for the other half.
        if units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit)) {
            units.pop();
        }
        self.bytes.drain(..units.len() * 2);
        let text: String = char::decode_utf16(units).collect::<Result<_, _>>().map_err(|_| invalid())?;
        let text = if self.begun { &text } else { text.trim_start_matches('\u{feff}') };
        self.begun = true;
        self.text = text.into();
        self.at = 0;
        Ok(true)
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() {
            if !self.fill()? {
                return Ok(0);
            }
        }
        let read = buffer.len().min(self.text.len() - self.at);
        buffer[..read].copy_from_slice(&self.text[self.at..self.at + read]);
        self.at += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::Encoding;
    use std::io::Read as _;

    fn read(bytes: Vec<u8>) -> std::io::Result<String> {
        let mut text = String::new();
        Encoding::from_start(&bytes).text(std::io::Cursor::new(bytes))?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        // Longer than a block, with characters of one to four bytes.
        let text = format!("{{\"models\": \"{}\"}}", "aé€😀".repeat(30_000));
        for mark in ["", "\u{feff}"] {
            let marked = format!("{mark}{text}");
            let units: Vec<u16> = marked.encode_utf16().collect();
            let little = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            for bytes in [marked.clone().into_bytes(), little, big] {
                assert!(read(bytes).unwrap() == text);
            }
        }
    }

    #[test]
    fn what_is_no_text_is_an_error() {
        for units in [&[0x7b, 0xd800, 0x7d][..], &[0x7b, 0x7d, 0xdc00], &[0x7b, 0x7d, 0xd800]] {
            let bytes: Vec<u8> = units.iter().flat_map(|unit: &u16| unit.to_le_bytes()).collect();
            assert!(read(bytes).is_err(), "{units:x?}");
        }
        assert!(read(b"{\0}\0 ".to_vec()).is_err(), "half a unit at the end");
    }
}

//! Text of any encoding as UTF-8, as it streams by.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

use crate::read_options::TextEncoding;

const BLOCK: usize = 1 << 16;
/// No byte of UTF-8: stands where the text was none in its encoding, so that whoever reads the row notices.
const NO_TEXT: u8 = 0xff;

/// Decodes what `inner` reads. A byte-order mark of the encoding is left out.
pub(crate) struct Transcoded<R> {
    inner: R,
    decoder: Decoder,
    /// Bytes that are not decoded yet.
    raw: Vec<u8>,
    raw_at: usize,
    /// Text that is not handed out yet.
    text: Vec<u8>,
    text_at: usize,
    /// Whether nothing more comes from `inner`.
    ended: bool,
    finished: bool,
}

impl<R: Read> Transcoded<R> {
    pub(crate) fn new(inner: R, encoding: TextEncoding) -> Self {
        Self {
            inner,
            decoder: encoding.encoding().new_decoder_with_bom_removal(),
            raw: Vec::new(),
            raw_at: 0,
            text: Vec::new(),
            text_at: 0,
            ended: false,
            finished: false,
        }
    }

    fn decode(&mut self) -> io::Result<()> {
        if self.raw_at == self.raw.len() && !self.ended {
            self.raw.clear();
            self.raw_at = 0;
            let read = (&mut self.inner).take(BLOCK as u64).read_to_end(&mut self.raw)?;
            self.ended = read == 0;
        }
        let raw = self.raw.get(self.raw_at..).unwrap_or_default();
        self.text.resize(BLOCK, 0);
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(raw, &mut self.text, self.ended);
        self.raw_at += read;
        self.text.truncate(written);
        self.text_at = 0;
        match result {
            DecoderResult::Malformed(..) => self.text.push(NO_TEXT),
            DecoderResult::InputEmpty => self.finished = self.ended,
            DecoderResult::OutputFull => {}
        }
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.text_at == self.text.len() {
            if self.finished {
                return Ok(0);
            }
            self.decode()?;
        }
        let rest = self.text.get(self.text_at..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.text_at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

    use std::io::Read as _;

    use super::Transcoded;

    #[test]
    fn text_is_decoded_and_what_is_none_stands_out() {
        let long: String = "größe, naïve 😀\n".repeat(20_000);
        let utf16: Vec<u8> = format!("\u{feff}{long}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, encoding, text) in [
            (utf16, "utf-16le", long.as_bytes().to_vec()),
            (b"caf\xe9\n".to_vec(), "windows-1252", "café\n".as_bytes().to_vec()),
            (b"a\0\x00\xd8b\0".to_vec(), "utf-16le", b"a\xffb".to_vec()),
            (b"a\0b".to_vec(), "utf-16le", b"a\xff".to_vec()),
            (b"\0\xe9".to_vec(), "utf-16be", "é".as_bytes().to_vec()),
            (Vec::new(), "utf-16be", Vec::new()),
        ] {
            let mut decoded = Vec::new();
            let inner = bytes.as_slice();
            Transcoded::new(inner, encoding.parse().unwrap()).read_to_end(&mut decoded).unwrap();
            assert!(decoded == text, "{:?}", String::from_utf8_lossy(&decoded));
        }
    }
}

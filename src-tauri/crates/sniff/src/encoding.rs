//! Which encoding a text is in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::read_options::TextEncoding;

/// The encoding of a text, and that which it may be in instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encodings {
    /// As which it is read.
    pub read_as: TextEncoding,
    /// What bytes that are no UTF-8 look like, where there are some in its first bytes.
    pub guessed: Option<TextEncoding>,
}

impl Encodings {
    /// UTF-8 without a doubt.
    pub const UTF_8: Self = Self { read_as: TextEncoding::UTF_8, guessed: None };

    /// By the first bytes of a text, and what was chosen.
    pub fn from_bytes(bytes: &[u8], complete: bool, chosen: Option<TextEncoding>) -> Self {
        if let Some(read_as) = chosen {
            return Self { read_as, guessed: None };
        }
        let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
        let read_as = TextEncoding::new(marked.or_else(|| utf16(bytes)).unwrap_or(UTF_8));
        let guessed = read_as.is_utf8().then(|| guess(bytes, complete)).flatten();
        Self { read_as, guessed }
    }
}

/// UTF-16 without a mark: its ASCII characters have a zero as every second byte, and no other is zero.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let zeros = |first: usize| bytes.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (first, second, pairs) = (zeros(0), zeros(1), bytes.len() / 2);
    let most = |zeros: usize, others: usize| pairs > 1 && zeros * 10 >= pairs * 4 && others * 50 <= pairs;
    if most(second, first) {
        Some(UTF_16LE)
    } else if most(first, second) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// What bytes that are no UTF-8 look like; `None` if they are UTF-8.
fn guess(bytes: &[u8], complete: bool) -> Option<TextEncoding> {
    match std::str::from_utf8(bytes) {
        Ok(_) => return None,
        // A character that goes on behind the first bytes.
        Err(error) if error.error_len().is_none() && !complete => return None,
        Err(_) => {}
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, complete);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    (encoding != UTF_8).then_some(TextEncoding::new(encoding))
}

/// The message on a row or line whose bytes are no text in the encoding of its file.
pub fn not_text(bytes: &[u8], encodings: Encodings, what: &str) -> String {
    let Encodings { read_as, guessed } = encodings;
    if !read_as.is_utf8() {
        return format!("This {what} is not {} text. Choose another encoding.", read_as.name());
    }
    match guessed.or_else(|| guess(bytes, true)) {
        Some(encoding) => format!(
            "This {what} is not UTF-8 text; it looks like {}. Save the file as UTF-8, or choose that encoding \
             (--encoding {}).",
            encoding.name(),
            String::from(encoding)
        ),
        None => format!("This {what} is not UTF-8 text. Save the file as UTF-8."),
    }
}

#[cfg(test)]
mod tests {
    use super::Encodings;

    #[test]
    fn encodings_are_known_by_their_bytes() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let utf16be = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        for (bytes, read_as, guessed) in [
            (b"text,label\na,b\n".to_vec(), "UTF-8", None),
            ("größe,naïve\n".as_bytes().to_vec(), "UTF-8", None),
            (b"\xef\xbb\xbfa,b\n".to_vec(), "UTF-8", None),
            (utf16("text,label\ngr\u{f6}\u{df}e,1\n"), "UTF-16LE", None),
            (utf16be("text,label\n1,2\n"), "UTF-16BE", None),
            (utf16("\u{feff}\u{65e5}\u{672c}\u{8a9e}\n"), "UTF-16LE", None),
            (b"text,label\ncaf\xe9 au lait,na\xefve\n".to_vec(), "UTF-8", Some("Windows-1252")),
            (b"text,label\nwie gro\xdf ist die \x84T\xfcr\x93?,1\n".to_vec(), "UTF-8", Some("Windows-1252")),
            (b"text,label\na,x\n\0\0\0\0\0\0\0\0".to_vec(), "UTF-8", None),
            (b"a\n".to_vec(), "UTF-8", None),
        ] {
            let found = Encodings::from_bytes(&bytes, true, None);
            assert_eq!(found.read_as.name(), read_as, "{bytes:?}");
            assert_eq!(found.guessed.map(|guess| guess.name()).as_deref(), guessed, "{bytes:?}");
        }
    }
}

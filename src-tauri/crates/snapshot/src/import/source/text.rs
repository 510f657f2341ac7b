//! Reads the text of a JSON file for the parser. It reads in blocks, limits the length of strings, and
//! returns short rows whole, because the parser is much faster on text in memory.

use std::{
    cell::RefCell,
    io::{self, Read},
    rc::Rc,
};

/// The longest string a snapshot may hold. Prompts and configs are far shorter.
const LONGEST_STRING: u64 = 64 << 20;
/// The largest row that is returned whole. Longer rows are parsed byte by byte.
const BLOCK: usize = 1 << 20;

/// A reader for the parser whose buffer can be inspected between its reads.
pub(super) struct Shared<R>(Rc<RefCell<Text<R>>>);

struct Text<R> {
    inner: R,
    block: Box<[u8]>,
    /// The bytes of the block that the parser has read.
    at: usize,
    /// The filled bytes of the block.
    end: usize,
    /// The bytes that the parser has read in total.
    position: u64,
    /// The lines that the parser did not read.
    unseen_lines: usize,
    string_began: Option<u64>,
    escaped: bool,
}

impl<R> Clone for Shared<R> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<R: Read> Shared<R> {
    pub(super) fn new(inner: R) -> Self {
        Self(Rc::new(RefCell::new(Text {
            inner,
            block: vec![0; BLOCK].into(),
            at: 0,
            end: 0,
            position: 0,
            unseen_lines: 0,
            string_began: None,
            escaped: false,
        })))
    }

    /// The bytes that were read.
    pub(super) fn position(&self) -> u64 {
        self.0.borrow().position
    }

    /// The lines that the parser did not count.
    pub(super) fn unseen_lines(&self) -> usize {
        self.0.borrow().unseen_lines
    }

    /// Parses the object whose first brace the parser has just read, if all of it is in the block and
    /// `parse` succeeds. The parser then reads the last brace next, as in `{}`.
    pub(super) fn take_object<T>(&self, parse: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let mut text = self.0.borrow_mut();
        let first = text.at.checked_sub(1)?;
        if text.block[first] != b'{' {
            return None;
        }
        let length = loop {
            match object_length(&text.block[text.at - 1..text.end]) {
                Some(length) => break length,
                // The parser then reads the end of the file or the error itself.
                None if !text.fill().ok()? => return None,
                None => {}
            }
        };
        let first = text.at - 1;
        let object = &text.block[first..first + length];
        let taken = parse(object)?;
        text.unseen_lines += object.iter().filter(|byte| **byte == b'\n').count();
        text.at = first + length - 1;
        text.position += length as u64 - 2;
        Some(taken)
    }
}

impl<R: Read> Text<R> {
    /// Fills the block, keeping the bytes that the parser has not read and the one before them. Returns
    /// false at the end of the file and if the block is full.
    fn fill(&mut self) -> io::Result<bool> {
        let kept = self.at.saturating_sub(1);
        self.block.copy_within(kept..self.end, 0);
        (self.at, self.end) = (self.at - kept, self.end - kept);
        loop {
            match self.inner.read(&mut self.block[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => {
                    let read = read?;
                    self.end += read;
                    return Ok(read > 0);
                }
            }
        }
    }

    fn watch(&mut self, byte: u8) -> io::Result<()> {
        self.position += 1;
        match (byte, self.string_began) {
            (b'"', None) => self.string_began = Some(self.position),
            (_, None) => {}
            (_, Some(_)) if self.escaped => self.escaped = false,
            (b'\\', Some(_)) => self.escaped = true,
            (b'"', Some(_)) => self.string_began = None,
            (_, Some(began)) if self.position - began > LONGEST_STRING => {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a text in it is longer than 64 MiB"));
            }
            _ => {}
        }
        Ok(())
    }
}

impl<R: Read> Read for Shared<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut text = self.0.borrow_mut();
        if text.at == text.end && !text.fill()? {
            return Ok(0);
        }
        let read = buffer.len().min(text.end - text.at);
        for slot in &mut buffer[..read] {
            let byte = text.block[text.at];
            text.watch(byte)?;
            text.at += 1;
            *slot = byte;
        }
        Ok(read)
    }
}

/// The length of the object with which the text begins, up to its closing brace. Its syntax is not
/// checked.
fn object_length(text: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        match text.get(at)? {
            b'"' => {
                at += 1;
                loop {
                    at += text.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
                    if text[at] == b'"' {
                        break;
                    }
                    at += 2;
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shared, object_length};
    use std::io::Read;

    #[test]
    fn objects_end_where_they_are_closed() {
        let whole = |text: &str| object_length(text.as_bytes()).map(|length| text[..length].to_owned());
        for object in [r"{}", r#"{"a": "}"}"#, r#"{"a": "\"}", "b": [{}, "\\"]}"#] {
            assert_eq!(whole(&format!("{object}, {{")).as_deref(), Some(object));
            for end in 0..object.len() {
                assert_eq!(whole(&object[..end]), None, "{object} up to {end}");
            }
        }
    }

    #[test]
    fn the_parser_sees_an_empty_object() {
        let mut text = Shared::new(&b"[{\"a\":\n 1}, {\"b\": 2}]"[..]);
        let mut start = [0; 2];
        text.read_exact(&mut start).unwrap();
        let taken = text.take_object(|object| Some(String::from_utf8_lossy(object).into_owned()));
        assert_eq!(taken.as_deref(), Some("{\"a\":\n 1}"));
        assert_eq!((text.position(), text.unseen_lines()), (9, 1));
        let mut rest = String::new();
        text.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "}, {\"b\": 2}]");
    }
}

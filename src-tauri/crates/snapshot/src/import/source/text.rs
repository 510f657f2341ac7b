//! The text of a JSON file on its way to the parser: in blocks, with an eye on endless strings,
//! and row by row where rows are short, because a parser is far quicker in memory.

use std::{
    cell::RefCell,
    io::{self, Read},
    rc::Rc,
};

/// The longest string a snapshot may hold. Prompts and configs are far shorter.
const LONGEST_STRING: u64 = 64 << 20;
/// Longer rows go to the parser byte by byte.
const BLOCK: usize = 1 << 20;

/// A text that the parser reads and that whoever steers it can look into.
pub(super) struct Shared<R>(Rc<RefCell<Text<R>>>);

struct Text<R> {
    inner: R,
    block: Box<[u8]>,
    /// What of the block the parser has had.
    at: usize,
    /// How much of the block is filled.
    end: usize,
    /// How many bytes the parser has had in all.
    position: u64,
    /// Lines that the parser did not see.
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

    /// How many bytes were read.
    pub(super) fn position(&self) -> u64 {
        self.0.borrow().position
    }

    /// How many lines the parser did not count.
    pub(super) fn unseen_lines(&self) -> usize {
        self.0.borrow().unseen_lines
    }

    /// Takes the object that the parser has just seen the first brace of, if all of it is at hand
    /// and `parse` makes something of it. The parser then sees its last brace next: `{}`.
    pub(super) fn take_object<T>(&self, parse: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let mut text = self.0.borrow_mut();
        let first = text.at.checked_sub(1)?;
        if text.block[first] != b'{' {
            return None;
        }
        let length = loop {
            match object_length(&text.block[text.at - 1..text.end]) {
                Some(length) => break length,
                // The parser will come upon the end of the file, or what is wrong with it, itself.
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
    /// Reads on, keeping what the parser has not had, and the byte before. False at the end of
    /// the file and when the block is full.
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

/// How long the object is that the text begins with, up to the brace that closes it. Whether it
/// is well made is for the parser to say.
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

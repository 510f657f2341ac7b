//! The tokens of a JSON text, a block at a time.
//!
//! `serde_json` is not used for this, because it refuses the `NaN` and `Infinity` that Python writes, rounds
//! whole numbers of more than 64 bits, and words its errors for programmers. Memory is bounded however long
//! a row or a list is.

use std::io::{self, Read};

use super::{
    fault::Fault,
    value::{Value, is_cut, value_of},
};

/// Lists and objects within each other. A snapshot has four.
const DEEPEST: usize = 128;
const BLOCK: usize = 1 << 18;

/// Reads tokens.
pub(super) struct Tokens<R> {
    inner: R,
    pub(super) block: Vec<u8>,
    /// The index of the next byte in the block.
    pub(super) at: usize,
    /// The number of bytes of earlier blocks.
    before: u64,
    /// The number of lines that ended in them.
    lines: u64,
    /// A text with escapes, or one longer than the block.
    pub(super) long: Vec<u8>,
}

impl<R: Read> Tokens<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, block: Vec::with_capacity(BLOCK), at: 0, before: 0, lines: 0, long: Vec::new() }
    }

    /// The number of bytes that were read.
    pub(super) fn position(&self) -> u64 {
        self.before + self.at as u64
    }

    /// The line of the next byte, from one.
    pub(super) fn line(&self) -> u64 {
        self.lines + lines(&self.block[..self.at]) + 1
    }

    /// Reads a block, keeping the bytes from `at` on. Returns false at the end of the file.
    pub(super) fn fill(&mut self) -> Result<bool, Fault> {
        self.lines += lines(&self.block[..self.at]);
        self.before += self.at as u64;
        self.block.drain(..self.at);
        self.at = 0;
        let kept = self.block.len();
        self.block.resize(kept + BLOCK, 0);
        let read = loop {
            match self.inner.read(&mut self.block[kept..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.block.truncate(kept + *read.as_ref().unwrap_or(&0));
        Ok(read? > 0)
    }

    /// The next byte that is no space, or `None` at the end of the text.
    fn next(&mut self) -> Result<Option<u8>, Fault> {
        loop {
            let rest = &self.block[self.at..];
            if let Some(spaces) = rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {
                self.at += spaces;
                return Ok(Some(self.block[self.at]));
            }
            self.at = self.block.len();
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// The next byte that is no space.
    pub(super) fn peek(&mut self) -> Result<u8, Fault> {
        self.next()?.ok_or(Fault::Ends)
    }

    /// Skips a bracket, a colon or a comma if it is next, and returns whether it was.
    pub(super) fn take(&mut self, mark: u8) -> Result<bool, Fault> {
        let found = self.peek()? == mark;
        self.at += usize::from(found);
        Ok(found)
    }

    /// The fault of the text that is next, where `wanted` is needed.
    pub(super) fn unexpected(&mut self, wanted: &str) -> Fault {
        // Enough to show the word.
        while self.block.len() - self.at < 24 {
            match self.fill() {
                Ok(true) => {}
                Ok(false) => break,
                Err(fault) => return fault,
            }
        }
        Fault::unexpected(&self.block[self.at..], wanted)
    }

    /// Checks that only spaces follow.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        match self.next()? {
            None => Ok(()),
            Some(0) => Err(self.unexpected("its end")),
            Some(_) => Err(Fault::text("something follows its end")),
        }
    }

    /// Whether another entry follows in a list or an object; if not, its closing bracket is skipped.
    /// `first` is true before the first entry.
    pub(super) fn more(&mut self, first: bool, close: u8) -> Result<bool, Fault> {
        if self.take(close)? {
            return Ok(false);
        }
        if first {
            return Ok(true);
        }
        if !self.take(b',')? {
            return Err(self.unexpected("a comma"));
        }
        match self.peek()? == close {
            true => Err(Fault::text("a comma has nothing behind it")),
            false => Ok(true),
        }
    }

    /// Reads the name of an entry of an object, and the colon after it.
    pub(super) fn name<T>(&mut self, use_it: impl FnOnce(&str) -> T) -> Result<T, Fault> {
        if self.peek()? != b'"' {
            return Err(self.unexpected("a name in double quotes"));
        }
        let name = use_it(self.text()?);
        match self.take(b':')? {
            true => Ok(name),
            false => Err(self.unexpected("a colon")),
        }
    }

    /// Reads a value. The entries of a list or an object are skipped.
    pub(super) fn value(&mut self) -> Result<Value, Fault> {
        match self.peek()? {
            b'"' => Ok(Value::Text(self.text()?.to_owned())),
            b'[' | b'{' => self.skip(),
            _ => self.word(),
        }
    }

    /// Skips a list or an object.
    fn skip(&mut self) -> Result<Value, Fault> {
        let whole = if self.peek()? == b'[' { Value::List } else { Value::Object };
        let mut open = Vec::new();
        loop {
            let opened = match self.peek()? {
                b'[' | b'{' if open.len() == DEEPEST => {
                    return Err(Fault::text(format!("lists and objects lie more than {DEEPEST} deep in it")));
                }
                bracket @ (b'[' | b'{') => {
                    self.at += 1;
                    open.push(if bracket == b'[' { b']' } else { b'}' });
                    true
                }
                b'"' => {
                    self.text()?;
                    false
                }
                _ => {
                    self.word()?;
                    false
                }
            };
            if !self.follow(&mut open, opened)? {
                return Ok(whole);
            }
        }
    }

    /// Goes to the next value in the lists and objects that are open. Returns false when all are closed.
    fn follow(&mut self, open: &mut Vec<u8>, mut first: bool) -> Result<bool, Fault> {
        while let Some(&close) = open.last() {
            if self.more(first, close)? {
                if close == b'}' {
                    self.name(|_| ())?;
                }
                return Ok(true);
            }
            open.pop();
            first = false;
        }
        Ok(false)
    }

    /// Reads a number, or a word such as `null`.
    fn word(&mut self) -> Result<Value, Fault> {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'_');
        let length = loop {
            let rest = &self.block[self.at..];
            match rest.iter().position(|byte| !is_part(byte)) {
                Some(length) => break length,
                None if rest.len() > BLOCK => return Err(Fault::text("a number in it has no end")),
                // The end of the file ends a word, too.
                None if !self.fill()? => break self.block.len() - self.at,
                None => {}
            }
        };
        let word = std::str::from_utf8(&self.block[self.at..self.at + length]).unwrap_or_default();
        let Some(value) = value_of(word) else {
            let ends = self.at + length == self.block.len() && !word.is_empty();
            return Err(if ends && is_cut(word) { Fault::Ends } else { self.unexpected("a value") });
        };
        self.at += length;
        Ok(value)
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

//! A JSON list parted into its elements. A broken element ends where its brackets say, or where the next
//! row seems to begin, so that the rows after it are read.

mod extent;

use std::io::{self, Read};

use memchr::memchr_iter;

use self::extent::{Cut, Scan, Step};
use crate::row_event::LONGEST_RECORD;

/// So many bytes are read at once.
const BLOCK: usize = 1 << 18;

/// What comes next in a list.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// An element, whole or broken: [`Elements::text`].
    Element,
    /// A comma without an element before or after it.
    ExtraComma,
    /// The place between two elements that no comma parts.
    MissingComma,
    /// An element that is larger than a row may be.
    TooLong,
    /// The closing bracket.
    End,
    /// The end of the file, without a closing bracket.
    Cut,
}

/// A text that is read from its start to its end, element by element.
pub struct Elements<R> {
    input: R,
    buffer: Vec<u8>,
    ended: bool,
    /// The byte of the text that the buffer begins with.
    base: u64,
    /// How far the reading is in the buffer.
    at: usize,
    /// The line of that place, counted from one.
    line: u64,
    /// How many blanks come before that place on its line, if nothing else does.
    indent: Option<usize>,
    element: Element,
    /// Whether an element came last, without a comma behind it.
    after_element: bool,
    /// An element of this file was not closed: from now on a line that looks like a row begins one.
    trusts_lines: bool,
}

/// Where an element is.
#[derive(Default)]
struct Element {
    /// In the buffer.
    start: usize,
    end: usize,
    /// The line it starts on.
    line: u64,
}

impl<R: Read> Elements<R> {
    /// The text that `input` begins with, at that line and byte of the file.
    pub fn new(input: R, line: u64, byte: u64) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            ended: false,
            base: byte,
            at: 0,
            line,
            indent: Some(0),
            element: Element::default(),
            after_element: false,
            trusts_lines: false,
        }
    }

    /// The latest element, without white space behind it.
    pub fn text(&self) -> &[u8] {
        self.buffer.get(self.element.start..self.element.end).unwrap_or_default()
    }

    /// The line and the byte that the latest element starts at.
    pub fn start(&self) -> (u64, u64) {
        (self.element.line, self.base + self.element.start as u64)
    }

    /// The line that is reached, and the byte.
    pub fn place(&self) -> (u64, u64) {
        (self.line, self.base + self.at as u64)
    }

    /// The next character that is not white space; none at the end of the file.
    ///
    /// # Errors
    /// The text can't be read.
    pub fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.buffer.get(self.at).copied() {
                Some(byte) if byte.is_ascii_whitespace() => {
                    self.indent = if byte == b'\n' { Some(0) } else { self.indent.map(|blanks| blanks + 1) };
                    self.line += u64::from(byte == b'\n');
                    self.at += 1;
                }
                Some(byte) => return Ok(Some(byte)),
                None if self.fill()? => {}
                None => return Ok(None),
            }
        }
    }

    /// Passes over the character that was looked at.
    pub fn skip(&mut self) {
        self.at += 1;
        self.indent = None;
        self.after_element = false;
    }

    /// Moves on in a list that is open. `last` says whether nothing but white space may come behind it.
    ///
    /// # Errors
    /// The text can't be read.
    pub fn next(&mut self, last: bool) -> io::Result<Next> {
        let between = std::mem::take(&mut self.after_element);
        match self.peek()? {
            None => return Ok(Next::Cut),
            Some(b']') => {
                self.skip();
                return Ok(Next::End);
            }
            Some(b',') => {
                self.skip();
                if !between || self.peek()? == Some(b']') {
                    return Ok(Next::ExtraComma);
                }
                return self.next(last);
            }
            Some(_) if between => return Ok(Next::MissingComma),
            Some(_) => {}
        }
        self.scan(b']', last)
    }

    /// Reads the value that begins here; a comma or `close` comes behind it.
    ///
    /// # Errors
    /// The text can't be read.
    pub fn scan(&mut self, close: u8, last: bool) -> io::Result<Next> {
        let mut scan = Scan::new(self.indent, close == b':');
        let mut length = 0;
        let cut = loop {
            let rest = self.buffer.get(self.at + length..).unwrap_or_default();
            let Some(byte) = rest.first().copied() else {
                if length as u64 <= LONGEST_RECORD && self.fill()? {
                    continue;
                }
                match scan.row_after.filter(|_| scan.is_open()) {
                    None if length as u64 > LONGEST_RECORD => return Ok(Next::TooLong),
                    None => break Cut::at(self.buffer.len() - self.at),
                    Some(cut) => {
                        self.trusts_lines = true;
                        break cut;
                    }
                }
            };
            if byte == b'\n' {
                self.look_at_line(&mut scan, length)?;
                if let Some(cut) = scan.row_after.filter(|_| scan.is_odd() || self.trusts_lines) {
                    break cut;
                }
                length += 1;
                continue;
            }
            match scan.step(rest, length) {
                Step::On(by) => length += by,
                Step::Cut(cut) => break cut,
                Step::Bracket if byte == close && (!scan.is_open() || self.ends_behind(length, last)?) => {
                    break Cut::at(length);
                }
                Step::Bracket => length += 1,
            }
        };
        let text = self.buffer.get(self.at..self.at + cut.end).unwrap_or_default();
        let end = self.at + text.trim_ascii_end().len();
        self.element = Element { start: self.at, end, line: self.line };
        self.advance(cut.next);
        // Where the start of the next row ended this one, the comma between them was passed.
        self.after_element = cut.next == cut.end;
        Ok(Next::Element)
    }

    /// Notes what the line after a line break says of the element that is read.
    fn look_at_line(&mut self, scan: &mut Scan, newline: usize) -> io::Result<()> {
        let Some((blanks, first)) = self.after_blanks(newline + 1, |byte| byte == b'\n')? else {
            return Ok(());
        };
        let before = self.buffer.get(self.at..self.at + newline).unwrap_or_default();
        scan.line(before, blanks, first);
        Ok(())
    }

    /// Whether the list ends with the bracket there, as far as what comes behind it shows.
    fn ends_behind(&mut self, bracket: usize, last: bool) -> io::Result<bool> {
        let behind = self.after_blanks(bracket + 1, |_| false)?;
        Ok(behind.is_none_or(|(_, byte)| !last && matches!(byte, b',' | b'}')))
    }

    /// The character after some white space, and how much of it there is.
    fn after_blanks(&mut self, from: usize, stop: impl Fn(u8) -> bool) -> io::Result<Option<(usize, u8)>> {
        let mut blanks = 0;
        loop {
            match self.buffer.get(self.at + from + blanks).copied() {
                Some(byte) if byte.is_ascii_whitespace() && !stop(byte) => blanks += 1,
                Some(byte) => return Ok(Some((blanks, byte))),
                None if self.fill()? => {}
                None => return Ok(None),
            }
        }
    }

    fn advance(&mut self, by: usize) {
        let passed = self.buffer.get(self.at..self.at + by).unwrap_or_default();
        self.line += memchr_iter(b'\n', passed).count() as u64;
        let blanks = passed.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let at_start = passed.len().checked_sub(blanks + 1).and_then(|at| passed.get(at)) == Some(&b'\n');
        self.indent = at_start.then_some(blanks);
        self.at += by;
    }

    /// Reads more, and drops what was read before the place that is reached; false at the end of the file.
    fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.buffer.drain(..self.at);
        self.base += self.at as u64;
        self.at = 0;
        let read = (&mut self.input).take(BLOCK as u64).read_to_end(&mut self.buffer)?;
        self.ended = read < BLOCK;
        Ok(read > 0)
    }
}

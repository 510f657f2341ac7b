//! Keeps a JSON file from filling the memory with one endless text.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

/// The longest text a snapshot may hold. Prompts and configs are far shorter.
const LONGEST_TEXT: u64 = 64 << 20;

/// How many bytes were read, shared with whoever reports progress.
pub(super) type Position = Rc<Cell<u64>>;

/// Follows whether the bytes are inside a text, and how long it is by now.
pub(super) struct Guard<R> {
    inner: R,
    pub(super) position: Position,
    text_began: Option<u64>,
    escaped: bool,
}

impl<R: Read> Guard<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, position: Position::default(), text_began: None, escaped: false }
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let mut position = self.position.get();
        for byte in buffer.iter().take(read) {
            position += 1;
            match (*byte, self.text_began) {
                (b'"', None) => self.text_began = Some(position),
                (_, None) => {}
                (_, Some(_)) if self.escaped => self.escaped = false,
                (b'\\', Some(_)) => self.escaped = true,
                (b'"', Some(_)) => self.text_began = None,
                (_, Some(began)) if position - began > LONGEST_TEXT => {
                    return Err(io::Error::other("a text in it is longer than 64 MiB"));
                }
                _ => {}
            }
        }
        self.position.set(position);
        Ok(read)
    }
}

//! How far a value of JSON goes, by its brackets and quotes, and where the next row seems to begin if they
//! do not close.

use memchr::memchr3;

/// Where an element ends and where the reading goes on, from the start of the element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    pub(super) end: usize,
    pub(super) next: usize,
}

impl Cut {
    pub(super) fn at(end: usize) -> Self {
        Self { end, next: end }
    }
}

/// What some bytes of an element say.
pub(super) enum Step {
    /// So many of them belong to the element.
    On(usize),
    /// The element ends.
    Cut(Cut),
    /// A closing bracket that the element did not open.
    Bracket,
}

/// An element, as far as it was looked through.
pub(super) struct Scan {
    /// Whether this is a key, which a colon ends.
    key: bool,
    /// The brackets that are open.
    open: Vec<u8>,
    in_text: bool,
    /// The byte that comes next was escaped by a backslash.
    escaped: bool,
    /// A text goes over a line break: this can't be JSON.
    odd: bool,
    /// The latest character outside of texts that is not white space.
    last: u8,
    /// Where the latest comma outside of texts is.
    comma: usize,
    /// How far in the element begins, if it begins its line.
    indent: Option<usize>,
    /// Whether all lines of it so far are further in than the first.
    deeper: bool,
    /// Where the element ends if the first line in it that looks like a row is one.
    pub(super) row_after: Option<Cut>,
}

impl Scan {
    pub(super) fn new(indent: Option<usize>, key: bool) -> Self {
        Self {
            key,
            open: Vec::new(),
            in_text: false,
            escaped: false,
            odd: false,
            last: 0,
            comma: 0,
            indent,
            deeper: true,
            row_after: None,
        }
    }

    /// Whether something is not closed yet.
    pub(super) fn is_open(&self) -> bool {
        self.in_text || !self.open.is_empty()
    }

    /// Whether it can't be JSON, so that a line that looks like a row is one.
    pub(super) fn is_odd(&self) -> bool {
        self.odd
    }

    /// Takes the bytes at `at`, of which there is at least one and the first is no line break.
    pub(super) fn step(&mut self, rest: &[u8], at: usize) -> Step {
        if self.in_text {
            return Step::On(self.text(rest));
        }
        let Some(byte) = rest.first().copied() else { return Step::On(0) };
        match byte {
            b'"' => self.in_text = true,
            // A key comes after a comma in an object: this one was not closed.
            b'{' if self.last == b',' && self.open == [b'{'] => {
                return Step::Cut(Cut { end: self.comma, next: at });
            }
            b'{' if self.last == b'}' && self.open.is_empty() => return Step::Cut(Cut::at(at)),
            b'{' | b'[' => self.open.push(byte),
            b'}' | b']' => {
                let opening = if byte == b'}' { b'{' } else { b'[' };
                match self.open.iter().rposition(|open| *open == opening) {
                    // What was opened after it was not closed.
                    Some(depth) => self.open.truncate(depth),
                    None => return Step::Bracket,
                }
            }
            b',' if self.open.is_empty() => return Step::Cut(Cut::at(at)),
            b':' if self.open.is_empty() && self.key => return Step::Cut(Cut::at(at)),
            b',' => self.comma = at,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.last = byte;
        }
        Step::On(1)
    }

    /// How many bytes belong to the text that is open, up to its end or to a line break in it.
    fn text(&mut self, rest: &[u8]) -> usize {
        let mut at = usize::from(std::mem::take(&mut self.escaped));
        loop {
            let Some(found) = memchr3(b'"', b'\\', b'\n', rest.get(at..).unwrap_or_default()) else {
                return rest.len();
            };
            at += found;
            match rest.get(at) {
                Some(b'\\') if at + 1 == rest.len() => {
                    self.escaped = true;
                    return rest.len();
                }
                Some(b'\\') => at += 2,
                Some(b'"') => {
                    (self.in_text, self.last) = (false, b'"');
                    return at + 1;
                }
                _ => {
                    self.odd = true;
                    return at;
                }
            }
        }
    }

    /// Takes a line of the element: what comes before the line break, and the blanks and the character that
    /// the next line begins with.
    pub(super) fn line(&mut self, before: &[u8], blanks: usize, first: u8) {
        self.odd |= self.in_text;
        self.escaped = false;
        let outer = self.indent.is_none_or(|own| blanks <= own);
        let text = before.trim_ascii_end();
        if first == b'{' && text.ends_with(b",") && outer && self.deeper && self.is_open() {
            let next = before.len() + 1 + blanks;
            self.row_after.get_or_insert(Cut { end: text.len() - 1, next });
        } else if self.indent.is_some() && outer && !matches!(first, b'}' | b']') {
            self.deeper = false;
        }
    }
}

//! The list under a key of a JSON object, without what stands around it.

use std::io::{self, BufRead, BufReader, Read};

/// Reads from the bracket that opens a list to the one that closes it.
pub(super) struct ListUnder {
    text: BufReader<Box<dyn Read>>,
    place: Place,
    /// Whether the opening bracket is handed out.
    opened: bool,
    ended: bool,
}

/// Where in JSON a reader is.
#[derive(Default)]
struct Place {
    depth: u32,
    in_text: bool,
    escaped: bool,
}

impl Place {
    fn step(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_text => self.escaped = true,
            b'"' => self.in_text = !self.in_text,
            _ if self.in_text => {}
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

impl ListUnder {
    /// Goes to the list under `key` of the object that the text is. Returns its reader and the line it
    /// begins on.
    ///
    /// # Errors
    /// The text can't be read, or has no such list.
    pub(super) fn find(text: Box<dyn Read>, key: &str) -> io::Result<(Self, u64)> {
        let mut text = BufReader::new(text);
        let (mut place, mut line) = (Place::default(), 1);
        // The latest text at the first level, with its quotes, and whether it is the key of what follows.
        let (mut latest, mut is_key) = (Vec::new(), false);
        loop {
            let Some(&byte) = text.fill_buf()?.first() else { return Err(missing(key)) };
            text.consume(1);
            line += u64::from(byte == b'\n');
            if place.depth == 1 && !place.in_text {
                match byte {
                    b'[' if is_key => {
                        let place = Place { depth: 1, ..Place::default() };
                        return Ok((Self { text, place, opened: false, ended: false }, line));
                    }
                    b':' => is_key = serde_json::from_slice::<String>(&latest).is_ok_and(|name| name == key),
                    b'"' => latest.clear(),
                    b',' => is_key = false,
                    _ => {}
                }
            }
            let was_in_text = place.in_text;
            place.step(byte);
            if place.depth == 1 && (was_in_text || place.in_text) {
                latest.push(byte);
            }
        }
    }
}

fn missing(key: &str) -> io::Error {
    let what = format!("it is an object without a list under '{key}'");
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl Read for ListUnder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.opened {
            self.opened = true;
            return b"[".as_slice().read(buffer);
        }
        if self.ended {
            return Ok(0);
        }
        let text = self.text.fill_buf()?;
        let mut length = 0;
        for (to, from) in buffer.iter_mut().zip(text) {
            *to = *from;
            length += 1;
            self.place.step(*from);
            if self.place.depth == 0 {
                self.ended = true;
                break;
            }
        }
        self.text.consume(length);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

    use std::io::Read as _;

    use super::ListUnder;

    #[test]
    fn the_list_under_a_key_is_read_alone() {
        for (text, key, list, line) in [
            (r#"{"data": [{"a": "]"}, 1], "more": [2]}"#, "data", r#"[{"a": "]"}, 1]"#, 1),
            ("{\n\"data\": 1,\n\"train\":\n [1,\n2]}", "train", "[1,\n2]", 4),
            (r#"{"a": {"data": [1]}, "data": [2]}"#, "data", "[2]", 1),
            (r#"{"a": "data", "data" : [2, "\"]"]}"#, "data", r#"[2, "\"]"]"#, 1),
            (r#"{"d\u0061ta": [3]}"#, "data", "[3]", 1),
            (r#"{"data": [4"#, "data", "[4", 1),
        ] {
            let (mut reader, found) = ListUnder::find(Box::new(text.as_bytes()), key).unwrap();
            let mut read = String::new();
            reader.read_to_string(&mut read).unwrap();
            assert_eq!((read.as_str(), found), (list, line), "{text}");
        }
        for text in ["{}", r#"{"data": 1, "x": [1]}"#, r#"["data", [1]]"#, r#"{"a": "data", "b": [1]}"#] {
            assert!(ListUnder::find(Box::new(text.as_bytes()), "data").is_err(), "{text}");
        }
    }
}

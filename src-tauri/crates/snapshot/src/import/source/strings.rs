//! Texts in quotes, with their escapes.

use std::io::Read;

use super::{fault::Fault, tokens::Tokens};

/// The longest text a snapshot may hold, in bytes as it is written. Prompts and configs are far
/// shorter.
const LONGEST_TEXT: u64 = 64 << 20;

impl<R: Read> Tokens<R> {
    /// A text. It begins with the quote that is next.
    pub(super) fn text(&mut self) -> Result<&str, Fault> {
        let not_utf8 = |_| Fault::text("a text in it is not UTF-8");
        self.at += 1;
        let rest = &self.block[self.at..];
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..b' '));
        if let Some(end) = end.filter(|end| rest[*end] == b'"') {
            let from = self.at;
            self.at += end + 1;
            return std::str::from_utf8(&self.block[from..from + end]).map_err(not_utf8);
        }
        self.long.clear();
        let began = self.position();
        loop {
            let rest = &self.block[self.at..];
            let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..b' '));
            let length = plain.unwrap_or(rest.len());
            self.long.extend_from_slice(&rest[..length]);
            self.at += length;
            if self.position() - began > LONGEST_TEXT {
                return Err(Fault::text("a text in it is longer than 64 MiB"));
            }
            match plain.map(|_| self.block[self.at]) {
                None if !self.fill()? => return Err(Fault::Ends),
                None => {}
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(control) => return Err(Fault::control(control)),
            }
        }
        self.at += 1;
        std::str::from_utf8(&self.long).map_err(not_utf8)
    }

    /// The next byte within a text.
    fn within(&mut self) -> Result<u8, Fault> {
        if self.at == self.block.len() && !self.fill()? {
            return Err(Fault::Ends);
        }
        self.at += 1;
        Ok(self.block[self.at - 1])
    }

    /// Takes an escape, adding the character to the text.
    fn escape(&mut self) -> Result<(), Fault> {
        self.within()?;
        let plain = match self.within()? {
            quoted @ (b'"' | b'\\' | b'/') => quoted,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => return self.unit_escape(),
            other => {
                let other = char::from(other).escape_default();
                return Err(Fault::text(format!(
                    "a text has the escape \\{other} in it, which JSON does not have"
                )));
            }
        };
        self.long.push(plain);
        Ok(())
    }

    /// Takes the digits of an escape by number, and the escape behind it if the two are a pair.
    fn unit_escape(&mut self) -> Result<(), Fault> {
        let first = self.unit()?;
        let half = || Fault::text(format!("a text has half of a character in it (\\u{first:04x})"));
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) {
            if self.within()? != b'\\' || self.within()? != b'u' {
                return Err(half());
            }
            units.push(self.unit()?);
        }
        let decoded: Result<String, _> = char::decode_utf16(units).collect();
        self.long.extend_from_slice(decoded.map_err(|_| half())?.as_bytes());
        Ok(())
    }

    fn unit(&mut self) -> Result<u16, Fault> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = char::from(self.within()?).to_digit(16);
            let digit = digit.ok_or_else(|| Fault::text("a text has \\u without four digits behind it"))?;
            unit = unit * 16 + digit;
        }
        Ok(u16::try_from(unit).unwrap_or_default())
    }
}

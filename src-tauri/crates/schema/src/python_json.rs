//! JSON text as Python's `json.dumps` writes it: `, ` and `: ` between parts, everything beyond
//! ASCII escaped. Existing studios compare and show these texts, so ours look the same.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// The value's JSON text, empty only if the value can't be JSON.
pub fn to_string(value: &impl Serialize) -> String {
    let mut text = Vec::new();
    match value.serialize(&mut Serializer::with_formatter(&mut text, Python)) {
        Ok(()) => String::from_utf8_lossy(&text).into_owned(),
        Err(error) => {
            tracing::error!("writing JSON: {error}");
            String::new()
        }
    }
}

struct Python;

fn separate<W: ?Sized + io::Write>(writer: &mut W, first: bool) -> io::Result<()> {
    if first { Ok(()) } else { writer.write_all(b", ") }
}

impl Formatter for Python {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        separate(w, first)
    }
    fn begin_object_key<W: ?Sized + io::Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        separate(w, first)
    }
    fn begin_object_value<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, w: &mut W, text: &str) -> io::Result<()> {
        let mut units = [0; 2];
        for c in text.chars() {
            if c.is_ascii() {
                CompactFormatter.write_string_fragment(w, c.encode_utf8(&mut [0; 1]))?;
            } else {
                for unit in c.encode_utf16(&mut units) {
                    write!(w, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn looks_like_python() {
        assert_eq!(
            super::to_string(&json!(["a", "ü", "😀", "\"\n"])),
            r#"["a", "\u00fc", "\ud83d\ude00", "\"\n"]"#
        );
        assert_eq!(super::to_string(&json!({"a": 1, "b": [true, null]})), r#"{"a": 1, "b": [true, null]}"#);
    }
}

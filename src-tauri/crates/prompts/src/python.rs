//! Values as Python's `str()` writes them, because that is what `str.format` puts in place of a
//! name (<https://docs.python.org/3/library/stdtypes.html#str>). Texts stand as they are; inside
//! lists and dictionaries they are quoted as `repr()` quotes them.

use std::fmt::{self, Write};

use serde_json::{Number, Value};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// The value's text. Whole numbers beyond 64 bits and `-0` were read as floating point, as
/// everywhere in the studio, and are written so.
pub(super) fn text(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, &mut text);
    text
}

/// The same, at the end of a text.
pub fn write_value(value: &Value, text: &mut String) {
    match value {
        Value::String(value) => text.push_str(value),
        // A String takes whatever is written to it.
        other => _ = write!(text, "{}", Repr(other)),
    }
}

/// Whether Python counts the character as a decimal digit, wherever it is written.
pub(super) fn is_digit(c: char) -> bool {
    c.general_category() == GeneralCategory::DecimalNumber
}

struct Repr<'a>(&'a Value);

impl fmt::Display for Repr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("None"),
            Value::Bool(true) => f.write_str("True"),
            Value::Bool(false) => f.write_str("False"),
            Value::Number(number) => write_number(f, number),
            Value::String(text) => write_quoted(f, text),
            Value::Array(values) => {
                f.write_char('[')?;
                for (at, value) in values.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    Repr(value).fmt(f)?;
                }
                f.write_char(']')
            }
            Value::Object(entries) => {
                f.write_char('{')?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    write_quoted(f, key)?;
                    f.write_str(": ")?;
                    Repr(value).fmt(f)?;
                }
                f.write_char('}')
            }
        }
    }
}

fn write_number(f: &mut fmt::Formatter<'_>, number: &Number) -> fmt::Result {
    match number.as_f64().filter(|_| number.is_f64()) {
        Some(float) => write_float(f, float),
        None => write!(f, "{number}"),
    }
}

/// The shortest digits that read back as the same number; an exponent where the point would stand
/// more than 16 digits to the right or four zeros to the left.
fn write_float(f: &mut fmt::Formatter<'_>, float: f64) -> fmt::Result {
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        return write!(f, "{float:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(f, "{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    f.write_char(quote)?;
    for c in text.chars() {
        match c {
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c == quote => write!(f, "\\{c}")?,
            c if is_printable(c) => f.write_char(c)?,
            c => match u32::from(c) {
                code @ ..=0xff => write!(f, "\\x{code:02x}")?,
                code @ ..=0xffff => write!(f, "\\u{code:04x}")?,
                code => write!(f, "\\U{code:08x}")?,
            },
        }
    }
    f.write_char(quote)
}

/// `str.isprintable` of one character. It goes by Unicode's tables, so a Python with older tables
/// escapes characters that are newer than it.
fn is_printable(c: char) -> bool {
    use GeneralCategory::{
        Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, SpaceSeparator, Surrogate, Unassigned,
    };
    c == ' '
        || !matches!(
            c.general_category(),
            Control
                | Format
                | LineSeparator
                | ParagraphSeparator
                | PrivateUse
                | SpaceSeparator
                | Surrogate
                | Unassigned
        )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::text;

    #[test]
    fn values_look_as_in_python() {
        let cases = [
            (json!(null), "None"),
            (json!(true), "True"),
            (json!(18_446_744_073_709_551_615_u64), "18446744073709551615"),
            (json!(1.0), "1.0"),
            (json!(1e16), "1e+16"),
            (json!(0.00001), "1e-05"),
            (json!(0.0001), "0.0001"),
            (json!(-0.0), "-0.0"),
            (json!("it's\n"), "it's\n"),
            (
                json!(["it's", "\"", "it's \"\u{a0}\u{200b}\u{e000}\u{1f600}"]),
                r#"["it's", '"', 'it\'s "\xa0\u200b\ue000😀']"#,
            ),
            (json!({"a": [1, null]}), "{'a': [1, None]}"),
        ];
        for (value, expected) in cases {
            assert_eq!(text(&value), expected, "{value}");
        }
    }
}

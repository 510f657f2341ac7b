//! Values as Python's `str()` writes them, because `str.format` inserts them in this form
//! (<https://docs.python.org/3/library/stdtypes.html#str>). A text is unchanged; inside lists and
//! dictionaries it is quoted as `repr()` quotes it.

use std::fmt::{self, Write};

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use crate::value::{Number, Value};

/// The value's text.
pub(super) fn text(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, &mut text);
    text
}

/// Appends the value's text.
pub fn write_value(value: &Value, text: &mut String) {
    match value {
        Value::String(value) => text.push_str(value),
        // Writing to a String can't fail.
        other => _ = write!(text, "{}", Repr(other)),
    }
}

/// Whether Python's `str.isdecimal` counts the character as a digit, in any script.
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
    match number.as_f64().filter(|_| number.is_float()) {
        Some(float) => write_float(f, float),
        None => write!(f, "{number}"),
    }
}

/// The shortest digits that parse to the same number, with an exponent below 1e-4 and from 1e16 on.
pub(crate) fn write_float(f: &mut dyn Write, float: f64) -> fmt::Result {
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        return write!(f, "{float:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(f, "{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// A text in quotes, as `repr()` writes it.
pub(crate) fn write_quoted(f: &mut dyn Write, text: &str) -> fmt::Result {
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

/// `str.isprintable` of one character. A Python with older Unicode tables escapes characters that are
/// newer than its tables.
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
            assert_eq!(text(&value.clone().into()), expected, "{value}");
        }
    }
}

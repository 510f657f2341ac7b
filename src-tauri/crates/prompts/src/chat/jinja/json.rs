//! The filter `tojson`, which is Python's `json.dumps` in the environment of chat templates.

use std::fmt::Write;

use minijinja::{
    Error, State, Value,
    value::{Kwargs, Rest, ValueKind},
};

use super::python_text::{entries, text, type_name, write_number, wrong};

/// `json.dumps(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False)`.
///
/// # Errors
/// Python's encoder refuses the value, or the text takes more steps than allowed.
pub(super) fn tojson(
    state: &State<'_, '_>,
    value: &Value,
    rest: Rest<Value>,
    named: Kwargs,
) -> Result<Value, Error> {
    let argument = |at: usize, name: &str| -> Result<Option<Value>, Error> {
        let value = match rest.get(at) {
            Some(value) => Some(value.clone()),
            None => named.get::<Option<Value>>(name)?,
        };
        Ok(value.filter(|value| !value.is_none()))
    };
    let indent = argument(1, "indent")?.map(|indent| match indent.as_str() {
        Some(text) => text.to_owned(),
        None => " ".repeat(usize::from(u8::try_from(indent).unwrap_or_default())),
    });
    let separators = match argument(2, "separators")? {
        Some(pair) => [text(state, &pair.get_item_by_index(0)?)?, text(state, &pair.get_item_by_index(1)?)?],
        None if indent.is_some() => [",".to_owned(), ": ".to_owned()],
        None => [", ".to_owned(), ": ".to_owned()],
    };
    let encoder = Encoder {
        state,
        ascii: argument(0, "ensure_ascii")?.is_some_and(|value| value.is_true()),
        sorted: argument(3, "sort_keys")?.is_some_and(|value| value.is_true()),
        indent,
        separators,
    };
    named.assert_all_used()?;
    let mut out = String::new();
    encoder.write(value, 0, &mut out)?;
    Ok(Value::from(out))
}

/// Bytes that are written for one step.
const BYTES_PER_STEP: usize = 64;

struct Encoder<'a, 'b, 'c> {
    state: &'a State<'b, 'c>,
    ascii: bool,
    sorted: bool,
    indent: Option<String>,
    /// Between entries, and between a key and its value.
    separators: [String; 2],
}

impl Encoder<'_, '_, '_> {
    fn write(&self, value: &Value, depth: usize, out: &mut String) -> Result<(), Error> {
        match value.kind() {
            ValueKind::None => out.push_str("null"),
            ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
            ValueKind::Number => self.write_number(value, out),
            ValueKind::String => self.write_text(value.as_str().unwrap_or_default(), out),
            ValueKind::Seq => {
                let items = value.try_iter()?;
                self.write_all(["[", "]"], items, depth, out, |item, out| self.write(&item, depth + 1, out))?;
            }
            ValueKind::Map => {
                let mut items: Vec<_> = entries(value).collect();
                if self.sorted {
                    items.sort_by(|(one, _), (other, _)| one.cmp(other));
                }
                self.write_all(["{", "}"], items, depth, out, |(key, value), out| {
                    self.write_key(&key, out)?;
                    out.push_str(&self.separators[1]);
                    self.write(&value, depth + 1, out)
                })?;
            }
            _ => {
                let name = type_name(value);
                return Err(wrong(format!("Object of type {name} is not JSON serializable")));
            }
        }
        Ok(())
    }

    fn write_all<T>(
        &self,
        brackets: [&str; 2],
        items: impl IntoIterator<Item = T>,
        depth: usize,
        out: &mut String,
        mut write: impl FnMut(T, &mut String) -> Result<(), Error>,
    ) -> Result<(), Error> {
        out.push_str(brackets[0]);
        let mut any = false;
        for (at, item) in items.into_iter().enumerate() {
            let start = out.len();
            if at > 0 {
                out.push_str(&self.separators[0]);
            }
            self.new_line(depth + 1, out);
            write(item, out)?;
            any = true;
            // What an item writes counts for each level that it is in.
            let written = u64::try_from((out.len() - start) / BYTES_PER_STEP).unwrap_or(u64::MAX);
            self.state.consume_fuel(written + 1)?;
        }
        if any {
            self.new_line(depth, out);
        }
        out.push_str(brackets[1]);
        Ok(())
    }

    fn new_line(&self, depth: usize, out: &mut String) {
        if let Some(indent) = &self.indent {
            out.push('\n');
            out.push_str(&indent.repeat(depth));
        }
    }

    /// Keys that are numbers, booleans or none become texts.
    fn write_key(&self, key: &Value, out: &mut String) -> Result<(), Error> {
        match key.kind() {
            ValueKind::String => self.write_text(key.as_str().unwrap_or_default(), out),
            ValueKind::None | ValueKind::Bool | ValueKind::Number => {
                out.push('"');
                self.write(key, 0, out)?;
                out.push('"');
            }
            _ => {
                let name = type_name(key);
                return Err(wrong(format!("keys must be str, int, float, bool or None, not {name}")));
            }
        }
        Ok(())
    }

    fn write_number(&self, value: &Value, out: &mut String) {
        let start = out.len();
        // Writing to a String can't fail.
        _ = write_number(value, out);
        match out.get(start..) {
            Some("nan") => out.replace_range(start.., "NaN"),
            Some("inf") => out.replace_range(start.., "Infinity"),
            Some("-inf") => out.replace_range(start.., "-Infinity"),
            _ => {}
        }
    }

    fn write_text(&self, text: &str, out: &mut String) {
        out.push('"');
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{c}' => out.push_str("\\f"),
                '\u{8}' => out.push_str("\\b"),
                c if c < ' ' || self.ascii && !(' '..='~').contains(&c) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        // Writing to a String can't fail.
                        _ = write!(out, "\\u{unit:04x}");
                    }
                }
                c => out.push(c),
            }
        }
        out.push('"');
    }
}

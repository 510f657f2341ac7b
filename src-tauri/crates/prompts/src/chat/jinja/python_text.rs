//! Values as Python writes them: `str()` for what a template prints.

use std::fmt::{self, Write};

use minijinja::{Error, ErrorKind, State, Value, value::ValueKind};

use crate::python;

/// The value as `str()` gives it. An undefined value is no text.
///
/// # Errors
/// It takes more steps than allowed.
pub(super) fn text(state: &State<'_, '_>, value: &Value) -> Result<String, Error> {
    let mut text = String::new();
    write(state, value, &mut text)?;
    Ok(text)
}

/// Writes the value as `str()` gives it.
///
/// # Errors
/// It takes more steps than allowed.
pub(super) fn write(state: &State<'_, '_>, value: &Value, out: &mut dyn Write) -> Result<(), Error> {
    match value.as_str() {
        Some(text) => Ok(out.write_str(text)?),
        None if value.is_undefined() => Ok(()),
        None => {
            let mut out = Metered { out, state, uncounted: 0, failed: None };
            match write_repr(value, &mut out) {
                Ok(()) => Ok(()),
                Err(error) => Err(out.failed.unwrap_or_else(|| Error::from(error))),
            }
        }
    }
}

/// Counts steps while a value is written: a list may repeat another without holding it as often.
struct Metered<'a, 'b, 'c> {
    out: &'a mut dyn Write,
    state: &'a State<'b, 'c>,
    uncounted: usize,
    failed: Option<Error>,
}

/// Bytes that are written for one step.
const BYTES_PER_STEP: usize = 64;

impl Write for Metered<'_, '_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.uncounted += text.len();
        if self.uncounted >= BYTES_PER_STEP {
            let steps = u64::try_from(self.uncounted / BYTES_PER_STEP).unwrap_or(u64::MAX);
            self.uncounted %= BYTES_PER_STEP;
            if let Err(error) = self.state.consume_fuel(steps) {
                self.failed = Some(error);
                return Err(fmt::Error);
            }
        }
        self.out.write_str(text)
    }
}

fn write_repr(value: &Value, out: &mut dyn Write) -> fmt::Result {
    match value.kind() {
        ValueKind::Undefined => out.write_str("Undefined"),
        ValueKind::String => python::write_quoted(out, value.as_str().unwrap_or_default()),
        ValueKind::Number => write_number(value, out),
        ValueKind::Seq if value.is_tuple() => {
            write_items(value, out, ["(", if value.len() == Some(1) { ",)" } else { ")" }])
        }
        ValueKind::Seq => write_items(value, out, ["[", "]"]),
        ValueKind::Map => {
            out.write_str("{")?;
            for (at, (key, entry)) in entries(value).enumerate() {
                out.write_str(if at == 0 { "" } else { ", " })?;
                write_repr(&key, out)?;
                out.write_str(": ")?;
                write_repr(&entry, out)?;
            }
            out.write_str("}")
        }
        _ => write!(out, "{value}"),
    }
}

fn write_items(value: &Value, out: &mut dyn Write, brackets: [&str; 2]) -> fmt::Result {
    out.write_str(brackets[0])?;
    for (at, item) in value.try_iter().into_iter().flatten().enumerate() {
        out.write_str(if at == 0 { "" } else { ", " })?;
        write_repr(&item, out)?;
    }
    out.write_str(brackets[1])
}

/// A number as Python writes it.
pub(super) fn write_number(value: &Value, out: &mut dyn Write) -> fmt::Result {
    if value.is_integer() {
        return write!(out, "{value}");
    }
    match f64::try_from(value.clone()) {
        Ok(float) if float.is_nan() => out.write_str("nan"),
        Ok(float) if float.is_infinite() => out.write_str(if float < 0.0 { "-inf" } else { "inf" }),
        Ok(float) => python::write_float(out, float),
        Err(_) => write!(out, "{value}"),
    }
}

/// The entries of a map, in order.
pub(super) fn entries(map: &Value) -> impl Iterator<Item = (Value, Value)> + '_ {
    let object = map.as_object();
    object.and_then(|object| object.try_iter_pairs()).into_iter().flatten()
}

/// What Python says of a value of the wrong kind.
pub(super) fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

/// The name of the value's type in Python.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::Undefined => "Undefined",
        ValueKind::None => "NoneType",
        ValueKind::Bool => "bool",
        ValueKind::Number if value.is_integer() => "int",
        ValueKind::Number => "float",
        ValueKind::String => "str",
        ValueKind::Seq if value.is_tuple() => "tuple",
        ValueKind::Seq => "list",
        ValueKind::Map => "dict",
        _ => "object",
    }
}

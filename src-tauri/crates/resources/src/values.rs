//! The values that a column may hold.

use schema::{Affinity, Column, Kind};
use serde_json::{Number, Value};

/// The value of a new row in which it has none.
pub fn default(column: &Column) -> Value {
    let Some(text) = column.default else { return Value::Null };
    match column.affinity() {
        Affinity::Text => text.into(),
        Affinity::Integer => text.parse::<i64>().map_or(Value::Null, Value::from),
        Affinity::Real => text.parse().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number),
    }
}

/// A value as it is stored: trimmed, and null if it is blank; templates and long texts keep their white space.
pub fn tidy(column: &Column, value: Value) -> Value {
    let Value::String(text) = value else { return value };
    if text.trim().is_empty() {
        return Value::Null;
    }
    match column.kind {
        Kind::Template | Kind::LongText | Kind::Code => text.into(),
        _ => text.trim().into(),
    }
}

/// The problem with a value, in a sentence; `None` if the column can hold it.
pub fn fault(column: &Column, value: &Value) -> Option<String> {
    let label = column.label;
    match (column.kind, value) {
        (_, Value::Null) => None,
        (Kind::Integer { min, max }, value) => {
            let Some(number) = value.as_i64() else {
                return Some(format!("{label} must be a whole number."));
            };
            match (min, max) {
                (Some(min), _) if number < min.into() => Some(format!("{label} must be at least {min}.")),
                (_, Some(max)) if number > max.into() => Some(format!("{label} must be at most {max}.")),
                _ => None,
            }
        }
        (Kind::Number { above, max }, value) => {
            let Some(number) = value.as_f64() else { return Some(format!("{label} must be a number.")) };
            match (above, max) {
                (Some(above), _) if number <= above => Some(format!("{label} must be greater than {above}.")),
                (_, Some(max)) if number > max => Some(format!("{label} must be at most {max}.")),
                _ => None,
            }
        }
        (_, Value::String(text)) if text.contains('\0') => {
            Some(format!("{label} contains a NUL character, which text must not contain."))
        }
        (Kind::Choice { options }, Value::String(text)) => {
            let offered: Vec<&str> = options.iter().map(|option| option.value).collect();
            (!offered.contains(&text.as_str()))
                .then(|| format!("{label} must be one of {}, not '{text}'.", offered.join(", ")))
        }
        (Kind::Id, Value::String(text)) => {
            uuid::Uuid::parse_str(text).err().map(|_| format!("'{text}' is not a UUID."))
        }
        (_, Value::String(_)) => None,
        _ => Some(format!("{label} must be text.")),
    }
}

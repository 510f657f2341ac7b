//! What a plain scalar of YAML stands for, as PyYAML 6 decides it for the worker and for axolotl.
//!
//! The rules are those of YAML 1.1 (<https://yaml.org/type/>) as PyYAML's `resolver.py` narrows them: a
//! float needs a point and a sign in its exponent, `0123` is octal, `1:30` is in base 60, `no` is false and
//! `n` is a text.

use serde_json::{Number, Value};

use super::{
    impossible::Impossible,
    number::{float, int},
    timestamp::timestamp,
};

/// A scalar by its type.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    /// A whole number in decimal digits, of any size.
    Int(String),
    Float(f64),
    /// A date, or a date and a time, as Python's `isoformat` writes it.
    Timestamp(String),
    Text(String),
    /// `<<`, which as a key merges a map into another.
    Merge,
    /// `=`, which has no value of its own.
    Equals,
}

impl Scalar {
    /// The type of a plain scalar.
    pub(super) fn from_plain(text: &str) -> Result<Self, Impossible> {
        Ok(match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            "<<" => Self::Merge,
            "=" => Self::Equals,
            _ => match bool_of_words(text) {
                Some(value) => Self::Bool(value),
                None if text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => numeric(text)?,
                None => Self::Text(text.to_owned()),
            },
        })
    }

    /// The type that a tag such as `!!int` asks for; `None` if the text can't be read as it, or there is
    /// no such type.
    pub(super) fn from_tagged(tag: &str, text: &str) -> Option<Self> {
        match tag {
            "str" => Some(Self::Text(text.to_owned())),
            "null" => Some(Self::Null),
            "bool" => bool_of_words(&text.to_lowercase()).map(Self::Bool),
            "int" => match numeric(text).ok()? {
                int @ Self::Int(_) => Some(int),
                _ => None,
            },
            "float" => match numeric(text).ok()? {
                Self::Float(float) => Some(Self::Float(float)),
                // With an explicit `!!float`, PyYAML reads "1" and "1e5" as floats.
                _ => text.replace('_', "").parse().ok().map(Self::Float),
            },
            "timestamp" => match numeric(text).ok()? {
                time @ Self::Timestamp(_) => Some(time),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value in JSON. What JSON has no type for becomes a text with its tag in front, such as
    /// `!!float .inf` and `!!timestamp 2024-01-31`, so that it equals itself alone.
    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Text(text) => Value::String(text),
            Self::Int(ref digits) => match (digits.parse::<i64>(), digits.parse::<u64>()) {
                (Ok(number), _) => Value::from(number),
                (_, Ok(number)) => Value::from(number),
                _ => Value::String(self.tagged()),
            },
            Self::Float(float) => {
                Number::from_f64(float).map_or_else(|| Value::String(self.tagged()), Value::Number)
            }
            _ => Value::String(self.tagged()),
        }
    }

    /// The name of a key of a JSON object. A key that is no text has its tag in front: YAML's `1` and
    /// `"1"` are two keys.
    pub(super) fn into_key(self) -> String {
        match self {
            // PyYAML keeps it as a text where it is a key.
            Self::Equals => "=".to_owned(),
            Self::Text(text) => text,
            other => other.tagged(),
        }
    }

    /// What two keys share if Python takes them for one: `1`, `1.0` and `true` are the same key.
    pub(super) fn identity(&self) -> String {
        match self {
            Self::Bool(value) => format!("!!int {}", u8::from(*value)),
            Self::Float(float) if float.fract() == 0.0 && float.abs() < 1e15 => format!("!!int {float:.0}"),
            other => other.clone().into_key(),
        }
    }

    fn tagged(&self) -> String {
        match self {
            Self::Null => "!!null null".to_owned(),
            Self::Bool(value) => format!("!!bool {value}"),
            Self::Int(digits) => format!("!!int {digits}"),
            Self::Float(float) if float.is_nan() => "!!float .nan".to_owned(),
            Self::Float(float) if float.is_infinite() => {
                format!("!!float {}.inf", if *float < 0.0 { "-" } else { "" })
            }
            Self::Float(float) => format!("!!float {float:?}"),
            Self::Timestamp(time) => format!("!!timestamp {time}"),
            Self::Text(text) => text.clone(),
            Self::Merge => "<<".to_owned(),
            Self::Equals => "=".to_owned(),
        }
    }
}

fn bool_of_words(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn numeric(text: &str) -> Result<Scalar, Impossible> {
    if let Some(int) = int(text)? {
        return Ok(Scalar::Int(int));
    }
    if let Some(float) = float(text) {
        return Ok(Scalar::Float(float));
    }
    Ok(timestamp(text)?.map_or_else(|| Scalar::Text(text.to_owned()), Scalar::Timestamp))
}

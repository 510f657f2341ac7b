//! The values of a dataset's rows: those of JSON, whose numbers keep the digits they were written with
//! where a 64-bit number would not.

use std::{
    fmt,
    hash::{Hash, Hasher},
    ops::Index,
};

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

/// The entries of an object by their keys, in the order of the file.
pub type Object = IndexMap<String, Value>;

/// A value of a row.
///
/// Its `Display` is JSON, digit for digit. Serialized, a number that a program would round that reads
/// numbers as doubles, as the window does, is a text of its digits.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// An object.
    Object(Object),
}

/// A number of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number(Digits);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Digits {
    Plain(serde_json::Number),
    /// What no 64-bit number keeps: whole numbers with more digits, and minus zero.
    Written(Box<str>),
}

/// The largest whole number up to which a double holds each.
const MOST_EXACT: u64 = (1 << 53) - 1;

impl Number {
    /// A whole number as it is written, with any number of digits.
    pub fn from_digits(digits: &str) -> Self {
        match digits.parse::<serde_json::Number>() {
            Ok(number) if !number.is_f64() => Self(Digits::Plain(number)),
            _ => Self(Digits::Written(digits.into())),
        }
    }

    /// Any number that is finite.
    pub fn from_f64(number: f64) -> Option<Self> {
        serde_json::Number::from_f64(number).map(|number| Self(Digits::Plain(number)))
    }

    /// Whether it is written with a decimal point or an exponent.
    pub fn is_float(&self) -> bool {
        matches!(&self.0, Digits::Plain(number) if number.is_f64())
    }

    /// The nearest double.
    pub fn as_f64(&self) -> Option<f64> {
        match &self.0 {
            Digits::Plain(number) => number.as_f64(),
            Digits::Written(digits) => digits.parse().ok(),
        }
    }

    /// Whether a program that reads numbers as doubles keeps it.
    fn is_exact_as_double(&self) -> bool {
        match &self.0 {
            Digits::Plain(number) if number.is_f64() => true,
            Digits::Plain(number) => {
                number.as_u64().or(number.as_i64().map(i64::unsigned_abs)).is_some_and(|n| n <= MOST_EXACT)
            }
            Digits::Written(_) => false,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Digits::Plain(number) => number.fmt(f),
            Digits::Written(digits) => f.write_str(digits),
        }
    }
}

impl Value {
    /// Whether it is nothing.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The entries, if it is a list.
    pub fn as_array(&self) -> Option<&Vec<Self>> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    /// The entries, if it is an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The nearest double, if it is a number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => number.as_f64(),
            _ => None,
        }
    }

    /// What an object has under a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object().and_then(|entries| entries.get(key))
    }
}

/// As JSON, without white space.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::String(text) => write_text(f, text),
            Self::Array(values) => {
                f.write_str("[")?;
                for (at, value) in values.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { "," })?;
                    value.fmt(f)?;
                }
                f.write_str("]")
            }
            Self::Object(entries) => {
                f.write_str("{")?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { "," })?;
                    write_text(f, key)?;
                    f.write_str(":")?;
                    value.fmt(f)?;
                }
                f.write_str("}")
            }
        }
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

/// Null where there is no such key.
impl Index<&str> for Value {
    type Output = Self;

    fn index(&self, key: &str) -> &Self {
        self.get(key).unwrap_or(&Self::Null)
    }
}

/// Null where the list is shorter.
impl Index<usize> for Value {
    type Output = Self;

    fn index(&self, at: usize) -> &Self {
        self.as_array().and_then(|values| values.get(at)).unwrap_or(&Self::Null)
    }
}

/// The order of the keys doesn't count, as for `==`.
impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Null => {}
            Self::Bool(value) => value.hash(state),
            Self::Number(number) => number.hash(state),
            Self::String(text) => text.hash(state),
            Self::Array(values) => values.hash(state),
            Self::Object(entries) => hash_object(entries, state),
        }
    }
}

/// Hashes an object whatever the order of its keys.
pub fn hash_object<H: Hasher>(entries: &Object, state: &mut H) {
    let mut sorted: Vec<_> = entries.iter().collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    sorted.hash(state);
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) if !number.is_exact_as_double() => serializer.collect_str(number),
            Self::Number(Number(Digits::Plain(number))) => number.serialize(serializer),
            Self::Number(number) => serializer.collect_str(number),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(values) => serializer.collect_seq(values),
            Self::Object(entries) => serializer.collect_map(entries),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Vec<Self>> for Value {
    fn from(values: Vec<Self>) -> Self {
        Self::Array(values)
    }
}

impl FromIterator<Self> for Value {
    fn from_iter<I: IntoIterator<Item = Self>>(values: I) -> Self {
        Self::Array(values.into_iter().collect())
    }
}

impl From<serde_json::Number> for Number {
    fn from(number: serde_json::Number) -> Self {
        Self(Digits::Plain(number))
    }
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(value),
            serde_json::Value::Number(number) => Self::Number(number.into()),
            serde_json::Value::String(text) => Self::String(text),
            serde_json::Value::Array(values) => values.into_iter().map(Self::from).collect(),
            serde_json::Value::Object(entries) => {
                Self::Object(entries.into_iter().map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}

/// A number that keeps digits of its own equals none of that library.
impl PartialEq<serde_json::Value> for Value {
    fn eq(&self, other: &serde_json::Value) -> bool {
        use serde_json::Value as Json;
        match (self, other) {
            (Self::Null, Json::Null) => true,
            (Self::Bool(own), Json::Bool(other)) => own == other,
            (Self::Number(Number(Digits::Plain(own))), Json::Number(other)) => own == other,
            (Self::String(own), Json::String(other)) => own == other,
            (Self::Array(own), Json::Array(other)) => own == other,
            (Self::Object(own), Json::Object(other)) => {
                let same =
                    |(key, value): (&String, &Self)| other.get(key).is_some_and(|there| value == there);
                own.len() == other.len() && own.iter().all(same)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_keep_their_digits() {
        // What is written, whether a double holds it.
        let cases = [
            ("0", true),
            ("-0", false),
            ("9007199254740991", true),
            ("-9007199254740992", false),
            ("18446744073709551615", false),
            ("18446744073709551616", false),
            ("-9223372036854775809", false),
            ("12345678901234567890123", false),
        ];
        for (digits, exact) in cases {
            let number = Number::from_digits(digits);
            assert_eq!((number.to_string().as_str(), number.is_float()), (digits, false));
            assert!(number.as_f64().is_some_and(f64::is_finite), "{digits}");
            let value = Value::Array(vec![Value::Number(number)]);
            assert_eq!(value.to_string(), format!("[{digits}]"));
            let window = if exact { format!("[{digits}]") } else { format!("[\"{digits}\"]") };
            assert_eq!(serde_json::to_string(&value).unwrap(), window);
        }
    }
}

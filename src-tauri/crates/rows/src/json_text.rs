//! A JSON text read into a value. Whole numbers keep their digits, and keys that are there twice are
//! named: the last of them counts, as for other readers.

use std::fmt;

use prompts::{Number, Object, Value};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// A value, and what is odd about its text.
pub struct JsonText {
    /// The value.
    pub value: Value,
    /// Keys that are there more than once in one object, each named once.
    pub repeated: Vec<String>,
}

impl JsonText {
    /// Reads a text that is one value.
    pub fn parse(text: &[u8]) -> serde_json::Result<Self> {
        let mut notes = Notes::default();
        let value = notes.read(text)?;
        if !notes.rounded {
            return Ok(Self { value, repeated: notes.repeated });
        }
        // Rare: the second time, digits are taken from the text.
        let mut notes = Notes { literals: Some(literals(text)), ..Notes::default() };
        let value = notes.read(text)?;
        Ok(Self { value, repeated: notes.repeated })
    }
}

/// Whether a number that was read as a double may have been written as a whole one that differs from it.
pub fn is_rounded(number: f64) -> bool {
    (number == 0.0 && number.is_sign_negative()) || (number.fract() == 0.0 && number.abs() >= 2_f64.powi(63))
}

/// What is noted while a text is read.
#[derive(Default)]
struct Notes<'a> {
    /// How many numbers were met.
    numbers: usize,
    /// Whether one of them may have lost digits.
    rounded: bool,
    /// All numbers of the text as they are written, once they are needed.
    literals: Option<Vec<&'a str>>,
    repeated: Vec<String>,
}

impl Notes<'_> {
    fn read(&mut self, text: &[u8]) -> serde_json::Result<Value> {
        let mut json = serde_json::Deserializer::from_slice(text);
        let value = Reading(self).deserialize(&mut json)?;
        json.end()?;
        Ok(value)
    }

    fn number(&mut self, number: serde_json::Number) -> Value {
        self.numbers += 1;
        Value::Number(number.into())
    }

    fn float(&mut self, number: f64) -> Value {
        let at = self.numbers;
        self.numbers += 1;
        if is_rounded(number) {
            self.rounded = true;
            let literal = self.literals.as_ref().and_then(|literals| literals.get(at));
            if let Some(digits) = literal.filter(|literal| !literal.contains(['.', 'e', 'E'])) {
                return Value::Number(Number::from_digits(digits));
            }
        }
        Number::from_f64(number).map_or(Value::Null, Value::Number)
    }
}

/// The numbers of a text that is JSON, in order.
fn literals(text: &[u8]) -> Vec<&str> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'"' => {
                while let Some(inside) = text.get(at).filter(|byte| **byte != b'"') {
                    at += if *inside == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'-' | b'0'..=b'9' => {
                while text
                    .get(at)
                    .is_some_and(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
                {
                    at += 1;
                }
                let literal = text.get(start..at).and_then(|bytes| std::str::from_utf8(bytes).ok());
                found.push(literal.unwrap_or_default());
            }
            _ => {}
        }
    }
    found
}

/// A value without anything odd; whatever is odd is an error.
pub struct PlainValue(pub Value);

impl<'de> Deserialize<'de> for PlainValue {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let mut notes = Notes::default();
        let value = Reading(&mut notes).deserialize(json)?;
        match notes {
            Notes { rounded: false, repeated, .. } if repeated.is_empty() => Ok(Self(value)),
            _ => Err(D::Error::custom("digits to keep, or a key that is there twice")),
        }
    }
}

struct Reading<'a, 'b>(&'a mut Notes<'b>);

impl<'de> DeserializeSeed<'de> for Reading<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reading<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(self.0.number(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(self.0.number(number.into()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(self.0.float(number))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Reading(self.0))? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut entries = Object::new();
        while let Some(key) = object.next_key::<String>()? {
            let value = object.next_value_seed(Reading(self.0))?;
            if let (at, Some(_)) = entries.insert_full(key, value)
                && let Some((key, _)) = entries.get_index(at)
                && !self.0.repeated.contains(key)
            {
                self.0.repeated.push(key.clone());
            }
        }
        Ok(Value::Object(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::JsonText;

    #[test]
    fn values_are_written_as_they_were_read() {
        let texts = [
            "12345678901234567890123",
            "-0",
            "-0.0",
            "18446744073709551615",
            "[1,-12345678901234567890123,2.5,\"-0 \\\" 99\",{\"a\":[-0,0]}]",
            "{\"a\":1e300,\"b\":184467440737095516160}",
            "{\"a\":\"\\u0000é😀\",\"b\":[null,true,false,{}]}",
        ];
        for text in texts {
            assert_eq!(JsonText::parse(text.as_bytes()).unwrap().value.to_string().replace("e+", "e"), text);
        }
    }

    #[test]
    fn repeated_keys_are_named_wherever_they_are() {
        let cases: [(&str, &[&str], &str); 5] = [
            (r#"{"a":1,"b":2}"#, &[], r#"{"a":1,"b":2}"#),
            (r#"{"a":1,"b":2,"a":3}"#, &["a"], r#"{"a":3,"b":2}"#),
            (r#"{"a":1,"\u0061":3}"#, &["a"], r#"{"a":3}"#),
            (
                r#"[{"m":{"x":1,"x":99999999999999999999}},{"y":0,"y":0,"y":1}]"#,
                &["x", "y"],
                r#"[{"m":{"x":99999999999999999999}},{"y":1}]"#,
            ),
            (r#"{"a":{"b":1},"b":{"a":1}}"#, &[], r#"{"a":{"b":1},"b":{"a":1}}"#),
        ];
        for (text, repeated, value) in cases {
            let read = JsonText::parse(text.as_bytes()).unwrap();
            assert_eq!(
                (read.repeated, read.value.to_string().as_str()),
                (repeated.iter().map(|key| (*key).to_owned()).collect(), value)
            );
        }
    }
}

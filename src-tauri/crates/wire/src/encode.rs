//! Rows as the bytes of messages, without a value in between: lists have ten thousands of rows.

use prost_reflect::{
    Kind, MessageDescriptor,
    prost::encoding::{self, WireType},
};
use schema::Row;
use serde_json::Value;

/// The bytes of a message with the values of a row that it has fields for. Left out are values at their
/// proto3 default, and values that a field can't hold, such as the texts that other programs keep in columns
/// of numbers: one odd value must not keep a list from being sent.
pub fn encode_row(message: &MessageDescriptor, row: &Row) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in message.fields() {
        let Some(value) = row.get(field.name()) else { continue };
        let number = field.number();
        match (field.kind(), value) {
            (Kind::String, Value::String(text)) if !text.is_empty() => {
                encoding::string::encode(number, text, &mut bytes);
            }
            (Kind::Int32, value) => {
                let whole = value.as_i64().and_then(|whole| i32::try_from(whole).ok());
                if let Some(whole) = whole.filter(|whole| *whole != 0) {
                    encoding::int32::encode(number, &whole, &mut bytes);
                }
            }
            (Kind::Float, value) => {
                if let Some(float) = value.as_f64().map(narrow).filter(|float| *float != 0.0) {
                    encoding::float::encode(number, &float, &mut bytes);
                }
            }
            _ => {}
        }
    }
    bytes
}

/// Appends the bytes of a message as the field of another with that number.
pub fn encode_within(number: u32, message: &[u8], bytes: &mut Vec<u8>) {
    encoding::encode_key(number, WireType::LengthDelimited, bytes);
    encoding::encode_varint(message.len() as u64, bytes);
    bytes.extend_from_slice(message);
}

#[expect(clippy::cast_possible_truncation, reason = "the contract has 32-bit floats")]
fn narrow(float: f64) -> f32 {
    float as f32
}

//! What a call is answered with, before it is bytes.

use std::fs::File;

use prost_reflect::{
    Kind, MessageDescriptor,
    prost::encoding::{self, WireType},
};
use studio::{
    Error, Result,
    platform::blocking,
    schema::Row,
    wire::{encode_row, encode_within},
};
use tempfile::TempDir;

/// What a call is answered with.
pub(crate) enum Reply {
    /// A message without fields.
    Empty,
    /// The same, with a report as JSON in the trailing metadata.
    Report(String),
    /// The fields of the one message that the response consists of, or of the response itself.
    Row(Row),
    /// The rows of the response's list, each as a JSON object.
    Rows(Vec<String>),
    /// The text of the response's one field.
    Text(TextFile),
}

/// A file that is sent as a text.
pub(crate) struct TextFile {
    pub(crate) file: File,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// The folder that the file is in. It is removed once the file is sent.
    pub(crate) folder: TempDir,
}

/// A response as bytes.
pub(crate) enum Encoded {
    /// A message, and the report that goes with it.
    Message(Vec<u8>, Option<String>),
    /// A message that ends in the bytes of a file.
    File(Vec<u8>, TextFile),
}

impl Reply {
    /// The bytes of the reply as this message.
    pub(crate) async fn encode(self, response: MessageDescriptor) -> Result<Encoded> {
        match self {
            Self::Empty => Ok(Encoded::Message(Vec::new(), None)),
            Self::Report(report) => Ok(Encoded::Message(Vec::new(), Some(report))),
            Self::Row(row) => Ok(Encoded::Message(encode_one(&response, &row), None)),
            Self::Rows(rows) => {
                let encoded = blocking("sending rows", move || encode_list(&response, &rows)).await?;
                Ok(Encoded::Message(encoded, None))
            }
            Self::Text(text) => {
                let number = response.fields().next().map_or(1, |field| field.number());
                let mut head = Vec::new();
                encoding::encode_key(number, WireType::LengthDelimited, &mut head);
                encoding::encode_varint(text.size, &mut head);
                Ok(Encoded::File(head, text))
            }
        }
    }
}

/// The message that a field of the response holds, with the field's number.
fn inner(response: &MessageDescriptor) -> Option<(u32, MessageDescriptor)> {
    response.fields().find_map(|field| match field.kind() {
        Kind::Message(message) => Some((field.number(), message)),
        _ => None,
    })
}

fn encode_one(response: &MessageDescriptor, row: &Row) -> Vec<u8> {
    let Some((number, message)) = inner(response) else { return encode_row(response, row) };
    let mut bytes = Vec::new();
    encode_within(number, &encode_row(&message, row), &mut bytes);
    bytes
}

fn encode_list(response: &MessageDescriptor, rows: &[String]) -> Result<Vec<u8>> {
    let Some((number, message)) = inner(response) else { return Ok(Vec::new()) };
    let mut bytes = Vec::new();
    for row in rows {
        let row: Row = serde_json::from_str(row).map_err(|error| Error::internal("reading a row", &error))?;
        encode_within(number, &encode_row(&message, &row), &mut bytes);
    }
    Ok(bytes)
}

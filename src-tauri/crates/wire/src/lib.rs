//! The wire contract with existing clients, and the conversion of resources and rows from and to its
//! messages. Fields are matched by name; only set fields are converted.
//!
//! May use: `schema`.

mod encode;

use std::sync::LazyLock;

use prost_reflect::{
    DescriptorPool, DynamicMessage, Kind as WireKind, MessageDescriptor, MethodDescriptor,
    ReflectMessage as _, SerializeOptions,
};
use serde_json::{Number, Value};

use schema::{Error, ErrorCode, MappedDict as _, Resource, Result, Row};

pub use encode::{encode_row, encode_within};

/// The compiled wire contract, `proto/fine_tuning_studio.proto`, as a `FileDescriptorSet`.
pub const CONTRACT_BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fine_tuning_studio.bin"));

/// The full name of the contract's service.
pub const SERVICE: &str = "fine_tuning_studio.FineTuningStudio";

static CONTRACT: LazyLock<Option<DescriptorPool>> = LazyLock::new(|| {
    DescriptorPool::decode(CONTRACT_BYTES).inspect_err(|error| tracing::error!("wire contract: {error}")).ok()
});

/// The methods of the contract's service, in their order.
pub fn methods() -> impl Iterator<Item = MethodDescriptor> {
    let service = CONTRACT.as_ref().and_then(|pool| pool.get_service_by_name(SERVICE));
    service.into_iter().flat_map(|service| service.methods().collect::<Vec<_>>())
}

/// The description of a message of the wire contract, by its short name.
pub fn message_descriptor(message: &str) -> Result<MessageDescriptor> {
    CONTRACT
        .as_ref()
        .and_then(|pool| pool.get_message_by_name(&format!("fine_tuning_studio.{message}")))
        .ok_or_else(|| Error::internal("reading the wire contract", &message))
}

/// A resource as a message of the wire contract.
pub trait MappedProtobuf: Sized {
    /// Reads the [`set_fields`] of a message.
    fn from_message(message: &DynamicMessage) -> Result<Self>;
    /// Writes the set fields for which the message has a field; the others are left out.
    fn to_protobuf(&self) -> Result<DynamicMessage>;
}

/// The set fields of a message by name. Fields at their proto3 default count as unset. A 32-bit float
/// becomes the shortest decimal with the same 32-bit value, so that 0.9 stays 0.9.
pub fn set_fields(message: &DynamicMessage) -> Result<Row> {
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .stringify_64_bit_integers(false)
        .skip_default_fields(true);
    let value = message
        .serialize_with_options(serde_json::value::Serializer, &options)
        .map_err(|error| Error::internal("reading a message", &error))?;
    let Value::Object(mut fields) = value else { return Ok(Row::new()) };
    for field in message.descriptor().fields().filter(|f| f.kind() == WireKind::Float) {
        if let Some(value) = fields.get_mut(field.name()) {
            *value = shortest_decimal(value);
        }
    }
    Ok(fields)
}

impl<R: Resource> MappedProtobuf for R {
    fn from_message(message: &DynamicMessage) -> Result<Self> {
        R::from_dict(&set_fields(message)?)
    }

    fn to_protobuf(&self) -> Result<DynamicMessage> {
        let message = R::TABLE.message.ok_or_else(|| {
            Error::new(
                ErrorCode::Invalid,
                format!("The wire contract has no message for {}.", R::TABLE.plural),
            )
        })?;
        let descriptor = message_descriptor(message)?;
        let mut dict = self.to_dict();
        dict.retain(|name, _| descriptor.get_field_by_name(name).is_some());
        DynamicMessage::deserialize(descriptor, Value::Object(dict)).map_err(|error| {
            Error::new(
                ErrorCode::Invalid,
                format!("This {} does not fit the wire contract: {error}.", R::TABLE.singular),
            )
        })
    }
}

/// The shortest decimal with the same 32-bit value.
#[expect(clippy::cast_possible_truncation, reason = "the value came from a 32-bit float")]
fn shortest_decimal(value: &Value) -> Value {
    let short = value.as_f64().and_then(|wide| (wide as f32).to_string().parse::<f64>().ok());
    short.and_then(Number::from_f64).map_or_else(|| value.clone(), Value::Number)
}

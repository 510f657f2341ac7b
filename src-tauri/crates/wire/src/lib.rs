//! The wire contract with existing clients, and resources as its messages. Both ways are by field
//! name, carry set fields only, and are the same for every resource.
//!
//! May use: `schema`.

use std::sync::LazyLock;

use prost_reflect::{
    DescriptorPool, DynamicMessage, Kind as WireKind, MessageDescriptor, ReflectMessage as _,
    SerializeOptions,
};
use serde_json::{Number, Value};

use schema::{Error, ErrorCode, MappedDict as _, Resource, Result};

/// The compiled wire contract, `proto/fine_tuning_studio.proto`.
static CONTRACT: LazyLock<Option<DescriptorPool>> = LazyLock::new(|| {
    let bytes: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fine_tuning_studio.bin"));
    DescriptorPool::decode(bytes).inspect_err(|error| tracing::error!("wire contract: {error}")).ok()
});

/// The description of a message of the wire contract, by its short name.
pub fn message_descriptor(message: &str) -> Result<MessageDescriptor> {
    CONTRACT
        .as_ref()
        .and_then(|pool| pool.get_message_by_name(&format!("fine_tuning_studio.{message}")))
        .ok_or_else(|| Error::internal("reading the wire contract", &message))
}

/// A resource as a message of the wire contract.
pub trait MappedProtobuf: Sized {
    /// From a message: fields at their proto3 default count as unset. 32-bit floats become the
    /// shortest decimal that means them, so 0.9 stays 0.9 (weak point K21 of the reference).
    fn from_message(message: &DynamicMessage) -> Result<Self>;
    /// To its message: set fields whose names the message has; others are invisible there.
    fn to_protobuf(&self) -> Result<DynamicMessage>;
}

impl<R: Resource> MappedProtobuf for R {
    fn from_message(message: &DynamicMessage) -> Result<Self> {
        let options = SerializeOptions::new()
            .use_proto_field_name(true)
            .stringify_64_bit_integers(false)
            .skip_default_fields(true);
        let value = message
            .serialize_with_options(serde_json::value::Serializer, &options)
            .map_err(|error| Error::internal("reading a message", &error))?;
        let Value::Object(mut dict) = value else { return Ok(R::default()) };
        for field in message.descriptor().fields().filter(|f| f.kind() == WireKind::Float) {
            if let Some(value) = dict.get_mut(field.name()) {
                *value = shortest_decimal(value);
            }
        }
        R::from_dict(&dict)
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

/// The shortest decimal that names the same 32-bit float.
#[expect(clippy::cast_possible_truncation, reason = "the value came from a 32-bit float")]
fn shortest_decimal(value: &Value) -> Value {
    let short = value.as_f64().and_then(|wide| (wide as f32).to_string().parse::<f64>().ok());
    short.and_then(Number::from_f64).map_or_else(|| value.clone(), Value::Number)
}

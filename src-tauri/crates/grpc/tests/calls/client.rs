//! A client that knows the contract by its description alone, as every stub does.

use prost_reflect::{DynamicMessage, MessageDescriptor, prost::Message as _};
use serde_json::{Value, json};
use studio::wire;
use tonic::{
    Request, Status, Streaming,
    client::Grpc,
    codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    transport::{Channel, Endpoint},
};

#[derive(Clone)]
pub(crate) struct Client {
    channel: Channel,
    key: Option<String>,
}

impl Client {
    pub(crate) async fn new(endpoint: Endpoint) -> Self {
        Self { channel: endpoint.connect().await.unwrap(), key: None }
    }

    pub(crate) fn with_key(self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self }
    }

    /// The response of a call, which is not read yet.
    pub(crate) async fn begin(&self, call: &str, request: Value) -> Streaming<Value> {
        let method = wire::methods().find(|method| method.name() == call).unwrap();
        let message = DynamicMessage::deserialize(method.input(), request).unwrap();
        let mut grpc = Grpc::new(self.channel.clone()).max_decoding_message_size(usize::MAX);
        grpc.ready().await.unwrap();
        let path = format!("/{}/{call}", wire::SERVICE).parse().unwrap();
        let response = grpc.server_streaming(Request::new(message), path, Dynamic(method.output())).await;
        response.unwrap().into_inner()
    }

    /// The set fields of the response.
    pub(crate) async fn call(&self, call: &str, request: Value) -> Result<Value, Status> {
        let method = wire::methods().find(|method| method.name() == call).unwrap();
        let message = DynamicMessage::deserialize(method.input(), request).unwrap();
        let mut grpc = Grpc::new(self.channel.clone()).max_decoding_message_size(usize::MAX);
        grpc.ready().await.unwrap();
        let path = format!("/{}/{call}", wire::SERVICE).parse().unwrap();
        let mut request = Request::new(message);
        if let Some(key) = &self.key {
            request.metadata_mut().insert("authorization", format!("Bearer {key}").parse().unwrap());
        }
        let response = grpc.unary(request, path, Dynamic(method.output())).await?;
        Ok(json!(response.into_inner()))
    }

    pub(crate) async fn answered(&self, call: &str, request: Value) -> Value {
        let answer = self.call(call, request.clone()).await;
        answer.unwrap_or_else(|status| panic!("{call} {request} was refused: {}", status.message()))
    }
}

/// Messages in the form of their descriptions; that of responses is held.
struct Dynamic(MessageDescriptor);

impl Codec for Dynamic {
    type Encode = DynamicMessage;
    type Decode = Value;
    type Encoder = Bytes;
    type Decoder = Fields;

    fn encoder(&mut self) -> Bytes {
        Bytes
    }

    fn decoder(&mut self) -> Fields {
        Fields(self.0.clone())
    }
}

struct Bytes;

impl Encoder for Bytes {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, message: DynamicMessage, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        message.encode(to).map_err(|error| Status::internal(error.to_string()))
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::default()
    }
}

struct Fields(MessageDescriptor);

impl Decoder for Fields {
    type Item = Value;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Value>, Status> {
        let failed = |error: &dyn std::fmt::Display| Status::internal(error.to_string());
        let message = DynamicMessage::decode(self.0.clone(), from).map_err(|error| failed(&error))?;
        wire::set_fields(&message).map(|fields| Some(Value::Object(fields))).map_err(|error| failed(&error))
    }
}

//! A call from its bytes to its bytes.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use prost_reflect::{DynamicMessage, MethodDescriptor};
use studio::{Error, serving::Key, wire};
use tokio::sync::RwLock;
use tonic::{Status, body::Body, server::NamedService};
use tower_service::Service;

use crate::{
    body,
    calls::Calls,
    refusal::{status_of, unauthenticated},
    reply::Encoded,
};

/// The service of the contract. Cheap to clone.
#[derive(Clone)]
pub(crate) struct FineTuningStudio {
    calls: Calls,
    /// The hash of the key that each call carries, if one is asked for: two hashes are compared in constant
    /// time.
    key: Option<blake3::Hash>,
    /// Held for reading by each call that changes something, until it is over.
    under_way: Arc<RwLock<()>>,
}

impl FineTuningStudio {
    pub(crate) fn new(calls: Calls, key: Option<&Key>) -> Self {
        let key = key.map(|key| blake3::hash(key.reveal().as_bytes()));
        Self { calls, key, under_way: Arc::default() }
    }

    /// Waits until no call is under way that changes something.
    pub(crate) async fn finished(&self) {
        drop(self.under_way.write().await);
    }

    async fn respond(&self, request: Request<Body>) -> Result<Response<Body>, Status> {
        self.check_key(&request)?;
        let (_, name) = request.uri().path().rsplit_once('/').unwrap_or_default();
        let Some(method) = wire::methods().find(|method| method.name() == name) else {
            return Err(Status::unimplemented(format!("The contract has no call {name}.")));
        };
        let message = body::message_of(request.into_body()).await?;
        let message = DynamicMessage::decode(method.input(), message).map_err(|error| {
            Status::unknown(format!("The request of {} can't be read: {error}.", method.name()))
        })?;
        let encoded = if Calls::changes(method.name()) {
            // The client may go, or its deadline pass: what began is carried out whole all the same.
            let (service, under_way) = (self.clone(), Arc::clone(&self.under_way).read_owned().await);
            let task = tokio::spawn(async move {
                let encoded = service.answer(&method, &message).await;
                drop(under_way);
                encoded
            });
            task.await.map_err(|error| status_of(&Error::internal("answering a call", &error)))?
        } else {
            self.answer(&method, &message).await
        };
        encoded.and_then(body::response).map_err(|error| status_of(&error))
    }

    async fn answer(&self, method: &MethodDescriptor, message: &DynamicMessage) -> studio::Result<Encoded> {
        let request = wire::set_fields(message)?;
        let reply = self.calls.answer(method.name(), request).await;
        let reply = reply.inspect_err(|error| tracing::info!("{} was refused: {error}", method.name()))?;
        reply.encode(method.output()).await
    }

    fn check_key(&self, request: &Request<Body>) -> Result<(), Status> {
        let Some(wanted) = self.key else { return Ok(()) };
        let given = request.headers().get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = given.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
        if given.is_some_and(|given| blake3::hash(given.as_bytes()) == wanted) {
            return Ok(());
        }
        Err(unauthenticated())
    }
}

impl NamedService for FineTuningStudio {
    const NAME: &'static str = wire::SERVICE;
}

impl Service<Request<Body>> for FineTuningStudio {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.respond(request).await.unwrap_or_else(Status::into_http)) })
    }
}

//! The endpoint that the window keeps. There is one at most, and it ends with the window.

use serde::Serialize;
use studio::{
    Error, ErrorCode, Result,
    serving::{Endpoint, EndpointState, ServeRequest, ServedModel, ServedRequest, Serving, Started},
};
use tokio::sync::Mutex;

/// Requests that the page shows.
const SHOWN: usize = 200;

/// The endpoint that the window keeps, if it serves something.
#[derive(Debug, Default)]
pub(crate) struct Served(Mutex<Option<Endpoint>>);

/// What is served, and what was asked.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub(crate) struct ServingReport {
    /// What was asked to be served.
    request: ServeRequest,
    /// The address that clients take.
    url: String,
    /// The names to ask for, the model first.
    models: Vec<ServedModel>,
    /// What it does.
    state: EndpointState,
    /// What to know where other machines can reach it.
    warning: Option<String>,
    /// The requests that came last, the last one first.
    requests: Vec<ServedRequest>,
}

/// A key as it is shown: once.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub(crate) struct ShownKey {
    /// The key; none where it is the one from before, which is not shown again.
    key: Option<String>,
}

impl Served {
    /// Serves a model in place of the one before.
    pub(crate) async fn start(&self, serving: &Serving, request: ServeRequest) -> Result<ShownKey> {
        let mut served = self.0.lock().await;
        if let Some(before) = served.take() {
            // The new model may need its memory, and its port.
            before.stop().await;
        }
        let Started { endpoint, key, is_new_key } = serving.start(request, None).await?;
        *served = Some(endpoint);
        Ok(ShownKey { key: is_new_key.then(|| key.reveal().to_owned()) })
    }

    /// What is served; none where nothing is.
    pub(crate) async fn report(&self) -> Option<ServingReport> {
        let served = self.0.lock().await;
        served.as_ref().map(|endpoint| ServingReport {
            request: endpoint.request().clone(),
            url: endpoint.url(),
            models: endpoint.models().to_vec(),
            state: endpoint.state(),
            warning: endpoint.request().warning(),
            requests: endpoint.requests(SHOWN),
        })
    }

    /// Replaces the key.
    pub(crate) async fn renew_key(&self) -> Result<ShownKey> {
        let served = self.0.lock().await;
        let endpoint = served.as_ref().ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "Nothing is served.").hint("Serve a model first.")
        })?;
        Ok(ShownKey { key: Some(endpoint.renew_key().await?.reveal().to_owned()) })
    }

    /// Forgets the requests that have ended.
    pub(crate) async fn clear_requests(&self) {
        if let Some(endpoint) = self.0.lock().await.as_ref() {
            endpoint.clear_requests();
        }
    }

    /// Ends the endpoint, if there is one.
    pub(crate) async fn stop(&self) {
        // Other commands are answered while it stops.
        let endpoint = self.0.lock().await.take();
        if let Some(endpoint) = endpoint {
            endpoint.stop().await;
        }
    }
}

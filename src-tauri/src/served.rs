//! The endpoint that the window keeps. There is one at most, and it ends with the window.

use std::time::Duration;

use serde::Serialize;
use studio::{
    Error, ErrorCode, Result,
    serving::{
        Endpoint, EndpointChanges, EndpointState, ServeRequest, ServedModel, ServedRequest, Serving, Started,
    },
};
use tokio::sync::{Mutex, watch};

/// Requests that the page shows.
const SHOWN: usize = 200;

/// The least time between two changes that are reported.
const BETWEEN_CHANGES: Duration = Duration::from_millis(500);

/// The endpoint that the window keeps, if it serves something.
#[derive(Debug, Default)]
pub(crate) struct Served {
    endpoint: Mutex<Option<Endpoint>>,
    changed: watch::Sender<()>,
}

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
        let mut served = self.endpoint.lock().await;
        if let Some(before) = served.take() {
            // The new model may need its memory, and its port.
            before.stop().await;
            self.changed.send_replace(());
        }
        let Started { endpoint, key, is_new_key } = serving.start(request, None).await?;
        tokio::spawn(report_changes(endpoint.changes(), self.changed.clone()));
        *served = Some(endpoint);
        self.changed.send_replace(());
        Ok(ShownKey { key: is_new_key.then(|| key.reveal().to_owned()) })
    }

    /// Receives that [`Self::report`] says something else from now on, and at most twice a second what other programs
    /// ask.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// What is served; none where nothing is.
    pub(crate) async fn report(&self) -> Option<ServingReport> {
        let served = self.endpoint.lock().await;
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
        let served = self.endpoint.lock().await;
        let endpoint = served.as_ref().ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "Nothing is served.").hint("Serve a model first.")
        })?;
        Ok(ShownKey { key: Some(endpoint.renew_key().await?.reveal().to_owned()) })
    }

    /// Forgets the requests that have ended.
    pub(crate) async fn clear_requests(&self) {
        if let Some(endpoint) = self.endpoint.lock().await.as_ref() {
            endpoint.clear_requests();
        }
    }

    /// Ends the endpoint, if there is one.
    pub(crate) async fn stop(&self) {
        // Other commands are answered while it stops.
        let endpoint = self.endpoint.lock().await.take();
        if let Some(endpoint) = endpoint {
            self.changed.send_replace(());
            endpoint.stop().await;
        }
    }
}

/// Until the endpoint is gone.
async fn report_changes(mut changes: EndpointChanges, changed: watch::Sender<()>) {
    while changes.next().await {
        changed.send_replace(());
        tokio::time::sleep(BETWEEN_CHANGES).await;
    }
}

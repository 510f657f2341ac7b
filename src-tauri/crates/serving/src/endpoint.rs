//! An endpoint that listens.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use platform::Keyring;
use schema::{Error, Result};
use serde::Serialize;
use tokio::{
    sync::{Mutex, broadcast, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{
    engine::{Engine, Readiness},
    http::Access,
    key::Key,
    log::{RequestLog, ServedRequest},
    names::ServedModel,
    request::ServeRequest,
};

/// How long an answer under way may take once the endpoint stops, before it is cut off.
const LAST_ANSWER: Duration = Duration::from_secs(10);
/// How long clients may take to receive what was cut off.
const LAST_BYTES: Duration = Duration::from_secs(3);

/// What an endpoint does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum EndpointState {
    /// The model is being loaded.
    Loading {
        /// The step.
        message: String,
    },
    /// It answers.
    Ready,
    /// The worker failed or ended.
    Failed {
        /// Why.
        error: Error,
    },
}

/// An endpoint that listens. It ends by [`Self::stop`].
#[derive(Debug)]
pub struct Endpoint {
    pub(crate) request: ServeRequest,
    pub(crate) address: SocketAddr,
    pub(crate) models: Arc<[ServedModel]>,
    pub(crate) engine: Engine,
    pub(crate) log: RequestLog,
    pub(crate) access: Arc<Access>,
    pub(crate) keyring: Keyring,
    pub(crate) stop: CancellationToken,
    pub(crate) listening: Mutex<Option<JoinHandle<()>>>,
}

/// Signals changes of an endpoint, without keeping it.
#[derive(Debug)]
pub struct EndpointChanges {
    readiness: watch::Receiver<Readiness>,
    requests: watch::Receiver<()>,
}

impl EndpointChanges {
    /// Waits for the next change of the endpoint's state or requests; those since the last one count as one. Returns
    /// false once the endpoint is gone.
    pub async fn next(&mut self) -> bool {
        tokio::select! {
            changed = self.readiness.changed() => changed.is_ok(),
            changed = self.requests.changed() => changed.is_ok(),
        }
    }
}

impl Endpoint {
    /// What was asked to be served.
    pub fn request(&self) -> &ServeRequest {
        &self.request
    }

    /// The address that clients take: `http://127.0.0.1:8080/v1`.
    pub fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() {
                [127, 0, 0, 1].into()
            } else {
                std::net::Ipv6Addr::LOCALHOST.into()
            });
        }
        format!("http://{address}/v1")
    }

    /// What is served, the model first.
    pub fn models(&self) -> &[ServedModel] {
        &self.models
    }

    /// What it does.
    pub fn state(&self) -> EndpointState {
        match &*self.engine.readiness().borrow() {
            Readiness::Loading(message) => EndpointState::Loading { message: message.clone() },
            Readiness::Ready(_) => EndpointState::Ready,
            Readiness::Ended(error) => EndpointState::Failed { error: error.clone() },
        }
    }

    /// Waits until it answers.
    ///
    /// # Errors
    /// The model can't be loaded.
    pub async fn ready(&self) -> Result<()> {
        self.reached(|now| matches!(now, Readiness::Ready(_))).await
    }

    /// Waits until the worker fails or ends, and says why.
    pub async fn failed(&self) -> Error {
        let failed = self.reached(|_| false).await.err();
        failed.unwrap_or_else(|| Error::internal("serving", &"its state was lost"))
    }

    async fn reached(&self, wanted: impl Fn(&Readiness) -> bool) -> Result<()> {
        let mut readiness = self.engine.readiness();
        let reached = readiness.wait_for(|now| wanted(now) || matches!(now, Readiness::Ended(_))).await;
        match reached.as_deref() {
            Ok(Readiness::Ended(error)) => Err(error.clone()),
            Ok(_) => Ok(()),
            Err(error) => Err(Error::internal("serving", error)),
        }
    }

    /// Signals changes of [`Self::state`] and [`Self::requests`] from now on.
    pub fn changes(&self) -> EndpointChanges {
        EndpointChanges { readiness: self.engine.readiness(), requests: self.log.changed() }
    }

    /// As many of the requests that came last, the last one first.
    pub fn requests(&self, most: usize) -> Vec<ServedRequest> {
        self.log.requests(most)
    }

    /// Forgets the requests that have ended.
    pub fn clear_requests(&self) {
        self.log.clear();
    }

    /// Receives the requests that end from now on.
    pub fn ended_requests(&self) -> broadcast::Receiver<ServedRequest> {
        self.log.ended()
    }

    /// Replaces the key by a new one, and keeps it in the keyring where there is one.
    pub async fn renew_key(&self) -> Result<Key> {
        let (key, keyring) = (Key::new(), self.keyring.clone());
        let kept = key.clone();
        platform::blocking("keeping a key", move || Ok(kept.keep(&keyring))).await?;
        self.access.set_key(&key);
        Ok(key)
    }

    /// Stops within some 15 seconds: requests that wait are refused, an answer under way may end or is cut off,
    /// and the model is unloaded.
    pub async fn stop(&self) {
        let Some(mut listening) = self.listening.lock().await.take() else { return };
        self.engine.close();
        self.stop.cancel();
        if timeout(LAST_ANSWER, &mut listening).await.is_err() {
            self.engine.cut();
            if timeout(LAST_BYTES, &mut listening).await.is_err() {
                listening.abort();
            }
        }
        self.engine.unload().await;
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.engine.close();
        self.engine.cut();
        self.stop.cancel();
    }
}

//! Starts endpoints.

use std::{net::SocketAddr, sync::Arc};

use axum::{http::HeaderValue, serve::ListenerExt as _};
use inspect::{Inspector, WeightsSource};
use jiff::Timestamp;
use platform::Keyring;
use playground::Playground;
use run_folder::spec::Source;
use schema::{Error, ErrorCode, Result};
use store::Store;
use tokio::{net::TcpListener, sync::Mutex};
use tokio_util::sync::CancellationToken;

use crate::{
    endpoint::Endpoint,
    engine::Engine,
    engines::{self, EngineAdapter, EngineCommand},
    http::{Access, Service, router},
    key::Key,
    log::RequestLog,
    names::served,
    request::{Quantization, ServeRequest},
};

/// Serves the models of a store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Serving {
    store: Store,
    playground: Playground,
    keyring: Keyring,
    inspector: Inspector,
}

/// An endpoint that was started.
#[derive(Debug)]
pub struct Started {
    /// The endpoint. Its model is still being loaded.
    pub endpoint: Endpoint,
    /// The key that clients must send.
    pub key: Key,
    /// Whether the key is a new one, which the user has not seen.
    pub is_new_key: bool,
}

impl Serving {
    /// For the models of a store. Keys are kept in that keyring.
    pub fn new(store: Store, playground: Playground, keyring: Keyring, inspector: Inspector) -> Self {
        Self { store, playground, keyring, inspector }
    }

    /// Starts an endpoint, and returns while its model is being loaded. Without a `key` it is the one that the
    /// keyring has, else a new one.
    ///
    /// # Errors
    /// The model or an adapter can't be loaded, or the address can't be listened on.
    pub async fn start(&self, request: ServeRequest, key: Option<Key>) -> Result<Started> {
        let address = SocketAddr::new(request.address()?, request.port);
        let origins = request.allowed_origins.iter().map(|text| origin(text)).collect::<Result<Vec<_>>>()?;
        let models: Arc<[_]> = served(&self.store, &request.model_id, &request.adapter_ids).await?.into();
        let listener = TcpListener::bind(address).await.map_err(|error| unusable(address, &error))?;
        let address = listener.local_addr().map_err(|error| unusable(address, &error))?;
        let engine = Engine::new();
        let quantization = request.quantization.map(Quantization::settings);
        let (model, adapters) = (&request.model_id, &request.adapter_ids);
        let (quantization, target) = (quantization.as_ref(), request.target.as_deref());
        let trial = self.playground.open_trial(model, adapters, quantization, target, engine.receiver());
        engine.set_trial(trial.await?);
        let (key, is_new_key) = match key {
            Some(key) => (key, false),
            None => self.key().await?,
        };
        let service = Service {
            access: Arc::new(Access::new(&key, address.ip())),
            engine: engine.clone(),
            log: RequestLog::new(),
            models: Arc::clone(&models),
            since: Timestamp::now().as_second(),
        };
        let stop = CancellationToken::new();
        let (log, access) = (service.log.clone(), Arc::clone(&service.access));
        let served = axum::serve(
            // TCP would hold small pieces of an answer back until more comes.
            listener.tap_io(|connection| _ = connection.set_nodelay(true)),
            router(service, origins),
        )
        .with_graceful_shutdown(stop.clone().cancelled_owned());
        let listening = tokio::spawn(async move {
            if let Err(error) = served.await {
                tracing::error!("the endpoint stopped: {error}");
            }
        });
        let endpoint = Endpoint {
            request,
            address,
            models,
            engine,
            log,
            access,
            keyring: self.keyring.clone(),
            stop,
            listening: Mutex::new(Some(listening)),
        };
        Ok(Started { endpoint, key, is_new_key })
    }

    /// The commands by which engines on this machine serve the same, by the same names.
    ///
    /// # Errors
    /// The model or an adapter can't be loaded.
    pub async fn engine_commands(
        &self,
        model_id: &str,
        adapter_ids: &[String],
    ) -> Result<Vec<EngineCommand>> {
        let names = served(&self.store, model_id, adapter_ids).await?;
        let (model, sources) = self.playground.sources(model_id, adapter_ids).await?;
        let mut adapters = Vec::new();
        for Source { id, source, .. } in sources {
            let report = self.inspector.adapter(&WeightsSource::Id(id), None).await?;
            let ranks = report.facts.map(|facts| facts.rank_pattern.into_values().chain(facts.rank));
            adapters.push(EngineAdapter { source, rank: ranks.and_then(Iterator::max) });
        }
        platform::blocking("looking for engines", move || Ok(engines::commands(&model, &adapters, &names)))
            .await
    }

    /// The key of the keyring, else a new one, and whether it is new.
    async fn key(&self) -> Result<(Key, bool)> {
        let keyring = self.keyring.clone();
        platform::blocking("reading the key of the endpoint", move || {
            Ok(match Key::from_keyring(&keyring) {
                Some(key) => (key, false),
                None => {
                    let key = Key::new();
                    key.keep(&keyring);
                    (key, true)
                }
            })
        })
        .await
    }
}

fn origin(text: &str) -> Result<HeaderValue> {
    let text = text.trim();
    let is_origin = text.split_once("://").is_some_and(|(scheme, host)| {
        ["http", "https"].contains(&scheme) && !host.is_empty() && !host.contains(['/', '*', ' '])
    });
    let value = HeaderValue::from_str(text).ok().filter(|_| is_origin);
    value.ok_or_else(|| {
        Error::new(ErrorCode::Invalid, format!("'{text}' is no origin of a page."))
            .hint("Write it as https://example.org, without a path.")
            .on("allowed_origins")
    })
}

fn unusable(address: SocketAddr, error: &std::io::Error) -> Error {
    let (message, hint) = match error.kind() {
        std::io::ErrorKind::AddrInUse => (
            format!("Port {} is in use by another program.", address.port()),
            "Choose another port, or 0 for a free one.",
        ),
        std::io::ErrorKind::PermissionDenied => (
            format!("Port {} may not be used by this user.", address.port()),
            "Choose a port from 1024, or 0 for a free one.",
        ),
        std::io::ErrorKind::AddrNotAvailable => {
            (format!("{} is no address of this machine.", address.ip()), "Listen on 127.0.0.1 or 0.0.0.0.")
        }
        _ => (format!("{address} can't be listened on: {error}."), "Choose another address or port."),
    };
    Error::new(ErrorCode::Invalid, message).hint(hint).on("port")
}

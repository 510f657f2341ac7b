//! What every route uses.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;

use crate::{
    engine::{Engine, Readiness},
    key::Key,
    log::{Entry, RequestLog},
    names::ServedModel,
    openai::{ApiError, Fields},
};

/// The largest request that is read, in bytes.
pub(crate) const LARGEST_REQUEST: usize = 8 * 1024 * 1024;

/// Who may ask.
#[derive(Debug)]
pub(crate) struct Access {
    key: Mutex<blake3::Hash>,
    /// The address that is listened on.
    pub(crate) address: IpAddr,
}

impl Access {
    pub(crate) fn new(key: &Key, address: IpAddr) -> Self {
        Self { key: Mutex::new(key.hash()), address }
    }

    /// Whether it is the key.
    pub(crate) fn is_key(&self, text: &str) -> bool {
        // Hashes are compared in constant time.
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) == blake3::hash(text.as_bytes())
    }

    /// Replaces the key.
    pub(crate) fn set_key(&self, key: &Key) {
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = key.hash();
    }
}

/// What every route uses. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) access: Arc<Access>,
    pub(crate) engine: Engine,
    pub(crate) log: RequestLog,
    /// The model first.
    pub(crate) models: Arc<[ServedModel]>,
    /// When it began to be served, in seconds since 1970.
    pub(crate) since: i64,
}

/// A request that asks for a model that is served and loaded.
pub(crate) struct Accepted {
    /// Its parameters but the model.
    pub(crate) fields: Fields,
    pub(crate) model: ServedModel,
    /// The most tokens that the model reads and writes together, if it has a limit.
    pub(crate) context: Option<u64>,
}

impl Service {
    /// Reads the body of a request, and what it asks for into the log.
    pub(crate) fn accept(
        &self,
        body: Result<Bytes, BytesRejection>,
        entry: &mut Entry,
    ) -> Result<Accepted, ApiError> {
        let body = body.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large(LARGEST_REQUEST),
            _ => ApiError::invalid(format!("The request could not be read: {error}.")),
        })?;
        let mut fields = Fields::new(&body)?;
        let name: String = fields.need("model")?;
        entry.asks(&name, fields.flag("stream"));
        let Some(model) = self.models.iter().find(|model| model.name == name) else {
            let names: Vec<String> = self.models.iter().map(|model| model.name.clone()).collect();
            return Err(ApiError::no_model(&name, &names));
        };
        let context = match &*self.engine.readiness().borrow() {
            Readiness::Loading(_) => return Err(ApiError::loading()),
            Readiness::Ended(error) => return Err(ApiError::failed(error)),
            Readiness::Ready(context) => *context,
        };
        Ok(Accepted { fields, model: model.clone(), context })
    }
}

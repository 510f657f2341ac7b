//! The connection to a target.

use std::sync::Arc;

use schema::{Error, ErrorCode, Result};

use crate::{state::ConnectionState, target::TargetSettings};

/// The connection to a target: one channel, which is opened by the first call and again after a cut, with growing
/// pauses between attempts. Clones share the channel. It ends with the last clone.
#[derive(Debug, Clone)]
pub struct Connection(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: TargetSettings,
}

impl Connection {
    /// A connection that is not open yet.
    pub fn new(settings: TargetSettings) -> Self {
        Self(Arc::new(Inner { settings }))
    }

    /// What it was made with.
    pub fn settings(&self) -> &TargetSettings {
        &self.0.settings
    }

    /// How it stands now. Opens nothing.
    pub fn state(&self) -> ConnectionState {
        ConnectionState::Idle
    }

    /// Lets the next call connect at once, whatever pause the last failures asked for.
    pub fn retry_now(&self) {}

    pub(crate) fn missing<T>(&self) -> Result<T> {
        Err(Error::new(ErrorCode::Unreachable, format!("{} can't be reached yet.", self.0.settings.host)))
    }
}

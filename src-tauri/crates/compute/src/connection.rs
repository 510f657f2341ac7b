//! The connection to a target.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use schema::{Error, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    channel::{Answer, Channel},
    failure::Failure,
    state::ConnectionState,
    target::TargetSettings,
};

/// The pause after the second failure in a row; it doubles with each further one.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between attempts.
const LONGEST: Duration = Duration::from_secs(60);

/// The connection to a target: one channel, which is opened by the first call and again after a cut, with growing
/// pauses between attempts. Clones share the channel. It ends with the last clone.
#[derive(Debug, Clone)]
pub struct Connection(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: TargetSettings,
    /// The file in which hashes of sent files are remembered.
    hashes: Option<PathBuf>,
    /// Held while a channel is opened: other calls wait for the same one.
    opening: tokio::sync::Mutex<()>,
    /// Held while something is sent that does not lie there: who sends the same finds it there afterwards.
    sending: tokio::sync::Mutex<()>,
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    channel: Option<Channel>,
    /// The failure of the last attempt, and since when there is no answer.
    failure: Option<(Timestamp, Failure)>,
    failures: u32,
    /// No attempt is made before.
    wait_until: Option<Instant>,
}

impl Connection {
    /// A connection that is not open yet.
    pub fn new(settings: TargetSettings) -> Self {
        Self::with_hashes(settings, remembered_hashes())
    }

    /// The same with another file for the hashes of files that were sent, or none. With it, a file that did not change
    /// is not read again to find out whether it lies there.
    pub fn with_hashes(settings: TargetSettings, hashes: Option<PathBuf>) -> Self {
        let (opening, sending, line) = Default::default();
        Self(Arc::new(Inner { settings, hashes, opening, sending, line }))
    }

    /// What it was made with.
    pub fn settings(&self) -> &TargetSettings {
        &self.0.settings
    }

    pub(crate) fn hashes(&self) -> Option<PathBuf> {
        self.0.hashes.clone()
    }

    /// Waits until no other run sends over this connection. The next may send when what is returned is dropped.
    pub(crate) async fn turn_to_send(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.sending.lock().await
    }

    /// How it stands now. Opens nothing.
    pub fn state(&self) -> ConnectionState {
        let mut line = self.line();
        line.notice_cut();
        if let Some(channel) = &line.channel {
            let (beat, clock_offset) = channel.beat();
            return ConnectionState::Connected { beat, clock_offset };
        }
        let Some((since, Failure { fault, error })) = line.failure.clone() else {
            return ConnectionState::Idle;
        };
        ConnectionState::Unreachable { since, fault, why: error.message, hint: error.hint }
    }

    /// Lets the next call connect at once, whatever pause the last failures asked for.
    pub fn retry_now(&self) {
        self.line().wait_until = None;
    }

    /// The open channel, which is opened if necessary. During a pause after failures, the last one is returned at once.
    pub(crate) async fn channel(&self) -> Result<Channel> {
        let _opening = self.0.opening.lock().await;
        {
            let mut line = self.line();
            line.notice_cut();
            if let Some(channel) = &line.channel {
                return Ok(channel.clone());
            }
            if let (Some(until), Some((_, failure))) = (line.wait_until, &line.failure)
                && Instant::now() < until
            {
                return Err(failure.error.clone());
            }
        }
        let opened = Channel::open(&self.0.settings).await;
        let mut line = self.line();
        match opened {
            Ok(channel) => {
                *line = Line { channel: Some(channel.clone()), ..Line::default() };
                Ok(channel)
            }
            Err(failure) => {
                let since = line.failure.as_ref().map_or_else(Timestamp::now, |(since, _)| *since);
                let pause = PAUSE.saturating_mul(1 << line.failures.min(6)).min(LONGEST);
                line.failures += 1;
                line.wait_until = Some(Instant::now() + pause);
                let error = failure.error.clone();
                line.failure = Some((since, failure));
                Err(error)
            }
        }
    }

    /// Sends a request and waits for its answer, as a type.
    pub(crate) async fn call<T: DeserializeOwned>(&self, head: Value) -> Result<T> {
        Ok(self.ask(head, &[]).await?.0)
    }

    /// The same with bytes in both directions.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, head: Value, body: &[u8]) -> Result<(T, Vec<u8>)> {
        parsed(self.channel().await?.call(head, body).await?)
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    /// Takes away a channel that has ended. The next attempt is made at once.
    fn notice_cut(&mut self) {
        let Some(channel) = &self.channel else { return };
        let Some(failure) = channel.failure() else { return };
        *self = Self { failure: Some((channel.beat().0, failure)), ..Self::default() };
    }
}

/// The file in which this person's programs remember hashes of files that were sent; none where there is no place for it.
pub fn remembered_hashes() -> Option<PathBuf> {
    platform::folders::local_data().map(|folder| folder.join("sent-hashes.json"))
}

/// The head of an answer as a type, and its body.
pub(crate) fn parsed<T: DeserializeOwned>(answer: Answer) -> Result<(T, Vec<u8>)> {
    let head =
        answer.head.into().map_err(|error| Error::internal("reading an answer of a target", &error))?;
    Ok((head, answer.body))
}

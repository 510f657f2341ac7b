//! The requests and what became of them. Prompts and answers are not kept.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::{broadcast, watch};

use crate::openai::ApiError;

/// The number of latest requests that are kept.
const KEPT: usize = 1000;
/// Ended requests that a slow receiver may be behind.
const BEHIND: usize = 256;

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// It waits for those before it.
    Waiting,
    /// Its answer is being written.
    Answering,
    /// It was answered.
    Done,
    /// It was refused, or its answer failed.
    Failed,
    /// The client hung up.
    Cancelled,
}

/// A request, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ServedRequest {
    /// Counts from 1.
    pub number: u64,
    /// When it came, as RFC 3339.
    pub time: String,
    /// `chat/completions` or `completions`.
    pub path: &'static str,
    /// The model that it asks for.
    pub model: String,
    /// Whether its answer comes in pieces.
    pub stream: bool,
    /// Where it stands.
    pub state: RequestState,
    /// The HTTP status of its answer.
    pub status: Option<u16>,
    /// Tokens that the model read.
    pub input_tokens: Option<u64>,
    /// Tokens that it wrote.
    pub output_tokens: Option<u64>,
    /// Why its answer ended, in the words of the response.
    pub finish_reason: Option<String>,
    /// Seconds until it was its turn.
    pub waited: Option<f64>,
    /// Seconds until its first text.
    pub first_text: Option<f64>,
    /// Seconds until its end.
    pub seconds: Option<f64>,
    /// Why it failed.
    pub error: Option<String>,
}

/// The requests that came last. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct RequestLog {
    kept: Arc<Mutex<Kept>>,
    ended: broadcast::Sender<ServedRequest>,
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Kept {
    requests: VecDeque<ServedRequest>,
    last: u64,
}

impl RequestLog {
    pub(crate) fn new() -> Self {
        Self {
            kept: Arc::default(),
            ended: broadcast::Sender::new(BEHIND),
            changed: watch::Sender::default(),
        }
    }

    /// Enters a request that just came.
    pub(crate) fn enter(&self, path: &'static str) -> Entry {
        let mut kept = self.kept();
        kept.last += 1;
        if kept.requests.len() == KEPT {
            kept.requests.pop_front();
        }
        let request = ServedRequest {
            number: kept.last,
            time: Timestamp::now().to_string(),
            path,
            model: String::new(),
            stream: false,
            state: RequestState::Waiting,
            status: None,
            input_tokens: None,
            output_tokens: None,
            finish_reason: None,
            waited: None,
            first_text: None,
            seconds: None,
            error: None,
        };
        kept.requests.push_back(request.clone());
        drop(kept);
        self.changed.send_replace(());
        Entry { log: self.clone(), request, begun: Instant::now() }
    }

    /// As many of the requests, the last one first.
    pub(crate) fn requests(&self, most: usize) -> Vec<ServedRequest> {
        self.kept().requests.iter().rev().take(most).cloned().collect()
    }

    /// Forgets all that have ended.
    pub(crate) fn clear(&self) {
        self.kept()
            .requests
            .retain(|request| matches!(request.state, RequestState::Waiting | RequestState::Answering));
        self.changed.send_replace(());
    }

    /// Receives the requests that end from now on.
    pub(crate) fn ended(&self) -> broadcast::Receiver<ServedRequest> {
        self.ended.subscribe()
    }

    /// Receives that [`Self::requests`] says something else from now on.
    pub(crate) fn changed(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way. Dropping it before its end says that the client hung up.
#[derive(Debug)]
pub(crate) struct Entry {
    log: RequestLog,
    request: ServedRequest,
    begun: Instant,
}

impl Entry {
    /// What it asks for.
    pub(crate) fn asks(&mut self, model: &str, stream: bool) {
        model.clone_into(&mut self.request.model);
        self.request.stream = stream;
        self.write();
    }

    /// It is its turn.
    pub(crate) fn answering(&mut self) {
        self.request.state = RequestState::Answering;
        self.request.waited = Some(self.seconds());
        self.write();
    }

    /// Text came.
    pub(crate) fn text(&mut self) {
        if self.request.first_text.is_none() {
            self.request.first_text = Some(self.seconds());
            self.write();
        }
    }

    /// What the model read and wrote.
    pub(crate) fn tokens(&mut self, input: u64, output: u64) {
        (self.request.input_tokens, self.request.output_tokens) = (Some(input), Some(output));
    }

    /// It was answered.
    pub(crate) fn done(&mut self, finish_reason: &str) {
        self.request.finish_reason = Some(finish_reason.to_owned());
        self.end(RequestState::Done, Some(200));
    }

    /// Records that it was refused or failed, and returns the error for the client.
    pub(crate) fn failed(&mut self, error: ApiError) -> ApiError {
        self.request.error = Some(error.message.clone());
        self.end(RequestState::Failed, Some(error.status.as_u16()));
        error
    }

    fn end(&mut self, state: RequestState, status: Option<u16>) {
        if self.request.seconds.is_some() {
            return;
        }
        (self.request.state, self.request.status) = (state, status);
        self.request.seconds = Some(self.seconds());
        self.write();
        // There may be no receiver.
        _ = self.log.ended.send(self.request.clone());
    }

    fn seconds(&self) -> f64 {
        let passed: Duration = self.begun.elapsed();
        passed.as_secs_f64()
    }

    /// Puts what is known of it into the log, unless it was pushed out.
    fn write(&self) {
        let mut kept = self.log.kept();
        let place = kept.requests.binary_search_by_key(&self.request.number, |request| request.number);
        if let Some(own) = place.ok().and_then(|place| kept.requests.get_mut(place)) {
            own.clone_from(&self.request);
            drop(kept);
            self.log.changed.send_replace(());
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.end(RequestState::Cancelled, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_bounded_and_clearing_keeps_what_is_under_way() {
        let log = RequestLog::new();
        let mut first = log.enter("completions");
        first.answering();
        for _ in 0..KEPT {
            log.enter("completions").done("stop");
        }
        // It was pushed out by later ones, and its end changes nothing.
        first.done("stop");
        assert_eq!(log.requests(KEPT).len(), KEPT);
        assert!(log.requests(KEPT).iter().all(|request| request.number > 1));
        let waiting = log.enter("chat/completions");
        log.clear();
        assert_eq!(
            log.requests(KEPT).iter().map(|request| request.number).collect::<Vec<_>>(),
            [waiting.request.number]
        );
    }

    #[test]
    fn every_step_of_a_request_and_clearing_is_a_change() {
        let log = RequestLog::new();
        let mut changed = log.changed();
        let mut happens = |what: &mut dyn FnMut()| {
            what();
            let is_change = changed.has_changed().unwrap();
            changed.mark_unchanged();
            is_change
        };
        let mut entry = None;
        assert!(happens(&mut || entry = Some(log.enter("completions"))));
        let mut entry = entry.unwrap();
        assert!(happens(&mut || entry.asks("m", false)));
        assert!(happens(&mut || entry.answering()));
        assert!(happens(&mut || entry.text()));
        assert!(!happens(&mut || entry.text()), "only the first text is handed on");
        assert!(happens(&mut || entry.done("stop")));
        assert!(happens(&mut || log.clear()));
        assert!(!happens(&mut || _ = log.requests(1)));
    }

    #[test]
    fn a_request_that_is_dropped_was_cancelled() {
        let log = RequestLog::new();
        let mut ended = log.ended();
        drop(log.enter("completions"));
        assert_eq!(ended.try_recv().unwrap().state, RequestState::Cancelled);
        log.enter("completions").failed(ApiError::refused("no", None));
        assert_eq!(ended.try_recv().unwrap().status, Some(400));
        assert!(ended.try_recv().is_err(), "each ends once");
    }
}

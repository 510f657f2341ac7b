//! The answers of the hub about models, so that the next plan need not ask again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use hub::HubAnswer;

/// How long the hub's answer about a name, or that none came in time, is used again.
const REUSED: Duration = Duration::from_secs(300);

/// When the hub was asked, and its answer if one came in time.
type Remembered = (Instant, Option<HubAnswer>);

/// The answers of the hub about models, by name. Cheap to clone; clones share the answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct HubAnswers(Arc<Mutex<HashMap<String, Remembered>>>);

impl HubAnswers {
    /// The last answer about a name; `Some(None)` if none came in time.
    pub(super) fn get(&self, name: &str) -> Option<Option<HubAnswer>> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(name).filter(|(at, _)| at.elapsed() < REUSED).map(|(_, answer)| answer.clone())
    }

    pub(super) fn put(&self, name: &str, answer: Option<HubAnswer>) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(name.to_owned(), (Instant::now(), answer));
    }
}

//! What the hub answered about models, so that a plan that is made anew need not ask again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use hub::HubAnswer;

/// How long the hub's answer about a name is used again.
const REUSED: Duration = Duration::from_secs(300);

/// The answers of the hub about models, by name. Cheap to clone; clones share the answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct HubAnswers(Arc<Mutex<HashMap<String, (Instant, HubAnswer)>>>);

impl HubAnswers {
    pub(super) fn get(&self, name: &str) -> Option<HubAnswer> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(name).filter(|(at, _)| at.elapsed() < REUSED).map(|(_, answer)| answer.clone())
    }

    pub(super) fn put(&self, name: &str, answer: HubAnswer) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(name.to_owned(), (Instant::now(), answer));
    }
}

//! Models that have to be fetched from the hub before a run.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use hub::{HubAnswer, HubKind, Standing};
use platform::disk::{format_bytes, free};
use schema::Result;

use super::{context::Preflight, plan::PlannedFetch};

/// A plan is made anew with each change on the start page, and waits no longer for the hub.
const LONGEST: Duration = Duration::from_secs(3);
/// How long the hub's answer about a name is used again.
const REUSED: Duration = Duration::from_secs(300);

/// The answers of the hub about models, by name. Cheap to clone; clones share the answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct HubAnswers(Arc<Mutex<HashMap<String, (Instant, HubAnswer)>>>);

impl HubAnswers {
    fn get(&self, name: &str) -> Option<HubAnswer> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(name).filter(|(at, _)| at.elapsed() < REUSED).map(|(_, answer)| answer.clone())
    }

    fn put(&self, name: &str, answer: HubAnswer) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(name.to_owned(), (Instant::now(), answer));
    }
}

impl Preflight<'_> {
    /// What fetching a model takes, as far as the hub says so in time.
    pub(super) async fn planned_fetch(
        &mut self,
        name: &str,
        column: &str,
        lacking: &str,
    ) -> Result<PlannedFetch> {
        let answer = match self.runs.hub_answers.get(name) {
            Some(answer) => Some(answer),
            None => {
                let asked = tokio::time::timeout(LONGEST, self.runs.hub.look_up(HubKind::Model, name)).await;
                let answer = asked.ok().transpose()?;
                if let Some(answer) = &answer {
                    self.runs.hub_answers.put(name, answer.clone());
                }
                answer
            }
        };
        let facts = answer.as_ref().and_then(|answer| answer.facts.as_ref());
        let bytes = facts.and_then(|facts| facts.bytes);
        let size = bytes.map(|bytes| format!(", up to {}", format_bytes(bytes))).unwrap_or_default();
        self.diagnostics.warn(column, format!("{name} {lacking}: it is fetched from the hub first{size}."));
        if let Some(answer) = &answer {
            self.check_answer(answer, column);
        }
        let room = free(&self.runs.hub.cache_folder());
        if let (Some(bytes), Some(room)) = (bytes, room)
            && bytes > room
        {
            let message = format!(
                "{name} has up to {}, and {} are free on the disk of the hub's cache. Free some space.",
                format_bytes(bytes),
                format_bytes(room)
            );
            self.diagnostics.warn(column, message);
        }
        Ok(PlannedFetch {
            name: name.to_owned(),
            bytes,
            model_type: facts.and_then(|facts| facts.model_type.clone()),
        })
    }

    fn check_answer(&mut self, answer: &HubAnswer, column: &str) {
        let sentences = || [Some(answer.message.as_str()), answer.hint.as_deref()].into_iter().flatten();
        let message = sentences().collect::<Vec<_>>().join(" ");
        match answer.standing {
            Standing::NotFound => self.diagnostics.refuse(column, message),
            Standing::Found | Standing::Offline => {}
            Standing::NeedsToken | Standing::Gated | Standing::Unreachable => {
                self.diagnostics.warn(column, message);
            }
        }
    }
}

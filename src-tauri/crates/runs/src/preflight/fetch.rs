//! What has to be fetched from the Hub before a run.

use hub::{CachedKind, DatasetPart, HubAnswer, Standing};
use platform::disk::{format_bytes, free};
use schema::Result;

use super::{context::Preflight, plan::PlannedFetch};

/// A repository, or a part of one, that is not in the local cache.
pub(super) struct Wanted<'a> {
    pub(super) kind: CachedKind,
    pub(super) name: &'a str,
    /// The part of a dataset.
    pub(super) part: DatasetPart,
}

impl Preflight<'_> {
    /// Plans to fetch a repository, with what that takes as far as the Hub says so in time. `lacking` says of it, as
    /// the end of a clause, that it is not here.
    pub(super) async fn plan_fetch(&mut self, wanted: Wanted<'_>, column: &str, lacking: &str) -> Result<()> {
        let Wanted { kind, name, part } = wanted;
        let answer = self.runs.hub_answers.about(&self.runs.hub, kind.on_hub(), name).await?;
        let facts = answer.as_ref().and_then(|answer| answer.facts.as_ref());
        // Of a part, the Hub does not say the size.
        let bytes = facts.filter(|_| part.is_whole()).and_then(|facts| facts.bytes);
        let size = bytes.map(|bytes| format!(", up to {}", format_bytes(bytes))).unwrap_or_default();
        self.diagnostics.warn(column, format!("{name} {lacking}: it is fetched from the Hub first{size}."));
        if let Some(answer) = &answer {
            self.check_answer(answer, column);
        }
        let room = free(&self.runs.hub.cache_folder());
        if let (Some(bytes), Some(room)) = (bytes, room)
            && bytes > room
        {
            let message = format!(
                "{name} has up to {}, and {} are free on the disk of the Hub's local cache. Free some space.",
                format_bytes(bytes),
                format_bytes(room)
            );
            self.diagnostics.warn(column, message);
        }
        let model_type = facts.and_then(|facts| facts.model_type.clone());
        let planned = PlannedFetch { kind, name: name.to_owned(), part, bytes, model_type };
        if !self.fetches.iter().any(|fetch| (fetch.kind, &fetch.name) == (kind, &planned.name)) {
            self.fetches.push(planned);
        }
        Ok(())
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

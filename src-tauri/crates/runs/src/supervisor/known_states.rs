//! Which runs changed their state since the last look.

use std::collections::HashMap;

use store::{Run, RunState};

/// The states of runs at the last look.
pub(super) struct KnownStates {
    /// Of the runs that were live, or ended last.
    states: HashMap<String, RunState>,
    /// When the last run ended.
    ended_until: String,
}

impl KnownStates {
    pub(super) fn new(runs: &[Run]) -> Self {
        let ended_until = runs.iter().filter_map(|run| run.ended_at.clone()).max().unwrap_or_default();
        let states = runs.iter().map(|run| (run.id.clone(), run.state)).collect();
        Self { states, ended_until }
    }

    /// When the last known run ended; empty if none has.
    pub(super) fn ended_until(&self) -> &str {
        &self.ended_until
    }

    /// The runs whose state is new. `now` are all runs that are live or ended at
    /// [`Self::ended_until`] or later.
    pub(super) fn changes(&mut self, now: Vec<Run>) -> Vec<Run> {
        let until = std::mem::take(&mut self.ended_until);
        let before = std::mem::replace(self, Self::new(&now)).states;
        self.ended_until = std::mem::take(&mut self.ended_until).max(until);
        now.into_iter().filter(|run| before.get(&run.id) != Some(&run.state)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::RunKind;

    fn run(id: &str, state: RunState, ended_at: Option<&str>) -> Run {
        Run {
            id: id.to_owned(),
            kind: RunKind::Training,
            name: id.to_owned(),
            state,
            place: 1,
            attempt: 1,
            note: None,
            hint: None,
            created_at: String::new(),
            started_at: None,
            stop_asked_at: None,
            ended_at: ended_at.map(str::to_owned),
            target: None,
            handle: None,
        }
    }

    #[test]
    fn every_change_is_reported_once() {
        let mut known =
            KnownStates::new(&[run("old", RunState::Failed, Some("1")), run("a", RunState::Queued, None)]);
        assert_eq!(known.ended_until(), "1");
        let mut changes = |now: &[Run]| -> Vec<(String, RunState)> {
            known.changes(now.to_vec()).into_iter().map(|run| (run.id, run.state)).collect()
        };
        let of = |run: &Run| vec![(run.id.clone(), run.state)];
        let old = run("old", RunState::Failed, Some("1"));
        let a = run("a", RunState::Running, None);
        assert_eq!(changes(&[old.clone(), a.clone()]), of(&a));
        // One that started and ended between two looks is reported too.
        let b = run("b", RunState::Failed, Some("2"));
        assert_eq!(changes(&[old, a.clone(), b.clone()]), of(&b));
        assert_eq!(changes(&[a, b.clone()]), []);
        let a = run("a", RunState::Succeeded, Some("2"));
        assert_eq!(changes(&[a.clone(), b.clone()]), of(&a));
        let again = run("old", RunState::Queued, None);
        assert_eq!(changes(&[again.clone(), a, b]), of(&again));
    }
}

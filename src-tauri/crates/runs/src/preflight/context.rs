//! A preflight under way.

use std::sync::Arc;

use prompts::chat::OtherRenderer;
use schema::{ErrorCode, Resource, Result, Stored};

use super::{diagnostics::Diagnostics, elsewhere::Elsewhere, inputs::Inputs, plan::PlannedFetch};
use crate::runs::Runs;
use run_folder::spec::Source;

/// A preflight under way: what was found out and read so far. Its methods are the steps that
/// trainings and evaluations share. A step that can't go on returns none and adds a problem; only
/// failures of the database and of the program are errors.
pub(crate) struct Preflight<'a> {
    pub(super) runs: &'a Runs,
    pub(crate) diagnostics: Diagnostics,
    pub(super) inputs: Inputs,
    /// What is not on this machine, and can be fetched.
    pub(crate) fetches: Vec<PlannedFetch>,
    /// Whether that is fetched before the run begins, so that what follows from it is found out then.
    fetches_first: bool,
    /// The compute target on which the run works; none for this machine.
    pub(super) elsewhere: Option<Elsewhere>,
    /// Renders chat templates that this program can't, once [`Self::find_renderer`] found it.
    pub(crate) other: Option<Arc<dyn OtherRenderer>>,
}

/// A row, and what a list calls it.
pub(super) struct Labeled<R> {
    pub(super) label: String,
    pub(super) row: Stored<R>,
}

impl<'a> Preflight<'a> {
    pub(crate) fn new(runs: &'a Runs) -> Self {
        let inputs = Inputs::new(runs.hub.is_offline());
        Self {
            runs,
            diagnostics: Diagnostics::default(),
            inputs,
            fetches: Vec::new(),
            fetches_first: false,
            elsewhere: None,
            other: None,
        }
    }

    /// A preflight of a run that begins when all it needs is fetched.
    pub(super) fn for_run(runs: &'a Runs) -> Self {
        Self { fetches_first: true, ..Self::new(runs) }
    }

    /// Whether what is not on this machine is fetched before the run.
    pub(super) fn fetches_first(&self) -> bool {
        self.fetches_first
    }

    /// Whether a model or an adapter is fetched before the run, so that nothing is known of its files yet.
    pub(super) fn is_awaited(&self, source: &Source) -> bool {
        self.fetches_first && self.fetches.iter().any(|fetch| fetch.name == source.source)
    }

    /// The row with that id. None without a problem where there is no such row: the rules of the
    /// job's own row refuse a reference to nothing.
    pub(super) async fn row<R: Resource>(&mut self, id: &str) -> Result<Option<Labeled<R>>> {
        match self.runs.store.get(R::NAME, id).await {
            Ok(listed) => {
                self.inputs.add_row(R::NAME, id, Some(&listed.row));
                Ok(Some(Labeled { label: listed.label, row: Stored::from_row(listed.row) }))
            }
            Err(error) if error.code == ErrorCode::NotFound => {
                self.inputs.add_row(R::NAME, id, None);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Looks for what renders chat templates that this program can't.
    pub(super) async fn find_renderer(&mut self) {
        if self.other.is_none() {
            self.other = self.runs.other_renderer().await;
        }
    }
}

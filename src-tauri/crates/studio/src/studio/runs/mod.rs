//! Jobs that happen on this machine: started, looked after, told of.

mod axolotl;
mod comparing;
mod evaluation;
mod looking_after;
mod planning;
mod row_counts;
mod script;
mod settings;
mod size;
mod telling;
mod training;
mod trying;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;

pub use comparing::{RunComparison, SettingAcross};
pub use evaluation::EvaluationPlan;
pub use size::PlannedRows;
pub use telling::{RunReport, RunSummary};
pub use training::TrainingPlan;

use crate::{
    hub::Hub,
    jobs::{Account, Executor, Local, Patience},
    python::Python,
};
pub(crate) use row_counts::RowCounts;

/// What a studio remembers of runs beyond what is in the database and the folders. Nothing of it
/// is needed to go on after a restart.
#[derive(Debug, Clone)]
pub(crate) struct Runs {
    executor: Arc<dyn Executor>,
    /// Told when something about a run changed or should be looked at.
    changed: Arc<Notify>,
    /// What each run has told so far.
    accounts: Arc<Mutex<HashMap<String, Arc<Mutex<Account>>>>>,
    /// The runs whose rows this program prepares.
    preparing: Arc<Mutex<HashSet<String>>>,
    row_counts: RowCounts,
    patience: Patience,
}

impl Runs {
    pub(crate) fn new(python: Python, hub: Hub) -> Self {
        let changed = Arc::new(Notify::new());
        Self {
            executor: Arc::new(Local::new(python, hub, Arc::clone(&changed))),
            changed,
            accounts: Arc::default(),
            preparing: Arc::default(),
            row_counts: RowCounts::default(),
            patience: Patience::of_user(),
        }
    }

    fn account(&self, id: &str) -> Arc<Mutex<Account>> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(accounts.entry(id.to_owned()).or_default())
    }

    fn preparing(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.preparing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

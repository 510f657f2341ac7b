//! What everything about runs works with: the store, the executor and what was read of run folders.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use hub::Hub;
use inspect::Inspector;
use python::Python;
use store::Store;
use tokio::sync::Notify;

use crate::{Account, Executor, Local, Patience, preflight::RowCounts};

/// The runs of a store. Besides handles to what runs need, it caches what it read of run folders;
/// nothing of that is needed to go on after a restart. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Runs {
    pub(crate) store: Store,
    pub(crate) hub: Hub,
    pub(crate) python: Python,
    pub(crate) inspector: Inspector,
    pub(crate) executor: Arc<dyn Executor>,
    /// Told when something about a run changed or should be looked at.
    pub(crate) changed: Arc<Notify>,
    /// What each run has told so far.
    pub(crate) accounts: Arc<Mutex<HashMap<String, Arc<Mutex<Account>>>>>,
    /// The runs whose rows this program prepares.
    pub(crate) preparing: Arc<Mutex<HashSet<String>>>,
    pub(crate) row_counts: RowCounts,
    pub(crate) patience: Patience,
}

impl Runs {
    /// The runs of a store, whose workers run in this Python and fetch from this hub.
    pub fn new(store: Store, python: Python, hub: Hub) -> Self {
        let changed = Arc::new(Notify::new());
        Self {
            inspector: Inspector::new(store.clone(), hub.clone()),
            store,
            executor: Arc::new(Local::new(python.clone(), hub.clone(), Arc::clone(&changed))),
            hub,
            python,
            changed,
            accounts: Arc::default(),
            preparing: Arc::default(),
            row_counts: RowCounts::default(),
            patience: Patience::of_user(),
        }
    }

    pub(crate) fn account_of(&self, id: &str) -> Arc<Mutex<Account>> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(accounts.entry(id.to_owned()).or_default())
    }

    pub(crate) fn preparing(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.preparing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

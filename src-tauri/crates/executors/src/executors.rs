//! The executors of one program.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use compute::Target;
use hub::Hub;
use python::Python;
use tokio::sync::Notify;

use crate::{AttachedExecutor, Executor, LocalExecutor, RemoteExecutor};

/// The executors of one program: that of this machine, and one for each compute target with runs.
#[derive(Debug)]
pub struct Executors {
    local: Arc<LocalExecutor>,
    python: Python,
    hub: Hub,
    changed: Arc<Notify>,
    /// How long a worker may take to end after a request to stop.
    grace: Duration,
    /// By the id of the target.
    remote: Mutex<HashMap<String, Arc<RemoteExecutor>>>,
}

impl Executors {
    /// `changed` is notified when the state of a worker changes. A worker on a target may take `grace` to end after
    /// it was asked to stop.
    pub fn new(python: Python, hub: Hub, changed: Arc<Notify>, grace: Duration) -> Self {
        let local = LocalExecutor::new(python.clone(), hub.clone(), Arc::clone(&changed));
        Self { local: Arc::new(local), python, hub, changed, grace, remote: Mutex::default() }
    }

    /// The executor of this machine.
    pub fn here(&self) -> Arc<dyn Executor> {
        Arc::clone(&self.local) as _
    }

    /// The executor of a target. One whose settings were changed gets a new one, which looks after its runs from
    /// then on.
    pub fn on(&self, target: &Target) -> Arc<dyn Executor> {
        let mut remote = self.remote.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = remote.get(&target.id).filter(|known| known.target() == target) {
            return Arc::clone(known) as _;
        }
        let made = Arc::new(RemoteExecutor::new(
            target.clone(),
            self.python.clone(),
            self.hub.clone(),
            Arc::clone(&self.changed),
            self.grace,
        ));
        remote.insert(target.id.clone(), Arc::clone(&made));
        made
    }

    /// What starts a worker on a target that is asked over its standard streams.
    pub fn attached(&self, target: Target) -> AttachedExecutor {
        AttachedExecutor::new(target, self.python.clone(), self.hub.clone())
    }

    /// Waits until the state of every run that this program looks after is known, as long as `most`. Returns
    /// whether it waited for any.
    pub async fn settle(&self, most: Duration) -> bool {
        let all: Vec<_> = {
            let remote = self.remote.lock().unwrap_or_else(PoisonError::into_inner);
            remote.values().cloned().collect()
        };
        let mut waited = false;
        // Each has its own line, so they answer while another one is waited for.
        for executor in all {
            waited |= executor.settle(most).await;
        }
        waited
    }
}

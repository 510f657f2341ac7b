//! What opening a trial needs.

use hub::Hub;
use inspect::Inspector;
use python::Python;
use runs::Runs;
use store::Store;

/// Opens models to be asked by hand. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Playground {
    pub(crate) store: Store,
    pub(crate) python: Python,
    pub(crate) hub: Hub,
    pub(crate) inspector: Inspector,
    pub(crate) runs: Runs,
}

impl Playground {
    /// For the models of a store, whose workers run in this Python and fetch from this hub.
    pub fn new(store: Store, python: Python, hub: Hub, runs: Runs) -> Self {
        Self { inspector: Inspector::new(store.clone(), hub.clone()), store, python, hub, runs }
    }
}

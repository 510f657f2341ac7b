//! Trying a model and its adapters by hand.

mod open;
mod trial;

pub use trial::{Trial, TrialAnswer};

//! What the far end answers about an environment.

use serde::Deserialize;

use crate::workers::Look;

/// How an environment and its making stand.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    pub(super) folder: String,
    pub(super) made: bool,
    pub(super) others: Vec<String>,
    pub(super) making: Look,
    pub(super) stopped: bool,
    /// The interpreter that answers.
    pub(super) python: String,
    /// Where logins without a login shell look for programs.
    pub(super) path: String,
    pub(super) system: String,
    pub(super) machine: String,
}

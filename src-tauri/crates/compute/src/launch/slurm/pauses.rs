//! How often a controller is asked.

use std::time::Duration;

/// The times between two questions to a controller, which serves all users of its cluster.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pauses {
    /// While nothing changes.
    pub(super) calm: Duration,
    /// Around a start, a stop and other changes, and after a question without an answer.
    pub(super) busy: Duration,
}

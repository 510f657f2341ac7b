//! How a connection stands.

use jiff::Timestamp;

use crate::failure::Fault;

/// How a connection stands, from what it last received.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectionState {
    /// Not opened yet, or closed without a fault.
    Idle,
    /// The channel is open.
    Connected {
        /// When the target last sent a sign of life, by the clock here. It sends one each second.
        beat: Timestamp,
        /// How far the clock there is ahead of the clock here, in seconds.
        clock_offset: f64,
    },
    /// The channel could not be opened, or was cut.
    Unreachable {
        /// Since when there is no answer.
        since: Timestamp,
        /// What is in the way.
        fault: Fault,
        /// The same in a sentence.
        why: String,
        /// What a person can do about it.
        hint: Option<String>,
    },
}

//! Why a target can't be reached.

use serde::{Deserialize, Serialize};

/// What is in the way of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// There is no `ssh` on this machine.
    NoSsh,
    /// The configuration of SSH has a mistake, or the host's name is none.
    Configuration,
    /// No address belongs to the host's name.
    UnknownName,
    /// Nothing listens on the port.
    Refused,
    /// No answer in time.
    Silent,
    /// The host's key is not known here yet. A person may accept its fingerprint.
    UnknownHostKey,
    /// The host has another key than before.
    ChangedHostKey,
    /// No key fits, or a passphrase or password would be asked for.
    Denied,
    /// The agent offered more keys than the host takes.
    TooManyKeys,
    /// The jump host is in the way.
    JumpHost,
    /// The account runs no programs.
    NoPrograms,
    /// There is no `python3` there.
    NoPython,
    /// The `python3` there is older than 3.6.
    OldPython,
    /// The line was cut.
    Cut,
    /// Something else, in the words of SSH.
    Other,
}

//! Keys of hosts.

use schema::Result;
use serde::{Deserialize, Serialize};

use crate::connection::Connection;

/// The key by which a host is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HostKey {
    /// The host it belongs to: the target's, or that of a jump host on the way, as `ssh` names it.
    pub host: String,
    /// Its kind, such as `ED25519`.
    pub kind: String,
    /// Its fingerprint, such as `SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8`.
    pub fingerprint: String,
    /// Whether it stands in the `known_hosts` that the configuration names.
    pub known: bool,
}

impl Connection {
    /// The keys that the hosts on the way show, in order: those of jump hosts, then the target's. It ends with the first
    /// one that is not known, since the way ends there. Empty for this machine. A changed key is an error.
    pub async fn host_keys(&self) -> Result<Vec<HostKey>> {
        self.missing()
    }

    /// Writes the key with that fingerprint to the `known_hosts` that the configuration names. An error if the host
    /// shows another key.
    pub async fn accept_host_key(&self, _fingerprint: &str) -> Result<()> {
        self.missing()
    }
}

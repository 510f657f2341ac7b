//! What the last lines of uv and pip say about a failure.

/// Why packages could not be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstallFault {
    /// The disk, or the user's part of it, is full.
    Full,
    /// The installer is set to work offline.
    Offline,
    /// The package index can't be reached.
    Unreachable,
    /// Something else: the line that says it, if there is one.
    Other(Option<String>),
}

impl InstallFault {
    /// Reads the last lines of an installer that failed.
    pub fn of(lines: &[String]) -> Self {
        let lower = lines.join("\n").to_lowercase();
        let contains = |signs: &[&str]| signs.iter().any(|sign| lower.contains(sign));
        if contains(FULL) {
            return Self::Full;
        }
        if contains(OFFLINE) {
            return Self::Offline;
        }
        if contains(UNREACHABLE) {
            return Self::Unreachable;
        }
        let cause = lines.iter().find(|line| line.to_lowercase().contains("error")).or(lines.last());
        Self::Other(cause.map(|line| line.trim().to_owned()))
    }

    /// A sentence; `what` says what could not be done, without a full stop.
    pub fn message(&self, what: &str) -> String {
        match self {
            Self::Full => format!("{what}: the disk is full."),
            Self::Offline => format!("{what}: the installer is set to work offline."),
            Self::Unreachable => format!("{what}: the package index can't be reached."),
            Self::Other(Some(cause)) => format!("{what}. It said: {cause}"),
            Self::Other(None) => format!("{what}."),
        }
    }
}

/// Parts of messages about a full disk.
const FULL: &[&str] = &["no space left on device", "os error 28", "disk quota exceeded"];

/// Parts of the messages of uv and pip about an unreachable index.
const UNREACHABLE: &[&str] = &[
    "client error (connect)",
    "dns error",
    "failed to lookup address",
    "connection refused",
    "connection reset",
    "network is unreachable",
    "operation timed out",
    "newconnectionerror",
    "name resolution",
    "max retries exceeded",
];

/// Parts of the messages of uv when it is set to work offline.
const OFFLINE: &[&str] = &["the network was disabled", "network connectivity is disabled"];

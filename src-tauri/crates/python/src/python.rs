//! The entry to this crate.

use std::{path::PathBuf, time::Duration};

use platform::SettingsFile;
use schema::Result;

use crate::{Places, probe_cache::ProbeCache, unpack, uv::Uv};

/// How long an interpreter may take to answer. The probe without accelerators imports nothing large.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// The Python interpreters of this machine. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Python {
    pub(crate) places: Places,
    pub(crate) settings: SettingsFile,
    pub(crate) probes: ProbeCache,
    pub(crate) answer_timeout: Duration,
}

impl Python {
    /// Looks for interpreters in these places. `settings` names the one that the user chose.
    pub fn new(places: Places, settings: SettingsFile) -> Self {
        Self { places, settings, probes: ProbeCache::default(), answer_timeout: ANSWER_TIMEOUT }
    }

    /// Sets how long an interpreter may take to answer; 20 seconds otherwise.
    #[must_use]
    pub fn with_answer_timeout(self, answer_timeout: Duration) -> Self {
        Self { answer_timeout, ..self }
    }

    /// The `uv` that is installed on this machine; none if there is none that starts.
    pub async fn uv_here(&self) -> Option<PathBuf> {
        Some(Uv::find(&self.places, &[]).await?.program())
    }

    /// The folder to put on `PYTHONPATH`, with the worker's package in it.
    pub fn worker_folder(&self) -> Result<PathBuf> {
        unpack::worker_path(self.places.data()?)
    }
}

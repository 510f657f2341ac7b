//! How long a worker may take to end.

use std::time::Duration;

/// Sets the seconds after a request to stop.
const STOP_VARIABLE: &str = "FINE_TUNING_STUDIO_STOP_SECONDS";

/// How long a worker may take to end before it is killed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GracePeriods {
    /// After a request to stop; saving a checkpoint of a large model takes its time.
    pub(crate) stop: Duration,
    /// For processes that are left after the worker's last event.
    pub(crate) remains: Duration,
}

impl GracePeriods {
    /// 60 seconds after a request to stop, unless `FINE_TUNING_STUDIO_STOP_SECONDS` says otherwise.
    pub(crate) fn from_environment() -> Self {
        let set = std::env::var(STOP_VARIABLE).ok().and_then(|text| text.parse().ok());
        let stop = set.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Self { stop: stop.unwrap_or(Duration::from_secs(60)), remains: Duration::from_secs(5) }
    }
}

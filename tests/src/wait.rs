//! Waiting for something to become true: never for a time to pass.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// The machine may be small and shared, so only something that never comes takes this long.
pub const LIMIT: Duration = Duration::from_secs(60);

/// How long to leave the machine alone between two looks.
pub const PAUSE: Duration = Duration::from_millis(100);

/// Look until there is an answer. `what` completes "waited for …".
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "Waited {LIMIT:?} for {what}, in vain.");
        sleep(PAUSE);
    }
}

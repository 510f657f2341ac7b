//! Asks the launcher of a target how the workers stand, for all of them at once.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::sleep};

use super::{
    line::{AGAIN, Line},
    watched::{AllWatched, Watched},
};

/// How often the launcher is asked. The question costs next to nothing: a launcher spares the controller of a cluster by
/// itself.
const PAUSE: Duration = Duration::from_secs(1);

/// Asks the launcher again and again.
pub(super) struct Looker {
    pub(super) line: Line,
    pub(super) watched: AllWatched,
    pub(super) look: Arc<Notify>,
}

impl Looker {
    /// Never ends.
    pub(super) async fn run(self) {
        loop {
            let look = self.look.notified();
            let started = self.started();
            if started.is_empty() {
                look.await;
                continue;
            }
            let answered = self.ask(&started).await;
            // A cluster whose controller does not answer is spared; a line that is cut costs nothing.
            let pause = if answered || self.line.place.silence().is_none() { PAUSE } else { AGAIN };
            tokio::select! {
                () = sleep(pause) => {}
                () = look => {}
            }
        }
    }

    fn started(&self) -> Vec<Arc<Watched>> {
        let all = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().filter(|watched| watched.is_started()).cloned().collect()
    }

    /// Asks once. Returns whether there was an answer.
    async fn ask(&self, all: &[Arc<Watched>]) -> bool {
        let handles: Vec<_> = all.iter().map(|watched| watched.handle()).collect();
        let there: Vec<_> =
            all.iter().zip(&handles).map(|(watched, handle)| watched.run_there(handle.as_deref())).collect();
        match self.line.place.look(&there).await {
            Ok(conditions) => {
                for (watched, condition) in all.iter().zip(conditions) {
                    watched.answer(condition);
                }
                true
            }
            Err(error) => {
                all.iter().for_each(|watched| watched.doubt(&error));
                false
            }
        }
    }
}

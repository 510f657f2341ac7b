//! Changes of an open workspace, for hosts that display it.

use std::time::Duration;

use runs::RunOutput;
use schema::Result;
use store::{Changes, StoreChange};

use crate::Studio;

/// Milliseconds between two looks at the database.
const PULSE: Duration = Duration::from_millis(250);
/// Looks at the database for each look at the output of runs.
const PULSES_A_RUN: u32 = 2;
/// Looks at the database for each look at the files that are shown.
const PULSES_A_FILE: u32 = 4;

/// A change by this or another process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A change of the database.
    Store(StoreChange),
    /// New events or log lines of the run with this id.
    Run(String),
    /// A change of the file of the dataset with this id, after its state was requested.
    File(String),
}

impl Studio {
    /// Reports every change until the studio is closed: of the database within a quarter of a second,
    /// of each run at most twice a second, of a file within a second.
    pub async fn watch(&self, mut on_change: impl FnMut(Change) + Send) -> Result<()> {
        let mut changes = self.store.changes().await?;
        let mut output = RunOutput::new(self.store.clone());
        output.follow().await?;
        let watching = async {
            let mut failing = false;
            for pulse in 1_u32.. {
                tokio::time::sleep(PULSE).await;
                let looked = look(&mut changes, &mut output, &mut on_change).await;
                // The next look tries again. Of repeated failures, only the first is logged.
                if let Err(error) = &looked
                    && !failing
                {
                    tracing::warn!("looking for changes: {error}");
                }
                failing = looked.is_err();
                if pulse.is_multiple_of(PULSES_A_RUN) {
                    output.look().into_iter().map(Change::Run).for_each(&mut on_change);
                }
                if pulse.is_multiple_of(PULSES_A_FILE) {
                    self.shown_files.take_changed().into_iter().map(Change::File).for_each(&mut on_change);
                }
            }
        };
        tokio::select! {
            () = watching => {}
            () = self.store.closed() => {}
        }
        Ok(())
    }
}

async fn look(
    changes: &mut Changes,
    output: &mut RunOutput,
    on_change: &mut impl FnMut(Change),
) -> Result<()> {
    let Some(change) = changes.look().await? else { return Ok(()) };
    let followed = if change.runs { output.follow().await } else { Ok(()) };
    on_change(Change::Store(change));
    followed
}

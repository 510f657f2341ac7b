//! What this program knows of a run that it looks after on a target.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use compute::{Condition, RunThere};
use run_folder::{elsewhere::Elsewhere, folder::RunFolder};
use schema::{Error, Result};
use tokio::sync::watch;

use crate::WorkerState;

/// Where the folders of runs lie, below the target's folder.
pub(super) const RUNS: &str = "runs";

/// The runs that this program looks after on a target, by their folders here.
pub(super) type AllWatched = Arc<Mutex<HashMap<PathBuf, Arc<Watched>>>>;

/// A run that this program looks after. Its tasks and the supervisor share it.
#[derive(Debug)]
pub(super) struct Watched {
    /// The folder here.
    pub(super) folder: RunFolder,
    /// Its folder there, relative to the target's.
    pub(super) there: String,
    /// The run's id.
    pub(super) run: String,
    /// The attempt, from 1.
    pub(super) attempt: u32,
    known: Mutex<Known>,
    wish: watch::Sender<Wish>,
    condition: watch::Sender<Option<Condition>>,
    settled: watch::Sender<bool>,
}

#[derive(Debug)]
struct Known {
    elsewhere: Elsewhere,
    /// What `elsewhere.json` says.
    written: Option<Elsewhere>,
    state: WorkerState,
    /// Whether its worker was started, and its end is not known.
    started: bool,
    /// Whether all that it will ever write is here.
    complete: bool,
    /// Whether its worker said that it ends.
    said_its_end: bool,
    /// What the launcher could not say, since when.
    doubt: Option<(String, String)>,
}

/// What the supervisor wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Wish {
    /// The worker goes on.
    #[default]
    GoOn,
    /// It ends by itself.
    Stop,
    /// It is ended.
    Force,
}

/// The folder of a run there, relative to the target's.
pub(super) fn folder_there(folder: &RunFolder) -> String {
    format!("{RUNS}/{}", folder.path().file_name().unwrap_or_default().to_string_lossy())
}

impl Watched {
    pub(super) fn new(folder: RunFolder, elsewhere: Elsewhere) -> Self {
        let run = folder.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self {
            there: folder_there(&folder),
            run,
            attempt: elsewhere.attempt,
            folder,
            known: Mutex::new(Known {
                elsewhere,
                written: None,
                state: WorkerState::Unknown,
                started: false,
                complete: false,
                said_its_end: false,
                doubt: None,
            }),
            wish: watch::Sender::default(),
            condition: watch::Sender::default(),
            settled: watch::Sender::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is said of it now.
    pub(super) fn elsewhere(&self) -> Elsewhere {
        self.known().elsewhere.clone()
    }

    /// Changes what is said of it. It is written a little later.
    pub(super) fn note(&self, change: impl FnOnce(&mut Elsewhere)) {
        change(&mut self.known().elsewhere);
    }

    /// The same, and it is written before what comes next.
    pub(super) fn record(&self, change: impl FnOnce(&mut Elsewhere)) -> Result<()> {
        self.note(change);
        self.write()
    }

    /// Writes what is said of it, if that changed.
    pub(super) fn write(&self) -> Result<()> {
        let mut known = self.known();
        if known.written.as_ref() != Some(&known.elsewhere) {
            known.elsewhere.write(&self.folder)?;
            known.written = Some(known.elsewhere.clone());
        }
        Ok(())
    }

    /// The state of its worker.
    pub(super) fn state(&self) -> WorkerState {
        self.known().state.clone()
    }

    pub(super) fn set_state(&self, state: WorkerState) {
        self.known().state = state;
    }

    /// The handle of its worker.
    pub(super) fn handle(&self) -> Option<String> {
        self.known().elsewhere.handle.clone()
    }

    /// How the launcher finds it.
    pub(super) fn run_there<'a>(&'a self, handle: Option<&'a str>) -> RunThere<'a> {
        RunThere { run: &self.run, folder: &self.there, attempt: self.attempt, handle }
    }

    /// Whether the launcher is asked for it.
    pub(super) fn is_started(&self) -> bool {
        self.known().started
    }

    pub(super) fn set_started(&self, started: bool) {
        self.known().started = started;
    }

    /// Whether all that the worker will ever write is here, so that nothing is copied any more.
    pub(super) fn is_complete(&self) -> bool {
        self.known().complete
    }

    pub(super) fn set_complete(&self) {
        self.known().complete = true;
    }

    /// Whether the worker said that it ends, so that its end is near.
    pub(super) fn said_its_end(&self) -> bool {
        self.known().said_its_end
    }

    pub(super) fn note_said_its_end(&self) {
        self.known().said_its_end = true;
    }

    /// Records the launcher's answer.
    pub(super) fn answer(&self, condition: Condition) {
        self.known().doubt = None;
        self.condition.send_replace(Some(condition));
    }

    /// Records that the launcher gave no answer, and since when.
    pub(super) fn doubt(&self, error: &Error) {
        let mut known = self.known();
        let since = known.doubt.take().map_or_else(now, |(since, _)| since);
        known.doubt = Some((since, error.message.clone()));
        drop(known);
        self.settle();
    }

    /// Records that the launcher answered.
    pub(super) fn no_doubt(&self) {
        self.known().doubt = None;
    }

    /// Since when the launcher gave no answer, and why.
    pub(super) fn doubted(&self) -> Option<(String, String)> {
        self.known().doubt.clone()
    }

    /// The answers of the launcher.
    pub(super) fn conditions(&self) -> watch::Receiver<Option<Condition>> {
        self.condition.subscribe()
    }

    /// Asks for its end. A wish is never taken back.
    pub(super) fn wish(&self, wish: Wish) {
        self.wish.send_if_modified(|known| {
            let further =
                matches!((*known, wish), (Wish::GoOn, _) | (Wish::Stop, Wish::Force)) && *known != wish;
            if further {
                *known = wish;
            }
            further
        });
    }

    /// Whether its end was asked for.
    pub(super) fn is_to_stop(&self) -> bool {
        *self.wish.borrow() != Wish::GoOn
    }

    /// Waits until its end is asked for, in that way or a stronger one.
    pub(super) async fn until_wished(&self, wanted: Wish) {
        let strength = |wish: Wish| wish as u8;
        let mut wish = self.wish.subscribe();
        // The sender lives as long as this does.
        let _ = wish.wait_for(|wish| strength(*wish) >= strength(wanted)).await;
    }

    /// Its state is known, or there was no answer.
    pub(super) fn settle(&self) {
        self.settled.send_replace(true);
    }

    /// Waits until then.
    pub(super) async fn until_settled(&self) {
        let mut settled = self.settled.subscribe();
        let _ = settled.wait_for(|settled| *settled).await;
    }
}

/// Now, in UTC.
pub(super) fn now() -> String {
    jiff::Timestamp::now().to_string()
}

//! Keeps the copies of what the worker writes up to date.

use std::{convert::Infallible, time::Duration};

use compute::Followed;
use schema::Result;
use tokio::time::sleep;

use super::{copy::Copy, line::AGAIN, mirror::Mirror, place::Follow};

/// The files that are followed.
const EVENTS: &str = "events.jsonl";
const LOG: &str = "log.txt";
/// How often it is looked whether all of a file is here.
const LOOK: Duration = Duration::from_millis(50);

impl Mirror {
    /// Copies what is appended to the events and the log, and goes on after every cut.
    pub(super) async fn copy_files(&self, secrets: &[String]) -> Infallible {
        let folder = &self.watched.folder;
        let copies = [(EVENTS, Copy::new(folder.events(), secrets)), (LOG, Copy::new(folder.log(), secrets))];
        loop {
            let lengths: Vec<_> = copies.iter().map(|(name, copy)| (*name, copy.length())).collect();
            let followed = self.line.place.follow(&self.watched.there, &lengths).await;
            if self.watched.is_complete() {
                return std::future::pending().await;
            }
            let ended = match followed {
                Ok(follower) => self.copy_until_cut(follower, &copies).await,
                Err(error) => error,
            };
            tracing::debug!("following '{}': {ended}", self.watched.run);
            sleep(AGAIN).await;
        }
    }

    /// Copies until that fails, and returns why.
    async fn copy_until_cut(&self, mut follower: Box<dyn Follow>, copies: &[(&str, Copy)]) -> schema::Error {
        loop {
            let copied = match follower.next().await {
                Err(error) => Err(error),
                _ if self.watched.is_complete() => return std::future::pending().await,
                Ok(Followed::Appended { file, at, bytes }) => {
                    let copied = with(copies, &file, |copy| copy.append(at, &bytes));
                    self.notice_end(&file, &bytes);
                    copied
                }
                Ok(Followed::Anew { file }) => with(copies, &file, Copy::begin_anew),
            };
            if let Err(error) = copied {
                return error;
            }
        }
    }

    /// Has the launcher asked soon if the worker said that it ends.
    fn notice_end(&self, file: &str, bytes: &[u8]) {
        const ENDED: &[u8] = b"\"ended\"";
        if file == EVENTS && bytes.windows(ENDED.len()).any(|part| part == ENDED) {
            self.watched.note_said_its_end();
            self.look.notify_one();
        }
    }

    /// Waits until all that the worker has written by now is here.
    pub(super) async fn catch_up(&self) {
        let place = &self.line.place;
        let listed = self.until_answered(false, || place.sizes(&self.watched.there)).await;
        let Ok(Some(sizes)) = listed else { return };
        let folder = &self.watched.folder;
        for (name, path) in [(EVENTS, folder.events()), (LOG, folder.log())] {
            let wanted = sizes.get(name).copied().unwrap_or_default();
            while path.metadata().map_or(0, |found| found.len()) < wanted {
                sleep(LOOK).await;
            }
        }
    }
}

fn with(copies: &[(&str, Copy)], file: &str, change: impl FnOnce(&Copy) -> Result<()>) -> Result<()> {
    match copies.iter().find(|(name, _)| *name == file) {
        Some((_, copy)) => change(copy),
        None => Ok(()),
    }
}

//! Delivers the wish that a worker ends.

use std::{convert::Infallible, time::Duration};

use tokio::time::sleep;

use super::{
    line::AGAIN,
    mirror::Mirror,
    watched::{Wish, now},
};

/// How long to wait before a worker that goes on is ended by force once more.
const INSIST: Duration = Duration::from_secs(1);

impl Mirror {
    /// Ends the worker: because that is wished, or because it goes on after it said that it ends.
    pub(super) async fn deliver_stops(&self) -> Infallible {
        tokio::select! {
            never = self.deliver_wishes() => never,
            never = self.end_what_is_left() => never,
        }
    }

    /// Ends by force what goes on after the worker said that it ends.
    async fn end_what_is_left(&self) -> Infallible {
        let mut had_its_time = false;
        loop {
            sleep(self.line.place.remains()).await;
            if had_its_time && self.watched.is_started() && self.line.place.silence().is_none() {
                self.deliver(true).await;
            }
            had_its_time = self.watched.said_its_end();
        }
    }

    /// Asks the worker to stop once that is wished and the target can be reached, and ends it by force where that
    /// is wished and it had its time since then.
    async fn deliver_wishes(&self) -> Infallible {
        self.watched.until_wished(Wish::Stop).await;
        if self.watched.elsewhere().stop_delivered.is_none() {
            self.deliver(false).await;
            self.watched.note(|known| known.stop_delivered = Some(now()));
        }
        self.watched.until_wished(Wish::Force).await;
        loop {
            sleep(INSIST.min(self.grace)).await;
            let patience = if self.watched.said_its_end() {
                self.line.place.remains().min(self.grace)
            } else {
                self.grace
            };
            if self.since_delivered() > patience && self.line.place.silence().is_none() {
                self.deliver(true).await;
            }
        }
    }

    async fn deliver(&self, force: bool) {
        loop {
            let handle = self.watched.handle();
            let there = self.watched.run_there(handle.as_deref());
            match self.line.place.stop(there, force).await {
                Ok(()) => break,
                Err(error) => tracing::debug!("stopping '{}': {error}", self.watched.run),
            }
            sleep(AGAIN).await;
        }
        self.look.notify_one();
    }

    fn since_delivered(&self) -> Duration {
        let delivered = self.watched.elsewhere().stop_delivered;
        let delivered = delivered.and_then(|time| time.parse::<jiff::Timestamp>().ok());
        let since = delivered.map(|time| jiff::Timestamp::now().duration_since(time));
        since.and_then(|since| Duration::try_from(since).ok()).unwrap_or_default()
    }
}

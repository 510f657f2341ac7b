//! One file: attempts until it is complete, each behind the last byte of the one before.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use platform::{FileLock, blocking};
use reqwest::{Response, StatusCode, header};
use schema::{Error, ErrorCode, Result};
use tokio::{sync::mpsc, time::sleep};

use super::{
    count::Count,
    layout::{LOCK_EVERY, Layout},
    listing::{RemoteFile, encoded},
    part::Part,
    retry::{Interrupted, waits},
};
use crate::{HubKind, client::HubClient};

/// The pieces that wait for the disk. One has the size of a read from the network, at most some 100 kB.
const PIECES_AHEAD: usize = 64;

/// What all files of a fetch share.
pub(crate) struct Download<'a> {
    pub(crate) client: &'a HubClient,
    pub(crate) layout: &'a Layout,
    pub(crate) kind: HubKind,
    pub(crate) name: &'a str,
    pub(crate) count: &'a Arc<Count>,
    /// The wait after a failed attempt.
    pub(crate) first_wait: Duration,
}

impl Download<'_> {
    /// Fetches a file into the cache.
    pub(crate) async fn run(&self, file: RemoteFile) -> Result<()> {
        self.layout.create_folders()?;
        // The bytes of an earlier attempt may have been damaged on this disk; those of two never are.
        for _ in 0..2 {
            let lock = self.lock(&file).await?;
            if self.layout.has(&file) {
                self.count.complete(file.size);
                return Ok(());
            }
            let part = self.receive(&file, lock).await?;
            let blob = self.layout.blob(&file.hash);
            if blocking("checking a fetched file", move || part.finish(&blob)).await? {
                self.count.finish_file();
                return Ok(());
            }
            self.count.discard(file.size);
        }
        Err(self.damaged(&file))
    }

    /// Waits until no other program writes the same file.
    async fn lock(&self, file: &RemoteFile) -> Result<FileLock> {
        let path = self.layout.lock(&file.hash);
        loop {
            if let Some(lock) = FileLock::try_exclusive(&path)? {
                return Ok(lock);
            }
            self.count.set_waiting(Some(format!("Another program is fetching {}.", file.name)));
            self.count.stoppable(sleep(LOCK_EVERY)).await?;
        }
    }

    /// All bytes of a file, from as many attempts as bring more of them.
    async fn receive(&self, file: &RemoteFile, lock: FileLock) -> Result<Part> {
        let (path, expected) = (self.layout.unfinished(&file.hash), file.clone());
        let open = move || Part::open(path, expected, lock);
        let mut part = blocking("reading an unfinished download", open).await?;
        self.count.there(part.length());
        let mut delays = waits(self.first_wait);
        loop {
            if part.is_whole() {
                return Ok(part);
            }
            let before = part.length();
            let (back, interrupted) = self.attempt(part, file).await?;
            part = back;
            let (why, wait) = match interrupted {
                None => continue,
                Some(Interrupted::Failed(error)) => return Err(error),
                Some(Interrupted::Again { why, wait }) => (why, wait),
            };
            if part.length() > before {
                delays = waits(self.first_wait);
            }
            let Some(delay) = delays.next() else {
                let message = format!("{} of {} could not be fetched: {why}.", file.name, self.name);
                let error = Error::new(ErrorCode::Unreachable, message);
                return Err(error.hint("Try again later. What was received is kept."));
            };
            let delay = wait.unwrap_or(delay);
            let seconds = delay.as_secs_f64().ceil();
            self.count.set_waiting(Some(format!("Waiting for {seconds:.0} s: {why}.")));
            self.count.stoppable(sleep(delay)).await?;
        }
    }

    /// One request for what is missing. Gives back what is there afterwards, and why it is not all.
    async fn attempt(&self, mut part: Part, file: &RemoteFile) -> Result<(Part, Option<Interrupted>)> {
        let response = match self.count.stoppable(self.request(&part, file)).await? {
            Ok(response) => response,
            Err(interrupted) => return Ok((part, Some(interrupted))),
        };
        if response.status() != StatusCode::PARTIAL_CONTENT && part.length() > 0 {
            // The server takes no ranges, so it sends the file from its start.
            self.count.discard(part.length());
            part.clear()?;
        }
        self.copy(part, response, file).await
    }

    async fn request(&self, part: &Part, file: &RemoteFile) -> Result<Response, Interrupted> {
        let prefix = if self.kind == HubKind::Dataset { "datasets/" } else { "" };
        let (endpoint, commit) = (&self.client.endpoint, self.layout.commit());
        let path = file.name.split('/').map(encoded).collect::<Vec<_>>().join("/");
        let address = format!("{endpoint}/{prefix}{}/resolve/{commit}/{path}", self.name);
        let mut request = self.client.download(&address);
        if part.length() > 0 {
            request = request.header(header::RANGE, format!("bytes={}-", part.length()));
        }
        let response = request.send().await.map_err(|error| Interrupted::from_connection(&error))?;
        if let Some(later) = Interrupted::from_status(&response) {
            return Err(later);
        }
        if !response.status().is_success() {
            return Err(Interrupted::Failed(self.client.refused(&response, self.name).into_error()));
        }
        if response.status() == StatusCode::PARTIAL_CONTENT && first_byte(&response) != Some(part.length()) {
            let message = format!("The Hub sent another part of {} than was asked for.", file.name);
            return Err(Interrupted::Failed(Error::new(ErrorCode::Unreachable, message)));
        }
        Ok(response)
    }

    /// Writes the body of a response behind a part. Reading and writing overlap.
    async fn copy(
        &self,
        part: Part,
        mut response: Response,
        file: &RemoteFile,
    ) -> Result<(Part, Option<Interrupted>)> {
        let mut missing = part.missing();
        let (send, mut receive) = mpsc::channel::<Bytes>(PIECES_AHEAD);
        let count = Arc::clone(self.count);
        let writer = tokio::spawn(blocking("writing a download", move || {
            let mut part = part;
            while let Some(piece) = receive.blocking_recv() {
                part.write(&piece)?;
                count.add_received(piece.len() as u64);
            }
            Ok(part)
        }));
        let interrupted = loop {
            match self.count.stoppable(response.chunk()).await {
                Err(cancelled) => break Some(Interrupted::Failed(cancelled)),
                Ok(Err(error)) => break Some(Interrupted::from_connection(&error)),
                Ok(Ok(None)) if missing > 0 => {
                    break Some(Interrupted::again("the connection to the Hub broke"));
                }
                Ok(Ok(None)) => break None,
                Ok(Ok(Some(piece))) if piece.len() as u64 > missing => {
                    break Some(Interrupted::Failed(self.damaged(file)));
                }
                Ok(Ok(Some(piece))) => {
                    missing -= piece.len() as u64;
                    // The writer has failed and says why.
                    if send.send(piece).await.is_err() {
                        break None;
                    }
                }
            }
        };
        drop(send);
        let part = writer.await.map_err(|error| Error::internal("writing a download", &error))??;
        Ok((part, interrupted))
    }

    fn damaged(&self, file: &RemoteFile) -> Error {
        let message = format!(
            "{} of {} is damaged: the bytes that came are not those that the Hub announced.",
            file.name, self.name
        );
        Error::new(ErrorCode::Unreachable, message)
            .hint("Try again later, or without the proxy or mirror in between, if there is one.")
    }
}

/// The position of the first byte of a partial answer, from `Content-Range: bytes 7-9/10`.
fn first_byte(response: &Response) -> Option<u64> {
    let range = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}

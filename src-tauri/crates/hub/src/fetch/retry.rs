//! What of a failed request is tried again, and when.

use std::{iter, time::Duration};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use reqwest::{Response, StatusCode, header};
use schema::{Error, ErrorCode};

/// The longest time that a server may ask to wait.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// The six waits between attempts that bring no bytes: each twice as long as the one before, with a random
/// part so that several files do not ask at the same moment.
pub(crate) fn waits(first: Duration) -> iter::Fuse<backon::ExponentialBackoff> {
    ExponentialBuilder::default()
        .with_min_delay(first)
        .with_max_delay(30 * first)
        .with_max_times(6)
        .with_jitter()
        .build()
        .fuse()
}

/// Why an attempt ended before its file was complete.
#[derive(Debug)]
pub(crate) enum Interrupted {
    /// Another attempt may bring more. `why` is a sentence without its period.
    Again {
        /// What happened.
        why: String,
        /// The wait that the server asked for.
        wait: Option<Duration>,
    },
    /// The attempts end.
    Failed(Error),
}

impl From<Error> for Interrupted {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Interrupted {
    pub(crate) fn again(why: impl Into<String>) -> Self {
        Self::Again { why: why.into(), wait: None }
    }

    /// A connection that failed.
    pub(crate) fn from_connection(error: &reqwest::Error) -> Self {
        tracing::info!("download from the Hub: {}", error.to_string());
        Self::again(match () {
            () if error.is_timeout() => "the Hub did not answer in time",
            () if error.is_connect() => "the Hub can't be reached",
            () => "the connection to the Hub broke",
        })
    }

    /// An answer that says to try later; `None` for all other answers.
    pub(crate) fn from_status(response: &Response) -> Option<Self> {
        let status = response.status();
        let why = match status {
            StatusCode::TOO_MANY_REQUESTS => "the Hub received too many requests".to_owned(),
            StatusCode::REQUEST_TIMEOUT => "the Hub did not answer in time".to_owned(),
            status if status.is_server_error() => {
                format!("the Hub could not answer (HTTP status {})", status.as_u16())
            }
            _ => return None,
        };
        let wait = response.headers().get(header::RETRY_AFTER).and_then(|seconds| seconds.to_str().ok());
        let wait = wait.and_then(|seconds| seconds.trim().parse().ok()).map(Duration::from_secs);
        if wait.is_some_and(|wait| wait > LONGEST_WAIT) {
            let minutes = wait.unwrap_or_default().as_secs().div_ceil(60);
            let message = format!("The Hub asks to wait for {minutes} minutes: {why}.");
            return Some(Self::Failed(
                Error::new(ErrorCode::Unreachable, message)
                    .hint("Try again then. What was received is kept."),
            ));
        }
        Some(Self::Again { why, wait })
    }
}

//! How fast bytes come.

use std::{collections::VecDeque, time::Duration};

use jiff::Timestamp;
use store::TransferProgress;

/// The time over which the rate is computed. Shorter, it jumps; longer, it lags behind.
const SPAN: Duration = Duration::from_secs(15);

/// How old a progress may be for its rate to hold. A program that carries a transfer out records one a second.
const CURRENT: Duration = Duration::from_secs(6);

/// The progress of the last seconds.
#[derive(Debug, Default)]
pub(crate) struct Samples(VecDeque<(Timestamp, u64)>);

impl Samples {
    /// Adds a progress, and returns the earliest of the last seconds.
    pub(crate) fn add(&mut self, now: Timestamp, bytes: u64) -> Option<(Timestamp, u64)> {
        // Bytes that were there, or that are fetched again, are no rate.
        if self.0.back().is_some_and(|(_, last)| bytes < *last) {
            self.0.clear();
        }
        self.0.push_back((now, bytes));
        while self.0.len() > 2 && self.0.front().is_some_and(|(at, _)| since(*at, now) > SPAN) {
            self.0.pop_front();
        }
        self.0.front().copied()
    }
}

/// The bytes that came in a second; none where that is not known.
pub(crate) fn rate(progress: &TransferProgress) -> Option<f64> {
    let at = |time: &Option<String>| time.as_ref()?.parse::<Timestamp>().ok();
    let (from, to) = (at(&progress.rate_from)?, at(&progress.at)?);
    let span = since(from, to);
    let is_current = since(to, Timestamp::now()) < CURRENT;
    let bytes = progress.bytes.checked_sub(progress.rate_bytes?)?;
    (is_current && !span.is_zero()).then(|| bytes as f64 / span.as_secs_f64())
}

fn since(earlier: Timestamp, later: Timestamp) -> Duration {
    Duration::try_from(later.duration_since(earlier)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;

    use super::*;

    fn progress(samples: &mut Samples, now: Timestamp, bytes: u64) -> TransferProgress {
        let (from, there) = samples.add(now, bytes).unwrap();
        TransferProgress {
            bytes,
            rate_bytes: Some(there),
            rate_from: Some(from.to_string()),
            at: Some(now.to_string()),
            ..TransferProgress::default()
        }
    }

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let mut samples = Samples::default();
        let start = Timestamp::now() - 60.seconds();
        let mut last = TransferProgress::default();
        for second in 0..=60_u64 {
            // Slow at first.
            let bytes = if second < 40 { second * 10 } else { 400 + (second - 40) * 1000 };
            last = progress(&mut samples, start + (second as i64).seconds(), bytes);
            assert_eq!(rate(&last).is_some(), second > 54, "{second}");
        }
        assert_eq!(rate(&last), Some(1000.0));
        let again = progress(&mut samples, start + 61.seconds(), 5);
        assert_eq!(rate(&again), None, "what is fetched again is no rate");
    }
}

//! What was measured, as a table for the README.

use std::fmt;

use super::measure::Measured;

/// One thing measured several times.
#[derive(Default)]
pub(super) struct Series(Vec<Measured>);

impl Series {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn push(&mut self, measured: Measured) {
        self.0.push(measured);
    }

    /// The shortest and the median time, in seconds.
    fn times(&self) -> (f64, f64) {
        let mut times: Vec<f64> = self.0.iter().map(|measured| measured.time.as_secs_f64()).collect();
        times.sort_by(f64::total_cmp);
        (times.first().copied().unwrap_or_default(), times.get(times.len() / 2).copied().unwrap_or_default())
    }

    /// The median time, in seconds.
    pub(super) fn median(&self) -> f64 {
        self.times().1
    }

    fn memory(&self) -> u64 {
        self.0.iter().map(|measured| measured.memory).max().unwrap_or_default()
    }
}

/// The table. Times are "least / median".
pub(super) struct Table(Vec<String>);

impl Table {
    /// `what` was measured with, in a few words.
    pub(super) fn new(what: &str, rounds: u32) -> Self {
        Self::counts(&format!("{what}, {rounds} rounds in turns; seconds and ratios are least / median"))
    }

    /// For what is the same each time and measured once.
    pub(super) fn counts(what: &str) -> Self {
        Self(vec![
            format!("{what}.\n"),
            "| What | Here | Beside it | Ratio | Target | |".to_owned(),
            "|---|---|---|---|---|---|".to_owned(),
        ])
    }

    /// A table that another program made.
    pub(super) fn ready(text: String) -> Self {
        Self(vec![text])
    }

    /// Two things beside each other.
    pub(super) fn pair(&mut self, what: &str, ours: &Series, beside: &str, theirs: &Series, most: f64) {
        let ((least, median), (their_least, their_median)) = (ours.times(), theirs.times());
        let (ratio, usual) = (least / their_least, median / their_median);
        self.0.push(format!(
            "| {what} | {least:.2} / {median:.2} s | {beside}: {their_least:.2} / {their_median:.2} s \
             | {ratio:.3} / {usual:.3} | ≤ {most:?} | {} |",
            verdict(usual <= most)
        ));
    }

    /// The most memory something held, of all rounds.
    pub(super) fn memory(&mut self, what: &str, ours: &Series, most: u64) {
        let (held, limit) = (ours.memory() / 1_000_000, most / 1_000_000);
        let verdict = verdict(ours.memory() < most);
        self.0.push(format!("| {what} | {held} MB | | | < {limit} MB | {verdict} |"));
    }

    /// How many times a number is in another.
    pub(super) fn ratio(&mut self, what: &str, part: u64, whole: u64, most: f64) {
        #[expect(clippy::cast_precision_loss, reason = "sizes of files, and two digits are printed")]
        let ratio = part as f64 / whole as f64;
        self.0.push(format!("| {what} | {ratio:.2} | | | ≤ {most:?} | {} |", verdict(ratio <= most)));
    }

    /// Something that is only reported.
    pub(super) fn fact(&mut self, what: &str, value: &str) {
        self.0.push(format!("| {what} | {value} | | | | |"));
    }

    /// Something with nothing to compare it with.
    pub(super) fn alone(&mut self, what: &str, ours: &Series, most: f64) {
        let (least, median) = ours.times();
        let verdict = verdict(median <= most);
        self.0.push(format!("| {what} | {least:.2} / {median:.2} s | | | ≤ {most:.1} s | {verdict} |"));
    }

    /// Something that has no aim of its own.
    pub(super) fn noted(&mut self, what: &str, ours: &Series) {
        let (least, median) = ours.times();
        self.0.push(format!("| {what} | {least:.2} / {median:.2} s | | | | |"));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "missed" }
}

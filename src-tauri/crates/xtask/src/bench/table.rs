//! What was measured, as a table for the README.
//!
//! Targets have two decimals and what is measured has three, so that a target that is just missed does not look met.

use std::{fmt, time::Duration};

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

    /// The median time in seconds.
    pub(super) fn median(&self) -> f64 {
        self.times().1
    }

    /// The shortest and the median time, in seconds.
    fn times(&self) -> (f64, f64) {
        self.least_and_median(|measured| measured.time)
    }

    /// The median of the processors' time, in seconds; zero if it is not known.
    fn processors(&self) -> f64 {
        self.least_and_median(|measured| measured.processors).1
    }

    fn least_and_median(&self, of: impl Fn(&Measured) -> Duration) -> (f64, f64) {
        let mut times: Vec<f64> = self.0.iter().map(|measured| of(measured).as_secs_f64()).collect();
        times.sort_by(f64::total_cmp);
        (times.first().copied().unwrap_or_default(), times.get(times.len() / 2).copied().unwrap_or_default())
    }

    fn memory(&self) -> u64 {
        self.0.iter().map(|measured| measured.memory).max().unwrap_or_default()
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((least, median), processors) = (self.times(), self.processors());
        write!(f, "{least:.3} / {median:.3} s")?;
        if processors > 0.0 { write!(f, " ({processors:.3})") } else { Ok(()) }
    }
}

/// The table. Times are "least / median", in brackets the median of the processors' time.
pub(super) struct Table(Vec<String>);

impl Table {
    /// `what` was measured with, in a few words.
    pub(super) fn new(what: &str, rounds: u32) -> Self {
        Self::counts(&format!(
            "{what}, {rounds} rounds in turns; seconds and ratios are least / median, in brackets that of the \
             processors' time"
        ))
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
        let verdict = verdict(ours.times().1 <= most * theirs.times().1);
        self.beside(what, ours, beside, theirs, &format!("≤ {most:.2} | {verdict}"));
    }

    /// Something beside the faster of two others; the slower one is only noted.
    pub(super) fn faster_of(&mut self, what: &str, ours: &Series, others: [(&str, &Series); 2], most: f64) {
        let [(faster, fast), (slower, slow)] = by_time(others);
        self.pair(what, ours, faster, fast, most);
        self.noted(&format!("{slower}, the slower one"), slow);
    }

    /// The same where the others do something else, so that there is no target.
    pub(super) fn compared(&mut self, what: &str, ours: &Series, others: [(&str, &Series); 2]) {
        for (name, theirs) in by_time(others) {
            self.beside(what, ours, name, theirs, "|");
        }
    }

    fn beside(&mut self, what: &str, ours: &Series, name: &str, theirs: &Series, target: &str) {
        let ((least, median), (their_least, their_median)) = (ours.times(), theirs.times());
        let (ratio, usual) = (least / their_least, median / their_median);
        let processors = match (ours.processors(), theirs.processors()) {
            (ours, theirs) if ours > 0.0 && theirs > 0.0 => format!(" ({:.3})", ours / theirs),
            _ => String::new(),
        };
        self.0.push(format!(
            "| {what} | {ours} | {name}: {theirs} | {ratio:.3} / {usual:.3}{processors} | {target} |"
        ));
    }

    /// The most memory something held, of all rounds.
    pub(super) fn memory(&mut self, what: &str, ours: &Series, most: u64) {
        let (held, limit) = (ours.memory() / 1_000_000, most / 1_000_000);
        let verdict = verdict(ours.memory() < most);
        self.0.push(format!("| {what} | {held} MB | | | < {limit} MB | {verdict} |"));
    }

    /// Something that was measured otherwise, and whether it reaches its target.
    pub(super) fn aim(&mut self, what: &str, ours: &str, beside: &str, target: &str, reached: bool) {
        self.0.push(format!("| {what} | {ours} | {beside} | | {target} | {} |", verdict(reached)));
    }

    /// How many times a number is in another.
    pub(super) fn ratio(&mut self, what: &str, part: u64, whole: u64, most: f64) {
        #[expect(clippy::cast_precision_loss, reason = "sizes of files, and three decimals are printed")]
        let ratio = part as f64 / whole as f64;
        self.0.push(format!("| {what} | {ratio:.3} | | | ≤ {most:.2} | {} |", verdict(ratio <= most)));
    }

    /// Something that is only reported.
    pub(super) fn fact(&mut self, what: &str, value: &str) {
        self.0.push(format!("| {what} | {value} | | | | |"));
    }

    /// Something with nothing to compare it with.
    pub(super) fn alone(&mut self, what: &str, ours: &Series, most: f64) {
        let verdict = verdict(ours.times().1 <= most);
        self.0.push(format!("| {what} | {ours} | | | ≤ {most:.2} s | {verdict} |"));
    }

    /// Something that has no aim of its own.
    pub(super) fn noted(&mut self, what: &str, ours: &Series) {
        self.0.push(format!("| {what} | {ours} | | | | |"));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

/// The faster one first.
fn by_time<'a>(mut others: [(&'a str, &'a Series); 2]) -> [(&'a str, &'a Series); 2] {
    others.sort_by(|(_, one), (_, other)| one.times().1.total_cmp(&other.times().1));
    others
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "missed" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(milliseconds: u64) -> Series {
        let mut series = Series::new();
        series.push(Measured { time: Duration::from_millis(milliseconds), ..Measured::default() });
        series
    }

    #[test]
    fn a_target_that_is_just_missed_does_not_look_met() {
        let mut table = Table::counts("Three");
        table.alone("A", &seconds(1004), 1.0);
        table.pair("B", &seconds(1004), "by hand", &seconds(1000), 1.0);
        table.ratio("C", 1054, 1000, 1.05);
        let lines = table.0.split_off(3);
        let cells: Vec<Vec<&str>> =
            lines.iter().map(|line| line.split('|').map(str::trim).collect()).collect();
        assert_eq!(cells[0][2..], ["1.004 / 1.004 s", "", "", "≤ 1.00 s", "missed", ""]);
        assert_eq!(cells[1][4..], ["1.004 / 1.004", "≤ 1.00", "missed", ""]);
        assert_eq!(cells[2][2..], ["1.054", "", "", "≤ 1.05", "missed", ""]);
    }
}

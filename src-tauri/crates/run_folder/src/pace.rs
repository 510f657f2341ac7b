//! How fast a run goes, and the estimate of its remaining time as a text.

/// The first step of an attempt and its time, from which the pace is computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pace {
    pub(crate) step: u64,
    pub(crate) at: jiff::Timestamp,
}

/// The time of a step and the time left, both in seconds, as a text.
pub(crate) fn estimate(a_step: f64, left: f64) -> String {
    format!("about {} a step, about {} left", duration(a_step), duration(left))
}

/// A duration in seconds as exactly as an estimate allows: two figures at most.
fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round();
    match seconds {
        0.0..0.095 => "0.1 s".to_owned(),
        0.095..0.95 => format!("{seconds:.1} s"),
        0.95..90.0 => format!("{seconds:.0} s"),
        90.0..5_400.0 => format!("{minutes} min"),
        5_400.0..172_800.0 => format!("{:.0} h", minutes / 60.0),
        _ => format!("{:.0} days", minutes / 1_440.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_as_exact_as_an_estimate() {
        let texts = [0.0, 0.04, 0.42, 1.4, 59.6, 100.0, 3_700.0, 7_000.0, 200_000.0].map(duration);
        assert_eq!(texts, ["0.1 s", "0.1 s", "0.4 s", "1 s", "60 s", "2 min", "62 min", "2 h", "2 days"]);
    }
}

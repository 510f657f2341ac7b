//! Time limits as Slurm writes them.

/// The seconds of a time limit: `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours`,
/// `days-hours:minutes` or `days-hours:minutes:seconds`. None if it is something else, such as `infinite`.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let (days, clock) = match text.split_once('-') {
        Some((days, clock)) => (Some(days.parse::<u64>().ok()?), clock),
        None => (None, text),
    };
    let parts: Vec<u64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hours, minutes, seconds] = match (days, parts.as_slice()) {
        (Some(_), &[hours]) => [hours, 0, 0],
        (Some(_), &[hours, minutes]) => [hours, minutes, 0],
        (None, &[minutes]) => [0, minutes, 0],
        (None, &[minutes, seconds]) => [0, minutes, seconds],
        (_, &[hours, minutes, seconds]) => [hours, minutes, seconds],
        _ => return None,
    };
    Some(((days.unwrap_or(0) * 24 + hours) * 60 + minutes) * 60 + seconds)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn every_form_of_slurm_is_read() {
        let forms = [
            ("90", Some(5400)),
            ("1:30", Some(90)),
            ("2:00:01", Some(7201)),
            ("1-0", Some(86_400)),
            ("1-01:30", Some(91_800)),
            ("1-00:00:05", Some(86_405)),
            ("infinite", None),
            ("UNLIMITED", None),
            ("", None),
            ("1:2:3:4", None),
        ];
        for (text, expected) in forms {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}

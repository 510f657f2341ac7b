//! What someone probably meant.

/// How alike two names must be, from 0 to 1, for one to be offered for the other.
const ALIKE: f64 = 0.6;

/// The known name most like `name`, if one is like it at all; case and outer spaces count little.
pub fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let plain = |name: &str| name.trim().to_lowercase();
    let wanted = plain(name);
    let likeness = |known: &String| strsim::normalized_damerau_levenshtein(&wanted, &plain(known));
    let scored = known.iter().map(|known| (likeness(known), known));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(likeness, _)| *likeness >= ALIKE).map(|(_, known)| known.as_str())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_most_alike_or_none() {
        let known = ["instruction", "input", "Output"].map(str::to_owned);
        assert_eq!(nearest("instruktion", &known), Some("instruction"));
        assert_eq!(nearest(" output", &known), Some("Output"));
        assert_eq!(nearest("context", &["intent".to_owned()]), None);
        assert_eq!(nearest("", &[]), None);
    }
}

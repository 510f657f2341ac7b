//! Suggestions for misspelled names.

/// The similarity, from 0 to 1, from which on a name is suggested for another.
const MIN_SIMILARITY: f64 = 0.6;

/// The known name most similar to `name`; `None` if none is similar. Case and outer spaces are ignored.
pub fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let plain = |name: &str| name.trim().to_lowercase();
    let wanted = plain(name);
    let similarity = |known: &String| strsim::normalized_damerau_levenshtein(&wanted, &plain(known));
    let scored = known.iter().map(|known| (similarity(known), known));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(similarity, _)| *similarity >= MIN_SIMILARITY).map(|(_, known)| known.as_str())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_most_similar_or_none() {
        let known = ["instruction", "input", "Output"].map(str::to_owned);
        assert_eq!(nearest("instruktion", &known), Some("instruction"));
        assert_eq!(nearest(" output", &known), Some("Output"));
        assert_eq!(nearest("context", &["intent".to_owned()]), None);
        assert_eq!(nearest("", &[]), None);
    }
}

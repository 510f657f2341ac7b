//! Nouns with their indefinite article.

/// The noun behind "a", or behind "an" where it begins with a vowel letter: `an adapter`.
pub fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

#[cfg(test)]
mod tests {
    use super::with_article;

    #[test]
    fn a_vowel_takes_an() {
        assert_eq!(["dataset", "adapter"].map(with_article), ["a dataset", "an adapter"]);
    }
}

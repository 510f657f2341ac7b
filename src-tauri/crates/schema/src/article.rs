//! Nouns within sentences.

/// The noun behind "a", or behind "an" where it begins with a vowel letter: `an adapter`.
pub fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// A label within a sentence: in lower case, but for names and words with other capitals, such as Hub and LoRA.
pub fn in_sentence(label: &str) -> String {
    let is_name = |word: &str| word == "Hub" || word.chars().skip(1).any(char::is_uppercase);
    let words =
        label.split(' ').map(|word| if is_name(word) { word.to_owned() } else { word.to_lowercase() });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{in_sentence, with_article};

    #[test]
    fn a_vowel_takes_an() {
        assert_eq!(["dataset", "adapter"].map(with_article), ["a dataset", "an adapter"]);
    }

    #[test]
    fn a_name_keeps_its_capitals() {
        assert_eq!(
            ["Hub name", "LoRA config", "File Name"].map(in_sentence),
            ["Hub name", "LoRA config", "file name"]
        );
    }
}

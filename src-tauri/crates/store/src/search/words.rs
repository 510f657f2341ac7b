//! Normalized words of texts and searches.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// The text's letters and digits without case and accents, one space between words.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut push = |letter: char| {
        if letter.is_alphanumeric() {
            plain.push(letter);
        } else if !plain.is_empty() && !plain.ends_with(' ') {
            plain.push(' ');
        }
    };
    if text.is_ascii() {
        text.chars().for_each(|letter| push(letter.to_ascii_lowercase()));
    } else {
        let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter));
        letters.flat_map(char::to_lowercase).for_each(push);
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Words that a row must all have, each as the beginning of a word. What is neither letter nor
/// digit only separates them.
#[derive(Debug, Clone)]
pub(super) struct Wanted(Vec<String>);

impl Wanted {
    /// The words of a search; `None` without any. A word with which another one begins is left out:
    /// the longer word implies it, and prefixes such as `0` are slow as nearly every row has them.
    pub(super) fn from_search(search: &str) -> Option<Self> {
        let mut words: Vec<String> = plain(search).split_whitespace().map(str::to_owned).collect();
        // In this order, a word is followed by those that begin with it.
        words.sort_unstable();
        words.dedup_by(|next, word| {
            let implied = next.starts_with(word.as_str());
            if implied {
                std::mem::swap(next, word);
            }
            implied
        });
        Some(Self(words)).filter(|wanted| !wanted.0.is_empty())
    }

    /// The words as an FTS5 query (<https://sqlite.org/fts5.html#full_text_query_syntax>).
    pub(super) fn expression(&self) -> String {
        self.0.iter().map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" ")
    }

    /// Whether a text has all words.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let plain = plain(text);
        self.0.iter().all(|word| plain.split(' ').any(|other| other.starts_with(word.as_str())))
    }
}

#[cfg(test)]
#[path = "../../tests/unit/search_words.rs"]
mod tests;

//! A repository in the Hub's layout: the names of its files and its card, whether it is on this machine or not.

use super::walk;

/// What is known of a repository.
#[derive(Debug, Clone, Copy)]
pub struct Repository<'a> {
    /// What it is called in messages: its path, or its name on the Hub.
    pub place: &'a str,
    /// What its card is called in messages.
    pub card_place: &'a str,
    /// The text of its README.
    pub card: Option<&'a str>,
    /// Its files, by their paths within it.
    pub files: &'a [String],
}

impl Repository<'_> {
    /// Whether a file, by its path within a repository, may hold rows.
    pub fn has_rows(file: &str) -> bool {
        walk::is_found(file)
    }
}

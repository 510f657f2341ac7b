//! Splits by the names of files and folders.

use std::collections::BTreeMap;

use super::{Splits, listed};
use crate::problem::Problem;

/// The words in names of files and folders that name a split.
const WORDS: [(&str, &str); 10] = [
    ("train", "train"),
    ("training", "train"),
    ("validation", "validation"),
    ("valid", "validation"),
    ("val", "validation"),
    ("dev", "validation"),
    ("test", "test"),
    ("testing", "test"),
    ("eval", "test"),
    ("evaluation", "test"),
];
/// Files are looked for so many folders deep, where only names say the split.
const DEPTH: usize = 2;

/// By the names of files and folders, or everything to train on if none names a split.
pub(super) fn splits(found: &[String]) -> Splits {
    let mut splits = Splits::new();
    let mut others = Vec::new();
    for file in found.iter().filter(|file| file.matches('/').count() <= DEPTH) {
        let (inside, name) = file.rsplit_once('/').unwrap_or(("", file));
        let parent = inside.strip_prefix("data").map_or(inside, |rest| rest.trim_start_matches('/'));
        let by_folder = if parent.contains('/') { None } else { split_of(parent) };
        // Only what lies at the top, in `data` or in a folder that is called after a split.
        match split_of(name).filter(|_| parent.is_empty()).or(by_folder) {
            Some(split) => splits.entry(split.to_owned()).or_default().push(file.clone()),
            None if parent.is_empty() => others.push(file.clone()),
            None => {}
        }
    }
    if splits.is_empty() && !others.is_empty() {
        splits.insert("train".to_owned(), others);
    }
    if splits.is_empty() { deeper(found) } else { splits }
}

/// The same where all files lie in folders of other names, as `en/train.csv` does: the split is in the name of the
/// file, else in that of a folder.
fn deeper(found: &[String]) -> Splits {
    let mut splits = Splits::new();
    for file in found {
        let split = file.rsplit('/').find_map(split_of).unwrap_or("train");
        splits.entry(split.to_owned()).or_default().push(file.clone());
    }
    splits
}

/// The split that a name has as a whole word: `test` in `my_test-00000.csv`, not in `fastest.csv`.
fn split_of(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let words = name.split(|c: char| !c.is_alphabetic());
    words.into_iter().find_map(|word| WORDS.iter().find(|(known, _)| *known == word)).map(|(_, split)| *split)
}

/// A file of several, as in `train-00001-of-00004.parquet`.
struct Part<'a> {
    /// What comes before the number.
    stem: &'a str,
    number: u64,
    count: u64,
    /// The digits of the count and the ending.
    rest: &'a str,
}

fn part_of(file: &str) -> Option<Part<'_>> {
    let (before, behind) = file.rsplit_once("-of-")?;
    let (stem, number) = before.rsplit_once('-')?;
    let digits = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
    let (count, _) = behind.split_at(digits);
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (all_digits(number) && all_digits(count)).then_some(())?;
    Some(Part { stem, number: number.parse().ok()?, count: count.parse().ok()?, rest: behind })
}

/// More parts than this are no number of files.
const MOST_PARTS: u64 = 100_000;

/// The files that are missing of those that are numbered.
pub(super) fn missing_parts(splits: &Splits) -> Vec<Problem> {
    let mut sets: BTreeMap<(&str, u64), Vec<Part<'_>>> = BTreeMap::new();
    for part in splits.values().flatten().filter_map(|file| part_of(file)) {
        sets.entry((part.stem, part.count)).or_default().push(part);
    }
    let mut notes = Vec::new();
    for ((stem, count), there) in sets {
        let rest = there.first().map_or("", |part| part.rest);
        let missing: Vec<String> = (0..count.min(MOST_PARTS))
            .filter(|number| !there.iter().any(|part| part.number == *number))
            .map(|number| format!("{stem}-{number:05}-of-{rest}"))
            .collect();
        if let [first, rest @ ..] = missing.as_slice() {
            let names: Vec<&str> = missing.iter().map(String::as_str).collect();
            let verb = if rest.is_empty() { "is" } else { "are" };
            let message = format!(
                "{} of {count} parts {verb} missing: {}. The rows in them are not in the dataset.",
                missing.len(),
                listed(&names)
            );
            notes.push(Problem::warning(None, message).field(first));
        }
    }
    notes
}

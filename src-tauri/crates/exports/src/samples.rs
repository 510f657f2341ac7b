//! The texts that a result is compared on: rows that the adapter was trained on, as they were rendered then.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _},
};

use run_folder::{export::MOST_SAMPLES, folder::RunFolder};
use serde_json::Value;

/// Longer rows are cut, in bytes: a comparison needs no more of a text.
const LONGEST: usize = 4_000;
/// Longer lines of rows end the reading, in bytes.
const LONGEST_LINE: u64 = 1 << 20;

/// Texts for models whose training is not on this machine.
const FIXED: [&str; MOST_SAMPLES] = [
    "The quick brown fox jumps over the lazy dog.",
    "Question: What is the capital of France?\nAnswer:",
    "def add(a, b):\n    return a + b\n",
    "Once upon a time there was a small house at the edge of the forest.",
    "1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
    "Translate into German: Good morning, how are you?",
    "{\"name\": \"Ada\", \"born\": 1815, \"languages\": [\"English\", \"French\"]}",
    "In summary, the results show that",
];

/// The texts of a training's rows, held-back ones first; empty where they can't be read any more.
pub(crate) fn of_training(folder: &RunFolder) -> Vec<String> {
    let mut texts = Vec::new();
    for path in [folder.eval(), folder.train()] {
        let Ok(file) = File::open(path) else { continue };
        let mut lines = BufReader::new(file);
        let mut line = String::new();
        while texts.len() < MOST_SAMPLES {
            line.clear();
            match lines.by_ref().take(LONGEST_LINE).read_line(&mut line) {
                Ok(read) if read > 0 => texts.extend(text(&line)),
                _ => break,
            }
        }
    }
    texts
}

/// Texts where no rows are known.
pub(crate) fn fixed() -> Vec<String> {
    FIXED.map(str::to_owned).into()
}

/// What the model reads and answers in a row of a run.
fn text(line: &str) -> Option<String> {
    let row: Value = serde_json::from_str(line).ok()?;
    let part = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
    let answer = if part("completion").is_empty() { part("chosen") } else { part("completion") };
    let mut text = [part("prompt"), answer, part("text")].concat();
    text.truncate(text.floor_char_boundary(LONGEST));
    Some(text).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_what_the_model_read_and_answered() {
        let place = tempfile::tempdir().unwrap();
        let folder = RunFolder::new(&place.path().join("studio.db"), "run");
        folder.create().unwrap();
        assert_eq!(of_training(&folder), Vec::<String>::new());
        let rows =
            "{\"row\":1,\"prompt\":\"ask \",\"completion\":\"answer\"}\n{\"row\":2,\"text\":\"all\"}\n";
        std::fs::write(folder.eval(), rows).unwrap();
        let pair = "{\"row\":3,\"prompt\":\"ask \",\"chosen\":\"good\",\"rejected\":\"bad\"}\nbroken\n";
        std::fs::write(folder.train(), pair).unwrap();
        assert_eq!(of_training(&folder), ["ask answer", "all", "ask good"]);
        std::fs::write(folder.train(), pair.repeat(30)).unwrap();
        assert_eq!(of_training(&folder).len(), MOST_SAMPLES);
    }
}

//! The lines of the files with rows and with results.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, ErrorKind},
    path::Path,
};

use schema::{Error, Result};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::report::{Answer, JudgedAnswer, Judgment};

/// A row that was evaluated on.
#[derive(Deserialize)]
pub(crate) struct Example {
    pub(crate) row: u64,
    #[serde(default)]
    pub(crate) prompt: String,
    /// The last answer of a conversation is called `expected`, the preferred one of two `chosen`.
    #[serde(default, alias = "expected", alias = "chosen")]
    pub(crate) completion: String,
    #[serde(default)]
    pub(crate) rejected: Option<String>,
    #[serde(default)]
    pub(crate) label: Option<bool>,
    #[serde(default)]
    pub(crate) features: Map<String, Value>,
}

/// The number of a row, without its texts.
#[derive(Deserialize)]
pub(crate) struct Numbered {
    pub(crate) row: u64,
}

/// A line of `rows.jsonl`.
#[derive(Deserialize)]
pub(crate) struct ResultLine {
    pub(crate) row: u64,
    #[serde(flatten)]
    pub(crate) result: RowResult,
}

/// What was found out about a row.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum RowResult {
    Answer(Answer),
    Pair(Pair),
    Labeled(Labeled),
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Pair {
    right: u8,
    margin: Option<f64>,
    chosen_reward: Option<f64>,
    rejected_reward: Option<f64>,
    chosen_logps: Option<f64>,
    rejected_logps: Option<f64>,
    chosen_tokens: u64,
    rejected_tokens: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Labeled {
    right: Option<u8>,
    reward: Option<f64>,
    logps: Option<f64>,
    tokens: u64,
}

impl RowResult {
    /// Whether the answer is as expected, or the right one is preferred; none where the result does not say.
    pub(crate) fn right(&self) -> Option<bool> {
        match self {
            Self::Answer(answer) => Some(answer.exact_match == Some(1.0)),
            Self::Pair(pair) => Some(pair.right == 1),
            Self::Labeled(labeled) => labeled.right.map(|right| right == 1),
        }
    }

    pub(crate) fn margin(&self) -> Option<f64> {
        match self {
            Self::Pair(pair) => pair.margin,
            Self::Answer(_) | Self::Labeled(_) => None,
        }
    }

    pub(crate) fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Answer(answer) => Some(answer),
            Self::Pair(_) | Self::Labeled(_) => None,
        }
    }

    pub(crate) fn judgment(&self) -> Option<Judgment> {
        let answers = match self {
            Self::Answer(_) => return None,
            Self::Pair(pair) => {
                let chosen = (pair.chosen_reward, pair.chosen_logps, pair.chosen_tokens);
                vec![chosen, (pair.rejected_reward, pair.rejected_logps, pair.rejected_tokens)]
            }
            Self::Labeled(labeled) => vec![(labeled.reward, labeled.logps, labeled.tokens)],
        };
        let answers =
            answers.into_iter().map(|(reward, logps, tokens)| JudgedAnswer { reward, logps, tokens });
        Some(Judgment { right: self.right(), margin: self.margin(), answers: answers.collect() })
    }
}

/// Calls `each` for every line that can be parsed. The last line of a growing file may be incomplete
/// and is then skipped.
pub(crate) fn each_line<T: DeserializeOwned>(path: &Path, mut each: impl FnMut(T)) -> Result<()> {
    let failed = |error: std::io::Error| Error::file("read", path, &error);
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        opened => opened.map_err(failed)?,
    };
    let (mut reader, mut line) = (BufReader::new(file), Vec::new());
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(failed)? == 0 {
            return Ok(());
        }
        if let Ok(value) = serde_json::from_slice(&line) {
            each(value);
        }
    }
}

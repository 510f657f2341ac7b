//! Where rows are in a file, so that any of them is reached without reading what comes before.

use schema::{Error, Result};
use serde::{Deserialize, Serialize};

/// A row's place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// How many rows come before it.
    pub(crate) rows: u64,
    /// The byte of the file it starts at, or blank lines before it.
    pub(crate) byte: u64,
    /// The line it starts on.
    pub(crate) line: u64,
}

/// What it takes to begin in the midst of a file: the columns, and the places of some rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The names of all columns, in order of appearance.
    pub(crate) columns: Vec<String>,
    /// In order, each given by its distance from the one before.
    marks: Vec<Mark>,
    #[serde(skip)]
    last: Mark,
    /// How many times every second mark was dropped.
    #[serde(skip)]
    thinned: u32,
}

/// Marks are made so many bytes apart.
const STRIDE: u64 = 1 << 20;
/// So many marks are kept: 16 GB are marked every megabyte, 32 GB every second one, and so on.
const MOST: usize = 1 << 14;

impl Index {
    /// Notes the place of a row that comes after all that are noted, if it is far enough from them.
    pub(super) fn note(&mut self, mark: Mark) {
        let stride = STRIDE << self.thinned;
        if !self.marks.is_empty() && mark.byte < self.last.byte + stride {
            return;
        }
        self.marks.push(mark.since(self.last));
        self.last = mark;
        if self.marks.len() > MOST {
            self.thin_out();
        }
    }

    fn thin_out(&mut self) {
        let all = std::mem::take(self);
        self.columns.clone_from(&all.columns);
        self.thinned = all.thinned + 1;
        for mark in all.places().step_by(2) {
            self.marks.push(mark.since(self.last));
            self.last = mark;
        }
    }

    /// The places noted.
    pub(super) fn places(&self) -> impl Iterator<Item = Mark> {
        self.marks.iter().scan(Mark::default(), |at, step| {
            *at = Mark {
                rows: at.rows.saturating_add(step.rows),
                byte: at.byte.saturating_add(step.byte),
                line: at.line.saturating_add(step.line),
            };
            Some(*at)
        })
    }

    /// The last place noted that has at most so many rows before it.
    pub(super) fn before(&self, rows: u64) -> Option<Mark> {
        self.places().take_while(|mark| mark.rows <= rows).last()
    }

    /// The bytes it is stored as.
    pub fn encode(&self) -> Result<Vec<u8>> {
        postcard::to_stdvec(self).map_err(|error| Error::internal("keeping the places of rows", &error))
    }

    /// What [`Self::encode`] made of it; `None` for anything else.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

impl Mark {
    fn since(self, before: Self) -> Self {
        Self { rows: self.rows - before.rows, byte: self.byte - before.byte, line: self.line - before.line }
    }
}

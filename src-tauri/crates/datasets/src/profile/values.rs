//! The different values of a column, and how often each occurs, in bounded memory.

use std::hash::BuildHasher as _;

use foldhash::quality::FixedState;
use hyperloglockless::HyperLogLog;
use indexmap::IndexMap;

use super::{CommonValue, Commonest, Distinct};

/// So many are named.
const NAMED: usize = 5;
/// 2^13 registers: a standard error of 1.1 percent.
const PRECISION: u8 = 13;

/// The values seen so far. Up to `room` different ones are counted each from its first occurrence to
/// its last; of those that come later only the number is estimated.
pub(super) struct Values {
    room: usize,
    counted: IndexMap<u64, Counted, FixedState>,
    /// All hashes, once there are more than are counted.
    sketch: Option<HyperLogLog<FixedState>>,
}

struct Counted {
    shown: String,
    rows: u64,
}

impl Values {
    pub(super) fn new(room: usize) -> Self {
        Self { room, counted: IndexMap::default(), sketch: None }
    }

    /// Counts a value, told by its text; `shown` shortens it.
    pub(super) fn note(&mut self, text: &str, shown: impl FnOnce(&str) -> String) {
        self.add(FixedState::default().hash_one(text), 1, || shown(text));
    }

    /// Adds those of the next part of the file, all of which were counted.
    pub(super) fn append(&mut self, later: Self) {
        for (hash, counted) in later.counted {
            self.add(hash, counted.rows, || counted.shown);
        }
    }

    fn add(&mut self, hash: u64, rows: u64, shown: impl FnOnce() -> String) {
        if let Some(counted) = self.counted.get_mut(&hash) {
            counted.rows += rows;
        } else if self.counted.len() < self.room {
            self.counted.insert(hash, Counted { shown: shown(), rows });
        } else {
            let known = self.counted.keys();
            let sketch = self.sketch.get_or_insert_with(|| {
                let mut sketch = HyperLogLog::with_hasher(PRECISION, FixedState::default());
                known.for_each(|hash| sketch.insert_hash(*hash));
                sketch
            });
            sketch.insert_hash(hash);
        }
    }

    pub(super) fn distinct(&self) -> Distinct {
        match &self.sketch {
            None => Distinct { count: self.counted.len() as u64, exact: true },
            Some(sketch) => {
                let estimate = sketch.count().max(self.counted.len() + 1);
                Distinct { count: estimate as u64, exact: false }
            }
        }
    }

    pub(super) fn commonest(self) -> Commonest {
        let exact = self.sketch.is_none();
        let mut repeated: Vec<Counted> =
            self.counted.into_values().filter(|counted| counted.rows > 1).collect();
        // The sort is stable: of equals, the first to occur stays first.
        repeated.sort_by_key(|counted| std::cmp::Reverse(counted.rows));
        repeated.truncate(NAMED);
        let named = |counted: Counted| CommonValue { value: counted.shown, rows: counted.rows };
        Commonest { values: repeated.into_iter().map(named).collect(), exact }
    }
}

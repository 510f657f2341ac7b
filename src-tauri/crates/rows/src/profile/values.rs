//! The different values of a column, and how often each occurs, in bounded memory.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use super::{
    report::{CommonValue, Commonest, Distinct},
    sketch::Sketch,
};

/// So many are named.
const NAMED: usize = 5;
/// The values seen so far. Up to `room` different ones are counted each from its first occurrence to
/// its last; of those that come later only the number is estimated.
pub(super) struct Values {
    room: usize,
    /// In order of appearance.
    counted: Vec<Counted>,
    /// The place of each hash in that list.
    places: HashMap<u64, usize>,
    /// All hashes, once there are more than are counted.
    sketch: Option<Sketch>,
}

struct Counted {
    hash: u64,
    shown: String,
    rows: u64,
}

impl Values {
    pub(super) fn new(room: usize) -> Self {
        Self { room, counted: Vec::new(), places: HashMap::new(), sketch: None }
    }

    /// Counts a value, told by its text; `shown` shortens it.
    pub(super) fn record(&mut self, text: &str, shown: impl FnOnce(&str) -> String) {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        self.add(hasher.finish(), 1, || shown(text));
    }

    /// Adds those of the next part of the file, all of which were counted.
    pub(super) fn append(&mut self, later: Self) {
        for counted in later.counted {
            self.add(counted.hash, counted.rows, || counted.shown);
        }
    }

    fn add(&mut self, hash: u64, rows: u64, shown: impl FnOnce() -> String) {
        if let Some(counted) = self.places.get(&hash).and_then(|place| self.counted.get_mut(*place)) {
            counted.rows += rows;
        } else if self.counted.len() < self.room {
            self.places.insert(hash, self.counted.len());
            self.counted.push(Counted { hash, shown: shown(), rows });
        } else {
            let counted = &self.counted;
            let sketch = self.sketch.get_or_insert_with(|| {
                let mut sketch = Sketch::new();
                counted.iter().for_each(|counted| sketch.insert(counted.hash));
                sketch
            });
            sketch.insert(hash);
        }
    }

    pub(super) fn distinct(&self) -> Distinct {
        match &self.sketch {
            None => Distinct { count: self.counted.len() as u64, exact: true },
            Some(sketch) => {
                Distinct { count: sketch.estimate().max(self.counted.len() as u64 + 1), exact: false }
            }
        }
    }

    pub(super) fn commonest(self) -> Commonest {
        let exact = self.sketch.is_none();
        let mut repeated: Vec<Counted> =
            self.counted.into_iter().filter(|counted| counted.rows > 1).collect();
        // The sort is stable: of equals, the first to occur stays first.
        repeated.sort_by_key(|counted| std::cmp::Reverse(counted.rows));
        repeated.truncate(NAMED);
        let named = |counted: Counted| CommonValue { value: counted.shown, rows: counted.rows };
        Commonest { values: repeated.into_iter().map(named).collect(), exact }
    }
}

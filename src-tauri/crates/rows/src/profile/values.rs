//! The different values of a column, and how often each occurs, in bounded memory.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, BuildHasherDefault, Hasher},
    sync::Arc,
};

use foldhash::quality::FixedState;

use super::{
    report::{CommonValue, Commonest, Distinct},
    sketch::Sketch,
};

/// So many different values are counted in a column at most.
pub(super) const ROOM: usize = 4_096;
/// So many are named.
const NAMED: usize = 5;

/// The values seen so far. Up to `room` different ones are counted each from its first occurrence to
/// its last; of those that come later only the number is estimated.
pub(super) struct Values {
    /// Shared with parts of the file that come later.
    known: Arc<Known>,
    /// In how many rows each of the known values stands.
    rows: Vec<u64>,
    others: Others,
}

/// What is kept of the values that are not known.
enum Others {
    /// Of a whole file: all hashes, those of the known values as well, once there are more than `room`.
    Sketch { room: usize, sketch: Option<Sketch> },
    /// Of a part of a file, whose whole has room for more: they are counted, for which of them are the
    /// first shows only when the parts are put together. Of those for which no whole has room there are
    /// the hashes, and in how many rows each stands: an earlier part may have been the first to have them.
    Counted { values: Known, rows: Vec<u64>, later: Vec<(u64, u64)> },
    /// Of a part of a file, whose whole has no room: only their number is estimated.
    Sketched(Option<Sketch>),
}

/// Values, in order of appearance.
#[derive(Default, Clone)]
struct Known {
    /// The hash of each, and its shortened text.
    values: Vec<(u64, String)>,
    /// The place of each hash in that list.
    places: HashMap<u64, usize, BuildHasherDefault<SameHash>>,
}

impl Known {
    fn add(&mut self, hash: u64, shown: String) {
        self.places.insert(hash, self.values.len());
        self.values.push((hash, shown));
    }

    /// The counter of a value, if it is known.
    fn rows_of<'a>(&self, hash: u64, rows: &'a mut [u64]) -> Option<&'a mut u64> {
        self.places.get(&hash).and_then(|place| rows.get_mut(*place))
    }
}

impl Values {
    pub(super) fn new(room: usize) -> Self {
        Self { known: Arc::default(), rows: Vec::new(), others: Others::Sketch { room, sketch: None } }
    }

    /// For a part of a file of which nothing is known.
    pub(super) fn new_part() -> Self {
        let others = Others::Counted { values: Known::default(), rows: Vec::new(), later: Vec::new() };
        Self { known: Arc::default(), rows: Vec::new(), others }
    }

    /// For a later part of the file, to be added to these.
    pub(super) fn later_part(&self) -> Self {
        let full = matches!(self.others, Others::Sketch { room, .. } if room <= self.rows.len());
        Self {
            known: Arc::clone(&self.known),
            rows: vec![0; self.rows.len()],
            others: if full { Others::Sketched(None) } else { Self::new_part().others },
        }
    }

    /// Counts a value, which its text identifies, and returns the hash of that; `shown` shortens it.
    pub(super) fn record(&mut self, text: &str, shown: impl FnOnce(&str) -> String) -> u64 {
        let hash = FixedState::default().hash_one(text);
        self.add(hash, 1, || shown(text));
        hash
    }

    /// Adds those of the next part of the file.
    pub(super) fn append(&mut self, later: Self) {
        // What the part knew are the first of the values that are known here.
        self.rows.iter_mut().zip(later.rows).for_each(|(rows, more)| *rows += more);
        match later.others {
            Others::Counted { values, rows, later } => {
                for ((hash, shown), rows) in values.values.into_iter().zip(rows) {
                    self.add(hash, rows, || shown);
                }
                later.into_iter().for_each(|(hash, rows)| self.add(hash, rows, String::new));
            }
            Others::Sketched(Some(theirs)) => {
                if let Others::Sketch { sketch, .. } = &mut self.others {
                    sketch_of_all(sketch, &self.known).append(&theirs);
                }
            }
            Others::Sketched(None) | Others::Sketch { .. } => {}
        }
    }

    /// Counts a value in so many rows, identified by its hash.
    pub(super) fn add(&mut self, hash: u64, count: u64, shown: impl FnOnce() -> String) {
        if let Some(rows) = self.known.rows_of(hash, &mut self.rows) {
            *rows += count;
            return;
        }
        match &mut self.others {
            Others::Sketch { room, .. } if self.rows.len() < *room => {
                Arc::make_mut(&mut self.known).add(hash, shown());
                self.rows.push(count);
            }
            Others::Sketch { sketch, .. } => sketch_of_all(sketch, &self.known).insert(hash),
            Others::Counted { values, rows, later } => {
                let is_full = rows.len() >= ROOM;
                match values.rows_of(hash, rows) {
                    Some(rows) => *rows += count,
                    None if is_full => later.push((hash, count)),
                    None => {
                        values.add(hash, shown());
                        rows.push(count);
                    }
                }
            }
            Others::Sketched(sketch) => sketch.get_or_insert_with(Sketch::new).insert(hash),
        }
    }

    fn sketch(&self) -> Option<&Sketch> {
        match &self.others {
            Others::Sketch { sketch, .. } => sketch.as_ref(),
            Others::Counted { .. } | Others::Sketched(_) => None,
        }
    }

    pub(super) fn distinct(&self) -> Distinct {
        match self.sketch() {
            None => Distinct { count: self.rows.len() as u64, exact: true },
            Some(sketch) => {
                Distinct { count: sketch.estimate().max(self.rows.len() as u64 + 1), exact: false }
            }
        }
    }

    pub(super) fn commonest(self) -> Commonest {
        let exact = self.sketch().is_none();
        let mut counted: Vec<(u64, &str)> =
            self.rows.into_iter().zip(self.known.values.iter().map(|(_, shown)| shown.as_str())).collect();
        counted.retain(|(rows, _)| *rows > 1);
        // The sort is stable: of equals, the first to occur stays first.
        counted.sort_by_key(|(rows, _)| std::cmp::Reverse(*rows));
        counted.truncate(NAMED);
        let named = |(rows, value): (u64, &str)| CommonValue { value: value.to_owned(), rows };
        Commonest { values: counted.into_iter().map(named).collect(), exact }
    }
}

/// The sketch of all values; a new one begins with those that are known.
fn sketch_of_all<'a>(sketch: &'a mut Option<Sketch>, known: &Known) -> &'a mut Sketch {
    sketch.get_or_insert_with(|| {
        let mut sketch = Sketch::new();
        known.values.iter().for_each(|(hash, _)| sketch.insert(*hash));
        sketch
    })
}

/// The hash of a hash: the same.
#[derive(Default)]
struct SameHash(u64);

impl Hasher for SameHash {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

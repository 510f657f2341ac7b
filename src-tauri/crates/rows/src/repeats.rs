//! Values of a column that come again: what was found of one the first time is counted once more, without
//! another look at the value.

/// Two to this power values are known at once at most.
const POWER: u32 = 13;

/// The values of a column that were seen last, each by a key of its own.
pub struct Repeats<S> {
    /// For each place, the number of the value there, counted from one.
    places: Vec<u16>,
    values: Vec<Repeated<S>>,
}

/// A value that may come again.
struct Repeated<S> {
    key: u64,
    found: S,
    /// In how many rows it came again.
    rows: u64,
}

impl<S> Default for Repeats<S> {
    fn default() -> Self {
        Self { places: vec![0; 1 << POWER], values: Vec::new() }
    }
}

impl<S> Repeats<S> {
    /// Counts the value of that key once more, if it is known.
    pub fn count(&mut self, key: u64) -> bool {
        let known = self.places.get(place(key)).and_then(|number| usize::from(*number).checked_sub(1));
        match known.and_then(|at| self.values.get_mut(at)) {
            Some(known) if known.key == key => {
                known.rows += 1;
                true
            }
            _ => false,
        }
    }

    /// Notes what was found of a value that was not known. Returns what was found of the one that makes
    /// room for it, and in how many rows that came again.
    pub fn note(&mut self, key: u64, found: S) -> Option<(S, u64)> {
        let new = Repeated { key, found, rows: 0 };
        let number = self.places.get_mut(place(key))?;
        if let Some(known) = usize::from(*number).checked_sub(1).and_then(|at| self.values.get_mut(at)) {
            let Repeated { found, rows, .. } = std::mem::replace(known, new);
            return (rows > 0).then_some((found, rows));
        }
        self.values.push(new);
        *number = u16::try_from(self.values.len()).unwrap_or_default();
        None
    }

    /// What was found of those that came again, and in how many rows they did.
    pub fn finish(self) -> impl Iterator<Item = (S, u64)> {
        self.values.into_iter().filter(|known| known.rows > 0).map(|known| (known.found, known.rows))
    }
}

/// Keys that follow one another get places of their own: the key by the golden ratio, of which the highest
/// bits are taken.
fn place(key: u64) -> usize {
    usize::try_from(key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - POWER)).unwrap_or_default()
}

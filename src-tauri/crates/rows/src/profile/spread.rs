//! A histogram that grows with what is put into it.
//!
//! Its buckets are as wide as a power of two and begin at multiples of their width, so they can be
//! joined in pairs without losing a count. Which buckets come out depends only on the numbers,
//! never on their order.

use super::report::Bucket;

/// So many buckets are shown at most.
const SHOWN: usize = 12;
/// So many are kept meanwhile.
const KEPT: usize = 64;
/// Buckets are never finer than this many halvings of the largest number, which keeps their numbers
/// exact.
const DEPTH: i32 = 40;
/// No bucket is finer than two to this power: nearer to zero is zero.
const FINEST: i32 = -900;

/// Counts by bucket.
pub(super) struct Spread {
    /// Buckets are two to this power wide.
    power: i32,
    width: f64,
    /// One by the width: as it is a power of two, to multiply by this is to divide by the width.
    in_one: f64,
    /// The number of the first bucket: it begins at so many widths.
    first: i64,
    counts: Vec<u64>,
}

impl Default for Spread {
    fn default() -> Self {
        let (width, in_one) = (2_f64.powi(FINEST), 2_f64.powi(-FINEST));
        Self { power: FINEST, width, in_one, first: 0, counts: Vec::new() }
    }
}

impl Spread {
    /// Counts a number that stands in so many rows; what is not finite has no place.
    pub(super) fn record(&mut self, number: f64, rows: u64) {
        if !number.is_finite() {
            return;
        }
        let finest = finest_for(number);
        if finest <= self.power && self.add(self.place(number), rows) {
            return;
        }
        self.widen_to(finest);
        let mut place = self.place(number);
        while !self.make_room(place) {
            self.widen();
            place = self.place(number);
        }
        self.add(place, rows);
    }

    /// Adds another one's counts.
    pub(super) fn append(&mut self, mut other: Self) {
        if other.counts.is_empty() {
            return;
        }
        loop {
            let power = self.power.max(other.power);
            self.widen_to(power);
            other.widen_to(power);
            let last = other.first + other.counts.len() as i64 - 1;
            if self.make_room(other.first) && self.make_room(last) {
                break;
            }
            self.widen();
        }
        for (place, count) in (other.first..).zip(other.counts) {
            self.add(place, count);
        }
    }

    /// Counts so many at a place, if there is room for it.
    fn add(&mut self, place: i64, rows: u64) -> bool {
        let count = usize::try_from(place - self.first).ok().and_then(|at| self.counts.get_mut(at));
        if let Some(count) = count {
            *count += rows;
            return true;
        }
        false
    }

    /// At most twelve buckets; of whole widths if the numbers are whole.
    pub(super) fn finish(mut self, whole: bool) -> Vec<Bucket> {
        while self.counts.len() > SHOWN {
            self.widen();
        }
        if whole {
            self.widen_to(0);
        }
        #[expect(clippy::cast_precision_loss, reason = "bucket numbers stay below 2^53")]
        let start = |at: usize| (self.first + at as i64) as f64 * self.width;
        let bucket = |(at, rows): (usize, &u64)| Bucket { from: start(at), to: start(at + 1), rows: *rows };
        self.counts.iter().enumerate().map(bucket).collect()
    }

    #[expect(clippy::cast_possible_truncation, reason = "widths are chosen so that it fits")]
    fn place(&self, number: f64) -> i64 {
        let widths = number * self.in_one;
        let whole = widths as i64;
        // Rounded down, without a call of a function where the processor has no instruction for it.
        whole - i64::from(whole as f64 > widths)
    }

    /// Extends the buckets to that number; false if there would be too many.
    fn make_room(&mut self, place: i64) -> bool {
        if self.counts.is_empty() {
            self.first = place;
            self.counts.push(0);
            return true;
        }
        let first = self.first.min(place);
        let last = (self.first + self.counts.len() as i64 - 1).max(place);
        if last - first >= KEPT as i64 {
            return false;
        }
        let before = usize::try_from(self.first - first).unwrap_or_default();
        self.counts.splice(0..0, std::iter::repeat_n(0, before));
        self.first = first;
        self.counts.resize(usize::try_from(last - first + 1).unwrap_or_default(), 0);
        true
    }

    fn widen_to(&mut self, power: i32) {
        while self.power < power && !self.counts.is_empty() {
            self.widen();
        }
        self.set_power(self.power.max(power));
    }

    fn set_power(&mut self, power: i32) {
        (self.power, self.width, self.in_one) = (power, 2_f64.powi(power), 2_f64.powi(-power));
    }

    /// Joins the buckets in pairs.
    fn widen(&mut self) {
        let first = self.first >> 1;
        let mut joined = Vec::with_capacity(self.counts.len() / 2 + 1);
        for (at, count) in self.counts.iter().enumerate() {
            let place = usize::try_from(((self.first + at as i64) >> 1) - first).unwrap_or_default();
            joined.resize(joined.len().max(place + 1), 0);
            if let Some(sum) = joined.get_mut(place) {
                *sum += count;
            }
        }
        (self.first, self.counts) = (first, joined);
        self.set_power(self.power + 1);
    }
}

/// The power of two of the finest bucket that a number may be put into.
fn finest_for(number: f64) -> i32 {
    let exponent = i32::try_from((number.abs().to_bits() >> 52) & 0x7ff).unwrap_or_default() - 1023;
    (exponent - DEPTH).max(FINEST)
}

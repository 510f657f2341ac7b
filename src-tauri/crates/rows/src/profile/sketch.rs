//! An estimate of how many different hashes there were, in 8 KiB: HyperLogLog by Flajolet and others
//! (2007) with the estimator of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches"
//! (2017), <https://arxiv.org/abs/1702.01284>, which needs no correction for small or large numbers.

use std::f64::consts::LN_2;

/// 2^13 registers: a standard error of 1.1 percent.
const PRECISION: u32 = 13;
const REGISTERS: usize = 1 << PRECISION;
/// The highest position of a first one-bit in what follows the number of the register.
const MOST: usize = 64 - PRECISION as usize;

pub(super) struct Sketch {
    /// For each register, the highest position of a first one-bit seen, counted from one.
    registers: Vec<u8>,
}

impl Sketch {
    pub(super) fn new() -> Self {
        Self { registers: vec![0; REGISTERS] }
    }

    pub(super) fn insert(&mut self, hash: u64) {
        let number = usize::try_from(hash >> MOST).unwrap_or_default();
        let zeros = (hash << PRECISION).leading_zeros().min(64 - PRECISION);
        let position = u8::try_from(zeros + 1).unwrap_or(u8::MAX);
        if let Some(register) = self.registers.get_mut(number) {
            *register = position.max(*register);
        }
    }

    /// Adds what another one has seen.
    pub(super) fn append(&mut self, other: &Self) {
        for (register, theirs) in self.registers.iter_mut().zip(&other.registers) {
            *register = (*register).max(*theirs);
        }
    }

    /// How many different hashes there were, about.
    pub(super) fn estimate(&self) -> u64 {
        let mut counts = [0.0; MOST + 2];
        for register in &self.registers {
            if let Some(count) = counts.get_mut(usize::from(*register)) {
                *count += 1.0;
            }
        }
        let [empty, middle @ .., full] = counts;
        let registers = f64::from(1_u32 << PRECISION);
        let mut sum = registers * tau(1.0 - full / registers);
        for count in middle.iter().rev() {
            sum = (sum + count) / 2.0;
        }
        sum += registers * sigma(empty / registers);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an estimate, never negative"
        )]
        let estimate = (registers * registers / (2.0 * LN_2 * sum)).round() as u64;
        estimate
    }
}

/// The part of registers that are empty.
fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut sum, mut factor) = (x, 1.0);
    loop {
        x *= x;
        let next = sum + x * factor;
        if next <= sum {
            return sum;
        }
        (sum, factor) = (next, factor * 2.0);
    }
}

/// The part of registers that are as high as can be.
fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut sum, mut factor) = (1.0 - x, 1.0);
    loop {
        x = x.sqrt();
        factor /= 2.0;
        let next = sum - (1.0 - x).powi(2) * factor;
        if next >= sum {
            return sum / 3.0;
        }
        sum = next;
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};

    use super::Sketch;

    /// Four standard errors.
    const MOST: f64 = 0.045;

    #[test]
    fn estimates_are_near_the_number_of_values() {
        for values in [0_u32, 1, 100, 5_000, 20_000, 40_000, 1_000_000] {
            let mut sketch = Sketch::new();
            for value in (0..values).chain(0..values / 2) {
                let mut hasher = DefaultHasher::new();
                value.hash(&mut hasher);
                sketch.insert(hasher.finish());
            }
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let wrong = (sketch.estimate() as f64 - f64::from(values)).abs();
            assert!(wrong <= f64::from(values) * MOST, "{} of {values}", sketch.estimate());
        }
    }
}

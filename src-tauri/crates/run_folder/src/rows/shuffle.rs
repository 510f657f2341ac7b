//! numpy's permutations, bit for bit, so that a job uses the rows that the Python libraries would
//! select.

use rand_mt::Mt;
use rand_pcg::{Pcg64, rand_core::Rng as _};

/// The initial state and the stream that numpy's `SeedSequence` derives from the seed 42 for PCG64.
const SEED_42: (u128, u128) = (
    211_503_961_925_815_178_049_238_070_786_917_110_966,
    166_362_045_379_024_566_224_489_948_569_467_540_991,
);

/// `numpy.random.default_rng(42).permutation(n)`.
pub(crate) fn permutation_42(n: u32) -> Vec<u32> {
    let (state, stream) = SEED_42;
    let mut generator = Pcg64::new(state, stream);
    // A draw of 64 bits serves two draws of 32: its low half first.
    let mut high = None;
    shuffled(n, || {
        high.take().unwrap_or_else(|| {
            let bits = generator.next_u64();
            high = Some((bits >> 32) as u32);
            bits as u32
        })
    })
}

/// `numpy.random.RandomState(seed).permutation(n)`.
pub(crate) fn legacy_permutation(seed: u32, n: u32) -> Vec<u32> {
    let mut generator = Mt::new(seed);
    shuffled(n, || generator.next_u32())
}

/// Fisher and Yates from the back; places are drawn by masking off bits until one fits.
fn shuffled(n: u32, mut draw: impl FnMut() -> u32) -> Vec<u32> {
    let mut places: Vec<u32> = (0..n).collect();
    for last in (1..n).rev() {
        let mask = u32::MAX >> last.leading_zeros();
        let other = loop {
            let drawn = draw() & mask;
            if drawn <= last {
                break drawn;
            }
        };
        places.swap(last as usize, other as usize);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_generator_is_numpys() {
        assert!(permutation_42(0).is_empty());
        assert_eq!(permutation_42(1), [0]);
        assert_eq!(permutation_42(5), [4, 2, 3, 1, 0]);
        assert_eq!(permutation_42(10), [5, 6, 0, 7, 3, 2, 4, 9, 1, 8]);
        assert_eq!(
            permutation_42(20),
            [15, 9, 14, 7, 12, 10, 6, 19, 3, 0, 16, 5, 11, 18, 2, 4, 17, 1, 13, 8]
        );
    }

    #[test]
    fn the_legacy_generator_is_numpys() {
        assert_eq!(legacy_permutation(420, 10), [5, 7, 0, 4, 2, 9, 3, 6, 8, 1]);
    }

    #[test]
    fn every_place_comes_once() {
        let mut places = permutation_42(24_702);
        places.sort_unstable();
        assert!(places.into_iter().eq(0..24_702));
    }
}

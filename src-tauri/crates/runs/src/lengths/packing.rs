//! How rows fill packs.

use std::collections::BTreeMap;

use super::report::PackedRows;

/// Packs rows by best fit, the longest first, as TRL's strategy `bfd` does within every thousand rows. `lengths`
/// says how many rows there are of each length, none of them longer than a pack.
pub(super) fn packed(lengths: &BTreeMap<u64, u64>, room: u64) -> PackedRows {
    // Packs by the room that is left in them.
    let mut open: BTreeMap<u64, u64> = BTreeMap::new();
    let (mut packs, mut tokens) = (0, 0);
    for (length, rows) in lengths.iter().rev().filter(|(length, _)| **length > 0) {
        let (length, mut rows) = (*length, *rows);
        tokens += length * rows;
        while rows > 0 {
            let best = open.range(length..).next().map(|(left, count)| (*left, *count));
            let (left, count) = best.unwrap_or((room, rows));
            // The best fit for the next row of the same length is the pack that just got one.
            let each = left / length;
            let full = (rows / each).min(count);
            let rest = if full < count { rows % each } else { 0 };
            if best.is_some() {
                let used = full + u64::from(rest > 0);
                if used == count {
                    open.remove(&left);
                } else if let Some(count) = open.get_mut(&left) {
                    *count -= used;
                }
            } else {
                packs += full + u64::from(rest > 0);
            }
            for (count, held) in [(full, each), (u64::from(rest > 0), rest)] {
                let left = left - held * length;
                if count > 0 && left > 0 {
                    *open.entry(left).or_default() += count;
                }
            }
            rows -= full * each + rest;
        }
    }
    let all = packs * room;
    PackedRows { packs, wasted: if all == 0 { 0.0 } else { 1.0 - tokens as f64 / all as f64 } }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Best fit decreasing, one row after the other.
    fn one_by_one(lengths: &[u64], room: u64) -> u64 {
        let mut sorted = lengths.to_vec();
        sorted.sort_unstable_by(|one, other| other.cmp(one));
        let mut packs: Vec<u64> = Vec::new();
        for length in sorted {
            match packs.iter_mut().filter(|left| **left >= length).min() {
                Some(left) => *left -= length,
                None => packs.push(room - length),
            }
        }
        packs.len() as u64
    }

    proptest! {
        #[test]
        fn packs_are_those_of_packing_row_by_row(
            room in 1..200_u64,
            lengths in prop::collection::vec(1..=200_u64, 0..300),
        ) {
            let lengths: Vec<u64> = lengths.into_iter().map(|length| length.min(room)).collect();
            let mut counts = BTreeMap::new();
            lengths.iter().for_each(|length| *counts.entry(*length).or_default() += 1);
            let PackedRows { packs, wasted } = packed(&counts, room);
            prop_assert_eq!(packs, one_by_one(&lengths, room));
            let used = lengths.iter().sum::<u64>() as f64;
            let expected = if packs == 0 { 0.0 } else { 1.0 - used / (packs * room) as f64 };
            prop_assert!((wasted - expected).abs() < 1e-9);
        }
    }
}

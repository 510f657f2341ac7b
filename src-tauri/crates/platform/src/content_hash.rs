//! BLAKE3 of a file, or of a folder's files one after the other, from the bytes that a reader asks for,
//! in whatever order it asks.
//!
//! BLAKE3 is a tree, so aligned blocks can be hashed each by itself and joined at the end. Columns of a
//! Parquet file are read side by side: without this the file would have to be read once more for its
//! hash.

use std::collections::BTreeMap;

use blake3::{
    Hasher,
    hazmat::{ChainingValue, HasherExt as _, Mode, merge_subtrees_non_root, merge_subtrees_root},
};

/// A power of two times BLAKE3's chunks of 1,024 bytes.
const BLOCK: u64 = 1 << 20;
/// So many bytes are held that came before those in front of them; what comes when there are as many is
/// read again at the end.
const MOST_HELD: usize = 32 << 20;

/// The hash of an input of known length whose bytes arrive in any order, some perhaps twice.
pub struct ContentHash {
    length: u64,
    /// The hash of each block, once it is whole.
    whole: Vec<Option<ChainingValue>>,
    /// The blocks of which something has arrived, by their number.
    begun: BTreeMap<usize, Block>,
    /// How many bytes are held in all blocks.
    held: usize,
    /// All blocks before this one are whole.
    searched: usize,
    /// The hash of an input that is one block.
    only: Option<blake3::Hash>,
}

/// A block that is not whole yet.
struct Block {
    hasher: Hasher,
    /// Up to here its bytes are hashed.
    next: u64,
    /// Bytes behind a gap, by where they start.
    ahead: BTreeMap<u64, Vec<u8>>,
}

impl ContentHash {
    /// Of an input of so many bytes.
    pub fn new(length: u64) -> Self {
        let blocks = usize::try_from(length.div_ceil(BLOCK)).unwrap_or_default();
        Self { length, whole: vec![None; blocks], begun: BTreeMap::new(), held: 0, searched: 0, only: None }
    }

    /// Takes bytes that start at this offset of the input.
    pub fn update(&mut self, mut offset: u64, mut bytes: &[u8]) {
        while !bytes.is_empty() && offset < self.length {
            let end = self.end_of(offset / BLOCK);
            let most = usize::try_from(end - offset).unwrap_or(usize::MAX);
            let (now, rest) = bytes.split_at(bytes.len().min(most));
            self.update_block(offset, now, end);
            (offset, bytes) = (offset + now.len() as u64, rest);
        }
    }

    fn update_block(&mut self, offset: u64, bytes: &[u8], end: u64) {
        let number = usize::try_from(offset / BLOCK).unwrap_or(usize::MAX);
        if self.whole.get(number).is_none_or(Option::is_some) {
            return;
        }
        let block = self.begun.entry(number).or_insert_with(|| Block::new(number as u64 * BLOCK));
        if offset > block.next {
            if self.held + bytes.len() <= MOST_HELD && !block.ahead.contains_key(&offset) {
                self.held += bytes.len();
                block.ahead.insert(offset, bytes.to_vec());
            }
            return;
        }
        block.append(offset, bytes);
        while let Some(first) = block.ahead.first_entry().filter(|first| *first.key() <= block.next) {
            let (offset, bytes) = first.remove_entry();
            self.held -= bytes.len();
            block.append(offset, &bytes);
        }
        if block.next < end {
            return;
        }
        if self.whole.len() == 1 {
            self.only = Some(block.hasher.finalize());
        }
        let value = block.hasher.finalize_non_root();
        self.held -= block.ahead.values().map(Vec::len).sum::<usize>();
        self.begun.remove(&number);
        if let Some(whole) = self.whole.get_mut(number) {
            *whole = Some(value);
        }
    }

    /// Where the first bytes that have not arrived are, from where to where; none if all have.
    pub fn missing(&mut self) -> Option<(u64, u64)> {
        let rest = self.whole.get(self.searched..)?;
        self.searched += rest.iter().position(Option::is_none).unwrap_or(rest.len());
        let number = Some(self.searched).filter(|number| *number < self.whole.len())?;
        let (start, end) = (number as u64 * BLOCK, self.end_of(number as u64));
        let Some(block) = self.begun.get(&number) else { return Some((start, end)) };
        // What is held behind a gap is not read again.
        let held = block.ahead.first_key_value().map_or(end, |(held, _)| *held);
        Some((block.next, end.min(held)))
    }

    fn end_of(&self, block: u64) -> u64 {
        self.length.min((block + 1) * BLOCK)
    }

    /// The hash in hexadecimal digits, once nothing is missing.
    pub fn finish(&self) -> Option<String> {
        let values: Option<Vec<ChainingValue>> = self.whole.iter().copied().collect();
        let values = values?;
        let hash = match values.split_at_checked(left_blocks(values.len())) {
            _ if self.length == 0 => blake3::hash(&[]),
            Some((left, right)) if !left.is_empty() => {
                merge_subtrees_root(&merged(left), &merged(right), Mode::Hash)
            }
            _ => self.only?,
        };
        Some(hash.to_hex().to_string())
    }
}

impl Block {
    fn new(start: u64) -> Self {
        let mut hasher = Hasher::new();
        hasher.set_input_offset(start);
        Self { hasher, next: start, ahead: BTreeMap::new() }
    }

    /// Hashes what is new of bytes that start at or before the next one.
    fn append(&mut self, offset: u64, bytes: &[u8]) {
        let known = usize::try_from(self.next - offset).unwrap_or(usize::MAX);
        if let Some(new) = bytes.get(known..) {
            self.hasher.update(new);
            self.next += new.len() as u64;
        }
    }
}

/// How many of so many blocks are on the left of the tree's top: the largest power of two that leaves
/// some on the right.
fn left_blocks(blocks: usize) -> usize {
    if blocks < 2 { 0 } else { blocks.next_power_of_two() / 2 }
}

/// The hash of the subtree of some blocks.
fn merged(values: &[ChainingValue]) -> ChainingValue {
    match values {
        [] => ChainingValue::default(),
        [only] => *only,
        more => {
            let (left, right) = more.split_at(left_blocks(more.len()));
            merge_subtrees_non_root(&merged(left), &merged(right), Mode::Hash)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BLOCK, ContentHash};

    #[test]
    fn only_the_gaps_are_missing() {
        let content = vec![7; 3 << 20];
        let mut hash = ContentHash::new(content.len() as u64);
        let gaps = [(100, 150), (BLOCK + 5, BLOCK + 6), (2 * BLOCK - 1, 2 * BLOCK + 9)];
        let mut start = 0;
        for (gap, end) in gaps {
            hash.update(start, &content[usize::try_from(start).unwrap()..usize::try_from(gap).unwrap()]);
            start = end;
        }
        hash.update(start, &content[usize::try_from(start).unwrap()..]);
        let mut missing = 0;
        while let Some((start, end)) = hash.missing() {
            missing += end - start;
            hash.update(start, &content[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()]);
        }
        assert_eq!(missing, gaps.iter().map(|(start, end)| end - start).sum::<u64>());
        assert_eq!(hash.finish(), Some(blake3::hash(&content).to_hex().to_string()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// In any order, with gaps that are filled later and overlaps, the hash is that of the whole.
        #[test]
        fn the_order_of_bytes_does_not_matter(
            length in 0..5 * BLOCK,
            pieces in prop::collection::vec((0.0..1.0_f64, 0..2 * BLOCK), 0..20),
        ) {
            let content: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let mut hash = ContentHash::new(length);
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "small numbers")]
            for (start, size) in pieces {
                let start = (start * length as f64) as u64;
                let end = (start + size).min(length);
                hash.update(start, &content[start as usize..end as usize]);
            }
            while let Some((start, end)) = hash.missing() {
                prop_assert!(hash.finish().is_none());
                hash.update(start, &content[usize::try_from(start).unwrap_or_default()..usize::try_from(end).unwrap_or_default()]);
            }
            prop_assert_eq!(hash.finish(), Some(blake3::hash(&content).to_hex().to_string()));
        }
    }
}

//! Marks: characters that a conversation and its template do not have, put into texts before a rendering
//! and taken out of it again, to see where the texts went.

use std::collections::BTreeSet;

/// Private-use characters, one for each index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    first: u32,
    count: u32,
}

/// Unicode's supplementary private-use planes.
const PLANES: [(u32, u32); 2] = [(0xf_0000, 0xf_fffd), (0x10_0000, 0x10_fffd)];

impl Marks {
    /// That many marks, none of which is used. `None` if there are not enough.
    pub(super) fn new(count: usize, used: &BTreeSet<char>) -> Option<Self> {
        let count = u32::try_from(count).ok()?;
        PLANES.into_iter().find_map(|(mut first, last)| {
            while first + count <= last + 1 {
                let range = char::from_u32(first)?..=char::from_u32(first + count.max(1) - 1)?;
                match used.range(range).next_back() {
                    Some(taken) => first = u32::from(*taken) + 1,
                    None => return Some(Self { first, count }),
                }
            }
            None
        })
    }

    /// The mark of an index.
    pub(super) fn mark(self, index: usize) -> char {
        let offset = u32::try_from(index).unwrap_or_default();
        char::from_u32(self.first + offset).unwrap_or_default()
    }

    /// The text without the marks, and their indexes with the bytes of that text before which they stood.
    pub(super) fn take_out(self, marked: &str) -> (String, Vec<(usize, usize)>) {
        let (mut text, mut found) = (String::with_capacity(marked.len()), Vec::new());
        let mut copied = 0;
        for (at, c) in marked.char_indices() {
            let index = u32::from(c).wrapping_sub(self.first);
            if index < self.count {
                text.push_str(&marked[copied..at]);
                copied = at + c.len_utf8();
                found.push((usize::try_from(index).unwrap_or_default(), text.len()));
            }
        }
        text.push_str(&marked[copied..]);
        (text, found)
    }
}

//! Changing a file a little.

use crate::{chance::Chance, seeds::Input};

/// What parsers trip over.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\\ud800",
    b"\\u0000",
    b"-",
    b"1e999",
    b"-0.0",
    b"18446744073709551616",
    b"null",
    b"true",
    b"\"\"",
    b"\"data\":",
    b"\"id\":",
    b"\"models\":",
    b"[[[[[[[[",
    b"{\"a\":",
    b"\xf0\x9f\x98\x80",
    b"\xe2\x80\xa8",
    b"''",
    b"; DROP TABLE models; --",
    b"\x7f\xff\xff\xff",
    b"\0\0\0\0",
    b"SQLite format 3\0",
];
const LONGEST: usize = 1 << 16;

pub(crate) fn mutate(corpus: &[Input], chance: &mut Chance) -> Input {
    let Some(Input { kind, bytes }) = chance.pick(corpus) else {
        return Input { kind: "json", bytes: Vec::new() };
    };
    let mut bytes = bytes.clone();
    for _ in 0..=chance.below(6) {
        change(&mut bytes, corpus, chance);
    }
    bytes.truncate(LONGEST);
    Input { kind, bytes }
}

fn change(bytes: &mut Vec<u8>, corpus: &[Input], chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    // Short pieces mostly, long ones sometimes.
    let longest = 1 << chance.below(10);
    let end = (at + chance.below(1 + longest)).min(bytes.len());
    match chance.below(8) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..end)),
        2 => {
            let piece = bytes[at..end].to_vec();
            let to = chance.below(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
        3 => {
            let piece = bytes[at..end].repeat(1 + chance.below(40));
            bytes.splice(at..at, piece);
        }
        4 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
        5 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = u8::try_from(chance.below(256)).unwrap_or_default();
            }
        }
        6 => {
            let piece = chance.pick(PIECES).copied().unwrap_or_default();
            bytes.splice(at..at, piece.iter().copied());
        }
        _ => {
            let other = chance.pick(corpus).map(|other| other.bytes.as_slice()).unwrap_or_default();
            let from = chance.below(other.len() + 1);
            let length = chance.below(200).min(other.len() - from);
            bytes.splice(at..end, other[from..from + length].iter().copied());
        }
    }
}

//! What shows only over all rows: rows that are there twice, and values of another kind than the
//! rest of their column.

use std::{
    collections::{HashMap, HashSet},
    hash::BuildHasher as _,
};

use foldhash::quality::FixedState;

use super::checks;
use crate::{
    ValueKind,
    problem::{Problem, Problems},
    row::{Cell, Row},
    shape::Shape,
};

/// Places that are named; the others are counted.
const NAMED: usize = 5;
/// Rows that are remembered, at some 16 bytes a row; repetitions after them are not found.
const REMEMBERED: usize = 16_000_000;
/// More columns than this are data taken for names.
const MOST_COLUMNS: usize = 10_000;
/// A column has a kind when nine in ten of at least ten values are of it.
const FEWEST: u64 = 10;

/// A row's line and number.
type Place = (Option<u64>, u64);

/// The place in the file of a place in a block.
fn moved((line, row): Place, lines: u64, rows: u64) -> Place {
    (line.map(|line| line + lines), row + rows)
}

#[derive(Default)]
struct Places {
    count: u64,
    first: Vec<Place>,
}

impl Places {
    fn add(&mut self, place: Place) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(place);
        }
    }

    /// Adds places that come after so many lines and rows.
    fn append(&mut self, later: Self, lines: u64, rows: u64) {
        self.count += later.count;
        let room = NAMED.saturating_sub(self.first.len());
        self.first.extend(later.first.into_iter().take(room).map(|place| moved(place, lines, rows)));
    }

    /// `line 3`, `lines 3, 5 and 8` or `lines 3, 5, 8, 9, 12 and 40 more`.
    fn named(&self) -> String {
        let lines = self.first.iter().all(|(line, _)| line.is_some());
        let what = if lines { "line" } else { "row" };
        let mut numbers: Vec<String> =
            self.first.iter().map(|(line, row)| line.unwrap_or(*row).to_string()).collect();
        let more = self.count - self.first.len() as u64;
        if more > 0 {
            numbers.push(format!("{more} more"));
        }
        match numbers.split_last() {
            Some((only, [])) => format!("{what} {only}"),
            Some((last, rest)) => format!("{what}s {} and {last}", rest.join(", ")),
            None => String::new(),
        }
    }

    /// The problem that stands at the first of these places.
    fn problem(&self, message: String) -> Problem {
        let (line, row) = self.first.first().copied().unwrap_or_default();
        let problem = Problem::warning(line, message);
        if row > 0 { problem.row(row) } else { problem }
    }
}

pub(super) struct Whole {
    /// The columns whose values the shape itself looks at.
    asked: &'static [&'static str],
    seen: HashSet<u64>,
    /// In a block, where each row is, with its hash: whether it is there twice shows in the whole file.
    rows: Option<Vec<(u64, Place)>>,
    repeated: Places,
    /// CSV: everything is text, and only what could be a number is distinguished.
    textual: bool,
    kinds: HashMap<String, Kinds>,
}

impl Whole {
    pub(super) fn new(shape: Shape) -> Self {
        Self {
            asked: checks::asked(shape),
            seen: HashSet::new(),
            rows: None,
            repeated: Places::default(),
            textual: false,
            kinds: HashMap::new(),
        }
    }

    /// For a block of a file, to be added to that of the whole.
    pub(super) fn new_block(shape: Shape) -> Self {
        Self { rows: Some(Vec::new()), ..Self::new(shape) }
    }

    pub(super) fn record(&mut self, row: Row<'_>, line: Option<u64>, number: u64) {
        let place = (line, number);
        self.textual = matches!(row, Row::Fields { .. });
        let hash = FixedState::default().hash_one(row);
        match &mut self.rows {
            Some(rows) => rows.push((hash, place)),
            None => self.record_hash(hash, place),
        }
        row.each(|name, cell| {
            let kind = match cell {
                Cell::Missing => ValueKind::Empty,
                Cell::Text(text) if self.textual => ValueKind::from_text(text),
                Cell::Text(_) => ValueKind::Text,
                Cell::Other(value) => ValueKind::from_value(value),
            };
            if kind == ValueKind::Empty || self.asked.contains(&name) {
                return;
            }
            if let Some(kinds) = self.kinds.get_mut(name) {
                kinds.add(kind, place);
            } else if self.kinds.len() < MOST_COLUMNS {
                self.kinds.entry(name.to_owned()).or_default().add(kind, place);
            }
        });
    }

    fn record_hash(&mut self, hash: u64, place: Place) {
        if self.seen.contains(&hash) {
            self.repeated.add(place);
        } else if self.seen.len() < REMEMBERED {
            self.seen.insert(hash);
        }
    }

    /// Adds what was found in the next block, which comes after so many lines and rows.
    pub(super) fn append(&mut self, later: Self, lines: u64, rows: u64) {
        self.textual |= later.textual;
        for (hash, place) in later.rows.into_iter().flatten() {
            self.record_hash(hash, moved(place, lines, rows));
        }
        for (name, kinds) in later.kinds {
            if self.kinds.len() < MOST_COLUMNS || self.kinds.contains_key(&name) {
                self.kinds.entry(name).or_default().append(kinds, lines, rows);
            }
        }
    }

    /// How many rows are the same as an earlier one.
    pub(super) fn duplicates(&self) -> u64 {
        self.repeated.count
    }

    pub(super) fn finish(&self, problems: &mut Problems) {
        if self.repeated.count > 0 {
            let (verb, noun) = if self.repeated.count == 1 { ("is", "row") } else { ("are", "rows") };
            let message = format!(
                "{} {noun} {verb} the same as an earlier one: {}.",
                self.repeated.count,
                self.repeated.named()
            );
            problems.add(self.repeated.problem(message));
        }
        let mut odd: Vec<(Place, Problem)> = Vec::new();
        for (name, kinds) in &self.kinds {
            for (kind, places) in kinds.odd(self.textual) {
                let (verb, values) = if places.count == 1 { ("is", "value") } else { ("are", "values") };
                let message = format!(
                    "{} {values} of '{name}' {verb} {}, where the others are {}: {}.",
                    places.count,
                    words(kind),
                    words(kinds.common()),
                    places.named()
                );
                let first = places.first.first().copied().unwrap_or_default();
                odd.push((first, places.problem(message).field(name)));
            }
        }
        odd.sort_by_key(|(first, problem)| (first.1, problem.message.clone()));
        odd.into_iter().for_each(|(_, problem)| problems.add(problem));
    }
}

/// Where values of each kind stand in a column.
#[derive(Default)]
struct Kinds(Vec<(ValueKind, Places)>);

impl Kinds {
    fn add(&mut self, kind: ValueKind, place: Place) {
        // Whole and other numbers go together.
        let kind = if kind == ValueKind::Integer { ValueKind::Number } else { kind };
        self.places(kind).add(place);
    }

    fn append(&mut self, later: Self, lines: u64, rows: u64) {
        for (kind, places) in later.0 {
            self.places(kind).append(places, lines, rows);
        }
    }

    fn places(&mut self, kind: ValueKind) -> &mut Places {
        let at = self.0.iter().position(|(known, _)| *known == kind).unwrap_or_else(|| {
            self.0.push((kind, Places::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    fn common(&self) -> ValueKind {
        self.0.iter().max_by_key(|(_, places)| places.count).map_or(ValueKind::Empty, |(kind, _)| *kind)
    }

    /// The kinds that only few values of the column have.
    fn odd(&self, textual: bool) -> impl Iterator<Item = (ValueKind, &Places)> {
        let common = self.common();
        let all: u64 = self.0.iter().map(|(_, places)| places.count).sum();
        let others = self.0.iter().filter(move |(kind, _)| *kind != common);
        let few = others.clone().map(|(_, places)| places.count).sum::<u64>() * 10 <= all;
        let clear = all >= FEWEST && few && !(textual && common == ValueKind::Text);
        others.filter(move |_| clear).map(|(kind, places)| (*kind, places))
    }
}

fn words(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Empty => "empty",
        ValueKind::Boolean => "true or false",
        ValueKind::Integer | ValueKind::Number => "numbers",
        ValueKind::Text => "texts",
        ValueKind::List => "lists",
        ValueKind::Object => "objects",
        ValueKind::Mixed => "mixed",
    }
}

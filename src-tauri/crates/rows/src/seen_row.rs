//! A row of JSON by what stands in it, read without making the row: most rows are like those before them,
//! and counting the kinds of their values takes no objects.

use std::{collections::HashSet, fmt, ops::Range};

use prompts::Value;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IntoDeserializer as _, MapAccess, SeqAccess,
    Visitor,
    value::{MapAccessDeserializer, SeqAccessDeserializer},
};

use crate::{
    columns::{Columns, ValueKind},
    json_text::{PlainValue, is_rounded},
    profile::Tally,
};

/// What stands in a row.
#[derive(Default)]
pub struct SeenRow {
    values: Vec<(usize, Seen)>,
    /// The texts of the row one after the other, if the values are counted.
    texts: Option<String>,
    /// For each column, the number of the row that had it last.
    last: Vec<u64>,
    number: u64,
}

enum Seen {
    Kind(ValueKind),
    Value(Value),
    /// A text, by its place in those of the row.
    Text(Range<usize>),
}

impl SeenRow {
    /// `counted` says that the values are counted for a profile: then it takes the texts as well.
    pub fn new(counted: bool) -> Self {
        Self { texts: counted.then(String::new), ..Self::default() }
    }

    /// Whether the line is an object whose keys are all columns, each there once, with nothing odd in its
    /// values.
    pub fn fits(&mut self, line: &str, columns: &Columns) -> bool {
        self.values.clear();
        self.texts.iter_mut().for_each(String::clear);
        self.number += 1;
        self.last.resize(columns.all.len(), 0);
        let mut json = serde_json::Deserializer::from_str(line);
        Keys { row: self, columns }.deserialize(&mut json).and_then(|()| json.end()).is_ok()
    }

    /// Adds the row that fits.
    pub fn commit(&mut self, columns: &mut Columns, mut tally: Option<&mut Tally>) {
        for (at, seen) in self.values.drain(..) {
            match seen {
                Seen::Kind(kind) => columns.add_kind(at, kind),
                Seen::Value(value) => {
                    columns.add_value(at, &value);
                    if let Some(tally) = &mut tally {
                        tally.add_value(at, &value);
                    }
                }
                Seen::Text(place) => {
                    columns.add_kind(at, ValueKind::Text);
                    let text = self.texts.as_deref().and_then(|texts| texts.get(place));
                    if let Some(tally) = &mut tally {
                        tally.add_text(at, text.unwrap_or_default());
                    }
                }
            }
        }
    }
}

struct Keys<'a> {
    row: &'a mut SeenRow,
    columns: &'a Columns,
}

impl<'de> DeserializeSeed<'de> for Keys<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut likely = 0;
        while let Some(at) = map.next_key_seed(Key { columns: self.columns, likely })? {
            let known = at.and_then(|at| Some((at, self.row.last.get_mut(at)?)));
            let Some((at, last)) = known.filter(|(_, last)| **last != self.row.number) else {
                return Err(A::Error::custom("a key that is new or there twice"));
            };
            *last = self.row.number;
            likely = at + 1;
            let seen = if self.columns.wants_samples(at) {
                Seen::Value(map.next_value::<PlainValue>()?.0)
            } else if let Some(texts) = &mut self.row.texts {
                map.next_value_seed(Counted { texts })?
            } else {
                Seen::Kind(map.next_value::<Kind>()?.0)
            };
            self.row.values.push((at, seen));
        }
        Ok(())
    }
}

/// The column of a key; keys mostly come in the order of the columns.
struct Key<'a> {
    columns: &'a Columns,
    likely: usize,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Option<usize>, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        let likely = self.columns.all.get(self.likely).is_some_and(|column| column.name == name);
        Ok(if likely { Some(self.likely) } else { self.columns.known(name) })
    }
}

/// A value that is counted.
struct Counted<'a> {
    /// Where its text is kept, if it is one.
    texts: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for Counted<'_> {
    type Value = Seen;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Seen, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Counted<'_> {
    type Value = Seen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Seen, E> {
        let start = self.texts.len();
        self.texts.push_str(text);
        Ok(Seen::Text(start..self.texts.len()))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Seen, E> {
        plain(().into_deserializer())
    }
    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Seen, E> {
        plain(value.into_deserializer())
    }
    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Seen, E> {
        plain(number.into_deserializer())
    }
    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Seen, E> {
        plain(number.into_deserializer())
    }
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Seen, E> {
        plain(number.into_deserializer())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Seen, A::Error> {
        plain(SeqAccessDeserializer::new(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Seen, A::Error> {
        plain(MapAccessDeserializer::new(object))
    }
}

/// Anything but a text.
fn plain<'de, D: Deserializer<'de>>(json: D) -> Result<Seen, D::Error> {
    Ok(Seen::Value(PlainValue::deserialize(json)?.0))
}

/// The kind of a value, which is read as closely as if it were kept.
struct Kind(ValueKind);

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(KindOf).map(Self)
    }
}

struct KindOf;

impl<'de> Visitor<'de> for KindOf {
    type Value = ValueKind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<ValueKind, E> {
        Ok(ValueKind::Empty)
    }
    fn visit_bool<E>(self, _: bool) -> Result<ValueKind, E> {
        Ok(ValueKind::Boolean)
    }
    fn visit_i64<E>(self, _: i64) -> Result<ValueKind, E> {
        Ok(ValueKind::Integer)
    }
    fn visit_u64<E>(self, _: u64) -> Result<ValueKind, E> {
        Ok(ValueKind::Integer)
    }
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<ValueKind, E> {
        if is_rounded(number) { Err(E::custom("digits to keep")) } else { Ok(ValueKind::Number) }
    }
    fn visit_str<E>(self, _: &str) -> Result<ValueKind, E> {
        Ok(ValueKind::Text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<ValueKind, A::Error> {
        while list.next_element::<Kind>()?.is_some() {}
        Ok(ValueKind::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<ValueKind, A::Error> {
        let mut keys = KeysSeen::default();
        while let Some(KeyHash(hash)) = object.next_key()? {
            if !keys.add(hash) {
                return Err(A::Error::custom("a key that may be there twice"));
            }
            object.next_value::<Kind>()?;
        }
        Ok(ValueKind::Object)
    }
}

/// The hashes of an object's keys. Those of most objects are few.
#[derive(Default)]
struct KeysSeen {
    count: usize,
    first: [u64; 8],
    more: HashSet<u64>,
}

impl KeysSeen {
    /// Whether it was not there yet.
    fn add(&mut self, hash: u64) -> bool {
        let (known, free) = self.first.split_at_mut(self.count.min(8));
        if known.contains(&hash) {
            return false;
        }
        self.count += 1;
        match free.first_mut() {
            Some(place) => *place = hash,
            None => return self.more.insert(hash),
        }
        true
    }
}

/// A hash of a key; two keys may share one.
struct KeyHash(u64);

impl<'de> Deserialize<'de> for KeyHash {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_str(HashOf).map(Self)
    }
}

struct HashOf;

impl Visitor<'_> for HashOf {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<u64, E> {
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Ok(key.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, step))
    }
}

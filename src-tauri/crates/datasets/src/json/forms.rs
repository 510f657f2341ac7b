//! JSON files that are no list of objects: what they are instead, and how their rows can be read.

use std::{fmt, io::BufRead as _};

use schema::{Error, Result};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::{input, json_text::JsonText, problem::Problem, source::Source};

/// What a file is that begins with neither a list nor an object.
pub(super) fn refuse_start(source: &Source, start: Option<u8>) -> Result<Problem> {
    let file = input::open(source)?;
    let lines = file.lines().take(2).collect::<std::io::Result<Vec<String>>>();
    let first = lines.unwrap_or_default().into_iter().next().unwrap_or_default();
    let separator = [',', ';', '\t', '|'].into_iter().find(|separator| first.contains(*separator));
    let message = match (start, separator) {
        (None, _) => "The file has nothing but white space in it.".to_owned(),
        (Some(b'"' | b'\'' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80..), Some(_)) => {
            "This looks like CSV, not JSON. Give the file a name that ends in .csv.".to_owned()
        }
        _ => "The file does not start with [, as a JSON list of objects does.".to_owned(),
    };
    Ok(Problem::error(None, message))
}

/// What a file is that begins with an object.
pub(super) fn refuse_object(source: &Source) -> Result<Problem> {
    let message = if is_lines(source)? {
        "This is JSON Lines, an object on each line, not a JSON list. Give the file a name that ends in .jsonl."
            .to_owned()
    } else {
        let file = input::open(source)?;
        let mut values = serde_json::Deserializer::from_reader(file).into_iter::<Outline>();
        match (values.next(), values.next()) {
            (Some(Ok(outline)), None) => outline.refusal(),
            (Some(Ok(_)), Some(_)) => "Objects stand one behind another in this file, but not in a list. \
                 Put a comma between them, [ before the first and ] after the last."
                .to_owned(),
            (Some(Err(error)), _) if error.is_io() => {
                return Err(Error::file("read", source.path(), &std::io::Error::from(error)));
            }
            (Some(Err(error)), _) if error.is_eof() => {
                "The object that the file starts with is not closed: the file may have been cut short.".to_owned()
            }
            _ => "The file starts with an object, but a list of objects is needed: [{…}, {…}].".to_owned(),
        }
    };
    Ok(Problem::error(None, message))
}

/// Whether the first line is an object and the next begins with one.
fn is_lines(source: &Source) -> Result<bool> {
    let mut file = input::open(source)?;
    let start = file.fill_buf().map_err(|error| Error::file("read", source.path(), &error))?;
    let mut lines = start.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut lines = lines.by_ref().filter(|line| !line.is_empty());
    let first = lines.next().is_some_and(|line| JsonText::parse(line).is_ok());
    Ok(first && lines.next().is_some_and(|line| line.starts_with(b"{")))
}

/// What an object has under its keys.
struct Outline(Vec<(String, Part)>);

/// What stands under a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A list of so many objects.
    Rows(u64),
    /// A list of so many other values.
    List(u64),
    /// An object with so many keys.
    Object(u64),
    Other,
}

/// So many lists are named.
const NAMED: usize = 3;

impl Outline {
    fn refusal(&self) -> String {
        let lists: Vec<(&str, u64)> = (self.0.iter())
            .filter_map(|(key, part)| match part {
                Part::Rows(rows) => Some((key.as_str(), *rows)),
                _ => None,
            })
            .collect();
        if let [(key, rows)] = lists.as_slice() {
            let noun = if *rows == 1 { "row" } else { "rows" };
            return format!(
                "The file is one object; the list under '{key}' holds {rows} {noun}. \
                 Choose that list to read it (--list {key})."
            );
        }
        if let [(first, _), ..] = lists.as_slice() {
            let mut named: Vec<String> =
                lists.iter().take(NAMED).map(|(key, rows)| format!("'{key}' ({rows} rows)")).collect();
            if lists.len() > NAMED {
                named.push(format!("{} more", lists.len() - NAMED));
            }
            let last = named.pop().unwrap_or_default();
            return format!(
                "The file is one object; it has lists under {} and {last}. \
                 Choose one of them to read it (--list {first}).",
                named.join(", ")
            );
        }
        match self.columns() {
            Some((columns, rows)) => format!(
                "The file holds its rows column by column: {columns} columns with {rows} values each. \
                 Choose that every key is a column to read it (--list \"*\")."
            ),
            None => "The file is one object, which is one row. Put [ before it and ] behind it to make it \
                     a list of rows."
                .to_owned(),
        }
    }

    /// How many columns of how many rows each, if every key can be a column.
    fn columns(&self) -> Option<(usize, u64)> {
        let mut parts = self.0.iter().map(|(_, part)| *part);
        let first = parts.next()?;
        let (Part::List(rows) | Part::Object(rows)) = first else { return None };
        parts.all(|part| part == first).then_some((self.0.len(), rows))
    }
}

impl<'de> Deserialize<'de> for Outline {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_map(OutlineVisitor)
    }
}

struct OutlineVisitor;

impl<'de> Visitor<'de> for OutlineVisitor {
    type Value = Outline;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Outline, A::Error> {
        let mut parts = Vec::new();
        while let Some(entry) = object.next_entry()? {
            parts.push(entry);
        }
        Ok(Outline(parts))
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(PartVisitor)
    }
}

struct PartVisitor;

impl<'de> Visitor<'de> for PartVisitor {
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Part, E> {
        Ok(Part::Other)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Part, E> {
        Ok(Part::Other)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Part, E> {
        Ok(Part::Other)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Part, E> {
        Ok(Part::Other)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Part, E> {
        Ok(Part::Other)
    }
    fn visit_str<E>(self, _: &str) -> Result<Part, E> {
        Ok(Part::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Part, A::Error> {
        let (mut count, mut objects) = (0, true);
        while let Some(part) = list.next_element::<Part>()? {
            count += 1;
            objects &= matches!(part, Part::Object(_));
        }
        Ok(if objects && count > 0 { Part::Rows(count) } else { Part::List(count) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Part, A::Error> {
        let mut count = 0;
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Part::Object(count))
    }
}

//! A JSON source: `{table: {"schema": …, "data": [row, …]}}`, or the plain form `{table: [row, …]}`.
//! It is parsed one row at a time; the schema texts are ignored.

use std::{borrow::Cow, fmt::Write as _, fs::File, io, path::Path};

use platform::{Progress, Work};
use schema::{Error, ErrorCode, Result};
use serde::{
    Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use store::{Cell, SNAPSHOT_TABLES, SnapshotTable, SourceRow, StagedRows};
use tokio::sync::mpsc;

use super::text::Shared;
use crate::import::intake::Intake;

pub(super) fn read(
    path: &Path,
    bytes: u64,
    batches: &mpsc::Sender<StagedRows>,
    work: &Work,
) -> Result<Intake> {
    let file = File::open(path).map_err(|error| Error::file("read", path, &error))?;
    let text = Shared::new(file);
    let mut reading = Reading {
        intake: Intake::new(),
        seen: vec![false; SNAPSHOT_TABLES.len()],
        batches,
        work,
        text: text.clone(),
        bytes,
        rows: 0,
        stopped: None,
    };
    let mut json = serde_json::Deserializer::from_reader(text.clone());
    let result = (&mut json).deserialize_any(Tables(&mut reading)).and_then(|()| json.end());
    if let Some(stopped) = reading.stopped.take() {
        return Err(stopped);
    }
    result.map_err(|error| refusal(path, error, text.unseen_lines()))?;
    if let Some(batch) = reading.intake.flush(0) {
        reading
            .hand_over(batch)
            .map_err(|()| Error::internal("reading the snapshot", &"the receiver of its rows was dropped"))?;
    }
    work.tick(Progress { done: bytes, total: Some(bytes), rows: reading.rows })?;
    Ok(reading.intake)
}

fn refusal(path: &Path, error: serde_json::Error, unseen_lines: usize) -> Error {
    let mut why = error.to_string();
    if let Some(place) = why.rfind(" at line ") {
        why.truncate(place);
        let _ = write!(why, " at line {}", error.line() + unseen_lines);
    }
    if error.is_io() {
        let error = io::Error::from(error);
        // An error of the reader for text describes the file; others are errors of the disk.
        if error.kind() != io::ErrorKind::InvalidData {
            return Error::file("read", path, &error);
        }
    }
    Error::new(ErrorCode::Invalid, format!("{} is not a snapshot: {why}.", path.display()))
        .hint("A snapshot is a JSON object with a key for each table. Nothing was changed.")
}

/// The largest number of unknown columns of a row.
const MOST_UNKNOWN: usize = 1_000;

struct Reading<'a> {
    intake: Intake,
    /// The tables that were read; a table that occurs twice is refused.
    seen: Vec<bool>,
    batches: &'a mpsc::Sender<StagedRows>,
    work: &'a Work,
    text: Shared<File>,
    bytes: u64,
    rows: u64,
    /// The error that stopped the reader, unless it is one of the file.
    stopped: Option<Error>,
}

impl Reading<'_> {
    fn hand_over(&mut self, batch: StagedRows) -> Result<(), ()> {
        self.rows += batch.rows.len() as u64;
        let progress = Progress { done: self.text.position(), total: Some(self.bytes), rows: self.rows };
        self.work.tick(progress).map_err(|stop| self.stopped = Some(stop))?;
        // The channel closes if staging failed; its error is reported instead.
        self.batches.blocking_send(batch).map_err(|_| self.stopped = Some(Error::cancelled()))
    }
}

/// The whole file: an object of tables.
struct Tables<'a, 'b>(&'a mut Reading<'b>);

impl<'de> Visitor<'de> for Tables<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object with a key for each table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut tables: A) -> Result<(), A::Error> {
        while let Some(name) = tables.next_key::<Cow<'_, str>>()? {
            let reading = &mut *self.0;
            let stage = SNAPSHOT_TABLES.iter().position(|table| table.name == name);
            match stage {
                Some(stage) if std::mem::replace(&mut reading.seen[stage], true) => {
                    return Err(A::Error::custom(format!("the table {name} stands in it twice")));
                }
                Some(stage) => tables.next_value_seed(Table(reading, stage))?,
                None => {
                    let rows = tables.next_value_seed(ForeignTable)?;
                    reading.intake.foreign_table(&name, Some(rows));
                }
            }
        }
        Ok(())
    }
}

/// A table: an object with `data`, or the rows themselves.
struct Table<'a, 'b>(&'a mut Reading<'b>, usize);

impl<'de> DeserializeSeed<'de> for Table<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Table<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the rows of {}", SNAPSHOT_TABLES[self.1].name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> Result<(), A::Error> {
        let mut seen = false;
        while let Some(part) = parts.next_key::<Cow<'_, str>>()? {
            if part != "data" {
                parts.next_value::<IgnoredAny>()?;
            } else if std::mem::replace(&mut seen, true) {
                return Err(A::Error::custom("a table has its data twice"));
            } else {
                parts.next_value_seed(Table(&mut *self.0, self.1))?;
            }
        }
        if !seen {
            self.0.intake.no_data(self.1);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let Self(reading, stage) = self;
        while let Some(row) = rows.next_element_seed(Row(&SNAPSHOT_TABLES[stage], &reading.text))? {
            match row {
                Ok(row) => {
                    if let Some(batch) = reading.intake.row(stage, row)
                        && reading.hand_over(batch).is_err()
                    {
                        // A visitor can stop early only with an error.
                        return Err(A::Error::custom("stopped"));
                    }
                }
                Err(what) => reading.intake.no_row(stage, what),
            }
        }
        Ok(())
    }
}

/// A row, or another value in its place.
struct Row<'a>(&'static SnapshotTable, &'a Shared<File>);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = Result<SourceRow, &'static str>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let Self(stage, text) = self;
        let parse =
            |row: &[u8]| serde_json::Deserializer::from_slice(row).deserialize_any(Fields(stage)).ok();
        match text.take_object(parse) {
            Some(row) => deserializer.deserialize_any(IgnoredAny).map(|_| row),
            None => deserializer.deserialize_any(Fields(stage)),
        }
    }
}

/// The columns of a row.
struct Fields(&'static SnapshotTable);

impl<'de> Visitor<'de> for Fields {
    type Value = Result<SourceRow, &'static str>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let columns = &self.0.columns;
        let mut filled = vec![false; columns.len()];
        let mut row =
            SourceRow { cells: vec![Cell::Null; columns.len()], unknown: Vec::new(), repeated: None };
        while let Some(name) = fields.next_key_seed(ColumnName(self.0))? {
            let value = fields.next_value_seed(Value)?;
            match name {
                Ok(at) if std::mem::replace(&mut filled[at], true) => row.repeated = Some(columns[at].name),
                Ok(at) => row.cells[at] = value,
                Err(_) if row.unknown.len() == MOST_UNKNOWN => {
                    return Err(A::Error::custom("a row in it has more than a thousand unknown columns"));
                }
                Err(name) => {
                    row.unknown.push((name, !value.is_empty()));
                }
            }
        }
        Ok(Ok(row))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Err("A list"))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Err("True or false"))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Err("A number"))
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Err("A number"))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Err("A number"))
    }
    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Err("A text"))
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Err("null"))
    }
}

/// The index of a column in its table, or the name of an unknown column.
struct ColumnName(&'static SnapshotTable);

impl<'de> DeserializeSeed<'de> for ColumnName {
    type Value = Result<usize, String>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for ColumnName {
    type Value = Result<usize, String>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a column's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        let known = self.0.columns.iter().position(|column| column.name == name);
        Ok(known.ok_or_else(|| name.to_owned()))
    }
}

/// One value.
struct Value;

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Cell;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cell, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = Cell;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::Null)
    }
    fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Integer(number))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Cell, E> {
        Ok(i64::try_from(number).map_or(Cell::Odd("a number too large"), Cell::Integer))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Cell, E> {
        Ok(Cell::Real(number))
    }
    fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell::Text(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Cell, E> {
        Ok(Cell::Text(text))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Cell, E> {
        Ok(Cell::Odd("true or false"))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Cell, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Odd("a list"))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Cell, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Odd("an object"))
    }
}

/// An unknown table, of which only the rows are counted.
struct ForeignTable;

impl<'de> DeserializeSeed<'de> for ForeignTable {
    type Value = u64;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ForeignTable {
    type Value = u64;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the rows of a table")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<u64, A::Error> {
        let mut count = 0;
        while rows.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(count)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> Result<u64, A::Error> {
        let mut count = 0;
        while let Some(part) = parts.next_key::<Cow<'_, str>>()? {
            if part == "data" {
                count += parts.next_value_seed(Self)?;
            } else {
                parts.next_value::<IgnoredAny>()?;
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{Work, mpsc, read};

    #[test]
    fn a_fault_is_reported_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.json");
        let rows = "{\"models\": [\n{\"id\":\n\"a\"},\n{\"id\":\n\"b\"},\n{\"id\": \"c\" \"name\": \"\"}\n]}";
        std::fs::write(&path, rows).unwrap();
        let (batches, _taken) = mpsc::channel(1);
        let result = read(&path, rows.len() as u64, &batches, &Work::unwatched());
        let message = result.err().map(|error| error.message).unwrap_or_default();
        assert!(message.ends_with("at line 6."), "{message}");
    }
}

//! The columns of a group of rows, one after the other: for what needs values but no rows.

use std::path::Path;

use ::schema::Error;
use parquet::{
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::DataType,
    errors::ParquetError,
    file::{reader::FileReader as _, serialized_reader::SerializedFileReader},
    record::Field,
    schema::types::ColumnDescPtr,
};
use prompts::Value;

use super::{
    ParquetFile, guarded, schema,
    values::{self, Note},
};
use crate::{problem::Problem, source::Source};

/// So many values of a column are decoded at once.
const BATCH: usize = 1_024;

/// A file whose columns can be read each by itself.
pub(crate) struct Groups<'a> {
    path: &'a Path,
    reader: SerializedFileReader<ParquetFile>,
}

/// A value of a column.
pub(crate) enum Plain<'a> {
    Text(&'a str),
    /// Anything else, or nothing.
    Other(Value),
}

/// The first row of a group with something that JSON has no form for, in a column.
#[derive(Clone, Copy)]
pub(crate) struct Noted {
    /// Its number, counted from zero.
    row: u64,
    column: usize,
    note: Note,
}

impl Noted {
    /// The same where so many rows come before the group.
    pub(crate) fn after(self, rows: u64) -> Self {
        Self { row: rows + self.row, ..self }
    }
}

/// Why a column is left to those who read row by row.
struct Unusual;

impl From<ParquetError> for Unusual {
    fn from(_: ParquetError) -> Self {
        Self
    }
}

impl<'a> Groups<'a> {
    /// Opens the file; `None` if it has lists, objects or what is read less exactly than it is written.
    pub(crate) fn open(source: &'a Source) -> ::schema::Result<Option<Self>> {
        let path = source.path();
        let file = ParquetFile::new(source.open()?).map_err(|error| Error::file("read", path, &error))?;
        let reader = super::open(path, &file)?;
        let metadata = reader.metadata().file_metadata();
        let root = metadata.schema();
        let flat = root.get_fields().iter().all(|field| field.is_primitive())
            && metadata.schema_descr().columns().iter().all(|column| column.max_rep_level() == 0);
        let plain = schema::repeated_names(root).is_empty() && schema::warnings(root).is_empty();
        Ok((flat && plain).then_some(Self { path, reader }))
    }

    /// How many rows each group has.
    pub(crate) fn rows(&self) -> Vec<u64> {
        let groups = self.reader.metadata().row_groups().iter();
        groups.map(|group| u64::try_from(group.num_rows()).unwrap_or_default()).collect()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.reader.metadata().file_metadata().schema().get_fields().iter().map(|field| field.name())
    }

    /// Hands on all values of a group with the number of their column, column by column. Returns what was
    /// noted; `None` if a column is of a kind that is not read so, or can't be read.
    pub(crate) fn each_value(
        &self,
        group: usize,
        mut sink: impl FnMut(usize, Plain<'_>),
    ) -> Option<Vec<Noted>> {
        let mut noted = Vec::new();
        let read = || {
            let group = self.reader.get_row_group(group)?;
            let rows = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
            for (at, of) in group.metadata().schema_descr().columns().iter().enumerate() {
                let mut notes: Vec<Noted> = Vec::new();
                let read = read_column(group.get_column_reader(at)?, of, rows, &mut |row, value, note| {
                    if let Some(note) = note.filter(|note| notes.iter().all(|known| known.note != *note)) {
                        notes.push(Noted { row, column: at, note });
                    }
                    sink(at, value);
                });
                noted.append(&mut notes);
                if read.is_err() {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        guarded(self.path, read).is_ok_and(|read| read).then_some(noted)
    }

    /// The warnings of what was noted, the row in the file and not in its group: for each column the first
    /// row only.
    pub(crate) fn warnings(&self, mut noted: Vec<Noted>) -> Vec<Problem> {
        noted.sort_by_key(|noted| (noted.row, noted.column));
        let mut known = Vec::new();
        noted.retain(|noted| {
            let new = !known.contains(&(noted.column, noted.note));
            known.push((noted.column, noted.note));
            new
        });
        let root = self.reader.metadata().file_metadata().schema();
        noted.iter().map(|noted| noted.note.warning(root, noted.column, noted.row + 1)).collect()
    }
}

/// Takes the number of a row in its group, counted from zero, its value in a column, and what was noted of it.
type ValueSink<'a> = dyn FnMut(u64, Plain<'_>, Option<Note>) + 'a;

fn read_column(
    reader: ColumnReader,
    of: &ColumnDescPtr,
    rows: usize,
    sink: &mut ValueSink<'_>,
) -> Result<(), Unusual> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => each(reader, of, rows, |row, value| {
            put(sink, of, row, value.map(|value| Field::convert_bool(of, *value)))
        }),
        ColumnReader::Int32ColumnReader(reader) => each(reader, of, rows, |row, value| {
            put(sink, of, row, value.map(|value| Field::convert_int32(of, *value)))
        }),
        ColumnReader::Int64ColumnReader(reader) => each(reader, of, rows, |row, value| {
            put(sink, of, row, value.map(|value| Field::convert_int64(of, *value)))
        }),
        ColumnReader::FloatColumnReader(reader) => each(reader, of, rows, |row, value| {
            put(sink, of, row, value.map(|value| Field::convert_float(of, *value)))
        }),
        ColumnReader::DoubleColumnReader(reader) => each(reader, of, rows, |row, value| {
            put(sink, of, row, value.map(|value| Field::convert_double(of, *value)))
        }),
        ColumnReader::ByteArrayColumnReader(reader) if values::is_text(of.self_type()) => {
            each(reader, of, rows, |row, value| match value {
                None => put(sink, of, row, None),
                Some(bytes) => match simdutf8::basic::from_utf8(bytes.data()) {
                    Ok(text) => {
                        sink(row, Plain::Text(text), None);
                        Ok(())
                    }
                    Err(_) => put(sink, of, row, Some(Field::convert_byte_array(of, bytes.clone())?)),
                },
            })
        }
        _ => Err(Unusual),
    }
}

fn put(sink: &mut ValueSink<'_>, of: &ColumnDescPtr, row: u64, field: Option<Field>) -> Result<(), Unusual> {
    let (value, note) = field.map_or((Value::Null, None), |field| values::plain(&field, of.self_type()));
    sink(row, Plain::Other(value), note);
    Ok(())
}

/// Calls `then` with each value of a column, which has none where a row has none.
fn each<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    of: &ColumnDescPtr,
    rows: usize,
    mut then: impl FnMut(u64, Option<&T::T>) -> Result<(), Unusual>,
) -> Result<(), Unusual> {
    let present = of.max_def_level();
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let (mut left, mut row) = (rows, 0);
    let mut then = |value: Option<&T::T>| {
        row += 1;
        then(row - 1, value)
    };
    while left > 0 {
        levels.clear();
        values.clear();
        let (read, ..) = reader.read_records(BATCH.min(left), Some(&mut levels), None, &mut values)?;
        if read == 0 {
            return Err(Unusual);
        }
        left -= read;
        if present == 0 {
            values.iter().try_for_each(|value| then(Some(value)))?;
            continue;
        }
        let mut values = values.iter();
        for level in &levels {
            then(if *level == present { values.next() } else { None })?;
        }
    }
    Ok(())
}

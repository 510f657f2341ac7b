//! The columns of a group of rows, each by itself: for what needs values but no rows.

use std::{iter, ops::Range, path::Path};

use ::schema::Error;
use parquet::{
    column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader},
    data_type::DataType,
    errors::{ParquetError, Result},
    file::{
        reader::{FileReader as _, RowGroupReader},
        serialized_reader::SerializedFileReader,
    },
    record::{Field, reader::RowIter},
    schema::types::{ColumnDescPtr, Type, TypePtr},
};
use prompts::Value;

use super::{
    ParquetFile,
    dictionary::{Dictionary, Pages},
    guarded, schema,
    values::{self, Note},
    warnings,
};
use crate::{problem::Problem, repeats::Repeats, source::Source};

/// So many values of a column are decoded at once.
const BATCH: usize = 1_024;

/// A file whose groups of rows can be read each by itself.
pub(crate) struct Groups<'a> {
    pub(super) path: &'a Path,
    pub(super) reader: SerializedFileReader<ParquetFile>,
}

/// A value of a column.
pub(crate) enum Plain<'a> {
    Text(&'a str),
    Whole(i64),
    /// Anything else, or nothing.
    Other(Value),
}

/// Takes the values of columns, each with the number of its column among those that are read.
pub(crate) trait ColumnSink {
    /// What is found of a value that may come again.
    type Found: Copy;

    fn add(&mut self, column: usize, value: Plain<'_>) -> Self::Found;

    /// Takes a value that was added in so many more rows.
    fn add_again(&mut self, column: usize, found: Self::Found, rows: u64);
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

impl<'a> Groups<'a> {
    /// Opens the file; `None` if something is wrong with it as a whole.
    pub(crate) fn open(source: &'a Source) -> ::schema::Result<Option<Self>> {
        let path = source.path();
        let file = ParquetFile::new(source.open()?).map_err(|error| Error::file("read", path, &error))?;
        let reader = super::open(path, &file)?;
        let groups = Self { path, reader };
        let metadata = groups.reader.metadata().file_metadata();
        let said = u64::try_from(metadata.num_rows()).unwrap_or_default();
        let whole = groups.rows().iter().sum::<u64>() == said;
        Ok((whole && schema::repeated_names(groups.root()).is_empty()).then_some(groups))
    }

    /// How many rows each group has.
    pub(crate) fn rows(&self) -> Vec<u64> {
        let groups = self.reader.metadata().row_groups().iter();
        groups.map(|group| u64::try_from(group.num_rows()).unwrap_or_default()).collect()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.root().get_fields().iter().map(|field| field.name())
    }

    /// What is known before any row is read.
    pub(crate) fn warnings(&self) -> Vec<Problem> {
        warnings(self.reader.metadata().file_metadata())
    }

    pub(super) fn root(&self) -> &Type {
        self.reader.metadata().file_metadata().schema()
    }

    /// Hands on all values of some columns of a group, column by column. Returns what was noted; `None` if
    /// one can't be read.
    pub(crate) fn each_value(
        &self,
        group: usize,
        columns: Range<usize>,
        sink: &mut impl ColumnSink,
    ) -> Option<Vec<Noted>> {
        let mut noted = Vec::new();
        let read = || {
            let group = self.reader.get_row_group(group)?;
            let rows = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
            for (at, number) in columns.enumerate() {
                let Some(of) = self.root().get_fields().get(number) else { break };
                let (repeats, noted_here) = (Repeats::default(), Vec::new());
                let mut column =
                    Column { sink: &mut *sink, at, number, of, row: 0, nulls: 0, repeats, noted: noted_here };
                match self.leaf(number) {
                    Some(leaf) => column.read(&*group, leaf, rows)?,
                    None => column.read_nested(&*group, self.root(), rows as u64)?,
                }
                noted.append(&mut column.finish());
            }
            Ok(())
        };
        guarded(self.path, read).ok().map(|()| noted)
    }

    /// The place of a column among all that hold values; `None` if it is one of lists or objects.
    fn leaf(&self, number: usize) -> Option<usize> {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let leaf = (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == number)?;
        let flat = schema.get_column_root(leaf).is_primitive() && schema.column(leaf).max_rep_level() == 0;
        flat.then_some(leaf)
    }

    /// The warnings of what was noted, the row in the file and not in its group: for each column the first
    /// row only.
    pub(crate) fn warnings_of(&self, mut noted: Vec<Noted>) -> Vec<Problem> {
        noted.sort_by_key(|noted| (noted.row, noted.column));
        let mut known = Vec::new();
        noted.retain(|noted| {
            let new = !known.contains(&(noted.column, noted.note));
            known.push((noted.column, noted.note));
            new
        });
        noted.iter().map(|noted| noted.note.warning(self.root(), noted.column, noted.row + 1)).collect()
    }
}

/// A column of a group while it is read.
struct Column<'a, S: ColumnSink> {
    sink: &'a mut S,
    /// Its number among those that are read.
    at: usize,
    /// Its number among all.
    number: usize,
    of: &'a TypePtr,
    /// How many rows were read.
    row: u64,
    /// How many of them have nothing.
    nulls: u64,
    repeats: Repeats<S::Found>,
    noted: Vec<Noted>,
}

impl<S: ColumnSink> Column<'_, S> {
    fn read(&mut self, group: &dyn RowGroupReader, leaf: usize, rows: usize) -> Result<()> {
        let of = &group.metadata().schema_descr().column(leaf);
        let dictionary = Dictionary::default();
        let pages = Pages { pages: group.get_column_page_reader(leaf)?, dictionary: dictionary.clone() };
        let (text, whole) = (values::is_text(self.of), values::is_whole(self.of));
        match get_column_reader(of.clone(), Box::new(pages)) {
            ColumnReader::BoolColumnReader(reader) => self.each(reader, of, rows, |column, value| {
                column.take(Some(u64::from(*value)), |column| column.add(&Field::convert_bool(of, *value)))
            }),
            ColumnReader::Int32ColumnReader(reader) => self.each(reader, of, rows, |column, value| {
                let key = u64::from(value.cast_unsigned());
                column.take(Some(key), |column| column.add(&Field::convert_int32(of, *value)))
            }),
            ColumnReader::Int64ColumnReader(reader) => self.each(reader, of, rows, |column, value| {
                let key = value.cast_unsigned();
                column.take(Some(key), |column| match whole {
                    true => Ok(column.sink.add(column.at, Plain::Whole(*value))),
                    false => column.add(&Field::convert_int64(of, *value)),
                })
            }),
            ColumnReader::Int96ColumnReader(reader) => self.each(reader, of, rows, |column, value| {
                column.take(None, |column| column.add(&Field::convert_int96(of, *value)))
            }),
            ColumnReader::FloatColumnReader(reader) => self.each(reader, of, rows, |column, value| {
                let key = u64::from(value.to_bits());
                column.take(Some(key), |column| column.add(&Field::convert_float(of, *value)))
            }),
            ColumnReader::DoubleColumnReader(reader) => self.each(reader, of, rows, |column, value| {
                let key = value.to_bits();
                column.take(Some(key), |column| column.add(&Field::convert_double(of, *value)))
            }),
            ColumnReader::ByteArrayColumnReader(reader) => self.each(reader, of, rows, |column, value| {
                column.take(dictionary.key(value), |column| match simdutf8::basic::from_utf8(value.data()) {
                    Ok(value) if text => Ok(column.sink.add(column.at, Plain::Text(value))),
                    _ => column.add(&Field::convert_byte_array(of, value.clone())?),
                })
            }),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                self.each(reader, of, rows, |column, value| {
                    let value = value.clone().into();
                    column.take(None, |column| column.add(&Field::convert_byte_array(of, value)?))
                })
            }
        }
    }

    /// Calls `then` with each value that a row has.
    fn each<T: DataType>(
        &mut self,
        mut reader: ColumnReaderImpl<T>,
        of: &ColumnDescPtr,
        rows: usize,
        mut then: impl FnMut(&mut Self, &T::T) -> Result<()>,
    ) -> Result<()> {
        let present = of.max_def_level();
        let (mut levels, mut values) = (Vec::new(), Vec::new());
        let mut left = rows;
        while left > 0 {
            levels.clear();
            values.clear();
            let (read, ..) = reader.read_records(BATCH.min(left), Some(&mut levels), None, &mut values)?;
            if read == 0 {
                return Err(unusual());
            }
            left -= read;
            let mut values = values.iter();
            // Where each row has a value there are no levels.
            let all = iter::repeat_n(present, read.saturating_sub(levels.len()));
            for level in levels.iter().copied().chain(all) {
                let value = if level == present { values.next() } else { None };
                match value {
                    Some(value) => then(self, value)?,
                    None => self.nulls += 1,
                }
                self.row += 1;
            }
        }
        Ok(())
    }

    /// Reads a column of lists or objects, for which the library makes rows.
    fn read_nested(&mut self, group: &dyn RowGroupReader, root: &Type, rows: u64) -> Result<()> {
        let only = Type::group_type_builder(root.name()).with_fields(vec![self.of.clone()]).build()?;
        for row in RowIter::from_row_group(Some(only), group)? {
            let row = row?;
            let (_, field) = row.get_column_iter().next().ok_or_else(unusual)?;
            self.add(field)?;
            self.row += 1;
        }
        if self.row == rows { Ok(()) } else { Err(unusual()) }
    }

    /// Counts a value of that key again, if it is known; if not, `add` adds it.
    fn take(&mut self, key: Option<u64>, add: impl FnOnce(&mut Self) -> Result<S::Found>) -> Result<()> {
        if key.is_some_and(|key| self.repeats.count(key)) {
            return Ok(());
        }
        let found = add(self)?;
        if let Some((found, rows)) = key.and_then(|key| self.repeats.note(key, found)) {
            self.sink.add_again(self.at, found, rows);
        }
        Ok(())
    }

    fn add(&mut self, field: &Field) -> Result<S::Found> {
        let (value, notes) = values::noted(field, self.of);
        let new = notes.into_iter().filter(|note| self.noted.iter().all(|known| known.note != *note));
        let new: Vec<Noted> = new.map(|note| Noted { row: self.row, column: self.number, note }).collect();
        self.noted.extend(new);
        Ok(self.sink.add(self.at, Plain::Other(value)))
    }

    /// Adds what was only counted; returns what was noted.
    fn finish(self) -> Vec<Noted> {
        for (found, rows) in self.repeats.finish() {
            self.sink.add_again(self.at, found, rows);
        }
        if self.nulls > 0 {
            let found = self.sink.add(self.at, Plain::Other(Value::Null));
            self.sink.add_again(self.at, found, self.nulls - 1);
        }
        self.noted
    }
}

/// Ends the reading by columns: the file is then read row by row. The text is never shown.
fn unusual() -> ParquetError {
    ParquetError::General(String::new())
}

//! Rows in batches: decoded one after the other, and made into values on any thread.

use parquet::{
    file::reader::FileReader as _,
    record::{
        Field, Row,
        reader::{ReaderIter, TreeBuilder},
    },
};
use prompts::Object;

use super::{columns::Groups, guarded, values::Values};
use crate::problem::Problem;

/// A batch has at most so many rows …
const ROWS: usize = 500;
/// … and ends with the row that makes it larger than so many bytes of texts.
const BYTES: usize = 1 << 20;

/// The batches of a file, in order.
pub(crate) struct Batches<'a> {
    groups: &'a Groups<'a>,
    /// The group that is opened next.
    next_group: usize,
    /// The rows that are left of the group that is read.
    rows: Option<ReaderIter>,
    batches: u64,
    handed_out: u64,
}

/// Some rows that follow one another.
pub(crate) struct Batch {
    /// Its number, counted from zero.
    pub(crate) number: u64,
    /// How many rows come before it.
    pub(crate) before: u64,
    rows: Vec<Row>,
}

/// A warning that a file has once for a column, and what it says of the column.
pub(crate) type Once = ((usize, &'static str), Problem);

impl<'a> Batches<'a> {
    pub(crate) fn new(groups: &'a Groups<'a>) -> Self {
        Self { groups, next_group: 0, rows: None, batches: 0, handed_out: 0 }
    }

    /// The next batch; none at the end of the file.
    pub(crate) fn next(&mut self) -> ::schema::Result<Option<Batch>> {
        let path = self.groups.path;
        let (mut rows, mut bytes) = (Vec::with_capacity(ROWS), 0);
        while rows.len() < ROWS && bytes <= BYTES {
            let next = guarded(path, || self.rows.as_mut().and_then(Iterator::next).transpose())?;
            if let Some(row) = next {
                bytes += row.get_column_iter().map(|(_, field)| size(field)).sum::<usize>();
                rows.push(row);
            } else if self.next_group < self.groups.reader.num_row_groups() {
                self.rows = Some(guarded(path, || {
                    let group = self.groups.reader.get_row_group(self.next_group)?;
                    let schema = self.groups.reader.metadata().file_metadata().schema_descr_ptr();
                    TreeBuilder::new().as_iter(schema, &*group)
                })?);
                self.next_group += 1;
            } else {
                break;
            }
        }
        let batch = Batch { number: self.batches, before: self.handed_out, rows };
        self.batches += 1;
        self.handed_out += batch.rows.len() as u64;
        Ok((!batch.rows.is_empty()).then_some(batch))
    }
}

impl Batch {
    /// How many rows it has.
    pub(crate) fn rows(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Hands on each row, with the warnings that no earlier row of the batch had.
    pub(crate) fn each_row(
        self,
        groups: &Groups<'_>,
        mut sink: impl FnMut(&Object, Vec<Once>),
    ) -> ::schema::Result<()> {
        let mut values = Values::new(groups.root());
        let mut number = self.before;
        guarded(groups.path, || {
            for row in self.rows {
                number += 1;
                let object = values.row(row);
                let once = |(column, note): (usize, super::values::Note)| {
                    ((column, note.clause()), note.warning(groups.root(), column, number))
                };
                sink(&object, values.take_notes().into_iter().map(once).collect());
            }
            Ok(())
        })
    }
}

/// How many bytes of memory a value takes, about.
fn size(field: &Field) -> usize {
    const FIELD: usize = size_of::<Field>();
    FIELD
        + match field {
            Field::Str(text) => text.len(),
            Field::Bytes(bytes) => bytes.len(),
            Field::Group(row) => row.get_column_iter().map(|(name, field)| name.len() + size(field)).sum(),
            Field::ListInternal(list) => list.elements().iter().map(size).sum(),
            Field::MapInternal(map) => map.entries().iter().map(|(key, value)| size(key) + size(value)).sum(),
            _ => 0,
        }
}

//! Reading a dataset of any type: a file, or a folder of files.

use resources::DatasetType;
use schema::Result;

use super::{file_reader, parts, row_event::RowSink, source::Source};

/// Reads the dataset from its start until its end or until the sink breaks. An `Err` means it could not
/// be read at all.
pub(crate) fn read(source: &Source, kind: DatasetType, sink: &mut RowSink<'_>) -> Result<()> {
    read_after(source, kind, 0, sink)
}

/// The same, but up to the first `skip` rows may be passed over where that is quick.
pub(super) fn read_after(
    source: &Source,
    kind: DatasetType,
    skip: u64,
    sink: &mut RowSink<'_>,
) -> Result<()> {
    match kind {
        DatasetType::Project => parts::read(source, None, skip, sink),
        _ => file_reader::read_after(source, kind, skip, sink),
    }
}

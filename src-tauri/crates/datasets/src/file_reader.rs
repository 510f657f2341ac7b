//! Reading a file of any format.

use resources::DatasetType;
use schema::{ErrorCode, Result, TextEnum as _};
use sniff::DAMAGED;

use super::{
    csv,
    index::RowOffset,
    json, jsonl, parquet,
    problem::Problem,
    row_event::{RowEvent, RowSink},
    source::Source,
};

/// Reads the file from its start until its end or until the sink breaks. Up to the first `skip` rows may
/// be passed over where that is quick. A file of another kind, as one of a folder may be, has no rows but
/// a problem.
pub(super) fn read_after(
    source: &Source,
    kind: DatasetType,
    skip: u64,
    sink: &mut RowSink<'_>,
) -> Result<()> {
    let form = source.form()?;
    for note in &form.notes {
        if sink(RowEvent::Problem(note.clone())).is_break() {
            return Ok(());
        }
    }
    if let Some(refused) = &form.refused {
        let _ = sink(RowEvent::Problem(refused.clone()));
        return Ok(());
    }
    if form.kind != kind {
        let message = format!("The file is a {}, not a {}.", form.kind.label(), kind.label());
        let _ = sink(RowEvent::Problem(Problem::error(None, message)));
        return Ok(());
    }
    let result = match kind {
        DatasetType::ProjectParquet => parquet::read(source, skip, sink),
        DatasetType::ProjectJson => json::read(source, form.list.as_deref(), sink),
        DatasetType::ProjectJsonl => jsonl::read(source, sink),
        _ => csv::read(source, sink),
    };
    result.map_err(|error| match form.packing {
        Some(_) if error.code == ErrorCode::File && error.hint.is_none() => error.hint(DAMAGED),
        _ => error,
    })
}

/// Reads the file from the offset of a row that was found while it was read before. `names` are its columns.
pub(super) fn read_from(
    source: &Source,
    kind: DatasetType,
    row_offset: RowOffset,
    names: &[String],
    sink: &mut RowSink<'_>,
) -> Result<()> {
    match kind {
        DatasetType::ProjectJson => json::read_from(source, row_offset, sink),
        DatasetType::ProjectJsonl => jsonl::read_from(source, row_offset, sink),
        _ => csv::read_from(source, row_offset, names, sink),
    }
}

//! The files of a folder, read one behind the other as if they were one.

use std::ops::ControlFlow;

use schema::{Error, ErrorCode, Result};

use super::{
    file_reader,
    folder::{self, Layout},
    problem::Problem,
    row_event::{Record, RowEvent, RowSink},
    source::Source,
};

/// Reads the files of one split, or of all with the split to train on first.
pub(crate) fn read(source: &Source, split: Option<&str>, skip: u64, sink: &mut RowSink<'_>) -> Result<()> {
    let folder = source.path();
    let Layout { kind, splits, notes } = Layout::new(source.dataset())?;
    if let Some(name) = split
        && !splits.iter().any(|split| split.name == name)
    {
        let names: Vec<&str> = splits.iter().map(|split| split.name.as_str()).collect();
        let message = format!("{} has no split '{name}'.", folder.display());
        return Err(Error::new(ErrorCode::NotFound, message).hint(format!("It has {}.", names.join(", "))));
    }
    for note in notes {
        if sink(RowEvent::Problem(note)).is_break() {
            return Ok(());
        }
    }
    let mut header: Option<Vec<String>> = None;
    let (mut before, mut skipped, mut broken) = (0, 0, false);
    for name in folder::files_of(&splits, split) {
        let file = source.file(name);
        let left = skip.saturating_sub(skipped);
        let mut order = ColumnOrder::Same;
        let mut on_event = |found: RowEvent<'_>| {
            let flow = match found {
                RowEvent::Header(names) => match &header {
                    None => {
                        header = Some(names.to_vec());
                        sink(RowEvent::Header(names))
                    }
                    Some(first) => {
                        order = ColumnOrder::from_headers(first, names);
                        ControlFlow::Continue(())
                    }
                },
                RowEvent::Skipped(rows) => {
                    skipped += rows;
                    sink(RowEvent::Skipped(rows))
                }
                RowEvent::Problem(problem) => {
                    sink(RowEvent::Problem(Problem { file: Some(name.clone()), ..problem }))
                }
                RowEvent::Row { line, start, position, record } => {
                    skipped += 1;
                    let position = before + position;
                    match (&order, record) {
                        (ColumnOrder::Another(places), Record::Fields(fields)) => {
                            let fields: Vec<&str> = places
                                .iter()
                                .map(|at| fields.get(*at).copied().unwrap_or_default())
                                .collect();
                            sink(RowEvent::Row { line, start, position, record: Record::Fields(&fields) })
                        }
                        (ColumnOrder::Other, _) => ControlFlow::Break(()),
                        (_, record) => sink(RowEvent::Row { line, start, position, record }),
                    }
                }
            };
            broken = flow.is_break();
            flow
        };
        file_reader::read_after(&file, kind, left, &mut on_event)?;
        if let ColumnOrder::Other = order {
            let names = header.as_deref().unwrap_or_default().join(", ");
            let message = format!("The columns are not those of the first file: {names}.");
            broken =
                sink(RowEvent::Problem(Problem { file: Some(name.clone()), ..Problem::error(1, message) }))
                    .is_break();
        }
        if broken {
            return Ok(());
        }
        before += std::fs::metadata(file.path()).map_or(0, |metadata| metadata.len());
    }
    Ok(())
}

/// How the columns of a CSV file stand to those of the first.
enum ColumnOrder {
    Same,
    /// The same names; for each column of the first file its place in this one.
    Another(Vec<usize>),
    Other,
}

impl ColumnOrder {
    fn from_headers(first: &[String], names: &[String]) -> Self {
        if first == names {
            return Self::Same;
        }
        let places: Option<Vec<usize>> =
            first.iter().map(|name| names.iter().position(|other| other == name)).collect();
        match places {
            Some(places) if first.len() == names.len() => Self::Another(places),
            _ => Self::Other,
        }
    }
}

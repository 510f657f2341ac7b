//! The files of a folder, read one behind the other as if they were one.

use std::{ops::ControlFlow, path::Path};

use schema::{Error, ErrorCode, Result};

use super::{
    folder,
    problem::Problem,
    reader::{self, Found, Listener, Record},
};

/// Reads the files of one split, or of all with the split to train on first.
pub(crate) fn read(folder: &Path, split: Option<&str>, skip: u64, listener: &mut Listener<'_>) -> Result<()> {
    let (kind, splits) = folder::splits(folder)?;
    if let Some(name) = split
        && !splits.iter().any(|split| split.name == name)
    {
        let names: Vec<&str> = splits.iter().map(|split| split.name.as_str()).collect();
        let message = format!("{} has no split '{name}'.", folder.display());
        return Err(Error::new(ErrorCode::NotFound, message).hint(format!("It has {}.", names.join(", "))));
    }
    let mut header: Option<Vec<String>> = None;
    let (mut before, mut passed, mut broken) = (0, 0, false);
    for name in folder::files_of(&splits, split) {
        let path = folder.join(name);
        let left = skip.saturating_sub(passed);
        let mut order = Order::Same;
        let mut hear = |found: Found<'_>| {
            let flow = match found {
                Found::Header(names) => match &header {
                    None => {
                        header = Some(names.to_vec());
                        listener(Found::Header(names))
                    }
                    Some(first) => {
                        order = Order::of(first, names);
                        ControlFlow::Continue(())
                    }
                },
                Found::Passed(rows) => {
                    passed += rows;
                    listener(Found::Passed(rows))
                }
                Found::Problem(problem) => {
                    listener(Found::Problem(Problem { file: Some(name.clone()), ..problem }))
                }
                Found::Row { line, start, position, record } => {
                    passed += 1;
                    let position = before + position;
                    match (&order, record) {
                        (Order::Another(places), Record::Fields(fields)) => {
                            let fields: Vec<&str> = places
                                .iter()
                                .map(|at| fields.get(*at).copied().unwrap_or_default())
                                .collect();
                            listener(Found::Row { line, start, position, record: Record::Fields(&fields) })
                        }
                        (Order::Other, _) => ControlFlow::Break(()),
                        (_, record) => listener(Found::Row { line, start, position, record }),
                    }
                }
            };
            broken = flow.is_break();
            flow
        };
        reader::read_after(&path, kind, left, &mut hear)?;
        if let Order::Other = order {
            let names = header.as_deref().unwrap_or_default().join(", ");
            let message = format!("The columns are not those of the first file: {names}.");
            broken =
                listener(Found::Problem(Problem { file: Some(name.clone()), ..Problem::error(1, message) }))
                    .is_break();
        }
        if broken {
            return Ok(());
        }
        before += std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
    }
    Ok(())
}

/// How the columns of a CSV file stand to those of the first.
enum Order {
    Same,
    /// The same names; for each column of the first file its place in this one.
    Another(Vec<usize>),
    Other,
}

impl Order {
    fn of(first: &[String], names: &[String]) -> Self {
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

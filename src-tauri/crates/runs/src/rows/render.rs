//! Writes `train.jsonl` and `eval.jsonl` of a run. Reader and templates are those of the preview,
//! so a worker trains on what the preview shows.

use std::sync::Arc;

use datasets::DatasetFile;
use platform::Work;
use prompts::chat::OtherRenderer;
use schema::{Error, ErrorCode, Result};

use super::{
    each_example::each_example,
    example::NoExample,
    left_out::LeftOut,
    row_renderer::{RowRenderer, RowSettings, TakenRow},
    split::{Selection, Shares, sample},
    splits::Splits,
    spool::Spool,
};
use crate::{
    folder::RunFolder,
    spec::{RowCounts, Spec, Task},
};

/// Writes `train.jsonl` and `eval.jsonl` of a run, each by one rename, and returns their row counts.
/// `other` renders chat templates that this program can't.
pub(crate) fn prepare(
    folder: &RunFolder,
    spec: &Spec,
    other: Option<&Arc<dyn OtherRenderer>>,
    work: &Work,
) -> Result<RowCounts> {
    let file = DatasetFile::new(&spec.dataset.path, spec.dataset.options.clone());
    let splits = Splits::read(&file.path)?;
    let shares = Shares {
        dataset_fraction: spec.selection.dataset_fraction,
        train_test_split: spec.selection.train_test_split,
    };
    let renderer = RowRenderer::new(RowSettings::from_spec(spec, other))?;
    let mut left_out = LeftOut::default();
    let mut before = 0;
    let (mut train, mut held_back) = (None, None);
    for name in &splits.names {
        let used = match name.as_str() {
            Splits::TRAIN => Some(&mut train),
            other if splits.held_back.as_deref() == Some(other) => Some(&mut held_back),
            _ => None,
        };
        before += match used {
            Some(place) => {
                let mut spool = Spool::new(folder)?;
                let lines = |row: TakenRow| (row.number, renderer.lines(row));
                let take = |(number, lines): (u64, Result<Vec<u8>, NoExample>)| match lines {
                    Ok(lines) => spool.add(&lines),
                    Err(reason) => {
                        left_out.add(number, &reason);
                        // An empty place stays its own, so that the other rows are divided as without it.
                        spool.add(&[])
                    }
                };
                let rows = each_example((&file, name), before, &renderer, work, lines, take)?;
                *place = Some(spool.finish()?);
                rows
            }
            None => datasets::each_row(file.clone(), Some(name), before, work, |_| Ok(()))?,
        };
        // Row numbers behind the last split that is used are not needed.
        if train.is_some() && (splits.held_back.is_none() || held_back.is_some()) {
            break;
        }
    }
    let train = train.ok_or_else(|| Error::internal("preparing rows", &"no split was read"))?;
    let Selection { train: trained, eval } = shares.select(train.rows()?, held_back.is_some());
    let (held, held_places) = match &held_back {
        Some(split) => (split, (0..split.rows()?).collect()),
        None => (&train, eval),
    };
    if let Task::Training(_) = &spec.task {
        let rows = train.write(&trained, &folder.train(), work)?;
        if rows == 0 {
            return Err(none_left(&spec.dataset.name, "train", &left_out));
        }
        let eval = held.write(&held_places, &folder.eval(), work)?;
        return Ok(RowCounts { train: rows, eval, left_out: left_out.rows });
    }
    // A dataset that holds no rows back is evaluated on all of them.
    let (held, held_places) = match held_places.is_empty() {
        true => (&train, (0..train.rows()?).collect()),
        false => (held, held_places),
    };
    let places: Vec<u32> = sample(held_places.len() as u32, spec.selection.sample.unwrap_or(1.0))
        .into_iter()
        .filter_map(|at| held_places.get(at as usize).copied())
        .collect();
    let eval = held.write(&places, &folder.eval(), work)?;
    if eval == 0 && left_out.rows > 0 {
        return Err(none_left(&spec.dataset.name, "evaluate", &left_out));
    }
    Ok(RowCounts { train: 0, eval, left_out: left_out.rows })
}

fn none_left(dataset: &str, purpose: &str, left_out: &LeftOut) -> Error {
    let message = format!("No rows of '{dataset}' are left to {purpose} on{}", left_out.sentence());
    Error::new(ErrorCode::Invalid, message).hint(match left_out.rows {
        0 => "Use a larger part of the dataset, or train on a larger part of it.",
        _ => "Correct the rows, or read them in another format.",
    })
}

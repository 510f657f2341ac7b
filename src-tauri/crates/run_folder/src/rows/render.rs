//! Writes `train.jsonl` and `eval.jsonl` of a run. Reader and templates are those of the preview,
//! so a worker trains on what the preview shows.

use std::{iter, path::Path, sync::Arc};

use datasets::DatasetFile;
use platform::Work;
use prompts::chat::OtherRenderer;
use schema::{Error, ErrorCode, Result};

use super::{
    each_example::each_example,
    example::NoExample,
    left_out::LeftOut,
    row_renderer::{RowRenderer, TakenRow},
    row_settings::RowSettings,
    split::{Selection, Shares, sample},
    splits::Splits,
    spool::{Spool, Spooled},
};
use crate::{
    folder::RunFolder,
    spec::{RowCounts, Spec, Task},
};

/// Writes `train.jsonl` and `eval.jsonl` of a run, each by one rename, and returns their row counts. For
/// combinations whose chat template is another there are further files with the same rows. `other` renders chat
/// templates that this program can't.
pub fn prepare(
    folder: &RunFolder,
    spec: &Spec,
    other: Option<&Arc<dyn OtherRenderer>>,
    work: &Work,
) -> Result<RowCounts> {
    let file = DatasetFile::new(&spec.dataset.path, spec.dataset.options.clone());
    let splits = Splits::read(&file)?;
    let shares = Shares {
        dataset_fraction: spec.selection.dataset_fraction,
        train_test_split: spec.selection.train_test_split,
    };
    let own = RowSettings::from_spec(spec, other);
    let further = spec.further_rows();
    let others = further.iter().map(|(_, chat)| RowRenderer::new(RowSettings { chat: *chat, ..own }));
    let (first, others) = (RowRenderer::new(own)?, others.collect::<Result<Vec<_>>>()?);
    let mut left_out = LeftOut::default();
    let mut before = 0;
    let (mut train, mut held_back) = (None, None);
    for name in &splits.names {
        let used = match name.as_str() {
            name if name == splits.train => Some(&mut train),
            other if splits.held_back.as_deref() == Some(other) => Some(&mut held_back),
            _ => None,
        };
        before += match used {
            Some(place) => {
                let mut spools: Vec<Spool> =
                    iter::once(&first).chain(&others).map(|_| Spool::new(folder)).collect::<Result<_>>()?;
                let lines = |row: TakenRow| {
                    let number = row.number;
                    let of_others = others.iter().map(|renderer| renderer.lines(row.clone()));
                    let of_others: Result<Vec<Vec<u8>>, NoExample> = of_others.collect();
                    let of_all = of_others.and_then(|of_others| {
                        let mut of_all = vec![first.lines(row)?];
                        of_all.extend(of_others);
                        Ok(of_all)
                    });
                    (number, of_all)
                };
                let take = |(number, of_all): (u64, Result<Vec<Vec<u8>>, NoExample>)| {
                    // Empty lines keep its place, so that the other rows are divided as without it. A row that
                    // one template can't render is left out for all, as results are compared row by row.
                    let of_all = of_all.unwrap_or_else(|reason| {
                        left_out.add(number, &reason);
                        vec![Vec::new(); spools.len()]
                    });
                    spools.iter_mut().zip(of_all).try_for_each(|(spool, lines)| spool.add(&lines))
                };
                let rows = each_example((&file, name), before, &first, work, lines, take)?;
                *place = Some(spools.into_iter().map(Spool::finish).collect::<Result<Vec<_>>>()?);
                rows
            }
            None => datasets::each_row(file.clone(), Some(name), before, work, |_| Ok(()))?,
        };
        // Row numbers behind the last split that is used are not needed.
        if train.is_some() && (splits.held_back.is_none() || held_back.is_some()) {
            break;
        }
    }
    let unread = || Error::internal("preparing rows", &"no split was read");
    let train = train.ok_or_else(unread)?;
    let train_rows = count(&train)?;
    let Selection { train: trained, eval } = shares.select(train_rows, held_back.is_some());
    let (held, held_places) = match &held_back {
        Some(split) => (split, (0..count(split)?).collect()),
        None => (&train, eval),
    };
    if let Task::Training(_) = &spec.task {
        let write = |spooled: &[Spooled], places: &[u32], target: &Path| {
            spooled.first().ok_or_else(unread)?.write(places, target, work)
        };
        let rows = write(&train, &trained, &folder.train())?;
        if rows == 0 {
            return Err(none_left(&spec.dataset.name, "train", &left_out));
        }
        let eval = write(held, &held_places, &folder.eval())?;
        return Ok(RowCounts { train: rows, eval, left_out: left_out.rows });
    }
    // A dataset that holds no rows back is evaluated on all of them.
    let (held, held_places) = match held_places.is_empty() {
        true => (&train, (0..train_rows).collect()),
        false => (held, held_places),
    };
    let places: Vec<u32> = sample(held_places.len() as u32, spec.selection.sample.unwrap_or(1.0))
        .into_iter()
        .filter_map(|at| held_places.get(at as usize).copied())
        .collect();
    let targets = iter::once(folder.eval()).chain(further.iter().map(|(name, _)| folder.rows(name)));
    let mut eval = 0;
    for (spooled, target) in held.iter().zip(targets) {
        eval = spooled.write(&places, &target, work)?;
    }
    if eval == 0 && left_out.rows > 0 {
        return Err(none_left(&spec.dataset.name, "evaluate", &left_out));
    }
    Ok(RowCounts { train: 0, eval, left_out: left_out.rows })
}

/// How many rows a split has, those that were left out among them.
fn count(split: &[Spooled]) -> Result<u32> {
    split.first().map_or(Ok(0), Spooled::rows)
}

fn none_left(dataset: &str, purpose: &str, left_out: &LeftOut) -> Error {
    let message = format!("No rows of '{dataset}' are left to {purpose} on{}", left_out.sentence());
    Error::new(ErrorCode::Invalid, message).hint(match left_out.rows {
        0 => "Use a larger part of the dataset, or train on a larger part of it.",
        _ => "Correct the rows, or read them in another format.",
    })
}

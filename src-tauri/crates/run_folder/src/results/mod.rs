//! The results of an evaluation: a row for every example, with what was found of every combination.

mod lines;
mod report;

use std::{collections::HashMap, path::Path};

use schema::{Error, ErrorCode, Result};

use crate::{
    folder::RunFolder,
    spec::{CombinationSpec, Spec, Task},
};
use lines::{Example, Numbered, ResultLine, RowResult, each_line};
pub use report::{
    Answer, EvaluationResults, JudgedAnswer, Judgment, ResultColumn, ResultFilter, ResultOrder, ResultQuery,
    ResultRow,
};

/// What was found of one combination, by the number of the row.
type RowResults = HashMap<u64, RowResult>;

/// Reads a page of the results of an evaluation run.
pub fn read(folder: &RunFolder, spec: &Spec, query: ResultQuery) -> Result<EvaluationResults> {
    let Task::Evaluation(evaluation) = &spec.task else {
        return Err(Error::new(ErrorCode::Invalid, "This run is a training; it has no answers."));
    };
    let found: Vec<RowResults> = evaluation.combinations.iter().map(row_results).collect::<Result<_>>()?;
    let mut selected = Vec::new();
    each_line(&folder.eval(), |Numbered { row }| {
        let of_row: Vec<Option<&RowResult>> = found.iter().map(|of| of.get(&row)).collect();
        if is_wanted(query.filter, &of_row) {
            selected.push((row, of_row.last().and_then(|last| last.and_then(RowResult::margin))));
        }
    })?;
    sort(&mut selected, query.order);
    let total = selected.len() as u64;
    let page = selected.into_iter().skip(query.offset as usize).take(query.limit as usize);
    let page: Vec<u64> = page.map(|(row, _)| row).collect();
    Ok(EvaluationResults {
        format: spec.row_format,
        combinations: evaluation.combinations.iter().map(column).collect(),
        offset: query.offset.into(),
        rows: rows(folder, &evaluation.combinations, &found, &page)?,
        total,
    })
}

fn column(combination: &CombinationSpec) -> ResultColumn {
    ResultColumn {
        job: combination.job.clone(),
        model: combination.model.name.clone(),
        adapter: combination.adapter.as_ref().map(|adapter| adapter.name.clone()),
        folder: combination.folder.clone(),
    }
}

fn row_results(combination: &CombinationSpec) -> Result<RowResults> {
    let mut of = HashMap::new();
    each_line(&Path::new(&combination.folder).join("rows.jsonl"), |found: ResultLine| {
        of.insert(found.row, found.result);
    })?;
    Ok(of)
}

/// By the margin; the sort is stable, so rows of one margin keep the order of the evaluation.
fn sort(selected: &mut [(u64, Option<f64>)], order: ResultOrder) {
    let sign = match order {
        ResultOrder::Rows => return,
        ResultOrder::LeastMargin => 1.0,
        ResultOrder::GreatestMargin => -1.0,
    };
    let key = |margin: Option<f64>| margin.map_or(f64::INFINITY, |margin| sign * margin);
    selected.sort_by(|(_, one), (_, other)| key(*one).total_cmp(&key(*other)));
}

/// The rows with these numbers, in this order.
fn rows(
    folder: &RunFolder,
    combinations: &[CombinationSpec],
    found: &[RowResults],
    page: &[u64],
) -> Result<Vec<ResultRow>> {
    let places: HashMap<u64, usize> = page.iter().enumerate().map(|(at, row)| (*row, at)).collect();
    let mut rows: Vec<Option<ResultRow>> = page.iter().map(|_| None).collect();
    each_line(&folder.eval(), |example: Example| {
        let Some(place) = places.get(&example.row).and_then(|at| rows.get_mut(*at)) else { return };
        let of_row = || found.iter().map(|of| of.get(&example.row));
        *place = Some(ResultRow {
            row: example.row,
            prompt: example.prompt,
            other_prompts: vec![None; combinations.len()],
            expected: example.completion,
            rejected: example.rejected,
            label: example.label,
            features: example.features,
            answers: of_row().map(|found| found.and_then(RowResult::answer).cloned()).collect(),
            judgments: of_row().map(|found| found.and_then(RowResult::judgment)).collect(),
        });
    })?;
    for (at, name) in combinations.iter().enumerate().filter_map(|(at, one)| Some((at, one.rows.as_ref()?))) {
        each_line(&folder.rows(name), |Example { row, prompt, .. }: Example| {
            let place = places.get(&row).and_then(|at| rows.get_mut(*at)).and_then(Option::as_mut);
            if let Some(own) = place.and_then(|row| row.other_prompts.get_mut(at)) {
                *own = Some(prompt);
            }
        })?;
    }
    Ok(rows.into_iter().flatten().collect())
}

fn is_wanted(filter: ResultFilter, found: &[Option<&RowResult>]) -> bool {
    let right = |result: &Option<&RowResult>| result.is_some_and(|found| found.right() == Some(true));
    let (first, last) = (found.first().is_some_and(right), found.last().is_some_and(right));
    match filter {
        ResultFilter::All => true,
        ResultFilter::Different => {
            let said = found.iter().flatten().map(|result| match result.answer() {
                Some(answer) => (answer.output.trim(), None),
                None => ("", result.right()),
            });
            let said: Vec<(&str, Option<bool>)> = said.collect();
            said.windows(2).any(|pair| pair.first() != pair.last())
        }
        ResultFilter::Wrong => found.iter().flatten().any(|result| result.right() == Some(false)),
        ResultFilter::Better => last && !first,
        ResultFilter::Worse => first && !last,
    }
}

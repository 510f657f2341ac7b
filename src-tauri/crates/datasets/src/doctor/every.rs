//! Reading a dataset row by row for every problem of it, however many there are.

use std::ops::ControlFlow;

use platform::{Progress, Work, blocking};
use schema::Result;

use super::{diagnosis::Diagnosis, examination::Examination};
use crate::{
    ValueKind,
    columns::Columns,
    dataset_file::DatasetFile,
    folder, format, preview,
    problem::Problem,
    reader,
    row::Row,
    row_event::{Record, RowEvent},
    shape,
    source::Source,
};

/// Takes every problem; an error of it ends the reading.
pub(super) type ProblemSink<'a> = dyn FnMut(&Problem) -> Result<()> + 'a;

/// How many rows pass between two looks at progress and Cancel.
const ROWS_A_TICK: u64 = 1_000;

/// Reads the dataset on this thread and hands on every problem, the first hundred and all after them.
pub(super) fn each_problem(file: &DatasetFile, work: &Work, sink: &mut ProblemSink<'_>) -> Result<Diagnosis> {
    let path = &file.path;
    let kind = format::detect(file)?;
    let recognized = shape::recognize(&preview::preview_now(file, None, 0, shape::FIRST_ROWS)?);
    let bytes = folder::size(file)?;
    let (mut names, mut columns) = (Vec::new(), Columns::default());
    let mut examination = Examination::new(recognized.shape);
    let mut outcome = Ok(());
    reader::read(&Source::new(file), kind, &mut |event| {
        match event {
            RowEvent::Header(header) => {
                columns = Columns::from_header(header);
                header.clone_into(&mut names);
            }
            RowEvent::Problem(problem) => {
                outcome = sink(&problem);
                examination.add_problem(problem);
            }
            RowEvent::Skipped(_) => {}
            RowEvent::Row { line, position, record, .. } => {
                if let Record::Object(object) = record {
                    for (name, value) in object {
                        let at = columns.position(name);
                        columns.add_kind(at, ValueKind::from_value(value));
                    }
                }
                examination.add_row_with(Row::new(&names, &record), line, &mut |problem| {
                    if outcome.is_ok() {
                        outcome = sink(problem);
                    }
                });
                let rows = examination.rows();
                if rows % ROWS_A_TICK == 1 && outcome.is_ok() {
                    outcome = work.tick(Progress { done: position.min(bytes), total: Some(bytes), rows });
                }
            }
        }
        if outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    outcome?;
    work.tick(Progress { done: bytes, total: Some(bytes), rows: examination.rows() })?;
    let of_keys = columns.key_problems(examination.rows());
    of_keys.iter().for_each(|problem| examination.add_problem(problem.clone()));
    for problem in of_keys.into_iter().chain(examination.finish_whole()) {
        sink(&problem)?;
    }
    Ok(examination.into_diagnosis(path.display().to_string(), kind, recognized))
}

/// The diagnosis alone, on a thread of its own.
pub(crate) async fn diagnose(file: &DatasetFile, work: &Work) -> Result<Diagnosis> {
    let (file, work) = (file.clone(), work.clone());
    blocking("reading the file", move || each_problem(&file, &work, &mut |_| Ok(()))).await
}

//! The results of an evaluation: a row for every example, with the answer of every combination.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead as _, BufReader, ErrorKind},
    path::Path,
};

use platform::blocking;
use schema::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    folder::RunFolder,
    runs::Runs,
    spec::{Spec, Task},
};

/// A page of an evaluation's results.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EvaluationResults {
    /// The combinations, in the order in which they were asked for.
    pub combinations: Vec<ResultColumn>,
    /// How many rows came before the first of these.
    pub offset: u64,
    /// The rows, in the order of the evaluation.
    pub rows: Vec<ResultRow>,
    /// How many rows the filter selects.
    pub total: u64,
}

/// A combination of a model and an adapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ResultColumn {
    /// The evaluation job.
    pub job: String,
    /// The model.
    pub model: String,
    /// The adapter; none for the model alone.
    pub adapter: Option<String>,
    /// The folder with its result files.
    pub folder: String,
}

/// An example with its answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ResultRow {
    /// The number of the row in the dataset, from 1.
    pub row: u64,
    /// What the model read.
    pub prompt: String,
    /// What it should answer.
    pub expected: String,
    /// The chosen columns of the dataset.
    pub features: Map<String, Value>,
    /// The answers, in the order of the combinations; none while there is none yet.
    pub answers: Vec<Option<Answer>>,
}

/// An answer and how good it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Answer {
    /// The text.
    pub output: String,
    /// 1 if it is what was expected, white space at both ends aside.
    #[serde(default)]
    pub exact_match: Option<f64>,
    /// ROUGE-1, from 0 to 1.
    #[serde(default)]
    pub rouge1: Option<f64>,
    /// ROUGE-L, from 0 to 1.
    #[serde(default, rename = "rougeL")]
    pub rouge_l: Option<f64>,
    /// Seconds to answer.
    #[serde(default)]
    pub latency: Option<f64>,
    /// How many tokens it has.
    #[serde(default)]
    pub output_tokens: Option<u64>,
}

/// Which rows of the results are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ResultFilter {
    /// All of them.
    #[default]
    All,
    /// Those that the combinations answer differently.
    Different,
    /// Those that at least one does not answer as expected.
    Wrong,
    /// Those that the last combination answers as expected and the first one does not.
    Better,
    /// Those that the first combination answers as expected and the last one does not.
    Worse,
}

#[derive(Deserialize)]
struct Example {
    row: u64,
    #[serde(default)]
    prompt: String,
    #[serde(default)]
    /// The last answer of a conversation is called so.
    #[serde(alias = "expected")]
    completion: String,
    #[serde(default)]
    features: Map<String, Value>,
}

#[derive(Deserialize)]
struct Answered {
    row: u64,
    #[serde(flatten)]
    answer: Answer,
}

impl Runs {
    /// A page of the results of an evaluation, by the id of its run or of one of its jobs.
    pub async fn results(
        &self,
        id: &str,
        filter: ResultFilter,
        offset: u64,
        limit: u64,
    ) -> Result<EvaluationResults> {
        let run = self.get(id).await?;
        let folder = self.folder(&run.id);
        blocking("reading results", move || read(&folder, &folder.spec()?, filter, offset, limit)).await
    }
}

/// Reads a page of the results of an evaluation run.
fn read(
    folder: &RunFolder,
    spec: &Spec,
    filter: ResultFilter,
    offset: u64,
    limit: u64,
) -> Result<EvaluationResults> {
    let Task::Evaluation(evaluation) = &spec.task else {
        return Err(Error::new(schema::ErrorCode::Invalid, "This run is a training; it has no answers."));
    };
    let combinations: Vec<ResultColumn> = evaluation
        .combinations
        .iter()
        .map(|combination| ResultColumn {
            job: combination.job.clone(),
            model: combination.model.name.clone(),
            adapter: combination.adapter.as_ref().map(|adapter| adapter.name.clone()),
            folder: combination.folder.clone(),
        })
        .collect();
    let mut answers: Vec<HashMap<u64, Answer>> = Vec::new();
    for combination in &combinations {
        let mut of = HashMap::new();
        each_line(&Path::new(&combination.folder).join("rows.jsonl"), |answered: Answered| {
            of.insert(answered.row, answered.answer);
        })?;
        answers.push(of);
    }
    let (mut rows, mut total) = (Vec::new(), 0);
    each_line(&folder.eval(), |example: Example| {
        let of_row: Vec<Option<&Answer>> = answers.iter().map(|of| of.get(&example.row)).collect();
        if !wanted(filter, &of_row) {
            return;
        }
        if total >= offset && (rows.len() as u64) < limit {
            rows.push(ResultRow {
                row: example.row,
                prompt: example.prompt,
                expected: example.completion,
                features: example.features,
                answers: of_row.into_iter().map(Option::<&Answer>::cloned).collect(),
            });
        }
        total += 1;
    })?;
    Ok(EvaluationResults { combinations, offset, rows, total })
}

fn wanted(filter: ResultFilter, answers: &[Option<&Answer>]) -> bool {
    let right = |answer: &Option<&Answer>| answer.is_some_and(|answer| answer.exact_match == Some(1.0));
    let (first, last) = (answers.first().is_some_and(right), answers.last().is_some_and(right));
    match filter {
        ResultFilter::All => true,
        ResultFilter::Different => {
            let texts: Vec<&str> = answers.iter().flatten().map(|answer| answer.output.trim()).collect();
            texts.windows(2).any(|pair| pair.first() != pair.last())
        }
        ResultFilter::Wrong => answers.iter().flatten().any(|answer| answer.exact_match != Some(1.0)),
        ResultFilter::Better => last && !first,
        ResultFilter::Worse => first && !last,
    }
}

/// Calls `each` for every line that can be parsed. The last line of a growing file may be incomplete
/// and is then skipped.
fn each_line<T: serde::de::DeserializeOwned>(path: &Path, mut each: impl FnMut(T)) -> Result<()> {
    let failed = |error: std::io::Error| Error::file("read", path, &error);
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        opened => opened.map_err(failed)?,
    };
    let (mut reader, mut line) = (BufReader::new(file), Vec::new());
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(failed)? == 0 {
            return Ok(());
        }
        if let Ok(value) = serde_json::from_slice(&line) {
            each(value);
        }
    }
}

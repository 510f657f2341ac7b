//! Writes `train.jsonl` and `eval.jsonl` of a run. Reader and templates are those of the preview,
//! so a worker trains on what the preview shows.

use datasets::{DatasetFile, NumberedRow, Object, Value};
use platform::Work;
use prompts::Template;
use schema::{Error, ErrorCode, Result};

use super::{
    split::{Selection, Shares, sample},
    splits::{Splits, TRAIN},
    spool::Spool,
};
use crate::{
    folder::RunFolder,
    spec::{PromptSpec, RowCounts, Spec, Task},
};

/// Writes `train.jsonl` and `eval.jsonl` of a run, each by one rename, and returns their row counts.
pub(crate) fn prepare(folder: &RunFolder, spec: &Spec, work: &Work) -> Result<RowCounts> {
    let file = DatasetFile::new(&spec.dataset.path, spec.dataset.options.clone());
    let splits = Splits::read(&file.path)?;
    let shares = Shares {
        dataset_fraction: spec.selection.dataset_fraction,
        train_test_split: spec.selection.train_test_split,
    };
    let renderer = RowRenderer::new(spec)?;
    let mut before = 0;
    let (mut train, mut held_back) = (None, None);
    for name in &splits.names {
        let used = match name.as_str() {
            TRAIN => Some(&mut train),
            other if splits.held_back.as_deref() == Some(other) => Some(&mut held_back),
            _ => None,
        };
        let mut spool = used.is_some().then(|| Spool::new(folder)).transpose()?;
        let mut line = Vec::new();
        let rows = datasets::each_row(file.clone(), Some(name), before, work, |row| {
            let Some(spool) = &mut spool else { return Ok(()) };
            renderer.write(row, &mut line);
            spool.add(&line)
        })?;
        if let (Some(place), Some(spool)) = (used, spool) {
            *place = Some(spool.finish()?);
        }
        before += rows;
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
        if trained.is_empty() {
            let message = format!("No rows of '{}' are left to train on.", spec.dataset.name);
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint("Use a larger part of the dataset, or train on a larger part of it."));
        }
        train.write(&trained, &folder.train(), work)?;
        held.write(&held_places, &folder.eval(), work)?;
        return Ok(RowCounts { train: trained.len() as u64, eval: held_places.len() as u64 });
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
    held.write(&places, &folder.eval(), work)?;
    Ok(RowCounts { train: 0, eval: places.len() as u64 })
}

/// Renders a row of the dataset as a line of JSON.
struct RowRenderer<'a> {
    parts: Vec<(&'static str, Template)>,
    features: &'a [String],
}

impl<'a> RowRenderer<'a> {
    fn new(spec: &'a Spec) -> Result<Self> {
        let parsed = |key, text: &str| {
            let template = Template::parse(text).map_err(|error| {
                Error::new(ErrorCode::Invalid, format!("The prompt's template can't be used. {error}"))
                    .hint("Correct the prompt, then start the job again.")
            })?;
            Ok::<_, Error>((key, template))
        };
        let parts = match &spec.prompt {
            Some(PromptSpec {
                input_template: Some(input), completion_template: Some(completion), ..
            }) => {
                vec![parsed("prompt", input)?, parsed("completion", completion)?]
            }
            Some(PromptSpec { training_template: Some(text), .. }) => vec![parsed("text", text)?],
            // A script or axolotl without a prompt reads the columns themselves.
            _ => Vec::new(),
        };
        Ok(Self { parts, features: &spec.selection.features })
    }

    fn write(&self, row: NumberedRow<'_>, line: &mut Vec<u8>) {
        line.clear();
        line.extend_from_slice(format!("{{\"row\":{}", row.number).as_bytes());
        let mut text = String::new();
        for (key, template) in &self.parts {
            text.clear();
            template.write(&mut text, |column, text| row.write(column, text));
            line.extend_from_slice(format!(",\"{key}\":").as_bytes());
            // Writing a text into memory can't fail.
            _ = serde_json::to_writer(&mut *line, &text);
        }
        let mut put = |bytes: &[u8]| line.extend_from_slice(bytes);
        if !self.features.is_empty() || self.parts.is_empty() {
            let features: Object = match self.features {
                [] => row.object(),
                features => features.iter().map(|name| (name.clone(), row.value(name))).collect(),
            };
            put(b",\"features\":");
            put(Value::Object(features).to_string().as_bytes());
        }
        put(b"}\n");
    }
}

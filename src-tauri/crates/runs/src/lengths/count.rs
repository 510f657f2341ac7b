//! Counts the tokens of a dataset's rows, unless that was done before.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use datasets::{DatasetFile, Stamp};
use platform::Work;
use prompts::{Counter, Tokenizers, chat::OtherRenderer};
use resources::{FineTuningJob, RowFormat};
use schema::{Error, ErrorCode, Result, column};

use super::{
    counted::{Counted, RowLengths},
    kept::{ChatKey, KeptLengths, LengthsKey, prompt_key},
    measure::Measure,
    report::{LengthsRequest, TokenLengths},
    summary::Limit,
};
use crate::{
    preflight::{Chosen, ExampleSource, JobDataset, Preflight},
    runs::Runs,
};
use run_folder::{
    rows::{RowRenderer, Splits, TakenRow, each_example},
    spec::{PromptSpec, Source},
};

impl Runs {
    /// The token lengths of the rows that a training with these choices would be given, and what the limit does to
    /// them. They are counted once for the same rows and tokenizer. The result has the problems.
    ///
    /// # Errors
    /// The dataset or the model is not there or can't be read, or the work was cancelled.
    pub async fn token_lengths(
        &self,
        request: &LengthsRequest,
        tokenizers: &Tokenizers,
        work: &Work,
    ) -> Result<TokenLengths> {
        let mut preflight = Preflight::new(self);
        let source = ExampleSource {
            dataset: &request.dataset_id,
            model: request.base_model_id.as_deref(),
            prompt: request.prompt_id.as_deref(),
            choices: &request.choices,
        };
        let found = preflight.examples(source).await?;
        if found.chosen.planned.row_format == Some(RowFormat::PromptCompletion) && found.prompt.is_none() {
            let message = "Choose the prompt that rows are filled into.";
            preflight.diagnostics.refuse(column!(FineTuningJob, prompt_id), message);
        }
        if found.model.is_none() && preflight.diagnostics.problems.is_empty() {
            let message = "Choose the model whose tokenizer counts.";
            preflight.diagnostics.refuse(column!(FineTuningJob, base_model_id), message);
        }
        let planned = found.chosen.planned.clone();
        let problems = preflight.diagnostics.problems;
        let (Some(dataset), Some(model), true) = (found.dataset, found.model, problems.is_empty()) else {
            return Ok(TokenLengths { choices: planned, problems, lengths: None });
        };
        let tokenizer = tokenizer_file(&model)?;
        let rows = Rows {
            counter: tokenizers.counter(&tokenizer).await?,
            context: self.context_length(&model).await,
            known: self.store.last_reading(&request.dataset_id).await?,
            kept: KeptLengths::beside(self.store.path()),
            completion_only: request.completion_only_loss.unwrap_or(true),
            prompt: found.prompt,
            chosen: found.chosen,
            other: preflight.other,
            dataset,
            model,
            tokenizer,
        };
        let (limit, batch, method) = (request.limit, request.batch, planned.method);
        let work = work.clone();
        let lengths = platform::blocking("counting tokens", move || {
            let limit = Limit {
                method,
                tokens: limit.map(u64::from),
                batch: batch.map(u64::from),
                context: rows.context,
            };
            Ok(rows.counted(&work)?.report(limit))
        });
        Ok(TokenLengths { choices: planned, problems, lengths: Some(lengths.await?) })
    }

    /// The largest number of tokens that a model knows positions for, if its folder says so.
    async fn context_length(&self, model: &Source) -> Option<u64> {
        let report = self.inspector.model(&inspect::WeightsSource::Id(model.id.clone())).await.ok()?;
        report.facts?.context_length
    }
}

/// Rows, and all that their lengths depend on.
struct Rows {
    counter: Counter,
    /// The largest number of tokens that the model knows positions for.
    context: Option<u64>,
    known: Option<datasets::Reading>,
    kept: KeptLengths,
    completion_only: bool,
    prompt: Option<PromptSpec>,
    chosen: Chosen,
    /// Renders chat templates that this program can't.
    other: Option<Arc<dyn OtherRenderer>>,
    dataset: JobDataset,
    model: Source,
    tokenizer: PathBuf,
}

impl Rows {
    /// The lengths, those that are kept where there are.
    fn counted(&self, work: &Work) -> Result<Counted> {
        let file = DatasetFile::new(&self.dataset.spec.path, self.dataset.spec.options.clone());
        let stamp = Stamp::from_file(&file)?;
        let dataset = match self.known.as_ref().filter(|known| known.is_of(&file)) {
            Some(known) => known.hash.clone(),
            None => datasets::content_hash(&file, work)?,
        };
        let tokenizer = datasets::content_hash(&self.tokenizer, work)?;
        let special = ::weights::special_tokens(Path::new(&self.model.source))?;
        let (planned, chat) = (&self.chosen.planned, self.chosen.chat.as_ref());
        let measure = Measure {
            counter: self.counter.clone(),
            method: planned.method,
            rendered: chat.is_some(),
            end: special.get("eos_token").cloned(),
            completion_only: self.completion_only,
        };
        let key = LengthsKey {
            dataset: &dataset,
            reading: serde_json::to_string(&file.options).unwrap_or_default(),
            tokenizer: &tokenizer,
            choices: [
                format!("{:?}", planned.method),
                format!("{:?}", planned.row_format),
                format!("{:?}", self.chosen.ratings),
            ],
            prompt: self.prompt.as_ref().map(prompt_key),
            chat: chat.map(ChatKey::new),
            end: measure.end.as_deref(),
            completion_only: measure.completion_only,
        };
        if let Some(kept) = self.kept.read(&key) {
            return Ok(kept);
        }
        let counted = self.count(&file, &measure, work)?;
        if Stamp::from_file(&file)? != stamp {
            let message = format!("{} changed while it was read.", file.path.display());
            return Err(Error::new(ErrorCode::File, message)
                .hint("Count again once the program that writes it has finished."));
        }
        if let Err(error) = self.kept.write(&key, &counted) {
            // They are right all the same, and are counted again next time.
            tracing::warn!("keeping token lengths: {error}");
        }
        Ok(counted)
    }

    fn count(&self, file: &DatasetFile, measure: &Measure, work: &Work) -> Result<Counted> {
        let settings = self.chosen.row_settings(self.prompt.as_ref(), self.other.as_ref());
        let renderer = RowRenderer::new(settings)?;
        let mut counted = Counted::default();
        let lengths = |row: TakenRow| {
            let number = row.number;
            let examples = renderer.examples(row).map_err(|reason| (number, reason.to_string()))?;
            let lengths = examples.iter().map(|example| {
                measure.row(example).ok_or_else(|| (number, "The row has no text.".to_owned()))
            });
            lengths.collect()
        };
        let before = self.dataset.rows_before_train();
        let take = |row: Result<Vec<RowLengths>, (u64, String)>| {
            match row {
                Ok(lengths) => lengths.into_iter().for_each(|lengths| counted.add(lengths)),
                Err((number, reason)) => counted.leave_out(number, &reason),
            }
            Ok(())
        };
        each_example((file, Splits::train_of(file)), before, &renderer, work, lengths, take)?;
        if counted.rows.is_empty() {
            let why = counted.left_out_first.map_or("It has no rows.".to_owned(), |(row, reason)| {
                format!("Row {row} can't be trained on. {reason}")
            });
            let message = format!("No row of '{}' can be counted. {why}", self.dataset.spec.name);
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint("Correct the rows, or read them in another format."));
        }
        Ok(counted)
    }
}

/// The file of the tokenizer.
fn tokenizer_file(model: &Source) -> Result<PathBuf> {
    let file = PathBuf::from(&model.source).join("tokenizer.json");
    if file.is_file() {
        return Ok(file);
    }
    let message = format!("The tokenizer of '{}' (tokenizer.json) is not on this machine.", model.name);
    Err(Error::new(ErrorCode::NotFound, message).hint("Choose a model whose files are here."))
}

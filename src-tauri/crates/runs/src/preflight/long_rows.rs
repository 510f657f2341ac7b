//! Rows of an evaluation that are longer than a model reads and writes at once.

use std::path::PathBuf;

use inspect::WeightsSource;
use prompts::Counter;
use resources::EvaluationJob;
use run_folder::{
    rows::{Example, RowSettings},
    spec::CombinationSpec,
};
use schema::{Result, column};

use super::{context::Preflight, first_rows::FirstRows};

const MODEL: &str = column!(EvaluationJob, base_model_id);

impl Preflight<'_> {
    /// Warns of those among the first rows that a model has no room for, which its worker leaves out. Nothing is
    /// known of models without a limit, or whose tokenizer is not on this machine. The chat template is that of
    /// each combination.
    pub(super) async fn warn_of_long_rows(
        &mut self,
        first: &FirstRows,
        settings: RowSettings<'_>,
        combinations: &[CombinationSpec],
    ) -> Result<()> {
        let mut known = Vec::new();
        for combination in combinations {
            let model = &combination.model;
            let rows = (model.source.as_str(), combination.rows.as_deref());
            if known.contains(&rows) {
                continue;
            }
            known.push(rows);
            let report = self.runs.inspector.model(&WeightsSource::Id(model.id.clone())).await?;
            let file = PathBuf::from(&model.source).join("tokenizer.json");
            let Some(limit) = report.facts.and_then(|facts| facts.context_length) else { continue };
            if !file.is_file() {
                continue;
            }
            // What is wrong with a tokenizer is reported with the model.
            let Ok(counter) = self.runs.tokenizers.counter(&file).await else { continue };
            let rendered = combination.chat.is_some();
            let examples = first.examples(RowSettings { chat: combination.chat.as_ref(), ..settings })?;
            let lengths = examples.iter().map(|(row, example)| (*row, needed(example, &counter, rendered)));
            let mut long: Vec<(u64, u64)> = lengths.filter(|(_, tokens)| *tokens > limit).collect();
            long.dedup_by_key(|(row, _)| *row);
            let Some((row, tokens)) = long.first() else { continue };
            let (count, of) = (long.len(), first.count());
            let are = if count == 1 { "is" } else { "are" };
            let message = format!(
                "'{}' has no room for {count} of the first {of} rows, which {are} left out: it reads and writes {limit} \
                 tokens at once, and row {row} needs {tokens}.",
                model.name
            );
            self.diagnostics.warn(MODEL, message);
        }
        Ok(())
    }
}

/// The tokens that an example needs at once: its prompt and a token of the answer, or the longest text that is
/// compared, behind which the worker adds an end token to plain ones.
fn needed(example: &Example, counter: &Counter, rendered: bool) -> u64 {
    let tokens = |text: &str| counter.extent(text, !rendered, 0).tokens;
    let Some((prompt, answers)) = example.texts.split_first() else { return 0 };
    if example.label.is_none() && answers.len() < 2 {
        return tokens(&prompt.text) + 1;
    }
    let whole = answers.iter().map(|answer| tokens(&[prompt.text.as_str(), answer.text.as_str()].concat()));
    whole.max().unwrap_or_default() + u64::from(!rendered)
}

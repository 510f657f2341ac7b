//! Renders rows of a dataset as a training would.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use datasets::{DatasetFile, NumberedRow, Object, Preview};
use prompts::{Counter, Tokenizers, Value};
use schema::{Error, ErrorCode, Result};

use super::report::{
    PreviewRequest, PreviewedMessage, PreviewedRow, PreviewedText, PreviewedTurn, TrainingPreview,
};
use crate::{
    preflight::{ExampleSource, Examples, Preflight},
    runs::Runs,
};
use run_folder::{
    rows::{Example, RowRenderer, RowSettings},
    spec::{ChatSpec, DatasetSpec, Source},
};

/// Most rows of one preview.
const MOST_ROWS: u64 = 100;

impl Runs {
    /// Rows as a training with these choices would see them, rendered by the same code. The result has the
    /// problems: choices that do not fit, rows that can't be rendered, a tokenizer that can't be loaded.
    pub async fn preview_training(
        &self,
        request: &PreviewRequest,
        tokenizers: &Tokenizers,
    ) -> Result<TrainingPreview> {
        let mut preflight = Preflight::new(self);
        let source = ExampleSource {
            dataset: &request.dataset_id,
            model: request.base_model_id.as_deref(),
            prompt: request.prompt_id.as_deref(),
            choices: &request.choices,
        };
        let Examples { dataset, model, prompt, chosen } = preflight.examples(source).await?;
        let (counter, tokenizer, tokenizer_problem) = counter_of(model.as_ref(), tokenizers).await;
        let mut preview = TrainingPreview {
            choices: chosen.planned.clone(),
            problems: preflight.diagnostics.problems,
            rows: Vec::new(),
            total: None,
            last: false,
            special_tokens: Vec::new(),
            by_transformers: false,
            tokenizer,
            tokenizer_problem,
        };
        let Some(dataset) = dataset else { return Ok(preview) };
        let page = self.page(&dataset.spec, request.row, request.count).await?;
        (preview.total, preview.last) = (page.total_rows, page.end);
        let limit = request.limit.map(u64::from);
        let other = preflight.other;
        let rendering = move || {
            let settings = chosen.row_settings(prompt.as_ref(), other.as_ref());
            rendered(&page, settings, &counter, limit)
        };
        // A template that can't be parsed is among the problems.
        (preview.rows, preview.special_tokens, preview.by_transformers) =
            platform::blocking("rendering rows", rendering).await.unwrap_or_default();
        Ok(preview)
    }

    /// Rows of a dataset from that number on.
    pub(super) async fn page(&self, dataset: &DatasetSpec, row: u64, count: u64) -> Result<Preview> {
        let before = row.checked_sub(1).ok_or_else(|| {
            Error::new(ErrorCode::Invalid, "Rows are counted from 1.").hint("Ask for row 1 or a later one.")
        })?;
        let file = DatasetFile::new(&dataset.path, dataset.options.clone());
        let known = self.store.last_reading(&dataset.id).await?;
        datasets::preview(file, known, before, count.clamp(1, MOST_ROWS)).await
    }
}

/// The tokenizer of the model and its file, else an estimate and why.
pub(super) async fn counter_of(
    model: Option<&Source>,
    tokenizers: &Tokenizers,
) -> (Counter, Option<String>, Option<Error>) {
    match found_counter(model, tokenizers).await {
        Ok((counter, file)) => (counter, file, None),
        Err(error) => (Counter::Rough, None, Some(error)),
    }
}

async fn found_counter(model: Option<&Source>, tokenizers: &Tokenizers) -> Result<(Counter, Option<String>)> {
    let Some(model) = model else { return Ok((Counter::Rough, None)) };
    let file = PathBuf::from(&model.source).join("tokenizer.json");
    if !Path::is_file(&file) {
        let message = format!("The tokenizer of '{}' is not on this machine.", model.name);
        return Err(Error::new(ErrorCode::NotFound, message).hint("The number of tokens is estimated."));
    }
    Ok((tokenizers.counter(&file).await?, Some(file.display().to_string())))
}

/// The rows of a page, the special tokens that are in them, and whether Transformers rendered any.
pub(super) fn rendered(
    page: &Preview,
    settings: RowSettings<'_>,
    counter: &Counter,
    limit: Option<u64>,
) -> Result<(Vec<PreviewedRow>, Vec<String>, bool)> {
    let renderer = RowRenderer::new(settings)?;
    let rows = (page.offset + 1..).zip(page.objects()).flat_map(|(number, row)| {
        match renderer.shown_examples(NumberedRow::from_object(number, &row, page.r#type)) {
            Ok(examples) => {
                let shown = |example| previewed(number, example, counter, limit, !settings.asks);
                examples.into_iter().map(shown).collect()
            }
            Err(reason) => vec![PreviewedRow {
                row: number,
                texts: Vec::new(),
                label: None,
                problem: Some(reason.to_string()),
            }],
        }
    });
    let rows: Vec<PreviewedRow> = rows.collect();
    let special_tokens = special_tokens(&rows, settings.chat, counter);
    Ok((rows, special_tokens, renderer.used_other()))
}

/// `learns` says that answers carry loss.
fn previewed(
    number: u64,
    example: Example,
    counter: &Counter,
    limit: Option<u64>,
    learns: bool,
) -> PreviewedRow {
    let Example { texts, loss, turns, label } = example;
    let loss = loss.unwrap_or_default();
    let places: Vec<(usize, usize)> = turns.iter().map(|turn| (turn.start, turn.end)).collect();
    // An answer is cut where it exceeds the limit together with its prompt.
    let mut before = 0;
    let texts = texts.into_iter().map(|text| {
        let left = limit.map(|limit| limit.saturating_sub(if text.key == "prompt" { 0 } else { before }));
        let measured = counter.measure(&text.text, &places, left);
        if text.key == "prompt" {
            before = measured.tokens.count;
        }
        let is_answer = matches!(text.key, "completion" | "chosen" | "rejected");
        let all = (0, text.text.chars().count());
        PreviewedText {
            part: text.key.to_owned(),
            messages: text.messages.iter().map(message).collect(),
            loss: if text.key == "text" && !loss.is_empty() {
                loss.clone()
            } else if learns && (is_answer || text.key == "text") {
                vec![all]
            } else {
                Vec::new()
            },
            turns: turns
                .iter()
                .zip(measured.parts)
                .map(|(turn, tokens)| PreviewedTurn {
                    role: turn.role.clone(),
                    start: turn.start,
                    end: turn.end,
                    tokens,
                })
                .collect(),
            text: text.text,
            tokens: measured.tokens,
            cut: measured.cut,
        }
    });
    PreviewedRow { row: number, texts: texts.collect(), label, problem: None }
}

/// The special tokens of template and tokenizer that are in the rows, in alphabetical order.
fn special_tokens(rows: &[PreviewedRow], chat: Option<&ChatSpec>, counter: &Counter) -> Vec<String> {
    let named = chat.iter().flat_map(|chat| chat.template.special_tokens.values().cloned());
    let known: BTreeSet<String> = named.chain(counter.special_tokens()).collect();
    let texts: Vec<&str> = rows.iter().flat_map(|row| &row.texts).map(|text| text.text.as_str()).collect();
    known
        .into_iter()
        .filter(|token| !token.is_empty() && texts.iter().any(|text| text.contains(token.as_str())))
        .collect()
}

fn message(entries: &Object) -> PreviewedMessage {
    let text = |key: &str| match entries.get(key) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        // Parts, such as a text beside a picture.
        Some(other) => other.to_string(),
    };
    let others = entries.iter().filter(|(key, _)| !matches!(key.as_str(), "role" | "content"));
    let rest: Object = others.map(|(key, value)| (key.clone(), value.clone())).collect();
    PreviewedMessage {
        role: text("role"),
        content: text("content"),
        rest: if rest.is_empty() { String::new() } else { Value::Object(rest).to_string() },
    }
}

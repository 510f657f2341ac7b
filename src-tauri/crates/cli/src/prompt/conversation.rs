//! `fts prompt render --conversation`: rows of a dataset as a training sees them.

use std::process::ExitCode;

use clap::Args;
use studio::{
    resources::{Method, RowFormat, TrainOn, TrainingChoices},
    runs::{PreviewRequest, PreviewedRow, PreviewedText, TrainingPreview},
};

use super::in_words;
use crate::{
    output::{Output, print},
    session::{DONE, Outcome, Session},
    values::choice,
};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Show rows of a dataset as a training on conversations or preferences sees them
    #[arg(long, requires = "model")]
    conversation: bool,
    /// How many rows to show, at most 100
    #[arg(long, value_name = "N", default_value_t = 1, requires = "conversation")]
    count: u64,
    /// The column that says whether an answer is good [default: label, rating or score]
    #[arg(long, value_name = "COLUMN", requires = "conversation")]
    rating_column: Option<String>,
    /// The lowest rating of a good answer [default: above the middle of the first ratings]
    #[arg(long, value_name = "RATING", requires = "conversation")]
    rating_threshold: Option<f64>,
    /// The file of a chat template, or 'plain' [default: the model's own]
    #[arg(long, value_name = "TEMPLATE", requires = "conversation")]
    chat_template: Option<String>,
    /// The system prompt of conversations that have none
    #[arg(long, value_name = "TEXT", requires = "conversation")]
    system_prompt: Option<String>,
    /// Where conversations carry loss
    #[arg(long, value_parser = choice::<TrainOn>(), requires = "conversation")]
    train_on: Option<TrainOn>,
    /// The method of the training [default: what the rows are for]
    #[arg(long, value_parser = choice::<Method>(), requires = "conversation")]
    method: Option<Method>,
    /// How rows are read [default: as they are recognized]
    #[arg(long, value_parser = choice::<RowFormat>(), requires = "conversation")]
    row_format: Option<RowFormat>,
}

impl Options {
    pub(super) fn wanted(&self) -> bool {
        self.conversation
    }

    pub(super) async fn run(
        self,
        dataset: &str,
        row: u64,
        model: Option<String>,
        limit: u32,
        session: &Session,
    ) -> Outcome {
        let request = PreviewRequest {
            dataset_id: dataset.to_owned(),
            row,
            count: self.count,
            base_model_id: model,
            prompt_id: None,
            choices: TrainingChoices {
                method: self.method,
                row_format: self.row_format,
                rating_column: self.rating_column,
                rating_threshold: self.rating_threshold,
                chat_template: self.chat_template,
                system_prompt: self.system_prompt,
                train_on: self.train_on,
                ..TrainingChoices::default()
            },
            limit: Some(limit),
        };
        let preview = session.studio().await?.prompts().preview_training(&request).await?;
        if !session.output.json(&preview) {
            preview.rows.iter().for_each(print_row);
        }
        problems(&preview, &session.output)
    }
}

/// Prints the problems that keep a training from starting; exit code 1 if anything does.
fn problems(preview: &TrainingPreview, output: &Output) -> Outcome {
    if output.json {
        return if preview.problems.is_empty() { DONE } else { Ok(ExitCode::FAILURE) };
    }
    for problem in &preview.problems {
        output.warning(&problem.column, &problem.message);
    }
    if preview.by_transformers {
        eprintln!(
            "Rendered by Transformers in the Python environment: this program can't render the template."
        );
    }
    if let Some(problem) = &preview.tokenizer_problem {
        eprintln!("{problem}");
    }
    if preview.problems.is_empty() { DONE } else { Ok(ExitCode::FAILURE) }
}

fn print_row(row: &PreviewedRow) {
    let label = row.label.map_or("", |good| if good { ", a good answer" } else { ", a bad answer" });
    print(&format!("Row {}{label}", row.row));
    for text in &row.texts {
        print_text(text);
    }
    if let Some(problem) = &row.problem {
        eprintln!("Row {}: {problem}", row.row);
    }
}

fn print_text(text: &PreviewedText) {
    print(&format!("{} ({})", text.part, in_words(text.tokens)));
    print(&text.text);
    let whole = text.text.chars().count();
    if !text.loss.is_empty() && text.loss != [(0, whole)] {
        print("Learned:");
        for (start, end) in &text.loss {
            let learned: String = text.text.chars().skip(*start).take(end - start).collect();
            print(&format!("{start}–{end}: {learned:?}"));
        }
    }
    if text.cut.is_some() {
        eprintln!("The tokens after the limit are cut off.");
    }
    print("");
}

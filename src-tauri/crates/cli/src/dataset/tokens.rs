//! `fts dataset tokens`: how many tokens the rows of a dataset have for a model, and what a limit does to them.

use std::process::ExitCode;

use clap::Args;
use studio::{
    resources::{Method, RowFormat, TrainOn, TrainingChoices},
    runs::{LengthReport, LengthsRequest, TokenLengths},
};

use crate::{
    output::{print, print_facts, print_table},
    progress::watched,
    session::{DONE, Outcome, Session},
    values::choice,
};

/// Show the token lengths of all rows, and what a largest number of tokens does to them
///
/// Rows are measured as a training would be given them: filled into a prompt, rendered by a chat template, or as the
/// texts that they are. Of a preference, prompt and longer answer count. The lengths are kept: the same rows are
/// counted once for the same tokenizer.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts dataset tokens DATASET --model MODEL --max-length 1024")]
pub(crate) struct Tokens {
    /// The id of the dataset
    dataset: String,
    /// The id of the model whose tokenizer counts
    #[arg(long, value_name = "ID")]
    model: String,
    /// The id of the prompt that rows are filled into
    #[arg(long, value_name = "ID")]
    prompt: Option<String>,
    /// The file of a chat template, 'plain', or 'none' [default: the model's own]
    #[arg(long, value_name = "TEMPLATE")]
    chat_template: Option<String>,
    /// The system prompt of conversations that have none
    #[arg(long, value_name = "TEXT")]
    system_prompt: Option<String>,
    /// Where conversations carry loss
    #[arg(long, value_parser = choice::<TrainOn>())]
    train_on: Option<TrainOn>,
    /// The method of the training [default: what the rows are for]
    #[arg(long, value_parser = choice::<Method>())]
    method: Option<Method>,
    /// How rows are read [default: as they are recognized]
    #[arg(long, value_parser = choice::<RowFormat>())]
    row_format: Option<RowFormat>,
    /// The largest number of tokens of a row [default: no limit]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_length: Option<u32>,
    /// Rows of a batch, from which the padding follows
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
    batch_size: u32,
}

impl Tokens {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let request = LengthsRequest {
            dataset_id: self.dataset,
            base_model_id: Some(self.model),
            prompt_id: self.prompt,
            choices: TrainingChoices {
                method: self.method,
                row_format: self.row_format,
                chat_template: self.chat_template,
                system_prompt: self.system_prompt,
                train_on: self.train_on,
                ..TrainingChoices::default()
            },
            completion_only_loss: None,
            limit: self.max_length,
            batch: Some(self.batch_size),
        };
        let (studio, output) = (session.studio().await?, &session.output);
        let found = studio.datasets().token_lengths(&request, &watched(output)).await?;
        if !output.json(&found)
            && let Some(lengths) = &found.lengths
        {
            print_lengths(lengths);
        }
        problems(&found, session)
    }
}

/// Prints why nothing was counted; exit code 1 if so.
fn problems(found: &TokenLengths, session: &Session) -> Outcome {
    if !session.output.json {
        for problem in &found.problems {
            session.output.warning(&problem.column, &problem.message);
        }
    }
    if found.problems.is_empty() { DONE } else { Ok(ExitCode::FAILURE) }
}

fn print_lengths(lengths: &LengthReport) {
    print_table(["Tokens", "Rows", ""], bars(lengths).into_iter());
    let number = |number: u64| Some(number.to_string());
    let limited = |number: u64| lengths.limit.map(|_| number.to_string());
    print_facts(vec![
        ("Rows", number(lengths.rows)),
        ("Rows left out", number(lengths.left_out).filter(|_| lengths.left_out > 0)),
        ("Tokens", number(lengths.tokens)),
        ("Shortest", number(lengths.shortest)),
        ("Half of the rows up to", number(lengths.median)),
        ("95 of 100 up to", number(lengths.percentile_95)),
        ("99 of 100 up to", number(lengths.percentile_99)),
        ("Longest", number(lengths.longest)),
        ("Suggested limit", number(lengths.suggested)),
        ("Limit", limited(lengths.limit.unwrap_or_default())),
        ("Rows over the limit", limited(lengths.over)),
        ("Of these dropped", limited(lengths.dropped)),
        ("Tokens of an epoch", number(lengths.epoch_tokens)),
        (
            "Padding",
            Some(format!("{} in batches of {}", share(lengths.padding.wasted), lengths.padding.batch)),
        ),
        (
            "Packed",
            lengths.packing.map(|packed| {
                format!("{} packs, {} of their room empty", packed.packs, share(packed.wasted))
            }),
        ),
    ]);
    if let Some(reason) = &lengths.left_out_first {
        eprintln!("{reason}");
    }
    if lengths.estimated > 0 {
        print(&format!("The lengths of {} very long rows are estimates.", lengths.estimated));
    }
}

/// The widest bar, in characters.
const WIDEST: u64 = 40;

fn bars(lengths: &LengthReport) -> Vec<Vec<String>> {
    let most = lengths.histogram.iter().map(|bin| bin.rows).max().unwrap_or_default().max(1);
    let bar = |rows: u64| "█".repeat(usize::try_from((rows * WIDEST).div_ceil(most)).unwrap_or_default());
    lengths
        .histogram
        .iter()
        .map(|bin| vec![format!("{}–{}", bin.from, bin.to), bin.rows.to_string(), bar(bin.rows)])
        .collect()
}

fn share(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}

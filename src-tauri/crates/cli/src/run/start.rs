//! `fts run train`, `evaluate` and `retry`: starting runs.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use studio::{
    FieldProblem,
    runs::{EvaluationRequest, TrainingRequest},
    store::Run,
};

use crate::{
    output::print_json,
    progress::watched,
    rows::Data,
    session::{DONE, Outcome, Session},
};

use super::watch;

/// Train an adapter, or a whole model
///
/// The fields are those of a fine-tuning job: base_model_id, dataset_id, prompt_id, adapter_name and
/// more. Training arguments, LoRA and quantization settings are given as text or by the id of a
/// config.
///
/// What is trained and how is filled in from the dataset and the model unless it is given: method (sft,
/// dpo, kto, orpo, reward), row_format (prompt_completion, text, conversation, preference,
/// unpaired_preference), rating_column (says whether an answer is good) and rating_threshold (the lowest
/// rating of a good one), chat_template (a file, plain, or none), system_prompt, train_on (last_turn,
/// assistant_turns, everything), adapter_init (the id of an adapter to go on from), tuning (lora, full)
/// and early_stopping_patience. Conversations and preferences need no prompt. --dry-run shows what is
/// filled in; fts prompt render --conversation shows the rows.
///
/// --target names a compute target (fts target list): what the run needs is sent there, its worker goes on without
/// this machine, and its results are fetched at its end. fts run watch follows it.
///
/// num_workers workers train together on one machine, each in a process for each of its num_gpu GPUs and
/// in one at least. devices, a list of indexes from 0, says which GPUs.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts run train --data @training.json --wait")]
pub(crate) struct Train {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    options: StartOptions,
}

/// Evaluate models and adapters on the rows of a dataset
///
/// The fields are those of evaluation jobs, with model_adapter_combinations: one job is made for
/// each combination of a model and an adapter.
#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    options: StartOptions,
}

#[derive(Debug, Args)]
struct StartOptions {
    /// The compute target to run on, by its name or id; without it, this machine
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Print the plan as JSON and start nothing; exit code 1 if the run can't start
    #[arg(long, conflicts_with = "wait")]
    dry_run: bool,
    /// Wait for the end; exit code 0 if the run succeeded, 1 if it failed, 3 if it was stopped
    #[arg(long)]
    wait: bool,
}

/// Start a failed, stopped or lost run again, from its last checkpoint
///
/// With --target or --here it goes on at another place: its checkpoints are fetched from where it was, and sent to where
/// it goes.
#[derive(Debug, Args)]
pub(crate) struct Retry {
    /// The id of a run or of one of its jobs
    id: String,
    /// The compute target to go on at, by its name or id; without it, where it was
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Go on at this machine
    #[arg(long, conflicts_with = "target")]
    here: bool,
    /// Wait for the end; exit code 0 if the run succeeded, 1 if it failed, 3 if it was stopped
    #[arg(long)]
    wait: bool,
}

impl Train {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let mut request = TrainingRequest::from_row(self.data.read()?)?;
        request.target = self.options.target.or(request.target);
        let studio = session.studio().await?;
        if self.options.dry_run {
            let plan = studio.runs().plan_training(&request).await?;
            return print_plan(&plan, &plan.problems);
        }
        // The start uses this plan again, and says its problems.
        let plan = studio.runs().plan_training(&request).await?;
        if plan.problems.is_empty() {
            warn(session, &plan.warnings);
        }
        started(session, studio.runs().start_training(&request).await?, self.options.wait).await
    }
}

impl Evaluate {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let mut request = EvaluationRequest::from_row(self.data.read()?)?;
        request.target = self.options.target.or(request.target);
        let studio = session.studio().await?;
        if self.options.dry_run {
            let plan = studio.runs().plan_evaluation(&request).await?;
            return print_plan(&plan, &plan.problems);
        }
        let plan = studio.runs().plan_evaluation(&request).await?;
        if plan.problems.is_empty() {
            warn(session, &plan.warnings);
        }
        started(session, studio.runs().start_evaluation(&request).await?, self.options.wait).await
    }
}

impl Retry {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let studio = session.studio().await?;
        let run = if self.here || self.target.is_some() {
            studio.runs().retry_on(&self.id, self.target.as_deref()).await?
        } else {
            studio.runs().retry(&self.id).await?
        };
        started(session, run, self.wait).await
    }
}

/// Prints what a preflight says of a run that may start.
fn warn(session: &Session, warnings: &[FieldProblem]) {
    for FieldProblem { column, message } in warnings {
        session.output.warning(column, message);
    }
}

fn print_plan(plan: &impl Serialize, problems: &[FieldProblem]) -> Outcome {
    print_json(plan);
    Ok(ExitCode::from(u8::from(!problems.is_empty())))
}

/// Starts the runs that the queue allows, waits for this one if asked to, and prints it.
async fn started(session: &Session, run: Run, wait: bool) -> Outcome {
    let (studio, output) = (session.studio().await?, &session.output);
    let work = watched(output);
    watch::with_fetches(studio, &run.id, output, studio.runs().supervise_once(&work)).await?;
    if !wait {
        watch::until_sent(studio, &run.id, output, work.stopped()).await?;
    }
    if wait && !work.is_stopped() {
        let ended = watch::until_ended(studio, &run.id, work.stopped());
        let ended = watch::with_marks(studio, &run.id, output, ended);
        let run = watch::with_fetches(studio, &run.id, output, ended).await?;
        if !run.state.is_live() {
            watch::print_run(&run, output);
            return Ok(watch::exit_code(run.state));
        }
    }
    let run = studio.runs().get(&run.id).await?;
    if work.is_stopped() && run.state.is_live() {
        return Err(watch::left(&run).into());
    }
    watch::print_run(&run, output);
    DONE
}

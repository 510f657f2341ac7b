//! Runs: trainings and evaluations on this machine.

use std::{process::ExitCode, time::Duration};

use clap::Subcommand;
use studio::{
    Result, RunSummary, Studio,
    jobs::{EvaluationRequest, QueueRule, ResultFilter, Run, RunState, TrainingRequest},
    schema::{Row, TextEnum as _},
    work::Work,
};
use tokio_util::sync::CancellationToken;

use crate::{
    args::Data,
    output::{Output, print, print_json},
    watched,
};

#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    /// Train an adapter on this machine
    Train {
        /// The fields of a fine-tuning job
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        how: How,
    },
    /// Evaluate models and adapters on this machine
    Evaluate {
        /// The fields of evaluation jobs, with model_adapter_combinations
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        how: How,
    },
    /// List the runs: those that go or wait, then the others
    Runs,
    /// Show one run: how far it is, and what it has told
    ShowRun {
        /// The id of a run or of one of its jobs
        id: String,
    },
    /// Print what a run's worker printed
    Logs {
        /// The id of a run or of one of its jobs
        id: String,
        /// Go on until the run is over
        #[arg(long, short)]
        follow: bool,
    },
    /// Stop a run: politely, then not
    Stop {
        /// The id of a run or of one of its jobs
        id: String,
        /// Wait until it has stopped
        #[arg(long)]
        wait: bool,
    },
    /// Start a run again that failed, was stopped or got lost; it goes on from its last checkpoint
    Retry {
        /// The id of a run or of one of its jobs
        id: String,
        /// Wait for its end; the exit code is its result
        #[arg(long)]
        wait: bool,
    },
    /// Show how the queue goes on, or change it
    Queue {
        /// Start no more runs
        #[arg(long, conflicts_with = "resume")]
        pause: bool,
        /// Start runs again
        #[arg(long)]
        resume: bool,
        /// How many runs go at once
        #[arg(long, value_name = "N")]
        at_once: Option<u32>,
    },
    /// Show the answers of an evaluation
    Results {
        /// The id of a run or of one of its jobs
        id: String,
        /// How many rows to show
        #[arg(long, value_name = "N", default_value_t = 10)]
        rows: u64,
        /// How many rows to pass over
        #[arg(long, value_name = "N", default_value_t = 0)]
        offset: u64,
    },
}

/// What happens beside starting.
#[derive(Debug, clap::Args)]
pub(crate) struct How {
    /// Only say what would happen; exit 1 if it can't start
    #[arg(long, conflicts_with = "wait")]
    dry_run: bool,
    /// Wait for the end; the exit code is 0 for success, 1 for a failure, 3 if it was stopped
    #[arg(long)]
    wait: bool,
}

/// How often a log that is followed, or a run that is waited for, is looked at.
const PULSE: Duration = Duration::from_millis(200);
/// How much of a log is read at once, in bytes.
const LOG_PART: u64 = 256 << 10;

impl RunCommand {
    /// The fields to read before anything is opened.
    pub(crate) fn data(&self) -> Option<&Data> {
        match self {
            Self::Train { data, .. } | Self::Evaluate { data, .. } => Some(data),
            _ => None,
        }
    }

    pub(crate) async fn run(self, studio: &Studio, fields: Row, output: &Output) -> Result<ExitCode> {
        match self {
            Self::Train { how, .. } => {
                let request = TrainingRequest::of(fields)?;
                if how.dry_run {
                    let plan = studio.runs().plan_training(&request).await?;
                    print_json(&plan);
                    return Ok(ExitCode::from(u8::from(!plan.problems.is_empty())));
                }
                let run = studio.runs().start_training(&request).await?;
                begin(studio, run, how.wait, output).await
            }
            Self::Evaluate { how, .. } => {
                let request = EvaluationRequest::of(fields)?;
                if how.dry_run {
                    let plan = studio.runs().plan_evaluation(&request).await?;
                    print_json(&plan);
                    return Ok(ExitCode::from(u8::from(!plan.problems.is_empty())));
                }
                let run = studio.runs().start_evaluation(&request).await?;
                begin(studio, run, how.wait, output).await
            }
            Self::Retry { id, wait } => {
                let run = studio.runs().retry(&id).await?;
                begin(studio, run, wait, output).await
            }
            Self::Stop { id, wait } => {
                let mut run = studio.runs().stop(&id).await?;
                studio.runs().supervise_once(&Work::unwatched()).await?;
                if wait {
                    run = watch(studio, &run.id).await?;
                }
                show(&studio.runs().get(&run.id).await?, output);
                Ok(ExitCode::SUCCESS)
            }
            Self::Runs => {
                studio.runs().supervise_once(&watched(output)).await?;
                list(&studio.runs().list().await?, output);
                Ok(ExitCode::SUCCESS)
            }
            Self::ShowRun { id } => {
                studio.runs().supervise_once(&watched(output)).await?;
                print_json(&studio.runs().report(&id).await?);
                Ok(ExitCode::SUCCESS)
            }
            Self::Logs { id, follow } => {
                logs(studio, &id, follow).await?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Queue { pause, resume, at_once } => {
                let mut rule = studio.runs().queue().await?;
                if pause || resume || at_once.is_some() {
                    rule = QueueRule {
                        paused: pause || (rule.paused && !resume),
                        at_once: at_once.unwrap_or(rule.at_once),
                    };
                    studio.runs().set_queue(rule).await?;
                    studio.runs().supervise_once(&watched(output)).await?;
                }
                if !output.json(&rule) {
                    let paused = if rule.paused { "The queue is paused" } else { "The queue goes on" };
                    print(&format!("{paused}; runs at once: {}.", rule.at_once));
                }
                Ok(ExitCode::SUCCESS)
            }
            Self::Results { id, rows, offset } => {
                let results = studio.runs().results(&id, ResultFilter::All, offset, rows).await?;
                let header = ["row".to_owned(), "expected".to_owned()].into_iter().chain(
                    results.combinations.iter().map(|column| match &column.adapter {
                        Some(adapter) => format!("{} + {adapter}", column.model),
                        None => column.model.clone(),
                    }),
                );
                let header: Vec<String> = header.collect();
                let lines = results.rows.iter().map(|row| {
                    let answers = row.answers.iter().map(|answer| {
                        answer.as_ref().map_or(String::new(), |answer| answer.output.trim().to_owned())
                    });
                    [row.row.to_string(), row.expected.trim().to_owned()].into_iter().chain(answers).collect()
                });
                output.table(&results, header.iter().map(String::as_str), lines);
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// Starts what may start, and waits for the run if asked to.
async fn begin(studio: &Studio, run: Run, wait: bool, output: &Output) -> Result<ExitCode> {
    studio.runs().supervise_once(&watched(output)).await?;
    if wait {
        let run = watch(studio, &run.id).await?;
        show(&run, output);
        return Ok(exit_code(run.state));
    }
    show(&studio.runs().get(&run.id).await?, output);
    Ok(ExitCode::SUCCESS)
}

/// Looks after the runs until this one is over, whoever notices its end.
async fn watch(studio: &Studio, id: &str) -> Result<Run> {
    let ended = async {
        loop {
            let run = studio.runs().get(id).await?;
            if !run.state.is_live() {
                return Ok(run);
            }
            tokio::time::sleep(PULSE).await;
        }
    };
    tokio::select! {
        run = ended => run,
        () = studio.runs().supervise(CancellationToken::new(), |_| {}) => studio.runs().get(id).await,
    }
}

fn exit_code(state: RunState) -> ExitCode {
    ExitCode::from(match state {
        RunState::Failed | RunState::Lost => 1,
        RunState::Stopped => 3,
        _ => 0,
    })
}

fn show(run: &Run, output: &Output) {
    if output.json(run) {
        return;
    }
    print(&format!("{}  {}  {}", run.id, run.state.label(), run.name));
    for told in [&run.note, &run.hint].into_iter().flatten() {
        print(told);
    }
}

fn list(runs: &[RunSummary], output: &Output) {
    let lines = runs.iter().map(|summary| {
        let RunSummary { run, done, total, loss, .. } = summary;
        let progress = match total {
            Some(total) => format!("{done} of {total}"),
            None if *done > 0 => done.to_string(),
            None => String::new(),
        };
        let loss = loss.map_or(String::new(), |loss| format!("{loss:.4}"));
        let kind = run.kind.label().to_owned();
        vec![run.id.clone(), kind, run.name.clone(), run.state.label().to_owned(), progress, loss]
    });
    output.table(&runs, ["id", "kind", "name", "state", "progress", "loss"], lines);
}

/// Prints the log from its start; with `follow` until the run is over.
async fn logs(studio: &Studio, id: &str, follow: bool) -> Result<()> {
    let mut at = 0;
    loop {
        // Asked before the log is read: what it says after its end is not missed.
        let live = studio.runs().get(id).await?.state.is_live();
        let part = studio.runs().log(id, Some(at), LOG_PART).await?;
        print_raw(&part.text);
        let more = part.end > at && part.end < part.size;
        at = part.end;
        if more {
            continue;
        }
        if !(follow && live) {
            return Ok(());
        }
        studio.runs().supervise_once(&Work::unwatched()).await?;
        tokio::time::sleep(PULSE).await;
    }
}

fn print_raw(text: &str) {
    use std::io::Write as _;
    // A closed pipe ends the program by its own means.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

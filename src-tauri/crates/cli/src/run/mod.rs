//! `fts run`: trainings and evaluations.

mod logs;
mod results;
mod start;
pub(crate) mod watch;

use clap::{Args, Subcommand};
use studio::{
    RunSummary,
    platform::{Work, disk::format_bytes},
    schema::TextEnum as _,
    store::QueueRule,
};

use crate::{
    output::{Output, print, print_json},
    progress::watched,
    session::{DONE, Outcome, Session},
};

pub(crate) use logs::Logs;
pub(crate) use results::Results;
pub(crate) use start::{Evaluate, Retry, Train};

#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    Train(Train),
    Evaluate(Evaluate),
    List(List),
    Show(Show),
    Watch(Watch),
    Logs(Logs),
    Stop(Stop),
    Retry(Retry),
    Remove(Remove),
    Results(Results),
    Queue(Queue),
}

/// List runs: queued and running ones in the order of the queue, then ended ones
#[derive(Debug, Args)]
pub(crate) struct List {}

/// Show the state, the progress and the specification of a run
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The id of a run or of one of its jobs
    id: String,
}

/// Wait for the end of a run; exit code 0 if it succeeded, 1 if it failed, 3 if it was stopped
///
/// Meanwhile this command supervises all runs: it starts queued ones, and fetches what those on compute targets
/// write.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The id of a run or of one of its jobs
    id: String,
}

/// Stop a run: its worker is asked to end, and is killed if it does not
#[derive(Debug, Args)]
pub(crate) struct Stop {
    /// The id of a run or of one of its jobs
    id: String,
    /// Wait until the run has stopped
    #[arg(long)]
    wait: bool,
}

/// Remove an export that is over from the list; what it wrote stays
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// The id of the run of an export
    id: String,
}

/// Show or change the queue of runs
#[derive(Debug, Args)]
pub(crate) struct Queue {
    /// Start no more runs
    #[arg(long, conflicts_with = "resume")]
    pause: bool,
    /// Start queued runs again
    #[arg(long)]
    resume: bool,
    /// The number of runs at the same time
    #[arg(long, value_name = "N")]
    at_once: Option<u32>,
}

impl RunCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        match self {
            Self::Train(train) => train.run(session).await,
            Self::Evaluate(evaluate) => evaluate.run(session).await,
            Self::List(list) => list.run(session).await,
            Self::Show(show) => show.run(session).await,
            Self::Watch(watch) => watch.run(session).await,
            Self::Logs(logs) => logs.run(session).await,
            Self::Stop(stop) => stop.run(session).await,
            Self::Retry(retry) => retry.run(session).await,
            Self::Remove(remove) => remove.run(session).await,
            Self::Results(results) => results.run(session).await,
            Self::Queue(queue) => queue.run(session).await,
        }
    }
}

impl List {
    async fn run(self, session: &Session) -> Outcome {
        let (studio, output) = (session.studio().await?, &session.output);
        studio.runs().supervise_shortly(&watched(output)).await?;
        print_runs(&studio.runs().list().await?, output);
        DONE
    }
}

impl Show {
    async fn run(self, session: &Session) -> Outcome {
        let studio = session.studio().await?;
        studio.runs().supervise_shortly(&watched(&session.output)).await?;
        print_json(&studio.runs().report(&self.id).await?);
        DONE
    }
}

impl Watch {
    async fn run(self, session: &Session) -> Outcome {
        let (studio, output) = (session.studio().await?, &session.output);
        let id = studio.runs().get(&self.id).await?.id;
        let work = watched(output);
        let ended = watch::with_marks(studio, &id, output, watch::until_ended(studio, &id, work.stopped()));
        let run = watch::with_fetches(studio, &id, output, ended).await?;
        watch::print_run(&run, output);
        Ok(watch::exit_code(run.state))
    }
}

impl Stop {
    async fn run(self, session: &Session) -> Outcome {
        let studio = session.studio().await?;
        let mut run = studio.runs().stop(&self.id).await?;
        studio.runs().supervise_shortly(&Work::unwatched()).await?;
        if self.wait {
            run = watch::until_ended(studio, &run.id, std::future::pending()).await?;
        }
        watch::print_run(&studio.runs().get(&run.id).await?, &session.output);
        DONE
    }
}

impl Remove {
    async fn run(self, session: &Session) -> Outcome {
        let run = session.studio().await?.exports().remove(&self.id).await?;
        if !session.output.json(&run) {
            print(&format!("Removed the export '{}'.", run.name));
        }
        DONE
    }
}

impl Queue {
    async fn run(self, session: &Session) -> Outcome {
        let Self { pause, resume, at_once } = self;
        let (studio, output) = (session.studio().await?, &session.output);
        let mut rule = studio.runs().queue().await?;
        if pause || resume || at_once.is_some() {
            rule = QueueRule {
                paused: pause || (rule.paused && !resume),
                at_once: at_once.unwrap_or(rule.at_once),
            };
            studio.runs().set_queue(rule).await?;
            studio.runs().supervise_shortly(&watched(output)).await?;
        }
        if !output.json(&rule) {
            let state = if rule.paused { "paused" } else { "active" };
            print(&format!("The queue is {state}. Runs at the same time: {}.", rule.at_once));
        }
        DONE
    }
}

fn print_runs(runs: &[RunSummary], output: &Output) {
    let lines = runs.iter().map(|summary| {
        let RunSummary { run, done, total, loss, unit, elsewhere, .. } = summary;
        let count = |count: u64| if unit == "bytes" { format_bytes(count) } else { count.to_string() };
        let progress = match total {
            Some(total) => format!("{} of {}", count(*done), count(*total)),
            None if *done > 0 => count(*done),
            None => String::new(),
        };
        let loss = loss.map_or(String::new(), |loss| format!("{loss:.4}"));
        let kind = run.kind.label().to_owned();
        let target = elsewhere.as_ref().map_or(String::new(), |elsewhere| {
            let silent = elsewhere.unreachable_since.is_some();
            format!("{}{}", elsewhere.name, if silent { " (not reached)" } else { "" })
        });
        vec![run.id.clone(), kind, run.name.clone(), run.state.label().to_owned(), progress, loss, target]
    });
    output.table(&runs, ["id", "kind", "name", "state", "progress", "loss", "target"], lines);
}

//! Progress of long work on standard error: bars on a terminal, nothing with --json. Ctrl-C stops
//! the work cleanly.

use std::{
    io::{IsTerminal as _, stderr},
    sync::Mutex,
    time::Duration,
};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use studio::{
    archive::{ArchiveProgress, ArchiveStep},
    platform::{Progress, Work, disk::format_bytes},
    python::EnvironmentProgress,
    runs::{RunProgress, Runs},
    schema::TextEnum as _,
    transfers::{Transfer, TransferState},
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::output::Output;

/// The time between two looks at the state of a run, or at its log.
pub(crate) const INTERVAL: Duration = Duration::from_millis(200);

/// For work whose size is known.
const BAR: &str = "{bar:30} {percent:>3}% {msg}";
/// For work whose size is unknown.
const COUNTER: &str = "{spinner} {msg}";
/// For downloads.
const DOWNLOAD: &str = "{msg}… {bar:30} {bytes} of {total_bytes}";
/// For files of a known size.
const TRANSFER: &str = "{bar:30} {decimal_bytes} of {decimal_total_bytes}{msg}";
/// For a step without a count.
const STEP: &str = "{spinner} {msg}…";

/// The progress of work on a file or on rows.
pub(crate) fn watched(output: &Output) -> Work {
    let bar = bar(output.json);
    stoppable(move |progress: Progress| {
        show(
            &bar,
            progress.done,
            progress.total,
            [BAR, COUNTER],
            format!("{} rows", HumanCount(progress.rows)),
        );
    })
}

/// The progress of an archive: bytes where files are read or written, a count where rows are.
pub(crate) fn watched_archive(output: &Output) -> Work<ArchiveProgress> {
    let bar = bar(output.json);
    let last = Mutex::new(None::<ArchiveStep>);
    stoppable(move |progress: ArchiveProgress| {
        let Ok(mut last) = last.lock() else { return };
        let counts_bytes = !matches!(
            progress.step,
            ArchiveStep::Listing | ArchiveStep::Rows | ArchiveStep::Comparing | ArchiveStep::Importing
        );
        if *last != Some(progress.step) {
            // The rate is that of one step.
            bar.reset_elapsed();
            bar.reset_eta();
            let template = if counts_bytes { TRANSFER } else { STEP };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            let label = progress.step.label();
            bar.set_message(if counts_bytes { format!(". {label}") } else { label.to_owned() });
            *last = Some(progress.step);
        }
        if let Some(total) = progress.total {
            bar.set_length(total);
        }
        bar.set_position(progress.done);
    })
}

/// The progress of the creation of an environment, which takes minutes. If standard error is no
/// terminal, each step is a line.
pub(crate) fn watched_environment(output: &Output) -> Work<EnvironmentProgress> {
    let bar = bar(output.json);
    let lines = !output.json && !stderr().is_terminal();
    let last = Mutex::new(String::new());
    stoppable(move |progress: EnvironmentProgress| {
        show(&bar, progress.done, progress.total, [DOWNLOAD, STEP], progress.doing.clone());
        let Ok(mut last) = last.lock() else { return };
        if lines && *last != progress.doing {
            eprintln!("{}…", progress.doing);
            *last = progress.doing;
        }
    })
}

/// The progress of a transfer from the Hub. If standard error is no terminal, each reason to wait is a line.
pub(crate) struct TransferBar {
    bar: ProgressBar,
    prints_lines: bool,
    last: Option<String>,
}

impl TransferBar {
    pub(crate) fn new(output: &Output) -> Self {
        let bar = bar(output.json);
        if let Ok(style) = ProgressStyle::with_template(TRANSFER) {
            bar.set_style(style);
        }
        Self { bar, prints_lines: !output.json && !stderr().is_terminal(), last: None }
    }

    pub(crate) fn show(&mut self, transfer: &Transfer) {
        self.bar.set_length(transfer.total.unwrap_or_default());
        self.bar.set_position(transfer.bytes);
        let rate = transfer.rate.map(|rate| format!(", {} a second", format_bytes(rate as u64)));
        let left = transfer.seconds_left.map(|left| format!(", {} left", HumanDuration(seconds(left))));
        let why = match transfer.state {
            TransferState::Queued => Some("It waits for its turn.".to_owned()),
            // Its refusal is printed after it.
            TransferState::Failed => None,
            _ => transfer.message.clone(),
        };
        let waits = why.as_ref().map(|why| format!(". {why}"));
        self.bar.set_message([rate, left, waits].into_iter().flatten().collect::<String>());
        if let Some(why) = why.as_ref().filter(|why| self.prints_lines && self.last.as_ref() != Some(why)) {
            eprintln!("{why}");
        }
        self.last = why;
    }
}

/// A duration for people, in whole seconds.
fn seconds(seconds: f64) -> Duration {
    Duration::from_secs(seconds.ceil().min(1e9) as u64)
}

/// The progress of the run of an export, until the task is aborted. If standard error is no terminal, each
/// part of the work is a line.
pub(crate) fn watched_export(runs: Runs, run: &str, output: &Output) -> JoinHandle<()> {
    let (bar, run, json) = (bar(output.json), run.to_owned(), output.json);
    let lines = !json && !stderr().is_terminal();
    tokio::spawn(async move {
        let mut last = String::new();
        loop {
            if let Ok(report) = runs.report(&run).await {
                let RunProgress { message, work, .. } = report.progress;
                let message = report.elsewhere.and_then(|there| there.beside_worker()).or(message);
                let message = message.unwrap_or_else(|| report.run.state.label().to_owned());
                if lines && last != message {
                    eprintln!("{message}…");
                }
                let work = work.filter(|work| work.total.is_some_and(|total| total > 0));
                let templates = match &work {
                    Some(work) if work.unit == "bytes" => [DOWNLOAD, STEP],
                    _ => [BAR, STEP],
                };
                let (done, total) = work.map_or((0, None), |work| (work.done, work.total));
                if last != message {
                    bar.set_message("");
                }
                show(&bar, done, total, templates, message.clone());
                last = message;
            }
            tokio::time::sleep(INTERVAL).await;
        }
    })
}

/// A bar that is drawn with its first progress, and cleared when the work is dropped.
fn bar(json: bool) -> ProgressBar {
    // This target draws only if it is a terminal.
    let target = if json { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    ProgressBar::with_draw_target(None, target).with_finish(ProgressFinish::AndClear)
}

fn show(bar: &ProgressBar, done: u64, total: Option<u64>, templates: [&str; 2], message: String) {
    if bar.is_hidden() {
        return;
    }
    // At the first progress, and when the size becomes known or unknown.
    if bar.length() != total || bar.message().is_empty() {
        let template = if total.is_some() { templates[0] } else { templates[1] };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        match total {
            Some(total) => bar.set_length(total),
            None => bar.unset_length(),
        }
    }
    bar.set_message(message);
    bar.set_position(done);
}

fn stoppable<P>(report: impl Fn(P) + Send + Sync + 'static) -> Work<P> {
    Work::with_progress(interruption(), report)
}

/// Cancelled by Ctrl-C.
pub(crate) fn interruption() -> CancellationToken {
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            asked.cancel();
        }
    });
    stop
}

//! The worker of a trial, here or on a compute target, from its start to its end. Requests go to its standard input,
//! answers come from its standard output.

use std::{process::Stdio, time::Duration};

use platform::{Progress, Work, disk::format_bytes};
use run_folder::spec::Source;
use runs::AttachedExecutor;
use schema::{Error, Result};
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, Command},
    sync::{mpsc, watch},
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use crate::answer::TrialAnswer;

/// How often it is said how much is sent.
const SAID: Duration = Duration::from_millis(300);

/// How the line ends that `srun` prints while its job is in the queue.
const QUEUED: &str = "queued and waiting for resources";

/// What a worker loads.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) model: Source,
    pub(crate) adapters: Vec<Source>,
    /// Settings of bitsandbytes; none for the weights as they are saved.
    pub(crate) quantization: Option<Map<String, Value>>,
}

/// How the worker starts.
#[derive(Debug)]
pub(crate) enum Start {
    /// It runs already, on this machine.
    Here(Child),
    /// On a compute target, once what it needs is sent.
    There(Box<AttachedExecutor>),
}

impl Start {
    /// Starts a worker on this machine.
    pub(crate) fn here(command: std::process::Command) -> Result<Self> {
        let program = std::path::PathBuf::from(command.get_program());
        let mut command = Command::from(command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.spawn().map(Self::Here).map_err(|error| Error::file("start", &program, &error))
    }

    /// The name of the compute target.
    fn target(&self) -> Option<String> {
        match self {
            Self::Here(_) => None,
            Self::There(executor) => Some(executor.target().to_owned()),
        }
    }
}

/// Has the worker load and answer what is asked, until it ends or nothing more can be asked. `stop` ends the sending
/// before that.
pub(crate) async fn work(
    start: Start,
    loaded: Loaded,
    asked: mpsc::UnboundedReceiver<Value>,
    stop: CancellationToken,
    mut receive: impl FnMut(TrialAnswer) + Send + 'static,
) {
    let target = start.target();
    let started = match start {
        Start::Here(child) => Ok((child, Vec::new(), loaded)),
        Start::There(executor) => attach(&executor, loaded, &stop, &mut receive).await,
    };
    match started {
        Ok((child, before, Loaded { model, adapters, quantization })) => {
            let load = json!({
                "request": "load", "model": model, "adapters": adapters, "quantization": quantization,
            });
            answer(child, before, load, asked, target.as_deref(), receive).await;
        }
        Err(error) => {
            drop(asked);
            if !stop.is_cancelled() {
                let Error { message, hint, .. } = error;
                receive(TrialAnswer::Error { id: None, message, hint, refused: false });
            }
            receive(TrialAnswer::Closed { message: None });
        }
    }
}

/// Sends what the worker loads and starts it. Returns what is written to it first, and what it loads in its own places.
async fn attach(
    executor: &AttachedExecutor,
    loaded: Loaded,
    stop: &CancellationToken,
    receive: &mut impl FnMut(TrialAnswer),
) -> Result<(Child, Vec<u8>, Loaded)> {
    let target = executor.target();
    let (progress, mut seen) = watch::channel(None::<Progress>);
    let work = Work::new(stop.clone(), move |now| _ = progress.send_replace(Some(now)));
    let mut sources = vec![loaded.model];
    sources.extend(loaded.adapters);
    let mut attaching = std::pin::pin!(executor.attach(&sources, &work));
    let mut ticks = interval(SAID);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let (mut attachment, places) = loop {
        tokio::select! {
            attached = &mut attaching => break attached?,
            () = stop.cancelled() => return Err(Error::cancelled()),
            _ = ticks.tick() => {
                let now = if seen.has_changed().unwrap_or(false) { *seen.borrow_and_update() } else { None };
                if let Some(now) = now {
                    receive(sending(target, now));
                }
            }
        }
    };
    receive(status("starting", format!("Starting on {target}")));
    let failed = |error: std::io::Error| Error::internal("starting a worker on a target", &error);
    let child = attachment.process.spawn().map_err(failed)?;
    let mut places = places.into_iter();
    let model = places.next().ok_or_else(|| Error::internal("sending a model", &"no place is known"))?;
    let loaded = Loaded { model, adapters: places.collect(), quantization: loaded.quantization };
    Ok((child, attachment.input, loaded))
}

fn sending(target: &str, now: Progress) -> TrialAnswer {
    let part = now.total.map(|total| format!(": {} of {}", format_bytes(now.done), format_bytes(total)));
    status("sending", format!("Sending to {target}{}", part.unwrap_or_default()))
}

fn status(status: &str, message: String) -> TrialAnswer {
    TrialAnswer::Status { status: status.to_owned(), message: Some(message), context_length: None }
}

/// Passes on what is asked and what is answered, until the worker ends.
async fn answer(
    mut child: Child,
    before: Vec<u8>,
    load: Value,
    asked: mpsc::UnboundedReceiver<Value>,
    target: Option<&str>,
    mut receive: impl FnMut(TrialAnswer),
) {
    let (Some(input), Some(output), Some(errors)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return;
    };
    let passing = tokio::spawn(pass_on(input, before, load, asked));
    let (mut answers, mut words) = (BufReader::new(output).lines(), BufReader::new(errors).lines());
    let (mut answering, mut speaking, mut last) = (true, true, None);
    // Standard error is read so that a full pipe does not block the worker.
    while answering || speaking {
        tokio::select! {
            line = answers.next_line(), if answering => match line {
                Ok(Some(line)) => if let Ok(answer) = serde_json::from_str(&line) {
                    receive(answer);
                },
                _ => answering = false,
            },
            line = words.next_line(), if speaking => match line {
                Ok(Some(line)) => {
                    tracing::debug!("trial: {line}");
                    if let Some(target) = target.filter(|_| line.ends_with(QUEUED)) {
                        receive(status("waiting", format!("Waiting in the queue of {target}")));
                    } else if !line.trim().is_empty() {
                        last = Some(line.trim().to_owned());
                    }
                }
                _ => speaking = false,
            },
        }
    }
    let ended = child.wait().await.is_ok_and(|status| status.success());
    passing.abort();
    let last = match target {
        Some(target) => last.map(|last| format!("on {target}: {last}")),
        None => last,
    };
    receive(TrialAnswer::Closed { message: if ended { None } else { last } });
}

/// Writes to the worker: `before`, what it loads, and what is asked, until nothing more can be asked.
async fn pass_on(
    mut input: ChildStdin,
    before: Vec<u8>,
    load: Value,
    mut asked: mpsc::UnboundedReceiver<Value>,
) {
    let mut bytes = before;
    bytes.extend(format!("{load}\n").into_bytes());
    loop {
        // A worker that has ended reads nothing. Who asks then learns it from the closed channel.
        if input.write_all(&bytes).await.is_err() || input.flush().await.is_err() {
            return;
        }
        let Some(request) = asked.recv().await else { return };
        bytes = format!("{request}\n").into_bytes();
    }
}

//! Renders chat templates in a worker, by Transformers itself. It is started when it is first needed, asked row by
//! row, and ends with this value, or by itself when nothing was asked for a minute.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, ChildStdin, Stdio},
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    time::Duration,
};

use prompts::chat::{OtherRenderer, OtherRendering, RenderError, RenderedElsewhere};
use python::WorkerCommand;
use serde::Deserialize;
use serde_json::json;

/// How long a worker may take for one text. It imports Transformers for the first.
const FIRST_TEXT: Duration = Duration::from_secs(90);
const TEXT: Duration = Duration::from_secs(10);
/// Bytes of an answer. A text of 64 MiB may have six times as many in JSON, and no row needs a tenth of it.
const MOST_BYTES: u64 = 64 << 20;

/// A worker that renders.
#[derive(Debug)]
pub struct WorkerRenderer {
    command: WorkerCommand,
    process: Mutex<Option<Process>>,
}

#[derive(Debug)]
struct Process {
    child: Child,
    input: ChildStdin,
    answers: Receiver<Vec<u8>>,
    has_answered: bool,
}

/// What the worker answers: a text, or why there is none.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Answer {
    Text { text: String, generated: Vec<(usize, usize)> },
    Refused { refused: String },
    Failed { failed: String },
}

/// Why a worker gave no answer.
enum NoAnswer {
    /// It ended, perhaps because nothing was asked for long.
    Ended,
    TooMuch(String),
}

impl WorkerRenderer {
    /// Renders by that worker, which is not started yet.
    pub fn new(command: WorkerCommand) -> Self {
        Self { command, process: Mutex::default() }
    }

    /// The command that starts the worker.
    pub fn command(&self) -> &WorkerCommand {
        &self.command
    }

    fn answer(&self, line: &[u8]) -> Result<Vec<u8>, RenderError> {
        let failed = |what: &str| RenderError::Unsupported(format!("the Python environment {what}"));
        let mut place = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..2 {
            let mut process = match place.take() {
                Some(process) => process,
                None => Process::start(&self.command).map_err(|_| failed("could not be started"))?,
            };
            match process.ask(line) {
                Ok(answer) => {
                    *place = Some(process);
                    return Ok(answer);
                }
                Err(NoAnswer::Ended) => {}
                Err(NoAnswer::TooMuch(reason)) => return Err(RenderError::TooMuch(reason)),
            }
        }
        Err(failed("ended without rendering it"))
    }
}

impl OtherRenderer for WorkerRenderer {
    fn render(&self, asked: &OtherRendering<'_>) -> Result<RenderedElsewhere, RenderError> {
        let unreadable = |error: serde_json::Error| RenderError::Failed(error.to_string());
        let OtherRendering { template, now, variables, tags } = asked;
        let (template, now) = (json!(template), json!(now));
        let line =
            format!("{{\"template\":{template},\"now\":{now},\"tags\":{tags},\"variables\":{variables}}}\n");
        match serde_json::from_slice(&self.answer(line.as_bytes())?).map_err(unreadable)? {
            Answer::Text { text, generated } => Ok(RenderedElsewhere { text, generated }),
            Answer::Refused { refused } => Err(RenderError::Refused(refused)),
            Answer::Failed { failed } => Err(RenderError::Failed(failed)),
        }
    }
}

impl Process {
    fn start(command: &WorkerCommand) -> std::io::Result<Self> {
        let mut child = command
            .command(&["render".as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        let (sender, answers) = sync_channel(1);
        std::thread::Builder::new().name("rendered texts".to_owned()).spawn(move || read(output, &sender))?;
        Ok(Self { child, input, answers, has_answered: false })
    }

    fn ask(&mut self, line: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        self.input.write_all(line).and_then(|()| self.input.flush()).map_err(|_| NoAnswer::Ended)?;
        let time = if self.has_answered { TEXT } else { FIRST_TEXT };
        match self.answers.recv_timeout(time) {
            Ok(answer) if answer.len() as u64 >= MOST_BYTES => {
                Err(NoAnswer::TooMuch(format!("the text has more than {MOST_BYTES} bytes")))
            }
            Ok(answer) => {
                self.has_answered = true;
                Ok(answer)
            }
            Err(RecvTimeoutError::Disconnected) => Err(NoAnswer::Ended),
            Err(RecvTimeoutError::Timeout) => {
                Err(NoAnswer::TooMuch(format!("it takes more than {} seconds", time.as_secs())))
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Hands on what the worker writes, line by line, as long as someone takes it.
fn read(output: std::process::ChildStdout, sender: &SyncSender<Vec<u8>>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        match output.by_ref().take(MOST_BYTES).read_until(b'\n', &mut line) {
            Ok(read) if read > 0 && sender.send(line).is_ok() => {}
            _ => return,
        }
    }
}

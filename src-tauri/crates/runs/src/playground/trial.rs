//! A worker that has a model and adapters loaded. Requests go to its standard input, answers come
//! from its standard output, both as JSON lines.

use std::process::Stdio;

use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, Command},
    sync::Mutex,
};

use crate::spec::Source;

/// An answer of the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum TrialAnswer {
    /// What the worker does: `loading`, `model` or `ready`.
    Status {
        /// One of these words.
        status: String,
        /// The same in a sentence.
        message: Option<String>,
    },
    /// The next piece of an answer.
    Text {
        /// Which question.
        id: String,
        /// `base`, or the id of an adapter.
        target: String,
        /// The piece.
        text: String,
    },
    /// An answer is complete.
    Done {
        /// Which question.
        id: String,
        /// `base`, or the id of an adapter.
        target: String,
        /// Tokens of the question.
        input_tokens: Option<u64>,
        /// Tokens of the answer.
        output_tokens: Option<u64>,
        /// Seconds it took.
        latency: Option<f64>,
        /// Whether the user cancelled it.
        #[serde(default)]
        cancelled: bool,
    },
    /// All answers to a question are complete.
    Finished {
        /// Which question.
        id: String,
    },
    /// Something can't be done.
    Error {
        /// Which question, if it is about one.
        id: Option<String>,
        /// What and why.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// The worker ended.
    Closed {
        /// The last line of its standard error, if it failed.
        message: Option<String>,
    },
}

/// A worker that has a model and adapters loaded. It ends when this is dropped.
#[derive(Debug)]
pub struct Trial {
    input: Mutex<Option<ChildStdin>>,
}

impl Trial {
    /// Starts the worker and has it load the model and the adapters. `receive` is called with its
    /// answers until it ends.
    pub async fn open(
        command: std::process::Command,
        model: &Source,
        adapters: &[Source],
        receive: impl FnMut(TrialAnswer) + Send + 'static,
    ) -> Result<Self> {
        let program = std::path::PathBuf::from(command.get_program());
        let mut child = Command::from(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| Error::file("start", &program, &error))?;
        let trial = Self { input: Mutex::new(child.stdin.take()) };
        tokio::spawn(listen(child, receive));
        trial.send(&json!({"request": "load", "model": model, "adapters": adapters})).await?;
        Ok(trial)
    }

    /// Asks a question of the base (`base`) and of adapters (their ids), one after another.
    pub async fn ask(
        &self,
        id: &str,
        prompt: &str,
        targets: &[String],
        generation: &Map<String, Value>,
    ) -> Result<()> {
        self.send(&json!({
            "request": "generate", "id": id, "prompt": prompt, "targets": targets, "generation": generation,
        }))
        .await
    }

    /// Stops answering a question.
    pub async fn cancel(&self, id: &str) -> Result<()> {
        self.send(&json!({"request": "cancel", "id": id})).await
    }

    async fn send(&self, request: &Value) -> Result<()> {
        let gone =
            || Error::new(ErrorCode::NotFound, "The model is no longer loaded.").hint("Load it again.");
        let mut input = self.input.lock().await;
        let pipe = input.as_mut().ok_or_else(gone)?;
        let line = format!("{request}\n");
        let written = async {
            pipe.write_all(line.as_bytes()).await?;
            pipe.flush().await
        };
        if written.await.is_err() {
            *input = None;
            return Err(gone());
        }
        Ok(())
    }
}

async fn listen(mut child: Child, mut receive: impl FnMut(TrialAnswer) + Send + 'static) {
    // Standard error is read so that a full pipe does not block the worker.
    let errors = child.stderr.take().map(|pipe| {
        tokio::spawn(async move {
            let (mut lines, mut last) = (BufReader::new(pipe).lines(), None);
            while let Ok(Some(line)) = lines.next_line().await {
                tracing::debug!("trial: {line}");
                if !line.trim().is_empty() {
                    last = Some(line.trim().to_owned());
                }
            }
            last
        })
    });
    if let Some(pipe) = child.stdout.take() {
        let mut lines = BufReader::new(pipe).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if let Ok(answer) = serde_json::from_str(&line) {
                receive(answer);
            }
        }
    }
    let ended = child.wait().await.is_ok_and(|status| status.success());
    let last = match errors {
        Some(errors) => errors.await.ok().flatten(),
        None => None,
    };
    receive(TrialAnswer::Closed { message: if ended { None } else { last } });
}

//! Trying a model and its adapters by hand: one worker that has them loaded, asked over its standard
//! input, answering piece by piece.

use std::process::Stdio;

use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, Command},
    sync::Mutex,
};

use super::spec::Source;

/// What the worker of a trial says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum TrialAnswer {
    /// What it is at: `loading`, `model` or `ready`.
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
        /// Whether it was cut off because a person said so.
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
    /// The worker is gone.
    Closed {
        /// Its last words, if it did not end as asked.
        message: Option<String>,
    },
}

/// A worker that has a model and adapters loaded. It ends when this is dropped.
#[derive(Debug)]
pub struct Trial {
    input: Mutex<Option<ChildStdin>>,
}

impl Trial {
    /// Starts the worker and has it load the model and the adapters. `hear` is told what it says,
    /// until it is gone.
    pub async fn open(
        command: std::process::Command,
        model: &Source,
        adapters: &[Source],
        hear: impl FnMut(TrialAnswer) + Send + 'static,
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
        tokio::spawn(listen(child, hear));
        trial.say(&json!({"request": "load", "model": model, "adapters": adapters})).await?;
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
        self.say(&json!({
            "request": "generate", "id": id, "prompt": prompt, "targets": targets, "generation": generation,
        }))
        .await
    }

    /// Stops answering a question.
    pub async fn cancel(&self, id: &str) -> Result<()> {
        self.say(&json!({"request": "cancel", "id": id})).await
    }

    async fn say(&self, request: &Value) -> Result<()> {
        let gone =
            || Error::new(ErrorCode::NotFound, "The model is no longer loaded.").hint("Load it again.");
        let mut input = self.input.lock().await;
        let pipe = input.as_mut().ok_or_else(gone)?;
        let line = format!("{request}\n");
        let said = async {
            pipe.write_all(line.as_bytes()).await?;
            pipe.flush().await
        };
        if said.await.is_err() {
            *input = None;
            return Err(gone());
        }
        Ok(())
    }
}

async fn listen(mut child: Child, mut hear: impl FnMut(TrialAnswer) + Send + 'static) {
    // What it prints beside its answers is read so that it does not block, and kept for its end.
    let complaints = child.stderr.take().map(|pipe| {
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
                hear(answer);
            }
        }
    }
    let ended = child.wait().await.is_ok_and(|status| status.success());
    let last = match complaints {
        Some(complaints) => complaints.await.ok().flatten(),
        None => None,
    };
    hear(TrialAnswer::Closed { message: if ended { None } else { last } });
}

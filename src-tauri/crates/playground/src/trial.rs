//! A worker that has a model and adapters loaded. Requests go to its standard input, answers come
//! from its standard output, both as JSON lines.

use std::process::Stdio;

use schema::{Error, ErrorCode, Result};
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, Command},
    sync::Mutex,
};

use crate::{answer::TrialAnswer, conversation::TrialConversation, playground::Playground, target::Tried};
use run_folder::spec::Source;

/// A worker that has a model and adapters loaded. It ends when this is dropped.
#[derive(Debug)]
pub struct Trial {
    input: Mutex<Option<ChildStdin>>,
    playground: Playground,
    tried: Tried,
}

impl Trial {
    /// Starts the worker and has it load the model and the adapters. `receive` is called with its
    /// answers until it ends.
    pub(crate) async fn open(
        playground: Playground,
        tried: Tried,
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
        let trial = Self { input: Mutex::new(child.stdin.take()), playground, tried };
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

    /// Has the base (`base`) or an adapter (its id) answer a conversation. Returns the text that it reads.
    ///
    /// # Errors
    /// It has no chat template, or one that can't write the conversation.
    pub async fn converse(
        &self,
        id: &str,
        target: &str,
        conversation: &TrialConversation,
        generation: &Map<String, Value>,
    ) -> Result<String> {
        let with_tools = !conversation.tools.is_empty();
        let Some((_, template)) = self.tried.template(&self.playground, target, with_tools).await? else {
            return Err(Error::new(
                ErrorCode::NotFound,
                "There is no chat template to write conversations by.",
            )
            .hint("Choose Prompt, and write the exact text that the model reads."));
        };
        let prompt = conversation.render(&template)?;
        self.send(&json!({
            "request": "generate", "id": id, "prompt": prompt, "rendered": true, "template": template.text,
            "targets": [target], "generation": generation,
        }))
        .await?;
        Ok(prompt)
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

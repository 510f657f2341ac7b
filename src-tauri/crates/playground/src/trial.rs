//! A worker that has a model and adapters loaded. Requests go to its standard input, answers come
//! from its standard output, both as JSON lines.

use std::{collections::HashMap, process::Stdio};

use platform::FileLock;
use prompts::chat::TemplateSource;
use run_folder::spec::Source;
use schema::{Error, ErrorCode, Result};
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, Command},
    sync::Mutex,
};

use crate::{
    answer::TrialAnswer,
    conversation::TrialConversation,
    playground::Playground,
    question::{Question, RenderedPrompt},
    target::{FoundTemplate, TemplateOrigin, Tried, now},
};

/// A worker that has a model and adapters loaded. It ends when this is dropped.
#[derive(Debug)]
pub struct Trial {
    input: Mutex<Option<ChildStdin>>,
    playground: Playground,
    tried: Tried,
    templates: Mutex<HashMap<(String, bool), Option<FoundTemplate>>>,
    /// The repositories of the Hub's cache that are loaded.
    _held: Vec<FileLock>,
}

impl Trial {
    /// Starts the worker and has it load the model and the adapters. `receive` is called with its
    /// answers until it ends.
    pub(crate) async fn open(
        playground: Playground,
        tried: Tried,
        command: std::process::Command,
        (model, adapters): (&Source, &[Source]),
        quantization: Option<&Map<String, Value>>,
        held: Vec<FileLock>,
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
        let input = Mutex::new(child.stdin.take());
        let trial = Self { input, playground, tried, templates: Mutex::default(), _held: held };
        tokio::spawn(listen(child, receive));
        trial.send(&json!({"request": "load", "model": model, "adapters": adapters, "quantization": quantization})).await?;
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
        self.generate(&Question {
            id,
            prompt,
            rendered: false,
            template: None,
            targets,
            generation,
            stop: &[],
            seed: None,
            penalties: None,
            logprobs: None,
        })
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
        let RenderedPrompt { prompt, template } = self.render(target, conversation).await?;
        self.generate(&Question {
            id,
            prompt: &prompt,
            rendered: true,
            template: Some(&template),
            targets: &[target.to_owned()],
            generation,
            stop: &[],
            seed: None,
            penalties: None,
            logprobs: None,
        })
        .await?;
        Ok(prompt)
    }

    /// Asks a question. Its answers carry its id.
    ///
    /// # Errors
    /// The worker has ended.
    pub async fn generate(&self, question: &Question<'_>) -> Result<()> {
        let mut request = json!(question);
        request["request"] = "generate".into();
        self.send(&request).await
    }

    /// A conversation as the text that the base (`base`) or an adapter (its id) reads.
    ///
    /// # Errors
    /// It has no chat template, or one that can't write the conversation.
    pub async fn render(&self, target: &str, conversation: &TrialConversation) -> Result<RenderedPrompt> {
        let with_tools = !conversation.tools.is_empty();
        let Some(source) = self.template(target, with_tools).await? else {
            return Err(Error::new(
                ErrorCode::NotFound,
                "There is no chat template to write conversations by.",
            )
            .hint("Choose Prompt, and write the exact text that the model reads."));
        };
        let other = self.playground.runs.other_renderer().await;
        let (conversation, template) = (conversation.clone(), source.text.clone());
        platform::blocking("rendering a conversation", move || {
            Ok(RenderedPrompt { prompt: conversation.render(&source, other)?, template })
        })
        .await
    }

    /// The chat template of a target. It is read once, as every turn needs it; the time that it may write is
    /// the present one, unless a training froze it.
    async fn template(&self, target: &str, with_tools: bool) -> Result<Option<TemplateSource>> {
        let mut known = self.templates.lock().await;
        let key = (target.to_owned(), with_tools);
        if !known.contains_key(&key) {
            let found = self.tried.template(&self.playground, target, with_tools).await?;
            known.insert(key.clone(), found);
        }
        Ok(known.get(&key).cloned().flatten().map(|(origin, source)| match origin {
            TemplateOrigin::Training => source,
            _ => TemplateSource { now: now(), ..source },
        }))
    }

    /// Lets the worker end. What is asked from now on is refused.
    pub async fn close(&self) {
        *self.input.lock().await = None;
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

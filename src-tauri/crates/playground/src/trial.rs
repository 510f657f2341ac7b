//! A model and adapters that are loaded and asked. Their worker gets requests and gives answers, both as JSON lines.

use std::collections::HashMap;

use platform::FileLock;
use prompts::chat::TemplateSource;
use schema::{Error, ErrorCode, Result};
use serde_json::{Map, Value, json};
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    answer::TrialAnswer,
    conversation::TrialConversation,
    playground::Playground,
    question::{Question, RenderedPrompt},
    target::{FoundTemplate, TemplateOrigin, Tried, now},
    worker::{Loaded, Start, work},
};

/// A worker that has a model and adapters loaded. It ends when this is dropped.
#[derive(Debug)]
pub struct Trial {
    requests: Mutex<Option<mpsc::UnboundedSender<Value>>>,
    playground: Playground,
    tried: Tried,
    templates: Mutex<HashMap<(String, bool), Option<FoundTemplate>>>,
    /// Ends what is sent to a compute target before the worker starts.
    stop: CancellationToken,
    _stop: DropGuard,
    /// The repositories of the Hub's cache that are loaded.
    _held: Vec<FileLock>,
}

impl Trial {
    /// Has the worker load the model and the adapters. `receive` is called with its answers until it ends.
    pub(crate) fn open(
        playground: Playground,
        tried: Tried,
        start: Start,
        loaded: Loaded,
        held: Vec<FileLock>,
        receive: impl FnMut(TrialAnswer) + Send + 'static,
    ) -> Self {
        let (requests, asked) = mpsc::unbounded_channel();
        let stop = CancellationToken::new();
        tokio::spawn(work(start, loaded, asked, stop.clone(), receive));
        Self {
            requests: Mutex::new(Some(requests)),
            playground,
            tried,
            templates: Mutex::default(),
            _stop: stop.clone().drop_guard(),
            stop,
            _held: held,
        }
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
        self.send(request).await
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
        *self.requests.lock().await = None;
        self.stop.cancel();
    }

    /// Stops answering a question.
    pub async fn cancel(&self, id: &str) -> Result<()> {
        self.send(json!({"request": "cancel", "id": id})).await
    }

    async fn send(&self, request: Value) -> Result<()> {
        let requests = self.requests.lock().await;
        let sent = requests.as_ref().is_some_and(|requests| requests.send(request).is_ok());
        sent.then_some(()).ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "The model is no longer loaded.").hint("Load it again.")
        })
    }
}

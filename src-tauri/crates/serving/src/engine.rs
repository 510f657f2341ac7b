//! The loaded model, which answers one question after another in the order in which they came.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use playground::{Penalties, Question, RenderedPrompt, Trial, TrialAnswer, TrialConversation};
use schema::{Error, Result};
use serde_json::{Map, Value};
use tokio::sync::{Semaphore, SetOnce, mpsc, watch};
use tokio_util::sync::CancellationToken;

/// Questions that may wait or be answered at once; more are refused.
pub(crate) const MOST_QUESTIONS: usize = 64;

/// Whether the model answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// Its worker loads it; the step in words.
    Loading(String),
    /// It answers. The most tokens that it reads and writes together, if it has a limit.
    Ready(Option<u64>),
    /// Its worker failed or ended.
    Ended(Error),
}

/// A prompt, and how it is answered.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) prompt: String,
    /// The text of the chat template that wrote the prompt, if one did.
    pub(crate) template: Option<String>,
    pub(crate) target: String,
    pub(crate) generation: Map<String, Value>,
    pub(crate) stop: Vec<String>,
    pub(crate) seed: Option<i64>,
    pub(crate) penalties: Option<Penalties>,
    pub(crate) logprobs: Option<u8>,
}

/// What a question is answered with.
#[derive(Debug)]
pub(crate) enum Reply {
    /// It is its turn.
    Begun,
    /// What the worker answers; the last is `Finished` or `Error`.
    Answer(TrialAnswer),
    /// The endpoint stops. Nothing else follows.
    Stopped,
}

/// The loaded model. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Engine(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    trial: SetOnce<Trial>,
    /// One question is answered at a time.
    turn: Semaphore,
    /// Questions that wait or are answered.
    questions: AtomicUsize,
    last_id: AtomicU64,
    /// Where the answers to a question go, by its id.
    receivers: Mutex<HashMap<String, mpsc::UnboundedSender<TrialAnswer>>>,
    readiness: watch::Sender<Readiness>,
    /// Questions that wait are refused from then on.
    closing: CancellationToken,
    /// Answers under way are cut off.
    cutting: CancellationToken,
}

impl Engine {
    /// With no model yet.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared {
            trial: SetOnce::new(),
            turn: Semaphore::new(1),
            questions: AtomicUsize::new(0),
            last_id: AtomicU64::new(0),
            receivers: Mutex::default(),
            readiness: watch::Sender::new(Readiness::Loading("Starting".to_owned())),
            closing: CancellationToken::new(),
            cutting: CancellationToken::new(),
        }))
    }

    /// The worker that answers. It is set once.
    pub(crate) fn set_trial(&self, trial: Trial) {
        _ = self.0.trial.set(trial);
    }

    /// Whether the model answers, now and from now on.
    pub(crate) fn readiness(&self) -> watch::Receiver<Readiness> {
        self.0.readiness.subscribe()
    }

    /// Takes the answers of the worker. It does not keep the worker: that ends with the last clone of this.
    pub(crate) fn receiver(&self) -> impl FnMut(TrialAnswer) + Send + 'static {
        let shared = Arc::downgrade(&self.0);
        move |answer| {
            if let Some(shared) = shared.upgrade() {
                Self(shared).receive(answer);
            }
        }
    }

    fn receive(&self, answer: TrialAnswer) {
        let shared = &self.0;
        match answer {
            TrialAnswer::Status { status, message, context_length } => {
                let now = match status.as_str() {
                    "ready" => Readiness::Ready(context_length),
                    _ => Readiness::Loading(message.unwrap_or(status)),
                };
                shared.readiness.send_replace(now);
            }
            TrialAnswer::Closed { message } => {
                let why = message.map_or(".".to_owned(), |message| format!(": {message}"));
                self.end(format!("The model is no longer loaded{why}"), "Serve it again.");
                self.receivers().clear();
            }
            TrialAnswer::Error { id: None, message, hint, .. } => {
                self.end(message, hint.as_deref().unwrap_or("The log of the program has the details."));
            }
            TrialAnswer::Text { ref id, .. }
            | TrialAnswer::Done { ref id, .. }
            | TrialAnswer::Finished { ref id }
            | TrialAnswer::Error { id: Some(ref id), .. } => {
                let mut receivers = self.receivers();
                let last = matches!(answer, TrialAnswer::Finished { .. } | TrialAnswer::Error { .. });
                let receiver = if last { receivers.remove(id) } else { receivers.get(id).cloned() };
                if let Some(receiver) = receiver {
                    // It may have gone.
                    _ = receiver.send(answer);
                }
            }
        }
    }

    /// The first reason is kept: that the worker ended says less.
    fn end(&self, message: String, hint: &str) {
        self.0.readiness.send_if_modified(|now| {
            let first = !matches!(now, Readiness::Ended(_));
            if first {
                *now = Readiness::Ended(Error::new(schema::ErrorCode::Internal, message).hint(hint));
            }
            first
        });
    }

    /// A conversation as the text that a target reads.
    ///
    /// # Errors
    /// No model is loaded, or its chat template can't write the conversation.
    pub(crate) async fn render(&self, target: &str, asked: &TrialConversation) -> Result<RenderedPrompt> {
        self.0.trial.wait().await.render(target, asked).await
    }

    /// Asks a question, which waits for its turn. What is received is dropped to hang up: the worker then
    /// stops at once. None where too many questions wait.
    pub(crate) fn ask(&self, asked: Asked) -> Option<mpsc::UnboundedReceiver<Reply>> {
        let taken = self.0.questions.fetch_update(Ordering::AcqRel, Ordering::Acquire, |questions| {
            (questions < MOST_QUESTIONS).then_some(questions + 1)
        });
        taken.ok()?;
        let (out, replies) = mpsc::unbounded_channel();
        let engine = self.clone();
        // A task of its own, so that nothing is written to the worker by halves when a client hangs up.
        tokio::spawn(async move {
            engine.answer(asked, &out).await;
            engine.0.questions.fetch_sub(1, Ordering::AcqRel);
        });
        Some(replies)
    }

    async fn answer(&self, asked: Asked, out: &mpsc::UnboundedSender<Reply>) {
        let shared = &self.0;
        let turn = tokio::select! {
            biased;
            () = out.closed() => return,
            () = shared.closing.cancelled() => {
                _ = out.send(Reply::Stopped);
                return;
            }
            turn = shared.turn.acquire() => turn,
        };
        let id = shared.last_id.fetch_add(1, Ordering::Relaxed).to_string();
        let (sender, mut answers) = mpsc::unbounded_channel();
        self.receivers().insert(id.clone(), sender);
        _ = out.send(Reply::Begun);
        let trial = shared.trial.wait().await;
        let question = Question {
            id: &id,
            prompt: &asked.prompt,
            rendered: asked.template.is_some(),
            template: asked.template.as_deref(),
            targets: std::slice::from_ref(&asked.target),
            generation: &asked.generation,
            stop: &asked.stop,
            seed: asked.seed,
            penalties: asked.penalties,
            logprobs: asked.logprobs,
        };
        let mut cancelled = false;
        // Without a worker no receiver would be answered.
        if trial.generate(&question).await.is_err() {
            self.receivers().remove(&id);
        }
        loop {
            tokio::select! {
                biased;
                answer = answers.recv() => match answer {
                    Some(answer) => _ = out.send(Reply::Answer(answer)),
                    None => break,
                },
                () = out.closed(), if !cancelled => {
                    cancelled = true;
                    _ = trial.cancel(&id).await;
                }
                () = shared.cutting.cancelled(), if !cancelled => {
                    cancelled = true;
                    _ = out.send(Reply::Stopped);
                    _ = trial.cancel(&id).await;
                }
            }
        }
        drop(turn);
    }

    /// Refuses the questions that wait, and lets the present one be answered.
    pub(crate) fn close(&self) {
        self.0.closing.cancel();
    }

    /// Cuts off the answer under way.
    pub(crate) fn cut(&self) {
        self.0.cutting.cancel();
    }

    /// Lets the worker end.
    pub(crate) async fn unload(&self) {
        if let Some(trial) = self.0.trial.get() {
            trial.close().await;
        }
    }

    fn receivers(&self) -> MutexGuard<'_, HashMap<String, mpsc::UnboundedSender<TrialAnswer>>> {
        self.0.receivers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! An answer on its way from the model to a client.

use playground::{LikelyToken, TrialAnswer};
use tokio::sync::mpsc;

use crate::{
    calls::{Call, Calls},
    engine::{Asked, Engine, MOST_QUESTIONS, Reply},
    log::Entry,
    openai::ApiError,
};

/// The tokens of a request and its answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) input: u64,
    pub(crate) output: u64,
}

/// A part of an answer.
#[derive(Debug)]
pub(crate) enum Part {
    /// The next text; `tokens` are those that begin in it, if they were asked for.
    Text { text: String, tokens: Option<Vec<LikelyToken>> },
    /// The calls of tools, behind all text.
    Calls(Vec<Call>),
    /// Its end.
    End { finish_reason: &'static str, usage: Usage },
}

/// An answer with all its parts.
#[derive(Debug)]
pub(crate) struct WholeAnswer {
    pub(crate) text: String,
    /// The tokens of the text, if they were asked for.
    pub(crate) tokens: Option<Vec<LikelyToken>>,
    pub(crate) calls: Vec<Call>,
    pub(crate) finish_reason: &'static str,
    pub(crate) usage: Usage,
}

/// An answer on its way. Dropping it hangs up.
#[derive(Debug)]
pub(crate) struct Answer {
    replies: mpsc::UnboundedReceiver<Reply>,
    entry: Entry,
    calls: Option<Calls>,
    /// Parts that are known already.
    ready: Vec<Part>,
    /// Tokens whose text is held back, as it may belong to a call.
    held: Vec<LikelyToken>,
    usage: Usage,
    cut: bool,
    called: bool,
}

impl Answer {
    /// Asks the model. Calls of tools are looked for if there are any to call.
    pub(crate) fn ask(
        engine: &Engine,
        asked: Asked,
        mut entry: Entry,
        calls: Option<Calls>,
    ) -> Result<Self, ApiError> {
        match engine.ask(asked) {
            Some(replies) => Ok(Self {
                replies,
                entry,
                calls,
                ready: Vec::new(),
                held: Vec::new(),
                usage: Usage::default(),
                cut: false,
                called: false,
            }),
            None => Err(entry.failed(ApiError::queue_full(MOST_QUESTIONS))),
        }
    }

    /// The next part. The last one is [`Part::End`] or an error.
    pub(crate) async fn next(&mut self) -> Result<Part, ApiError> {
        loop {
            if let Some(part) = self.ready.pop() {
                return Ok(part);
            }
            let error = match self.replies.recv().await {
                Some(Reply::Begun) => {
                    self.entry.answering();
                    continue;
                }
                Some(Reply::Answer(answer)) => match self.take(answer) {
                    Ok(()) => continue,
                    Err(error) => error,
                },
                Some(Reply::Stopped) => ApiError::stopped(),
                None => ApiError::failed(&schema::Error::new(
                    schema::ErrorCode::Internal,
                    "The model's worker ended before this was answered.",
                )),
            };
            return Err(self.entry.failed(error));
        }
    }

    /// All parts, once the last one is there.
    pub(crate) async fn whole(mut self) -> Result<WholeAnswer, ApiError> {
        let (mut text, mut tokens, mut calls) = (String::new(), None::<Vec<LikelyToken>>, Vec::new());
        loop {
            match self.next().await? {
                Part::Text { text: next, tokens: begun } => {
                    text += &next;
                    if let Some(begun) = begun {
                        tokens.get_or_insert_default().extend(begun);
                    }
                }
                Part::Calls(found) => calls = found,
                Part::End { finish_reason, usage } => {
                    return Ok(WholeAnswer { text, tokens, calls, finish_reason, usage });
                }
            }
        }
    }

    fn take(&mut self, answer: TrialAnswer) -> Result<(), ApiError> {
        match answer {
            TrialAnswer::Text { text, tokens, .. } => {
                self.entry.text();
                self.push(text, tokens);
            }
            TrialAnswer::Done { input_tokens, output_tokens, cut, .. } => {
                self.usage = Usage {
                    input: input_tokens.unwrap_or_default(),
                    output: output_tokens.unwrap_or_default(),
                };
                self.cut = cut.is_some();
                self.entry.tokens(self.usage.input, self.usage.output);
            }
            TrialAnswer::Finished { .. } => self.finish(),
            TrialAnswer::Error { message, hint, refused: true, .. } => {
                return Err(ApiError::refused(&message, hint.as_deref()));
            }
            TrialAnswer::Error { message, hint, .. } => {
                let error = schema::Error::new(schema::ErrorCode::Internal, message);
                return Err(ApiError::failed(&schema::Error { hint, ..error }));
            }
            TrialAnswer::Status { .. } | TrialAnswer::Closed { .. } => {}
        }
        Ok(())
    }

    fn push(&mut self, text: String, tokens: Option<Vec<LikelyToken>>) {
        let text = match &mut self.calls {
            Some(calls) => calls.push(text),
            None => text,
        };
        let has_tokens = tokens.is_some();
        self.held.extend(tokens.into_iter().flatten());
        // Text that is held back comes with its tokens later.
        if !text.is_empty() || (has_tokens && self.calls.is_none()) {
            let tokens = has_tokens.then(|| std::mem::take(&mut self.held));
            self.ready.push(Part::Text { text, tokens });
        }
    }

    fn finish(&mut self) {
        let (rest, calls) = self.calls.take().map(Calls::finish).unwrap_or_default();
        self.called = !calls.is_empty();
        let finish_reason = match (self.called, self.cut) {
            (true, _) => "tool_calls",
            (false, true) => "length",
            (false, false) => "stop",
        };
        self.entry.done(finish_reason);
        // The last one is taken first.
        self.ready.push(Part::End { finish_reason, usage: self.usage });
        if self.called {
            self.ready.push(Part::Calls(calls));
        }
        if !rest.is_empty() || !self.held.is_empty() {
            let tokens = (!self.held.is_empty()).then(|| std::mem::take(&mut self.held));
            self.ready.push(Part::Text { text: rest, tokens });
        }
    }
}

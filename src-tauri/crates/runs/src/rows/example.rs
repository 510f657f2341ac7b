//! A row of a dataset as a training example: the texts that the worker gets.

use prompts::{
    Object, Value,
    chat::{
        Answered, ChatTemplate, Conversation, End, Preference, RenderError, RowFault, TrainOn, Turn,
        conversation, preference, unpaired,
    },
};
use resources::{FineTuningJob, RowFormat};
use schema::{Error, ErrorCode, Result, column};
use serde::Serialize;

use crate::spec::ChatSpec;

/// A row as the texts that a worker gets.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Example {
    /// The texts in the order of the row's keys.
    pub(crate) texts: Vec<ExampleText>,
    /// Where the only text carries loss, in code points; none where that follows from the method.
    pub(crate) loss: Option<Vec<(usize, usize)>>,
    /// Where messages lie in the only text, as far as the template tells.
    pub(crate) turns: Vec<Turn>,
    /// Whether the answer is a good one, where rows say so.
    pub(crate) label: Option<bool>,
}

/// One text of an example.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExampleText {
    /// Its key in the rows of a run.
    pub(crate) key: &'static str,
    /// The text.
    pub(crate) text: String,
    /// The messages that it is made of; empty where it is a text of the row.
    pub(crate) messages: Vec<Object>,
}

impl ExampleText {
    pub(crate) fn new(key: &'static str, text: impl Into<String>, messages: &[Object]) -> Self {
        Self { key, text: text.into(), messages: messages.to_vec() }
    }
}

/// Why a row is no example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoExample {
    /// The row lacks something.
    Row(RowFault),
    /// The chat template can't render it.
    Template(RenderError),
}

impl NoExample {
    /// The field of a training that the reason belongs to.
    pub(crate) fn field(&self) -> &'static str {
        match self {
            Self::Row(_) => column!(FineTuningJob, dataset_id),
            Self::Template(_) if self.is_not_located() => "train_on",
            Self::Template(_) => "chat_template",
        }
    }

    /// Whether the template doesn't tell where the assistant's messages are.
    pub(crate) fn is_not_located(&self) -> bool {
        matches!(self, Self::Template(RenderError::NotLocated(_)))
    }
}

impl std::fmt::Display for NoExample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Row(fault) => fault.fmt(f),
            Self::Template(error) => error.fmt(f),
        }
    }
}

impl From<RowFault> for NoExample {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

impl From<RenderError> for NoExample {
    fn from(error: RenderError) -> Self {
        Self::Template(error)
    }
}

/// Reads rows in a format other than those that are filled into a prompt.
#[derive(Debug)]
pub(crate) struct ExampleReader {
    format: Structured,
    chat: Option<ParsedChat>,
    /// Whether rows are for an evaluation, which wants the answer apart.
    asks: bool,
}

/// The formats that are not filled into a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Structured {
    Conversation,
    Preference,
    Unpaired,
    /// A text, which must not be empty.
    Text,
}

#[derive(Debug)]
struct ParsedChat {
    template: ChatTemplate,
    train_on: TrainOn,
    system_prompt: Option<String>,
}

impl ExampleReader {
    /// A reader of rows of that format; none for formats whose rows are filled into a prompt.
    ///
    /// # Errors
    /// The chat template can't be parsed, or there is none for conversations.
    pub(crate) fn new(
        format: Option<RowFormat>,
        chat: Option<&ChatSpec>,
        has_prompt: bool,
        asks: bool,
    ) -> Result<Option<Self>> {
        let format = match format {
            Some(RowFormat::Conversation) => Structured::Conversation,
            Some(RowFormat::Preference) => Structured::Preference,
            Some(RowFormat::UnpairedPreference) => Structured::Unpaired,
            Some(RowFormat::Text) if !has_prompt => Structured::Text,
            Some(RowFormat::PromptCompletion | RowFormat::Text) | None => return Ok(None),
        };
        if format == Structured::Conversation && chat.is_none() {
            return Err(Error::new(ErrorCode::Invalid, "Conversations need a chat template.")
                .hint("Choose 'plain', or the file of a template."));
        }
        Ok(Some(Self { format, chat: chat.map(ParsedChat::new).transpose()?, asks }))
    }

    /// A row as an example.
    pub(crate) fn read(&self, row: &Object) -> Result<Example, NoExample> {
        let chat = self.chat.as_ref();
        let system = chat.and_then(|chat| chat.system_prompt.as_deref());
        match (self.format, chat) {
            (Structured::Conversation, Some(chat)) => {
                let conversation = conversation(row, system)?;
                if self.asks { chat.question(conversation) } else { chat.whole(conversation) }
            }
            // `new` refuses conversations without a template.
            (Structured::Conversation, None) => Err(needs_template("messages")),
            (Structured::Text, _) => match row.get("text") {
                Some(Value::String(text)) if !text.trim().is_empty() => Ok(plain([("text", text.clone())])),
                _ => Err(fault("text", "'text' is missing, empty or no text.")),
            },
            (Structured::Preference, _) => {
                let preference = preference(row, system, chat.is_some())?;
                let example = chat_texts(preference, chat)?;
                Ok(if self.asks { as_question(example) } else { example })
            }
            (Structured::Unpaired, _) => {
                let (answered, good) = unpaired(row, system, chat.is_some())?;
                let example = Example { label: Some(good), ..answered_texts(answered, chat)? };
                Ok(if self.asks { as_question(example) } else { example })
            }
        }
    }
}

impl ParsedChat {
    fn new(chat: &ChatSpec) -> Result<Self> {
        let template = ChatTemplate::parse(&chat.template).map_err(|error| {
            Error::new(ErrorCode::Invalid, error.to_string()).hint("Correct the template, or choose another.")
        })?;
        Ok(Self {
            template,
            train_on: chat.train_on.unwrap_or(TrainOn::AssistantTurns),
            system_prompt: chat.system_prompt.clone(),
        })
    }

    /// The whole conversation, with the parts that carry loss.
    fn whole(&self, conversation: Conversation) -> Result<Example, NoExample> {
        let rendered = self.template.render_training(&conversation, self.train_on)?;
        if rendered.loss.is_empty() {
            let message = "Nothing in the conversation carries loss, so nothing is learned from it.";
            return Err(RenderError::Nothing(message.to_owned()).into());
        }
        Ok(Example {
            texts: vec![ExampleText::new("text", rendered.text, &conversation.messages)],
            loss: Some(rendered.loss),
            turns: rendered.turns,
            label: None,
        })
    }

    /// The conversation up to the last answer, and that answer.
    fn question(&self, mut conversation: Conversation) -> Result<Example, NoExample> {
        let speaks = |message: &Object| message.get("role").and_then(Value::as_str) == Some("assistant");
        while conversation.messages.last().is_some_and(|last| !speaks(last)) {
            conversation.messages.pop();
        }
        let Some(answer) = conversation.messages.pop().filter(|_| !conversation.messages.is_empty()) else {
            return Err(
                RenderError::Nothing("No message of the assistant answers another.".to_owned()).into()
            );
        };
        let prompt = self.template.render(&conversation, End::GenerationPrompt)?;
        Ok(Example {
            texts: vec![
                ExampleText::new("prompt", prompt, &conversation.messages),
                ExampleText::new("expected", said(&answer), &[answer]),
            ],
            ..Example::default()
        })
    }

    /// A prompt and what follows it with each answer.
    fn answers<const N: usize>(
        &self,
        prompt: &Conversation,
        answers: [(&'static str, Vec<Object>); N],
    ) -> Result<Example, NoExample> {
        let messages: Vec<&[Object]> = answers.iter().map(|(_, answer)| answer.as_slice()).collect();
        let rendered = self.template.render_answers(prompt, &messages)?;
        let mut texts = vec![ExampleText::new("prompt", rendered.prompt, &prompt.messages)];
        let answered = answers.iter().zip(rendered.answers);
        texts.extend(answered.map(|((key, answer), text)| ExampleText::new(key, text, answer)));
        Ok(Example { texts, ..Example::default() })
    }
}

fn chat_texts(preference: Preference, chat: Option<&ParsedChat>) -> Result<Example, NoExample> {
    match (preference, chat) {
        (Preference::Messages { prompt, chosen, rejected }, Some(chat)) => {
            chat.answers(&prompt, [("chosen", chosen), ("rejected", rejected)])
        }
        (Preference::Messages { .. }, None) => Err(needs_template("chosen")),
        (Preference::Texts { prompt, chosen, rejected }, _) => {
            Ok(plain([("prompt", prompt), ("chosen", chosen), ("rejected", rejected)]))
        }
    }
}

fn answered_texts(answered: Answered, chat: Option<&ParsedChat>) -> Result<Example, NoExample> {
    match (answered, chat) {
        (Answered::Messages { prompt, completion }, Some(chat)) => {
            chat.answers(&prompt, [("completion", completion)])
        }
        (Answered::Messages { .. }, None) => Err(needs_template("completion")),
        (Answered::Texts { prompt, completion }, _) => {
            Ok(plain([("prompt", prompt), ("completion", completion)]))
        }
    }
}

fn plain<const N: usize>(texts: [(&'static str, String); N]) -> Example {
    let texts = texts.into_iter().map(|(key, text)| ExampleText::new(key, text, &[])).collect();
    Example { texts, ..Example::default() }
}

fn needs_template(column: &str) -> NoExample {
    let message =
        "The row holds messages, which need a chat template. Choose 'plain', or the file of a template.";
    fault(column, message)
}

fn fault(column: &str, message: &str) -> NoExample {
    RowFault { column: column.to_owned(), message: message.to_owned() }.into()
}

/// The prompt, and the answer that is wanted: the completion, or the chosen one.
fn as_question(example: Example) -> Example {
    let wanted = example.texts.into_iter().take(2).map(|text| match text.key {
        "prompt" => text,
        _ if text.messages.is_empty() => ExampleText { key: "expected", ..text },
        _ => {
            let answer: Vec<String> = text.messages.iter().map(said).collect();
            ExampleText { key: "expected", text: answer.join("\n"), ..text }
        }
    });
    Example { texts: wanted.collect(), ..Example::default() }
}

/// What a message says: its text, or the tools that it calls as JSON.
fn said(message: &Object) -> String {
    match message.get("content").and_then(Value::as_str).filter(|text| !text.is_empty()) {
        Some(text) => text.to_owned(),
        None => message.get("tool_calls").map(Value::to_string).unwrap_or_default(),
    }
}

impl Example {
    /// Adds the entries of a line of JSON behind the row's number.
    pub(crate) fn write(&self, line: &mut Vec<u8>) {
        for text in &self.texts {
            entry(line, text.key, &text.text);
        }
        if let Some(loss) = &self.loss {
            entry(line, "loss", loss);
        }
        if let Some(label) = &self.label {
            entry(line, "label", label);
        }
    }
}

fn entry(line: &mut Vec<u8>, key: &str, value: &impl Serialize) {
    line.extend_from_slice(format!(",\"{key}\":").as_bytes());
    // Writing into memory can't fail.
    _ = serde_json::to_writer(line, value);
}

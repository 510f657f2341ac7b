//! Reads rows that are not filled into a prompt: conversations, preferences and texts.

use std::sync::Arc;

use prompts::{
    Object, Value,
    chat::{
        Answered, ChatTemplate, Conversation, End, OtherRenderer, Preference, Ratings, RenderError, RowFault,
        TrainOn, conversation, preference, unpaired,
    },
};
use resources::RowFormat;
use schema::{Error, ErrorCode, Result};

use super::{
    example::{Example, ExampleText, NoExample},
    row_settings::RowSettings,
};
use crate::spec::ChatSpec;

/// Reads rows in a format other than those that are filled into a prompt.
#[derive(Debug)]
pub(crate) struct ExampleReader {
    format: Structured,
    chat: Option<ParsedChat>,
    ratings: Option<Ratings>,
    /// Whether rows are for an evaluation, which wants the last answer of a conversation apart.
    asks: bool,
}

/// The formats that are not filled into a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Structured {
    Conversation,
    Preference,
    /// A row is one answer, or two.
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
    pub(crate) fn new(settings: RowSettings<'_>) -> Result<Option<Self>> {
        let RowSettings { chat, asks, ratings, other, .. } = settings;
        let format = match settings.format {
            Some(RowFormat::Conversation) => Structured::Conversation,
            Some(RowFormat::Preference) => Structured::Preference,
            Some(RowFormat::UnpairedPreference) => Structured::Unpaired,
            Some(RowFormat::Text) if settings.prompt.is_none() => Structured::Text,
            Some(RowFormat::PromptCompletion | RowFormat::Text) | None => return Ok(None),
        };
        if format == Structured::Conversation && chat.is_none() {
            return Err(Error::new(ErrorCode::Invalid, "Conversations need a chat template.")
                .hint("Choose 'plain', or the file of a template."));
        }
        let ratings = ratings.cloned();
        let chat = chat.map(|chat| ParsedChat::new(chat, other)).transpose()?;
        Ok(Some(Self { format, chat, ratings, asks }))
    }

    /// Whether another program rendered any of the rows so far.
    pub(crate) fn used_other(&self) -> bool {
        self.chat.as_ref().is_some_and(|chat| chat.template.used_other())
    }

    /// A row as examples: one, or the two answers of a pair. `with_turns` finds out where the messages of a
    /// conversation lie.
    pub(crate) fn read(&self, row: &Object, with_turns: bool) -> Result<Vec<Example>, NoExample> {
        let chat = self.chat.as_ref();
        let system = chat.and_then(|chat| chat.system_prompt.as_deref());
        let example = match (self.format, chat) {
            (Structured::Conversation, Some(chat)) => {
                let conversation = conversation(row, system)?;
                if let Some(ratings) = self.ratings.as_ref().filter(|_| self.asks) {
                    ratings.expect_good(row)?;
                }
                if self.asks { chat.question(conversation)? } else { chat.whole(conversation, with_turns)? }
            }
            // `new` refuses conversations without a template.
            (Structured::Conversation, None) => return Err(needs_template("messages")),
            (Structured::Text, _) => match row.get("text") {
                Some(Value::String(text)) if !text.trim().is_empty() => plain([("text", text.clone())]),
                _ => return Err(fault("text", "'text' is missing, empty or no text.")),
            },
            (Structured::Preference, _) => chat_texts(preference(row, system, chat.is_some())?, chat)?,
            (Structured::Unpaired, _) => {
                let answers = unpaired(row, self.ratings.as_ref(), system, chat.is_some())?;
                let examples = answers.into_iter().map(|(answered, good)| {
                    Ok(Example { label: Some(good), ..answered_texts(answered, chat)? })
                });
                return examples.collect();
            }
        };
        Ok(vec![example])
    }
}

impl ParsedChat {
    fn new(chat: &ChatSpec, other: Option<&Arc<dyn OtherRenderer>>) -> Result<Self> {
        let template = ChatTemplate::parse_with(&chat.template, other.cloned()).map_err(|error| {
            Error::new(ErrorCode::Invalid, error.to_string()).hint("Correct the template, or choose another.")
        })?;
        Ok(Self {
            template,
            train_on: chat.train_on.unwrap_or(TrainOn::AssistantTurns),
            system_prompt: chat.system_prompt.clone(),
        })
    }

    /// The whole conversation, with the parts that carry loss.
    fn whole(&self, conversation: Conversation, with_turns: bool) -> Result<Example, NoExample> {
        let rendered = match with_turns {
            true => self.template.render_training(&conversation, self.train_on)?,
            false => self.template.render_loss(&conversation, self.train_on)?,
        };
        if rendered.loss.is_empty() {
            let message = "Nothing in the conversation carries loss, so nothing is learned from it.";
            return Err(RenderError::Nothing(message.to_owned()).into());
        }
        Ok(Example {
            texts: vec![ExampleText::new("text", rendered.text, conversation.messages)],
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
        let asked = ExampleText::new("prompt", prompt, conversation.messages);
        let expected = ExampleText::new("expected", said(&answer), vec![answer]);
        Ok(Example { texts: vec![asked, expected], ..Example::default() })
    }

    /// A prompt and what follows it with each answer.
    fn answers<const N: usize>(
        &self,
        prompt: Conversation,
        answers: [(&'static str, Vec<Object>); N],
    ) -> Result<Example, NoExample> {
        let messages: Vec<&[Object]> = answers.iter().map(|(_, answer)| answer.as_slice()).collect();
        let rendered = self.template.render_answers(&prompt, &messages)?;
        let mut texts = vec![ExampleText::new("prompt", rendered.prompt, prompt.messages)];
        let answered = answers.into_iter().zip(rendered.answers);
        texts.extend(answered.map(|((key, answer), text)| ExampleText::new(key, text, answer)));
        Ok(Example { texts, ..Example::default() })
    }
}

fn chat_texts(preference: Preference, chat: Option<&ParsedChat>) -> Result<Example, NoExample> {
    match (preference, chat) {
        (Preference::Messages { prompt, chosen, rejected }, Some(chat)) => {
            chat.answers(prompt, [("chosen", chosen), ("rejected", rejected)])
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
            chat.answers(prompt, [("completion", completion)])
        }
        (Answered::Messages { .. }, None) => Err(needs_template("completion")),
        (Answered::Texts { prompt, completion }, _) => {
            Ok(plain([("prompt", prompt), ("completion", completion)]))
        }
    }
}

fn plain<const N: usize>(texts: [(&'static str, String); N]) -> Example {
    let texts = texts.into_iter().map(|(key, text)| ExampleText::new(key, text, Vec::new())).collect();
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

/// What a message says: its text, or the tools that it calls as JSON.
fn said(message: &Object) -> String {
    match message.get("content").and_then(Value::as_str).filter(|text| !text.is_empty()) {
        Some(text) => text.to_owned(),
        None => message.get("tool_calls").map(Value::to_string).unwrap_or_default(),
    }
}

//! Lists of messages: who speaks, in which order, and whether anything is said.

use serde_json::Value;

use super::report::{Report, a_kind};
use crate::Severity::{Error, Warning};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// Sets the scene.
    System,
    /// Asks.
    User,
    /// Answers: what a model learns.
    Assistant,
    /// What a tool said, or that one was called.
    Tool,
}

/// How messages are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `role` and `content`.
    Chat,
    /// `from` and `value`.
    Sharegpt,
}

impl Style {
    pub(crate) const fn speaker_key(self) -> &'static str {
        match self {
            Self::Chat => "role",
            Self::Sharegpt => "from",
        }
    }

    pub(crate) const fn content_key(self) -> &'static str {
        match self {
            Self::Chat => "content",
            Self::Sharegpt => "value",
        }
    }

    /// Who a name stands for. The first name of a speaker is the one to write.
    pub(crate) const fn names(self) -> &'static [(&'static str, Speaker)] {
        use Speaker::{Assistant, System, Tool, User};
        match self {
            Self::Chat => &[
                ("system", System),
                ("developer", System),
                ("user", User),
                ("assistant", Assistant),
                ("tool", Tool),
                ("function", Tool),
            ],
            Self::Sharegpt => &[
                ("system", System),
                ("human", User),
                ("user", User),
                ("gpt", Assistant),
                ("assistant", Assistant),
                ("model", Assistant),
                ("chatgpt", Assistant),
                ("bing", Assistant),
                ("bard", Assistant),
                ("tool", Tool),
                ("observation", Tool),
                ("function_call", Tool),
                ("function_response", Tool),
            ],
        }
    }

    pub(crate) fn speaker(self, name: &str) -> Option<Speaker> {
        self.names().iter().find(|(known, _)| *known == name).map(|(_, speaker)| *speaker)
    }
}

/// A conversation to learn from.
pub(super) fn whole(messages: &[Value], field: &str, style: Style, report: &mut Report<'_>) {
    let Some(speakers) = each(messages, field, style, report) else { return };
    order(&speakers, field, style, report);
    if speakers.last().is_some_and(|last| *last != Speaker::Assistant) {
        let who = called(style, Speaker::Assistant);
        report(
            Warning,
            field,
            format!("The last message is not one of '{who}', so nothing is learnt from it."),
        );
    }
}

/// The messages of a prompt: an answer follows elsewhere.
pub(super) fn beginning(messages: &[Value], field: &str, report: &mut Report<'_>) {
    if let Some(speakers) = each(messages, field, Style::Chat, report) {
        order(&speakers, field, Style::Chat, report);
    }
}

/// The messages of an answer, perhaps with what precedes it.
pub(super) fn answer(messages: &[Value], field: &str, report: &mut Report<'_>) {
    let Some(speakers) = each(messages, field, Style::Chat, report) else { return };
    if speakers.last().is_some_and(|last| *last != Speaker::Assistant) {
        report(Warning, field, "The last message is not one of 'assistant'.".to_owned());
    }
}

/// Looks at each message alone; who speaks, if all of them can be told.
fn each(messages: &[Value], field: &str, style: Style, report: &mut Report<'_>) -> Option<Vec<Speaker>> {
    if messages.is_empty() {
        report(Error, field, "The list of messages is empty.".to_owned());
        return None;
    }
    let mut speakers = Vec::with_capacity(messages.len());
    for (number, message) in (1..).zip(messages) {
        let Value::Object(message) = message else {
            let what = a_kind(message);
            report(Error, field, format!("Message {number} is {what} where an object is needed."));
            continue;
        };
        let (who, what) = (style.speaker_key(), style.content_key());
        let speaker = match message.get(who) {
            Some(Value::String(name)) => {
                let speaker = style.speaker(name);
                if speaker.is_none() {
                    let known = [Speaker::System, Speaker::User, Speaker::Assistant, Speaker::Tool]
                        .map(|speaker| called(style, speaker))
                        .join(", ");
                    let message =
                        format!("Message {number} has the unknown {who} '{name}'. Known are {known}.");
                    report(Error, field, message);
                }
                speaker
            }
            _ => {
                report(Error, field, format!("Message {number} has no '{who}'."));
                None
            }
        };
        let calls_tools = ["tool_calls", "function_call"].iter().any(|key| message.contains_key(*key));
        match message.get(what) {
            None | Some(Value::Null) if calls_tools => {}
            None | Some(Value::Null) => report(Error, field, format!("Message {number} has no '{what}'.")),
            Some(Value::String(text)) if !text.trim().is_empty() || calls_tools => {}
            // Texts and pictures in parts, as models that see take them.
            Some(Value::Array(parts)) if !parts.is_empty() && style == Style::Chat => {}
            Some(Value::String(_) | Value::Array(_)) => {
                report(Error, field, format!("Message {number} is empty."));
            }
            Some(other) => {
                let kind = a_kind(other);
                report(
                    Error,
                    field,
                    format!("Message {number} has {kind} as '{what}', where a text is needed."),
                );
            }
        }
        speakers.extend(speaker);
    }
    (speakers.len() == messages.len()).then_some(speakers)
}

/// After what sets the scene the user begins, and then the two take turns.
fn order(speakers: &[Speaker], field: &str, style: Style, report: &mut Report<'_>) {
    let mut before = None;
    for (number, speaker) in (1..).zip(speakers) {
        match (before, *speaker) {
            (None, Speaker::System) => continue,
            (None, Speaker::Assistant | Speaker::Tool) => {
                let who = called(style, Speaker::User);
                report(Warning, field, format!("The conversation does not begin with '{who}'."));
            }
            (Some(last @ (Speaker::User | Speaker::Assistant)), now) if last == now => {
                let who = called(style, now);
                report(
                    Warning,
                    field,
                    format!("Messages {} and {number} both have the role '{who}'.", number - 1),
                );
            }
            (Some(_), Speaker::System) => {
                report(
                    Warning,
                    field,
                    format!("Message {number} is a 'system' message in the middle of the conversation."),
                );
            }
            _ => {}
        }
        before = Some(*speaker);
    }
}

/// The name to write for a speaker.
pub(crate) fn called(style: Style, speaker: Speaker) -> &'static str {
    style.names().iter().find(|(_, known)| *known == speaker).map_or("", |(name, _)| name)
}

//! Lists of messages: who speaks, in which order, and whether anything is said.

use prompts::{Object, Value};

use super::report::{Report, a_kind, has_content};
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
                    report(Error, field, format!("Message {number} has {}", unknown(style, name)));
                }
                speaker
            }
            _ => {
                report(Error, field, format!("Message {number} has no '{who}'."));
                None
            }
        };
        let calls_tools = calls_tools(message);
        match message.get(what) {
            None | Some(Value::Null) if calls_tools => {}
            None | Some(Value::Null) => report(Error, field, format!("Message {number} has no '{what}'.")),
            Some(Value::String(text)) if !text.trim().is_empty() || calls_tools => {}
            // Texts and pictures in parts, as models that see take them.
            Some(Value::Array(parts))
                if style == Style::Chat && (calls_tools || parts.iter().any(says_something)) => {}
            Some(Value::Array(parts)) if style == Style::Sharegpt && !parts.is_empty() => {
                report(
                    Error,
                    field,
                    format!("Message {number} has a list as '{what}', where a text is needed."),
                );
            }
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

/// Whether a message calls a tool.
pub(crate) fn calls_tools(message: &Object) -> bool {
    ["tool_calls", "function_call"].iter().any(|key| has_content(message.get(*key)))
}

/// Whether there is something in a part of a message.
fn says_something(part: &Value) -> bool {
    match part {
        Value::Object(entries) => match entries.get("type").and_then(Value::as_str) {
            Some("text") => has_content(entries.get("text")),
            Some(_) => true,
            None => entries.values().any(|value| has_content(Some(value))),
        },
        other => has_content(Some(other)),
    }
}

/// The text of a message that is made of parts of text alone.
pub(crate) fn text_of_parts(parts: &[Value]) -> Option<String> {
    let text = |part: &Value| match part {
        Value::String(text) => Some(text.clone()),
        Value::Object(entries) => {
            let others = entries.iter().filter(|(key, _)| !matches!(key.as_str(), "type" | "text"));
            let text_only = others.into_iter().all(|(_, value)| !has_content(Some(value)));
            let kind = entries.get("type").and_then(Value::as_str).unwrap_or("text");
            let text = entries.get("text").and_then(Value::as_str);
            text.filter(|_| text_only && kind == "text").map(str::to_owned)
        }
        _ => None,
    };
    parts.iter().map(text).collect()
}

/// The role that is not known, and the one that may be meant.
fn unknown(style: Style, name: &str) -> String {
    let who = style.speaker_key();
    let known: Vec<String> = style.names().iter().map(|(known, _)| (*known).to_owned()).collect();
    // Another case, or the name that the other style has for the same speaker.
    let plain = name.trim().to_lowercase();
    let other = [style, Style::Chat, Style::Sharegpt].iter().find_map(|style| style.speaker(&plain));
    let same =
        other.map(|speaker| if known.contains(&plain) { plain.as_str() } else { called(style, speaker) });
    match same.or_else(|| schema::nearest(name, &known)) {
        Some(nearest) => format!("the unknown {who} '{name}'. Is '{nearest}' meant?"),
        None => {
            let last = known.len().saturating_sub(1);
            let (most, last) = known.split_at(last);
            format!("the unknown {who} '{name}'. Known are {} and {}.", most.join(", "), last.join(""))
        }
    }
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

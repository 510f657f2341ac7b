//! Lists of messages: who speaks, in which order, and whether anything is said.

use prompts::{
    Value,
    chat::{Speaker, Style, calls_tools, has_content},
};

use super::report::{Report, a_kind};
use crate::Severity::{Error, Warning};

/// A conversation to learn from.
pub(super) fn whole(messages: &[Value], field: &str, style: Style, report: &mut Report<'_>) {
    let Some(speakers) = each(messages, field, style, report) else { return };
    order(&speakers, field, style, report);
    if speakers.last().is_some_and(|last| *last != Speaker::Assistant) {
        let who = style.name_of(Speaker::Assistant);
        report(
            Warning,
            field,
            format!("The last message is not one of '{who}', so nothing is learned from it."),
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

/// Looks at each message alone; gives who speaks, if that is known of all.
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
                    report(Error, field, format!("Message {number} has {}", style.unknown(name)));
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

/// After what sets the scene the user begins, and then the two take turns.
fn order(speakers: &[Speaker], field: &str, style: Style, report: &mut Report<'_>) {
    let mut before = None;
    for (number, speaker) in (1..).zip(speakers) {
        match (before, *speaker) {
            (None, Speaker::System) => continue,
            (None, Speaker::Assistant | Speaker::Tool) => {
                let who = style.name_of(Speaker::User);
                report(Warning, field, format!("The conversation does not begin with '{who}'."));
            }
            (Some(last @ (Speaker::User | Speaker::Assistant)), now) if last == now => {
                let who = style.name_of(now);
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

//! What all shapes of examples have in common: someone speaks, then another.

use prompts::{
    Object, Value,
    chat::{Speaker, Style, calls_tools, has_content, text_of_parts},
};

use super::{Cell, Row, Shape, origin::Origin};

/// Something somebody says.
pub(super) struct Turn {
    speaker: Speaker,
    text: String,
    /// What else the message has, such as its weight or the reasoning before it.
    rest: Vec<(String, Value)>,
}

fn turn(speaker: Speaker, text: impl Into<String>) -> Turn {
    Turn { speaker, text: text.into(), rest: Vec::new() }
}

/// The turns of a row that its shape has no complaint about, or why it has no plain ones.
pub(super) fn turns(origin: &Origin, row: Row<'_>) -> Result<Vec<Turn>, String> {
    if let Some(found) = origin.messages(row) {
        let (messages, style) = found?;
        return self::messages(&messages, style);
    }
    match origin.shape() {
        Shape::Alpaca => alpaca(row),
        Shape::PromptCompletion => {
            let mut turns = said(row.get("prompt"), Speaker::User)?;
            turns.extend(said(row.get("completion"), Speaker::Assistant)?);
            Ok(turns)
        }
        Shape::Preference => {
            let mut turns = said(row.get("prompt"), Speaker::User)?;
            turns.extend(said(row.get("chosen"), Speaker::Assistant)?);
            if turns.iter().any(|turn| turn.speaker == Speaker::User) {
                return Ok(turns);
            }
            Err("There is no prompt apart from the answers.".to_owned())
        }
        _ => Err("The rows have no question and answer.".to_owned()),
    }
}

fn alpaca(row: Row<'_>) -> Result<Vec<Turn>, String> {
    let text = |name| match row.get(name) {
        Cell::Text(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    };
    let mut turns: Vec<Turn> = text("system").map(|text| turn(Speaker::System, text)).into_iter().collect();
    if let Cell::Other(Value::Array(pairs)) = row.get("history") {
        for pair in pairs {
            let (Some(asked), Some(answered)) = (pair[0].as_str(), pair[1].as_str()) else {
                return Err("'history' is not a list of pairs of texts.".to_owned());
            };
            turns.extend([turn(Speaker::User, asked), turn(Speaker::Assistant, answered)]);
        }
    }
    let asked: Vec<&str> = [text("instruction"), text("input")].into_iter().flatten().collect();
    turns.push(turn(Speaker::User, asked.join("\n\n")));
    turns.push(turn(Speaker::Assistant, text("output").unwrap_or_default()));
    Ok(turns)
}

/// A text that somebody says, or a list of messages.
fn said(cell: Cell<'_>, speaker: Speaker) -> Result<Vec<Turn>, String> {
    match cell {
        Cell::Missing => Ok(Vec::new()),
        Cell::Text(text) => Ok(vec![turn(speaker, text)]),
        Cell::Other(Value::Array(list)) => messages(list, Style::Chat),
        Cell::Other(_) => Err("There is no list of messages.".to_owned()),
    }
}

fn messages(messages: &[Value], style: Style) -> Result<Vec<Turn>, String> {
    (1..).zip(messages).map(|(number, message)| one(number, message, style)).collect()
}

fn one(number: u64, message: &Value, style: Style) -> Result<Turn, String> {
    let Value::Object(entries) = message else { return Err(format!("Message {number} is no message.")) };
    let name = message[style.speaker_key()].as_str().unwrap_or_default();
    let speaker = style.speaker(name).ok_or_else(|| format!("Message {number} has an unknown role."))?;
    if calls_tools(entries) || name == "function_call" {
        return Err(format!("Message {number} calls a tool, which has no plain form."));
    }
    let text = match &message[style.content_key()] {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => text_of_parts(parts),
        _ => None,
    };
    let text = text.ok_or_else(|| format!("Message {number} is more than a text."))?;
    let others = entries.iter().filter(|(key, value)| {
        let own = [style.speaker_key(), style.content_key()].contains(&key.as_str());
        !own && has_content(Some(value))
    });
    Ok(Turn { speaker, text, rest: others.map(|(key, value)| (key.clone(), value.clone())).collect() })
}

/// Turns in another shape, and the keys of messages that have no place in it. `from` says how a text is put
/// together.
pub(super) fn written(to: Shape, from: Shape, turns: Vec<Turn>) -> Result<(Object, Vec<String>), String> {
    let style = match to {
        Shape::Chat => Style::Chat,
        Shape::Sharegpt => Style::Sharegpt,
        _ => {
            let fields = match to {
                Shape::Alpaca => {
                    let (asked, answered) = single(&turns)?;
                    vec![("instruction", asked), ("input", String::new()), ("output", answered.to_owned())]
                }
                Shape::PromptCompletion => {
                    let (asked, answered) = single(&turns)?;
                    vec![("prompt", asked), ("completion", answered.to_owned())]
                }
                _ => vec![("text", text(from, &turns))],
            };
            let rest = turns.into_iter().flat_map(|turn| turn.rest).map(|(key, _)| key).collect();
            return Ok((
                fields.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect(),
                rest,
            ));
        }
    };
    let mut lost = Vec::new();
    let mut message = |turn: Turn| {
        let mut message = Object::new();
        message.insert(style.speaker_key().to_owned(), style.name_of(turn.speaker).into());
        message.insert(style.content_key().to_owned(), turn.text.into());
        for (key, value) in turn.rest {
            // A key of the new messages can't be one of the old ones as well.
            if message.contains_key(&key) {
                lost.push(key);
            } else {
                message.insert(key, value);
            }
        }
        Value::Object(message)
    };
    let list: Value = turns.into_iter().map(&mut message).collect();
    let name = if style == Style::Chat { "messages" } else { "conversations" };
    Ok((Object::from_iter([(name.to_owned(), list)]), lost))
}

/// The one question, after what sets the scene, and the one answer.
fn single(turns: &[Turn]) -> Result<(String, &str), String> {
    let (scene, asked, answered) = match turns {
        [asked, answered] => (None, asked, answered),
        [scene, asked, answered] if scene.speaker == Speaker::System => (Some(scene), asked, answered),
        _ => return Err("The conversation is not one question and one answer.".to_owned()),
    };
    if (asked.speaker, answered.speaker) != (Speaker::User, Speaker::Assistant) {
        return Err("The conversation is not one question and one answer.".to_owned());
    }
    let scene = scene.map_or(String::new(), |scene| format!("{}\n\n", scene.text));
    Ok((format!("{scene}{}", asked.text), &answered.text))
}

fn text(from: Shape, turns: &[Turn]) -> String {
    let texts = turns.iter().map(|turn| turn.text.as_str());
    match from {
        Shape::Alpaca => texts.collect::<Vec<_>>().join("\n\n"),
        Shape::PromptCompletion | Shape::Preference => texts.collect(),
        _ => {
            let named = turns.iter().map(|turn| format!("{}: {}", name(turn.speaker), turn.text));
            named.collect::<Vec<_>>().join("\n\n")
        }
    }
}

const fn name(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::System => "System",
        Speaker::User => "User",
        Speaker::Assistant => "Assistant",
        Speaker::Tool => "Tool",
    }
}

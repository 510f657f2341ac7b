//! What all shapes of examples have in common: someone speaks, then another.

use serde_json::{Map, Value, json};

use super::{Cell, Row, Shape};
use crate::doctor::{Speaker, Style, called};

/// Something somebody says.
pub(super) struct Turn {
    speaker: Speaker,
    text: String,
}

fn turn(speaker: Speaker, text: impl Into<String>) -> Turn {
    Turn { speaker, text: text.into() }
}

/// The turns of a row that its shape has no complaint about, or why it has no plain ones.
pub(super) fn turns(from: Shape, row: Row<'_>) -> Result<Vec<Turn>, String> {
    match from {
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
        Shape::Chat => messages(row.get("messages"), Style::Chat),
        Shape::Sharegpt => messages(row.get("conversations"), Style::Sharegpt),
        Shape::Text | Shape::Columns => Err("The rows have no question and answer.".to_owned()),
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
        list @ Cell::Other(_) => messages(list, Style::Chat),
    }
}

fn messages(cell: Cell<'_>, style: Style) -> Result<Vec<Turn>, String> {
    let Cell::Other(Value::Array(messages)) = cell else {
        return Err("There is no list of messages.".to_owned());
    };
    let one = |(number, message): (u64, &Value)| {
        let name = message[style.speaker_key()].as_str().unwrap_or_default();
        let speaker = style.speaker(name).ok_or_else(|| format!("Message {number} has an unknown role."))?;
        let calls = ["tool_calls", "function_call"].iter().any(|key| message.get(key).is_some());
        if calls || name == "function_call" {
            return Err(format!("Message {number} calls a tool, which has no plain form."));
        }
        let text = message[style.content_key()].as_str();
        let text = text.ok_or_else(|| format!("Message {number} is more than a text."))?;
        Ok(turn(speaker, text))
    };
    (1..).zip(messages).map(one).collect()
}

/// Turns in another shape; `from` says how a text is put together.
pub(super) fn written(to: Shape, from: Shape, turns: &[Turn]) -> Result<Map<String, Value>, String> {
    let object = |fields: Value| if let Value::Object(object) = fields { object } else { Map::new() };
    let list = |style: Style| -> Vec<Value> {
        let keys = (style.speaker_key(), style.content_key());
        let one = |turn: &Turn| json!({keys.0: called(style, turn.speaker), keys.1: turn.text});
        turns.iter().map(one).collect()
    };
    match to {
        Shape::Chat => Ok(object(json!({"messages": list(Style::Chat)}))),
        Shape::Sharegpt => Ok(object(json!({"conversations": list(Style::Sharegpt)}))),
        Shape::Alpaca => {
            let (asked, answered) = single(turns)?;
            Ok(object(json!({"instruction": asked, "input": "", "output": answered})))
        }
        Shape::PromptCompletion => {
            let (asked, answered) = single(turns)?;
            Ok(object(json!({"prompt": asked, "completion": answered})))
        }
        _ => Ok(object(json!({"text": text(from, turns)}))),
    }
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

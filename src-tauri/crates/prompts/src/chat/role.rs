//! Who speaks in a message, by the names that datasets use.

use schema::nearest;

use crate::{Object, Value};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// Sets the scene.
    System,
    /// Asks.
    User,
    /// Answers: what a model learns.
    Assistant,
    /// What a tool said, or that one was called.
    Tool,
}

impl Speaker {
    /// The role that chat templates know.
    pub const fn role(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }
}

/// How messages are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `role` and `content`.
    Chat,
    /// `from` and `value`.
    Sharegpt,
}

impl Style {
    /// The key of who speaks.
    pub const fn speaker_key(self) -> &'static str {
        match self {
            Self::Chat => "role",
            Self::Sharegpt => "from",
        }
    }

    /// The key of what is said.
    pub const fn content_key(self) -> &'static str {
        match self {
            Self::Chat => "content",
            Self::Sharegpt => "value",
        }
    }

    /// Who a name stands for. The first name of a speaker is the one to write.
    pub const fn names(self) -> &'static [(&'static str, Speaker)] {
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

    /// Who a name stands for; none where it is not known.
    pub fn speaker(self, name: &str) -> Option<Speaker> {
        self.names().iter().find(|(known, _)| *known == name).map(|(_, speaker)| *speaker)
    }

    /// The name to write for a speaker.
    pub fn name_of(self, speaker: Speaker) -> &'static str {
        self.names().iter().find(|(_, known)| *known == speaker).map_or("", |(name, _)| name)
    }

    /// That a name is not known, and the one that may be meant.
    pub fn unknown(self, name: &str) -> String {
        let who = self.speaker_key();
        let known: Vec<String> = self.names().iter().map(|(known, _)| (*known).to_owned()).collect();
        // Another case, or the name that the other style has for the same speaker.
        let plain = name.trim().to_lowercase();
        let other = [self, Self::Chat, Self::Sharegpt].iter().find_map(|style| style.speaker(&plain));
        let same =
            other.map(|speaker| if known.contains(&plain) { plain.as_str() } else { self.name_of(speaker) });
        match same.or_else(|| nearest(name, &known)) {
            Some(nearest) => format!("the unknown {who} '{name}'. Is '{nearest}' meant?"),
            None => {
                let last = known.len().saturating_sub(1);
                let (most, last) = known.split_at(last);
                format!("the unknown {who} '{name}'. Known are {} and {}.", most.join(", "), last.join(""))
            }
        }
    }
}

/// Whether something is there: null, blank texts, empty lists and objects of nothing are not. Arrow writes
/// such values under keys that other rows have.
pub fn has_content(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(values)) => values.iter().any(|value| !value.is_null()),
        Some(Value::Object(entries)) => entries.values().any(|value| !value.is_null()),
        Some(Value::Bool(_) | Value::Number(_)) => true,
    }
}

/// Whether a message calls a tool.
pub fn calls_tools(message: &Object) -> bool {
    ["tool_calls", "function_call"].iter().any(|key| has_content(message.get(*key)))
}

/// The text of a message that is made of parts of text alone.
pub fn text_of_parts(parts: &[Value]) -> Option<String> {
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

//! Calls of tools in answers, in the forms that chat templates teach models.

use serde_json::{Map, Value};
use uuid::Uuid;

/// What opens and closes a call in the form that Hermes and Qwen have.
const TAGS: [&str; 2] = ["<tool_call>", "</tool_call>"];
/// What may stand before calls in the form that Mistral has, if it is no special token.
const MISTRAL: &str = "[TOOL_CALLS]";
/// Some templates refuse ids of another length.
const ID_LENGTH: usize = 9;

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) id: String,
    pub(crate) name: String,
    /// JSON.
    pub(crate) arguments: String,
}

/// How a model writes calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// JSON objects between [`TAGS`].
    Tagged,
    /// An answer that is nothing but a JSON object, or a list of them.
    Json,
}

impl Form {
    /// The form that a chat template teaches; none where it is not known.
    fn from_template(template: &str) -> Option<Self> {
        if template.contains("<function=") || template.contains("[ARGS]") {
            return None;
        }
        if template.contains(TAGS[0]) {
            return Some(Self::Tagged);
        }
        let json = [MISTRAL, "<|python_tag|>", "\"parameters\": "];
        json.iter().any(|mark| template.contains(mark)).then_some(Self::Json)
    }
}

/// Separates calls of tools from the text of an answer that comes in pieces.
#[derive(Debug)]
pub(crate) struct Calls {
    form: Option<Form>,
    tools: Vec<String>,
    /// The most calls that an answer may have.
    most: usize,
    /// What may be a call or the beginning of one.
    held: String,
    /// Whether text was passed on that a call in [`Form::Json`] can't follow.
    spoken: bool,
}

impl Calls {
    /// In answers to prompts that this template wrote, of tools with these names. Calls beyond the `most` are left out.
    pub(crate) fn new(template: &str, tools: Vec<String>, most: usize) -> Self {
        let form = Form::from_template(template).filter(|_| !tools.is_empty());
        Self { form, tools, most, held: String::new(), spoken: false }
    }

    /// Takes a piece of the answer. Returns the text that belongs to no call.
    pub(crate) fn push(&mut self, piece: String) -> String {
        match self.form {
            None => piece,
            Some(Form::Tagged) => {
                self.held += &piece;
                let end = self.held.find(TAGS[0]).unwrap_or(self.held.len() - begun(&self.held, TAGS[0]));
                let rest = self.held.split_off(end);
                std::mem::replace(&mut self.held, rest)
            }
            Some(Form::Json) if self.spoken => piece,
            Some(Form::Json) => {
                self.held += &piece;
                let start = self.held.trim_start();
                if start.is_empty() || start.starts_with(['{', '[']) {
                    return String::new();
                }
                self.spoken = true;
                std::mem::take(&mut self.held)
            }
        }
    }

    /// The calls at the end of the answer, and the text that turned out to be none.
    pub(crate) fn finish(self) -> (String, Vec<Call>) {
        let found = match self.form {
            None => None,
            Some(Form::Tagged) => self.tagged(),
            Some(Form::Json) => self.json(),
        };
        match found.filter(|calls| !calls.is_empty()) {
            Some(mut calls) => {
                calls.truncate(self.most);
                (String::new(), calls)
            }
            None => (self.held, Vec::new()),
        }
    }

    fn tagged(&self) -> Option<Vec<Call>> {
        let mut rest = self.held.as_str();
        let mut calls = Vec::new();
        while let Some(start) = rest.find(TAGS[0]) {
            let inner = &rest[start + TAGS[0].len()..];
            // The last one may have been cut off behind its object.
            let (call, after) = inner.split_once(TAGS[1]).unwrap_or((inner, ""));
            calls.push(self.call(serde_json::from_str(call.trim()).ok()?)?);
            rest = after;
        }
        Some(calls)
    }

    fn json(&self) -> Option<Vec<Call>> {
        let text = self.held.trim();
        let text = text.strip_prefix(MISTRAL).unwrap_or(text);
        match serde_json::from_str(text).ok()? {
            Value::Array(calls) => calls.into_iter().map(|call| self.call(call)).collect(),
            call => Some(vec![self.call(call)?]),
        }
    }

    /// A call of a tool that there is.
    fn call(&self, mut call: Value) -> Option<Call> {
        let name = call.get("name")?.as_str()?.to_owned();
        if !self.tools.contains(&name) {
            return None;
        }
        let given = ["arguments", "parameters"].iter().find_map(|key| call.as_object_mut()?.remove(*key));
        let arguments = match given.unwrap_or_else(|| Map::new().into()) {
            Value::String(text) => text,
            arguments => arguments.to_string(),
        };
        let id = Uuid::new_v4().simple().to_string().chars().take(ID_LENGTH).collect();
        Some(Call { id, name, arguments })
    }
}

/// How many bytes at the end of a text may be the beginning of a mark.
fn begun(text: &str, mark: &str) -> usize {
    (1..mark.len()).rev().find(|length| text.ends_with(&mark[..*length])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HERMES: &str = "{% for tool in tools %}<tool_call>{% endfor %}";
    const LLAMA: &str = "{{ '\"parameters\": ' }}<|python_tag|>{{ tools }}";

    /// The text and the calls of an answer that comes in pieces of that many characters.
    fn parsed(template: &str, answer: &str, length: usize) -> (String, Vec<(String, String)>) {
        up_to(usize::MAX, template, answer, length)
    }

    fn up_to(most: usize, template: &str, answer: &str, length: usize) -> (String, Vec<(String, String)>) {
        let mut calls = Calls::new(template, vec!["find".to_owned(), "book".to_owned()], most);
        let characters: Vec<char> = answer.chars().collect();
        let pieces = characters.chunks(length).map(|piece| piece.iter().collect());
        let mut text: String = pieces.map(|piece| calls.push(piece)).collect();
        let (rest, found) = calls.finish();
        text += &rest;
        (text, found.into_iter().map(|call| (call.name, call.arguments)).collect())
    }

    fn call(name: &str, arguments: &str) -> (String, String) {
        (name.to_owned(), arguments.to_owned())
    }

    #[test]
    fn calls_are_found_however_the_answer_is_cut() {
        let two = "Let me see.\n<tool_call>\n{\"name\": \"find\", \"arguments\": {\"x\": 1}}\n</tool_call>\n\
            <tool_call>\n{\"name\": \"book\", \"arguments\": {}}\n</tool_call>";
        let object = r#"{"name": "find", "parameters": {"x": "ä"}}"#;
        let list = r#"[TOOL_CALLS] [{"name": "find", "arguments": {"x": 1}}, {"name": "book"}]"#;
        for length in 1..60 {
            let (text, calls) = parsed(HERMES, two, length);
            assert_eq!(text, "Let me see.\n");
            assert_eq!(calls, [call("find", r#"{"x":1}"#), call("book", "{}")]);
            assert_eq!(up_to(1, HERMES, two, length), (text, vec![call("find", r#"{"x":1}"#)]));
            assert_eq!(parsed(LLAMA, object, length), (String::new(), vec![call("find", r#"{"x":"ä"}"#)]));
            let (text, calls) = parsed("[TOOL_CALLS]", list, length);
            assert_eq!((text.as_str(), calls.len()), ("", 2));
        }
    }

    proptest! {
        #[test]
        fn what_is_no_call_stays_text(
            answer in r#"(<tool_call>|</tool_call>|\{"name": "other"\}|[\[{<a ä\n])*"#, length in 1usize..9,
        ) {
            for template in [HERMES, LLAMA, "{{ messages }}", "<tool_call><function="] {
                let (text, calls) = parsed(template, &answer, length);
                prop_assert_eq!((text.as_str(), calls.len()), (answer.as_str(), 0));
            }
        }
    }
}

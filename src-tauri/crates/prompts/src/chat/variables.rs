//! The variables that a template sees, made of a conversation as Transformers makes them.

use std::{borrow::Cow, collections::BTreeSet};

use minijinja::Value as Jinja;

use super::{
    conversation::Conversation,
    error::RenderError,
    jinja::{MARKS, Values},
    marks::Marks,
    source::TemplateSource,
};
use crate::value::{Object, Value};

/// The fields that hold an assistant's reasoning. The first is what templates read today.
pub(super) const REASONING: [&str; 3] = ["reasoning_content", "thinking", "reasoning"];

/// Variables that a conversation gives by itself, which `chat_template_kwargs` can't give again.
const TAKEN: [&str; 4] = ["messages", "tools", "documents", "add_generation_prompt"];

/// What is the same for each rendering of a conversation.
pub(super) struct Variables<'a> {
    /// The messages, prepared.
    pub(super) messages: Vec<Cow<'a, Object>>,
    /// The messages as the template sees them.
    pub(super) seen: Vec<Jinja>,
    pub(super) values: Values,
    shared: Vec<(&'a str, Jinja)>,
}

impl<'a> Variables<'a> {
    /// Prepares a conversation. `private` are the characters of the template that marks must not be.
    ///
    /// # Errors
    /// There is no message, `chat_template_kwargs` has a name that is taken, or a number is too large.
    pub(super) fn new(
        conversation: &'a Conversation,
        source: &'a TemplateSource,
        private: &BTreeSet<char>,
    ) -> Result<Self, RenderError> {
        if conversation.messages.is_empty() {
            return Err(RenderError::Nothing("The conversation has no messages.".to_owned()));
        }
        let mut values = Values { private: private.clone(), ..Values::default() };
        let list = |list: &Option<Vec<Value>>, values: &mut Values| match list {
            Some(list) => values.list(list),
            None => Ok(Jinja::from(())),
        };
        let mut shared = vec![
            ("tools", list(&conversation.tools, &mut values)?),
            ("documents", list(&conversation.documents, &mut values)?),
        ];
        for (name, token) in &source.special_tokens {
            shared.push((name.as_str(), values.text(token)));
        }
        for (name, argument) in &conversation.arguments {
            if TAKEN.contains(&name.as_str()) {
                let reason = format!("chat_template_kwargs gives {name}, which the conversation gives");
                return Err(RenderError::Failed(reason));
            }
            shared.push((name, values.value(argument)?));
        }
        let messages: Vec<_> = conversation.messages.iter().map(prepared).collect();
        let seen = messages.iter().map(|message| values.object(message)).collect::<Result<_, _>>()?;
        Ok(Self { messages, seen, values, shared })
    }

    /// All variables, with other messages than its own.
    pub(super) fn with(&self, messages: Vec<Jinja>, prompt: bool, generation: Option<Marks>) -> Jinja {
        let marks = generation.map(|marks| String::from_iter([marks.mark(0), marks.mark(1)]));
        let own = [
            ("messages", Jinja::from(messages)),
            ("add_generation_prompt", Jinja::from(prompt)),
            (MARKS, Jinja::from(marks)),
        ];
        Jinja::from_pairs(own.into_iter().chain(self.shared.iter().cloned()))
    }
}

/// A message without the keys that are null, and with its reasoning under each name that templates read.
fn prepared(message: &Object) -> Cow<'_, Object> {
    let reasoning = REASONING.iter().find_map(|name| message.get(*name).filter(|value| !value.is_null()));
    if reasoning.is_none() && !message.values().any(Value::is_null) {
        return Cow::Borrowed(message);
    }
    let mut own = Object::with_capacity(message.len() + 2);
    if let Some(reasoning) = reasoning {
        own.insert("thinking".to_owned(), reasoning.clone());
    }
    for (key, value) in message.iter().filter(|(_, value)| !value.is_null()) {
        own.insert(key.clone(), value.clone());
    }
    if let Some(reasoning) = reasoning {
        own.insert("reasoning_content".to_owned(), reasoning.clone());
    }
    Cow::Owned(own)
}

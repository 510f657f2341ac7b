//! Plain renderings, and those that end within the last message, so that a model continues it.

use super::{
    conversation::{Conversation, End},
    error::RenderError,
    template::ChatTemplate,
    variables::Variables,
};
use crate::value::{Object, Value};

/// What is put behind the text to continue. The space shows whether the template trims.
const TAG: &str = "CONTINUE_FINAL_MESSAGE_TAG ";

impl ChatTemplate {
    /// The text of a conversation.
    ///
    /// # Errors
    /// The template refuses the conversation, fails on it, needs what this program lacks, or goes beyond a
    /// bound.
    pub fn render(&self, conversation: &Conversation, end: End) -> Result<String, RenderError> {
        if end == End::ContinueFinal {
            return continued(self, conversation);
        }
        let variables = self.variables(conversation)?;
        let messages = variables.seen.clone();
        self.run(&variables, messages, end == End::GenerationPrompt, None)
    }
}

/// The text up to the end of the last message's content.
fn continued(template: &ChatTemplate, conversation: &Conversation) -> Result<String, RenderError> {
    let mut variables = template.variables(conversation)?;
    let Some(last) = variables.messages.last() else { return Err(nothing()) };
    let mut message = last.clone().into_owned();
    let text = tagged(&mut message).ok_or_else(nothing)?;
    let Variables { values, seen, .. } = &mut variables;
    seen.pop();
    seen.push(values.object(&message)?);
    let rendered = template.run(&variables, variables.seen.clone(), false, None)?;
    let at = rendered.rfind(TAG.trim_end()).filter(|_| rendered.contains(text.trim()));
    let Some((before, behind)) = at.and_then(|at| rendered.split_at_checked(at)) else {
        return Err(RenderError::Failed("the last message does not appear in the text as it is".to_owned()));
    };
    let trims = !behind.starts_with(TAG);
    Ok(if trims { before.trim_end() } else { before }.to_owned())
}

/// Puts the tag behind the content, or its last part that is text. Returns what it was.
fn tagged(message: &mut Object) -> Option<String> {
    match message.get_mut("content")? {
        Value::String(text) => {
            let before = text.clone();
            text.push_str(TAG);
            Some(before)
        }
        Value::Array(parts) => parts.iter_mut().rev().find_map(|part| match part {
            Value::Object(part) => match part.get_mut("text")? {
                Value::String(text) => {
                    let before = text.clone();
                    text.push_str(TAG);
                    Some(before)
                }
                _ => None,
            },
            _ => None,
        }),
        _ => None,
    }
}

fn nothing() -> RenderError {
    RenderError::Nothing("The last message has no text that could be continued.".to_owned())
}

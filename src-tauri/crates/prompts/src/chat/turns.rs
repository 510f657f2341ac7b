//! Where the messages lie in a rendered text: seen by marks that are put into their texts.
//!
//! Marks alone say where a message's text is. Where the assistant's turn begins and ends is read off
//! renderings of the conversation up to there: what these write behind their last mark has to follow the
//! same mark in the whole text.

use minijinja::Value;

use super::{
    error::RenderError,
    marking::{At, is_assistant, marked, role},
    marks::Marks,
    template::ChatTemplate,
    variables::Variables,
};
use crate::value::Object;

/// Bytes of a text.
pub(super) type Range = (usize, usize);

/// A whole rendering with the places of marks.
pub(super) struct Turns<'a> {
    pub(super) template: &'a ChatTemplate,
    pub(super) variables: &'a mut Variables<'a>,
    pub(super) text: &'a str,
    pub(super) marks: Marks,
    /// The messages with marks, as the template sees them.
    pub(super) messages: Vec<Value>,
    /// The first and the last mark of each message, if it has any.
    pub(super) seen: Vec<Option<Range>>,
    /// Which messages have a text that a mark was put into.
    markable: Vec<bool>,
    pub(super) found: Found,
}

/// What was found for one turn, to be tried for the next before rendering again.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What stands between a message's last mark and the assistant's answer to it.
    pub(super) prompts: Vec<String>,
    /// What stands between an answer's last mark and the end of its turn.
    pub(super) ends: Vec<String>,
    /// What opens an answer, once it was looked for.
    pub(super) generation_prompt: Option<Option<String>>,
}

impl<'a> Turns<'a> {
    /// Renders the conversation with marks.
    ///
    /// # Errors
    /// The marks change the text, or do not come out in the order of the messages.
    pub(super) fn new(
        template: &'a ChatTemplate,
        variables: &'a mut Variables<'a>,
        text: &'a str,
    ) -> Result<Self, RenderError> {
        let marks = Marks::new(variables.messages.len(), &variables.values.private)
            .ok_or_else(|| unsure("the conversation has too many messages or private-use characters"))?;
        let mut reason = unsure("the template does not write the messages' texts as they are");
        for at in [At::BothEnds, At::End] {
            let (mut messages, mut markable) = (Vec::new(), Vec::new());
            for (index, message) in variables.messages.iter().enumerate() {
                let (message, any) = marked(message, marks.mark(index), at);
                markable.push(any);
                messages.push(variables.values.object(&message)?);
            }
            let rendered = template.run(variables, messages.clone(), false, None);
            let (plain, places) = marks.take_out(&rendered.unwrap_or_default());
            if plain != text {
                continue;
            }
            match ordered(variables, &places) {
                Ok(seen) => {
                    let found = Found::default();
                    return Ok(Self { template, variables, text, marks, messages, seen, markable, found });
                }
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }

    /// The turn of a message of the assistant: from behind the generation prompt, or those lines of it that
    /// the text continues, or else the beginning of the turn; to the end of its last token.
    ///
    /// # Errors
    /// It can't be located surely.
    pub(super) fn assistant(&mut self, index: usize) -> Result<Range, RenderError> {
        self.written(index)?;
        let (start, end) = (self.start(index)?, self.end(index)?);
        let last = self.seen[index].map_or(end, |(_, last)| last);
        let later = self.seen[index + 1..].iter().flatten().map(|(first, _)| *first).next();
        if start <= last && last <= end && start <= end && later.is_none_or(|later| end <= later) {
            Ok((start, end))
        } else {
            Err(unsure(&format!("message {} runs into another", index + 1)))
        }
    }

    /// # Errors
    /// The template leaves out all text of the message.
    pub(super) fn written(&self, index: usize) -> Result<(), RenderError> {
        if self.markable[index] && self.seen[index].is_none() {
            return Err(RenderError::LeftOut { message: index + 1 });
        }
        Ok(())
    }

    /// The messages of the assistant with their turns, ascending. The last is located first: its end is that of
    /// the text, and the others mostly end alike. Where that fails, the first is.
    ///
    /// # Errors
    /// One of them can't be located surely.
    pub(super) fn assistants(&mut self) -> Result<Vec<(usize, Range)>, RenderError> {
        let indexes: Vec<usize> =
            (0..self.messages.len()).filter(|index| is_assistant(&self.variables.messages[*index])).collect();
        let backwards: Result<Vec<_>, RenderError> =
            indexes.iter().rev().map(|index| Ok((*index, self.assistant(*index)?))).collect();
        match backwards {
            Ok(mut turns) => {
                turns.reverse();
                Ok(turns)
            }
            Err(_) => indexes.into_iter().map(|index| Ok((index, self.assistant(index)?))).collect(),
        }
    }

    /// Where each message lies, from the end of the one before it.
    ///
    /// # Errors
    /// A turn of the assistant can't be located surely.
    pub(super) fn all(&mut self) -> Result<Vec<Range>, RenderError> {
        let count = self.messages.len();
        let mut assistants: Vec<Option<Range>> = vec![None; count];
        for (index, range) in self.assistants()? {
            assistants[index] = Some(range);
        }
        let mut from = 0;
        let mut all = Vec::with_capacity(count);
        for index in 0..count {
            let next = assistants.get(index + 1).copied().flatten().map(|(start, _)| start);
            let own = assistants[index].map(|(_, end)| end);
            let end = if index + 1 == count {
                self.text.len()
            } else {
                own.or(next).or_else(|| Some(self.seen[index]?.1)).unwrap_or(from)
            };
            all.push((from, end.max(from)));
            from = end.max(from);
        }
        Ok(all)
    }
}

/// The first and the last mark of each message.
fn ordered(variables: &Variables<'_>, places: &[(usize, usize)]) -> Result<Vec<Option<Range>>, RenderError> {
    let mut seen: Vec<Option<Range>> = vec![None; variables.messages.len()];
    let mut current = 0;
    for (message, at) in places.iter().filter(|(message, _)| counts(&variables.messages[*message])) {
        if *message < current {
            return Err(unsure(&format!("message {} is written behind a later one", message + 1)));
        }
        current = *message;
        let range = seen[*message].get_or_insert((*at, *at));
        range.1 = *at;
    }
    Ok(seen)
}

/// Whether a message's place counts. Some templates write the system's message within another.
pub(super) fn counts(message: &Object) -> bool {
    !matches!(role(message), "system" | "developer")
}

pub(super) fn unsure(reason: &str) -> RenderError {
    RenderError::NotLocated(reason.to_owned())
}

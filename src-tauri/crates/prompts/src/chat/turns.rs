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

/// Bytes of a text.
pub(super) type Range = (usize, usize);

/// A whole rendering with the places of marks.
pub(super) struct Turns<'a> {
    template: &'a ChatTemplate,
    variables: &'a mut Variables<'a>,
    text: &'a str,
    marks: Marks,
    /// The messages with marks, as the template sees them.
    messages: Vec<Value>,
    /// The first and the last mark of each message, if it has any.
    seen: Vec<Option<Range>>,
    /// What was found behind marks, to be tried before rendering again.
    prompts: Vec<String>,
    ends: Vec<String>,
}

/// A rendering of the first messages: its last mark, and the text behind it.
struct Beginning {
    message: Option<usize>,
    behind: String,
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
            match ordered(variables, &places, &markable) {
                Ok(seen) => {
                    let (prompts, ends) = (Vec::new(), Vec::new());
                    return Ok(Self { template, variables, text, marks, messages, seen, prompts, ends });
                }
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }

    /// The turn of a message of the assistant: from behind the generation prompt, if the text continues
    /// it, to the end of its last token.
    ///
    /// # Errors
    /// It can't be located surely.
    pub(super) fn assistant(&mut self, index: usize) -> Result<Range, RenderError> {
        let (start, end) = (self.start(index)?, self.end(index)?);
        let first = self.seen[index].map_or(start, |(first, _)| first);
        let last = self.seen[index].map_or(end, |(_, last)| last);
        let later = self.seen[index + 1..].iter().flatten().map(|(first, _)| *first).next();
        if start <= first && last <= end && start <= end && later.is_none_or(|later| end <= later) {
            Ok((start, end))
        } else {
            Err(unsure(&format!("message {} runs into another", index + 1)))
        }
    }

    /// Where each message lies, from the end of the one before it.
    ///
    /// # Errors
    /// A turn of the assistant can't be located surely.
    pub(super) fn all(&mut self) -> Result<Vec<Range>, RenderError> {
        let count = self.messages.len();
        let assistants: Vec<Option<Range>> = (0..count)
            .rev()
            .map(|index| is_assistant(&self.variables.messages[index]).then(|| self.assistant(index)).transpose())
            .collect::<Result<_, _>>()?;
        let assistants: Vec<_> = assistants.into_iter().rev().collect();
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

    fn start(&mut self, index: usize) -> Result<usize, RenderError> {
        let before = self.before(index);
        let from = before.map_or(0, |(_, last)| last);
        let limit = self.seen[index].map(|(first, _)| first);
        let within = |at: &usize| limit.is_none_or(|limit| *at <= limit);
        if before.is_some_and(|(message, _)| message + 1 == index)
            && let Some(at) = self.prompts.iter().find_map(|behind| self.behind(from, behind)).filter(within)
        {
            return Ok(at);
        }
        for prompt in [true, false] {
            let Ok(beginning) = self.beginning(index, prompt) else { continue };
            if beginning.message != before.map(|(message, _)| message) {
                continue;
            }
            if let Some(at) = self.behind(from, &beginning.behind).filter(within) {
                if prompt {
                    self.prompts.push(beginning.behind);
                }
                return Ok(at);
            }
        }
        Err(unsure(&format!("the text before message {} differs from what it is alone", index + 1)))
    }

    fn end(&mut self, index: usize) -> Result<usize, RenderError> {
        let before = self.before(index + 1);
        let from = before.map_or(0, |(_, last)| last);
        let own = before.is_some_and(|(message, _)| message == index);
        if index + 1 == self.messages.len() {
            let end = self.text.trim_end().len().max(from);
            if own {
                self.ends.push(self.text.get(from..end).unwrap_or_default().to_owned());
            }
            return Ok(end);
        }
        let known = |end: &&String| !end.is_empty() && own;
        if let Some(at) = self.ends.iter().filter(known).find_map(|end| self.behind(from, end)) {
            return Ok(at);
        }
        let beginning = self.beginning(index + 1, false)?;
        let end = beginning.behind.trim_end();
        let at = self.behind(from, end).filter(|_| beginning.message == before.map(|(message, _)| message));
        let at = at.ok_or_else(|| unsure(&format!("the text after message {} differs from what it is alone", index + 1)))?;
        if own {
            self.ends.push(end.to_owned());
        }
        Ok(at)
    }

    /// The last message before this one that has marks, and where its last mark is.
    fn before(&self, index: usize) -> Option<(usize, usize)> {
        let seen = self.seen[..index].iter().enumerate().rev();
        seen.filter_map(|(message, range)| Some((message, (*range)?.1))).next()
    }

    /// The byte behind this text, if the whole text has it there.
    fn behind(&self, from: usize, text: &str) -> Option<usize> {
        self.text.get(from..)?.starts_with(text).then_some(from + text.len())
    }

    fn beginning(&self, count: usize, prompt: bool) -> Result<Beginning, RenderError> {
        let rendered = self.template.run(self.variables, self.messages[..count].to_vec(), prompt, None)?;
        let (text, places) = self.marks.take_out(&rendered);
        let last = places.iter().rev().find(|(message, _)| counts(&self.variables.messages[*message]));
        Ok(Beginning {
            message: last.map(|(message, _)| *message),
            behind: text.get(last.map_or(0, |(_, at)| *at)..).unwrap_or_default().to_owned(),
        })
    }
}

/// The first and the last mark of each message.
fn ordered(
    variables: &Variables<'_>,
    places: &[(usize, usize)],
    markable: &[bool],
) -> Result<Vec<Option<Range>>, RenderError> {
    let mut seen: Vec<Option<Range>> = vec![None; markable.len()];
    let mut current = 0;
    for (message, at) in places.iter().filter(|(message, _)| counts(&variables.messages[*message])) {
        if *message < current {
            return Err(unsure(&format!("message {} is written behind a later one", message + 1)));
        }
        current = *message;
        let range = seen[*message].get_or_insert((*at, *at));
        range.1 = *at;
    }
    for (index, message) in variables.messages.iter().enumerate() {
        if is_assistant(message) && markable[index] && seen[index].is_none() {
            return Err(unsure(&format!("the text of message {} is left out", index + 1)));
        }
    }
    Ok(seen)
}

/// Whether a message's place counts. Some templates write the system's message within another.
fn counts(message: &crate::value::Object) -> bool {
    !matches!(role(message), "system" | "developer")
}

fn unsure(reason: &str) -> RenderError {
    RenderError::NotLocated(reason.to_owned())
}

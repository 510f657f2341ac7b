//! Where a turn of the assistant begins and ends in a rendered text: what renderings of the conversation up
//! to there write behind their last mark is looked for behind the same mark.

use super::{
    error::RenderError,
    marking::is_assistant,
    turns::{Turns, counts, unsure},
};

/// Answers whose generation prompt is looked for. What one does not show, the others seldom do.
const TRIED: usize = 3;

/// A rendering of the first messages: its last mark, and the text behind it.
struct Beginning {
    message: Option<usize>,
    behind: String,
}

impl Turns<'_> {
    /// The byte where a message of the assistant begins.
    pub(super) fn start(&mut self, index: usize) -> Result<usize, RenderError> {
        let before = self.before(index);
        let from = before.map_or(0, |(_, last)| last);
        let seen = self.seen[index];
        // A message may itself begin with the thought that a generation prompt opens.
        let continued = |at: &usize| seen.is_none_or(|(_, last)| *at <= last);
        let within = |at: &usize| seen.is_none_or(|(first, _)| *at <= first);
        let beside = before.is_some_and(|(message, _)| message + 1 == index);
        if beside
            && let Some(at) =
                self.found.prompts.iter().find_map(|text| self.behind(from, text)).filter(continued)
        {
            return Ok(at);
        }
        let same = |found: &Beginning| found.message == before.map(|(message, _)| message);
        let opened = self.beginning(index, true).ok().filter(same).map(|opened| opened.behind);
        if let Some(opened) = &opened
            && let Some(at) = self.behind(from, opened).filter(continued)
        {
            if beside {
                self.found.prompts.push(opened.clone());
            }
            return Ok(at);
        }
        let gap = self.text.get(from..seen.map_or(from, |(first, _)| first)).unwrap_or_default();
        if let Some(prompt) = self.generation_prompt()
            && let Some(at) = gap.rfind(prompt.as_str())
        {
            return Ok(from + at + prompt.len());
        }
        let closed = self.beginning(index, false).ok().filter(same);
        let closed = closed.and_then(|closed| self.behind(from, &closed.behind)).filter(within);
        // Where models think, the generation prompt opens a thought that earlier answers do not have.
        let lines = opened.as_deref().map_or(0, |opened| {
            lines_in_common(if seen.is_some() { gap } else { &self.text[from..] }, opened)
        });
        if let Some(at) = closed.filter(|at| *at < from + lines).map(|_| from + lines).filter(within) {
            return Ok(at);
        }
        closed.ok_or_else(|| {
            unsure(&format!("the text before message {} differs from what it is alone", index + 1))
        })
    }

    /// The byte behind a message of the assistant.
    pub(super) fn end(&mut self, index: usize) -> Result<usize, RenderError> {
        let before = self.before(index + 1);
        let from = before.map_or(0, |(_, last)| last);
        let own = before.is_some_and(|(message, _)| message == index);
        if index + 1 == self.messages.len() {
            let end = self.text.trim_end().len().max(from);
            if own {
                self.found.ends.push(self.text.get(from..end).unwrap_or_default().to_owned());
            }
            return Ok(end);
        }
        let known = |end: &&String| !end.is_empty() && own;
        if let Some(at) = self.found.ends.iter().filter(known).find_map(|end| self.behind(from, end)) {
            return Ok(at);
        }
        let same = |found: &Beginning| found.message == before.map(|(message, _)| message);
        let closed = self.beginning(index + 1, false).ok().filter(same).map(|closed| closed.behind);
        let end = closed.filter(|end| self.behind(from, end.trim_end()).is_some()).or_else(|| {
            // Some templates close the last message otherwise, unless an answer is to follow.
            let opened = self.beginning(index + 1, true).ok().filter(same)?;
            let end = opened.behind.strip_suffix(self.generation_prompt()?.as_str())?;
            self.behind(from, end.trim_end()).map(|_| end.to_owned())
        });
        let reason =
            || unsure(&format!("the text after message {} differs from what it is alone", index + 1));
        let end = end.ok_or_else(reason)?.trim_end().to_owned();
        let at = from + end.len();
        if own {
            self.found.ends.push(end);
        }
        Ok(at)
    }

    /// The text that opens the last answer, or an earlier one where the rendering of the last does not show it.
    /// Without an answer to follow, some templates write the end token there.
    fn generation_prompt(&mut self) -> Option<String> {
        if let Some(known) = &self.found.generation_prompt {
            return known.clone();
        }
        let end = self.template.source().special_tokens.get("eos_token");
        let end = end.filter(|token| !token.is_empty()).map(String::as_str);
        let answers = (1..self.messages.len()).rev();
        let answers = answers.filter(|index| is_assistant(&self.variables.messages[*index]));
        let prompt = answers.take(TRIED).find_map(|index| {
            let opened = self.beginning(index, true).ok()?.behind;
            let closed = self.beginning(index, false).ok()?.behind;
            let added = opened
                .strip_prefix(closed.as_str())
                .or_else(|| opened.strip_prefix(closed.trim_end().strip_suffix(end?)?))?;
            (!added.trim().is_empty()).then(|| added.to_owned())
        });
        self.found.generation_prompt = Some(prompt.clone());
        prompt
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

/// The bytes of the whole lines that two texts begin with.
fn lines_in_common(one: &str, other: &str) -> usize {
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    other.as_bytes()[..same].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}

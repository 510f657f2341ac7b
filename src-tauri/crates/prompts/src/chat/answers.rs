//! A prompt and answers to it, rendered apart, as trainings on preferences take them.

use super::{ChatTemplate, Conversation, End, RenderError, messages::role};
use crate::Object;

/// A prompt and answers to it, as rendered texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedAnswers {
    /// What all answers follow.
    pub prompt: String,
    /// What follows it, in the order of the answers.
    pub answers: Vec<String>,
}

impl ChatTemplate {
    /// Renders a prompt and what follows it with each of these answers. The prompt ends where the first of the
    /// whole texts differs from it, as in TRL: some templates write another beginning of an answer than the one
    /// that asks for it.
    ///
    /// # Errors
    /// The template refuses the prompt or a whole conversation, or leaves an answer out.
    pub fn render_answers(
        &self,
        prompt: &Conversation,
        answers: &[&[Object]],
    ) -> Result<RenderedAnswers, RenderError> {
        let continued = prompt.messages.last().is_some_and(|last| role(last) == "assistant");
        let end = if continued { End::ContinueFinal } else { End::GenerationPrompt };
        let asked = self.render(prompt, end)?;
        let mut wholes = Vec::with_capacity(answers.len());
        for answer in answers {
            let mut whole = prompt.clone();
            whole.messages.extend_from_slice(answer);
            wholes.push(self.render(&whole, End::Whole)?);
        }
        let shared = wholes.iter().fold(asked.as_str(), |shared, whole| common(shared, whole));
        let answers: Vec<String> =
            wholes.iter().map(|whole| whole.split_at(shared.len()).1.to_owned()).collect();
        if answers.iter().any(|answer| answer.trim().is_empty()) {
            return Err(RenderError::Nothing("The chat template writes nothing of an answer.".to_owned()));
        }
        Ok(RenderedAnswers { prompt: shared.to_owned(), answers })
    }
}

/// What both texts begin with.
fn common<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.char_indices().zip(other.chars()).take_while(|((_, one), other)| one == other);
    one.split_at(same.last().map_or(0, |((at, last), _)| at + last.len_utf8())).0
}

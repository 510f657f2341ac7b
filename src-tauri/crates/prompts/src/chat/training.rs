//! Where a rendered conversation carries loss.

use super::{
    conversation::{Conversation, RenderedConversation, Turn},
    error::RenderError,
    marking::{is_assistant, role},
    marks::Marks,
    template::ChatTemplate,
    train_on::TrainOn,
    turns::{Range, Turns, unsure},
    variables::Variables,
};

impl ChatTemplate {
    /// The text of a conversation, where it carries loss, and where its messages lie.
    ///
    /// # Errors
    /// As for [`Self::render`]; there is no message of the assistant; or its turns can't be located.
    pub fn render_training(
        &self,
        conversation: &Conversation,
        on: TrainOn,
    ) -> Result<RenderedConversation, RenderError> {
        render(self, conversation, on, true)
    }

    /// As [`Self::render_training`], but without the places of messages: they take renderings of their own,
    /// and a training has no use for them.
    ///
    /// # Errors
    /// As for [`Self::render_training`].
    pub fn render_loss(
        &self,
        conversation: &Conversation,
        on: TrainOn,
    ) -> Result<RenderedConversation, RenderError> {
        render(self, conversation, on, false)
    }
}

fn render(
    template: &ChatTemplate,
    conversation: &Conversation,
    on: TrainOn,
    with_turns: bool,
) -> Result<RenderedConversation, RenderError> {
    let mut variables = template.variables(conversation)?;
    let text = template.run(&variables, variables.seen.clone(), false, None)?;
    if text.trim().is_empty() {
        return Err(RenderError::Nothing("The template makes no text of the conversation.".to_owned()));
    }
    let last = conversation.messages.iter().rposition(is_assistant);
    let last = match (on, last) {
        (TrainOn::Everything, _) => None,
        (_, Some(last)) => Some(last),
        // Its tags say more than the names of roles.
        (TrainOn::AssistantTurns, None) if template.has_generation_tags() => None,
        (_, None) => {
            let reason = "The conversation has no message of the assistant, so there is nothing to learn.";
            return Err(RenderError::Nothing(reason.to_owned()));
        }
    };
    let tagged = match on {
        TrainOn::Everything => None,
        _ if template.has_generation_tags() => Some(generated(template, &variables, &text)?),
        _ => None,
    };
    let prompt = match (on, last) {
        (TrainOn::LastTurn, Some(last)) => {
            let before = variables.seen[..last].to_vec();
            template
                .run(&variables, before, true, None)
                .ok()
                .filter(|prompt| text.starts_with(prompt.as_str()))
        }
        _ => None,
    };
    let mut located = Located { template, text: &text, variables: Some(&mut variables), turns: None };
    let loss: Vec<Range> = match (on, last, tagged) {
        (TrainOn::AssistantTurns, _, Some(tagged)) => tagged,
        (TrainOn::AssistantTurns, _, None) => {
            located.turns()?.assistants()?.into_iter().map(|(_, range)| range).collect()
        }
        (TrainOn::LastTurn, Some(last), tagged) => {
            // A text in which messages can't be located still ends with the last answer.
            located.turns().map_or(Ok(()), |turns| turns.written(last))?;
            let whole = last + 1 == conversation.messages.len();
            let (start, end) = match prompt {
                Some(prompt) if whole => (prompt.len(), text.trim_end().len()),
                Some(prompt) => (prompt.len(), located.turns()?.assistant(last)?.1),
                None => located.turns()?.assistant(last)?,
            };
            let within = |(from, to): Range| (from.max(start), if whole { to } else { to.min(end) });
            tagged.map_or_else(|| vec![(start, end)], |tagged| tagged.into_iter().map(within).collect())
        }
        _ => vec![(0, text.len())],
    };
    let loss: Vec<Range> = loss.into_iter().filter(|(start, end)| start < end).collect();
    if loss.is_empty() {
        return Err(RenderError::Nothing(
            "The assistant's messages are empty, so there is nothing to learn.".to_owned(),
        ));
    }
    let turns =
        if with_turns { located.turns().and_then(Turns::all).unwrap_or_default() } else { Vec::new() };
    let turns = turns.into_iter().zip(&conversation.messages).map(|((start, end), message)| Turn {
        role: role(message).to_owned(),
        start,
        end,
    });
    let turns = turns.collect();
    Ok(in_code_points(text, loss, turns))
}

/// The turns of a text, which take a rendering when they are asked for first.
struct Located<'a> {
    template: &'a ChatTemplate,
    text: &'a str,
    /// What they are located with, until then.
    variables: Option<&'a mut Variables<'a>>,
    turns: Option<Result<Turns<'a>, RenderError>>,
}

impl<'a> Located<'a> {
    fn turns(&mut self) -> Result<&mut Turns<'a>, RenderError> {
        if let Some(variables) = self.variables.take() {
            self.turns = Some(Turns::new(self.template, variables, self.text));
        }
        match &mut self.turns {
            Some(Ok(turns)) => Ok(turns),
            Some(Err(error)) => Err(error.clone()),
            None => Err(unsure("they were not looked for")),
        }
    }
}

/// What stands between a template's generation tags.
fn generated(
    template: &ChatTemplate,
    variables: &Variables<'_>,
    text: &str,
) -> Result<Vec<Range>, RenderError> {
    let unsure = || RenderError::NotLocated("the template uses what its generation tags enclose".to_owned());
    let marks = Marks::new(2, &variables.values.private).ok_or_else(unsure)?;
    let marked = template.run(variables, variables.seen.clone(), false, Some(marks))?;
    let (plain, places) = marks.take_out(&marked);
    let mut ranges = Vec::new();
    for pair in places.chunks(2) {
        match pair {
            [(0, start), (1, end)] => ranges.push((*start, *end)),
            _ => return Err(unsure()),
        }
    }
    if plain == text { Ok(ranges) } else { Err(unsure()) }
}

/// Bytes to code points.
fn in_code_points(text: String, loss: Vec<Range>, turns: Vec<Turn>) -> RenderedConversation {
    let (mut byte, mut point) = (0, 0);
    let mut points = |at: usize| {
        if at < byte {
            (byte, point) = (0, 0);
        }
        point += text.get(byte..at).map_or(0, |between| between.chars().count());
        byte = at;
        point
    };
    let loss = loss.into_iter().map(|(start, end)| (points(start), points(end))).collect();
    let turns = turns
        .into_iter()
        .map(|turn| Turn { start: points(turn.start), end: points(turn.end), ..turn })
        .collect();
    RenderedConversation { text, loss, turns }
}

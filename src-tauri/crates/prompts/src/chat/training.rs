//! Where a rendered conversation carries loss.

use super::{
    conversation::{Conversation, RenderedConversation, Turn},
    error::RenderError,
    marking::{is_assistant, role},
    marks::Marks,
    template::ChatTemplate,
    train_on::TrainOn,
    turns::{Range, Turns},
    variables::Variables,
};

impl ChatTemplate {
    /// The text of a conversation and where it carries loss.
    ///
    /// # Errors
    /// As for [`Self::render`]; there is no message of the assistant; or its turns can't be located.
    pub fn render_training(
        &self,
        conversation: &Conversation,
        on: TrainOn,
    ) -> Result<RenderedConversation, RenderError> {
        render(self, conversation, on)
    }
}

fn render(
    template: &ChatTemplate,
    conversation: &Conversation,
    on: TrainOn,
) -> Result<RenderedConversation, RenderError> {
    let mut variables = template.variables(conversation)?;
    let text = template.run(&variables, variables.seen.clone(), false, None)?;
    if text.trim().is_empty() {
        return Err(RenderError::Nothing(
            "The chat template renders the conversation as an empty text.".to_owned(),
        ));
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
    let mut turns = Turns::new(template, &mut variables, &text);
    let located = match &mut turns {
        Ok(turns) => turns.all(),
        Err(error) => Err(error.clone()),
    };
    let assistants = (0..conversation.messages.len()).filter(|at| is_assistant(&conversation.messages[*at]));
    let loss: Vec<Range> = match (on, last, tagged) {
        (TrainOn::AssistantTurns, _, Some(tagged)) => tagged,
        (TrainOn::AssistantTurns, _, None) => {
            assistants.map(|at| turn(&mut turns, at)).collect::<Result<_, _>>()?
        }
        (TrainOn::LastTurn, Some(last), tagged) => {
            turns.as_ref().map_or(Ok(()), |turns| turns.written(last))?;
            let whole = last + 1 == conversation.messages.len();
            let (start, end) = match prompt {
                Some(prompt) if whole => (prompt.len(), text.trim_end().len()),
                Some(prompt) => (prompt.len(), turn(&mut turns, last)?.1),
                None => turn(&mut turns, last)?,
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
    let turns = located.unwrap_or_default();
    let turns = turns.into_iter().zip(&conversation.messages).map(|((start, end), message)| Turn {
        role: role(message).to_owned(),
        start,
        end,
    });
    Ok(in_code_points(text, loss, turns.collect()))
}

fn turn(turns: &mut Result<Turns<'_>, RenderError>, index: usize) -> Result<Range, RenderError> {
    match turns {
        Ok(turns) => turns.assistant(index),
        Err(error) => Err(error.clone()),
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

//! Where a rendered conversation carries loss.

use super::{
    conversation::{Conversation, RenderedConversation},
    error::RenderError,
    template::ChatTemplate,
    train_on::TrainOn,
};

/// The text and its loss.
pub(super) fn render(
    template: &ChatTemplate,
    conversation: &Conversation,
    on: TrainOn,
) -> Result<RenderedConversation, RenderError> {
    let variables = template.variables(conversation)?;
    let text = template.run(&variables, variables.seen.clone(), false, None)?;
    let length = text.chars().count();
    let begin = match on {
        TrainOn::Everything => 0,
        TrainOn::LastTurn => {
            let mut before = variables.seen.clone();
            before.pop();
            let prompt = template.run(&variables, before, true, None)?;
            if !text.starts_with(&prompt) {
                return Err(RenderError::NotLocated("its prompt renders otherwise alone".to_owned()));
            }
            prompt.chars().count()
        }
        TrainOn::AssistantTurns => {
            return Err(RenderError::NotLocated("the template has no generation tags".to_owned()));
        }
    };
    Ok(RenderedConversation { text, loss: vec![(begin, length)], turns: Vec::new() })
}

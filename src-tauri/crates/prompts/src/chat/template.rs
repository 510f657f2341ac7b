//! A chat template, parsed once and rendered for each conversation.

use minijinja::{Environment, Value as Jinja};

use super::{
    conversation::{Conversation, End, RenderedConversation},
    error::{RenderError, TemplateError},
    jinja,
    source::TemplateSource,
    train_on::TrainOn,
};

/// A parsed chat template.
#[derive(Debug)]
pub struct ChatTemplate {
    environment: Environment<'static>,
    source: TemplateSource,
}

impl ChatTemplate {
    /// Parses a template.
    ///
    /// # Errors
    /// It is not Jinja as this program reads it, or too large.
    pub fn parse(source: &TemplateSource) -> Result<Self, TemplateError> {
        let environment = jinja::environment(source.text.clone());
        let environment = environment.map_err(|error| jinja::parse_error(&error))?;
        Ok(Self { environment, source: source.clone() })
    }

    /// What it was parsed from.
    pub fn source(&self) -> &TemplateSource {
        &self.source
    }

    /// The text of a conversation.
    ///
    /// # Errors
    /// The template refuses the conversation, fails on it, or needs what this program lacks.
    pub fn render(&self, conversation: &Conversation, end: End) -> Result<String, RenderError> {
        if conversation.messages.is_empty() {
            return Err(RenderError::Nothing("The conversation has no messages.".to_owned()));
        }
        let list = |values: &Option<Vec<_>>| match values {
            Some(values) => values.iter().map(jinja::value).collect::<Result<Vec<_>, _>>().map(Jinja::from),
            None => Ok(Jinja::from(())),
        };
        let messages: Vec<_> = conversation.messages.iter().map(jinja::object).collect::<Result<_, _>>()?;
        let mut variables = vec![
            ("messages", Jinja::from(messages)),
            ("tools", list(&conversation.tools)?),
            ("documents", list(&conversation.documents)?),
            ("add_generation_prompt", Jinja::from(end == End::GenerationPrompt)),
        ];
        for (name, token) in &self.source.special_tokens {
            variables.push((name, Jinja::from(token.as_str())));
        }
        for (name, value) in &conversation.arguments {
            variables.push((name, jinja::value(value)?));
        }
        let template = self.environment.get_template(jinja::TEMPLATE);
        template
            .and_then(|template| template.render(Jinja::from_pairs(variables)))
            .map_err(|error| jinja::render_error(&error))
    }

    /// The text of a conversation and where it carries loss.
    ///
    /// # Errors
    /// As for [`Self::render`]; there is no message of the assistant; or its turns can't be located.
    pub fn render_training(
        &self,
        conversation: &Conversation,
        on: TrainOn,
    ) -> Result<RenderedConversation, RenderError> {
        let text = self.render(conversation, End::Whole)?;
        let length = text.chars().count();
        let begin = match on {
            TrainOn::Everything => 0,
            TrainOn::LastTurn => {
                let mut before = conversation.clone();
                before.messages.pop();
                let prompt = self.render(&before, End::GenerationPrompt)?;
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
}

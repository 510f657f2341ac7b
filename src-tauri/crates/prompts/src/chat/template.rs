//! A chat template, parsed once and rendered for each conversation.

use std::collections::BTreeSet;

use minijinja::Value;

use super::{
    conversation::{Conversation, End, RenderedConversation},
    error::{RenderError, TemplateError},
    jinja::{Engine, Values},
    marks::Marks,
    source::TemplateSource,
    train_on::TrainOn,
    variables::Variables,
};

/// A parsed chat template.
#[derive(Debug)]
pub struct ChatTemplate {
    engine: Engine,
    source: TemplateSource,
    /// The private-use characters of its text.
    private: BTreeSet<char>,
}

impl ChatTemplate {
    /// Parses a template.
    ///
    /// # Errors
    /// It is no Jinja, too large, or uses what this program doesn't render.
    pub fn parse(source: &TemplateSource) -> Result<Self, TemplateError> {
        let mut values = Values::default();
        values.text(&source.text);
        Ok(Self { engine: Engine::parse(source)?, source: source.clone(), private: values.private })
    }

    /// What it was parsed from.
    pub fn source(&self) -> &TemplateSource {
        &self.source
    }

    /// The text of a conversation.
    ///
    /// # Errors
    /// The template refuses the conversation, fails on it, needs what this program lacks, or goes beyond a
    /// bound.
    pub fn render(&self, conversation: &Conversation, end: End) -> Result<String, RenderError> {
        if end == End::ContinueFinal {
            return super::continued::render(self, conversation);
        }
        let variables = self.variables(conversation)?;
        let messages = variables.seen.clone();
        self.run(&variables, messages, end == End::GenerationPrompt, None)
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
        super::training::render(self, conversation, on)
    }

    /// What each rendering of the conversation sees.
    pub(super) fn variables<'a>(
        &'a self,
        conversation: &'a Conversation,
    ) -> Result<Variables<'a>, RenderError> {
        Variables::new(conversation, &self.source, &self.private)
    }

    /// Whether its text says which of it the assistant generates.
    pub(super) fn has_generation_tags(&self) -> bool {
        self.engine.has_generation_tags
    }

    /// Renders messages with the other variables, with marks around what the assistant generates.
    pub(super) fn run(
        &self,
        variables: &Variables<'_>,
        messages: Vec<Value>,
        prompt: bool,
        generation: Option<Marks>,
    ) -> Result<String, RenderError> {
        self.engine.render(variables.with(messages, prompt, generation), variables.values.bytes)
    }
}

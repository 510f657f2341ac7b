//! A chat template, parsed once and rendered for each conversation.

use std::collections::BTreeSet;

use minijinja::Value;

use super::{
    conversation::Conversation,
    error::{RenderError, TemplateError},
    jinja::{Engine, Values},
    marks::Marks,
    source::TemplateSource,
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
        let text =
            self.engine.render(variables.with(messages, prompt, generation), variables.values.bytes)?;
        match variables.values.without_exponent.iter().find(|number| text.contains(number.as_str())) {
            Some(number) => Err(RenderError::Unsupported(format!("it writes {number} without an exponent"))),
            None => Ok(text),
        }
    }
}

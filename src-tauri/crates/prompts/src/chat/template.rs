//! A chat template, parsed once and rendered for each conversation.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use minijinja::Value;

use super::{
    conversation::Conversation,
    elsewhere::{self, OtherRenderer},
    error::{RenderError, TemplateError},
    jinja::{Engine, Values},
    marks::Marks,
    source::TemplateSource,
    variables::Variables,
};

/// A parsed chat template.
#[derive(Debug)]
pub struct ChatTemplate {
    /// None where another program renders all of it.
    engine: Option<Engine>,
    /// Renders what the engine can't.
    other: Option<Arc<dyn OtherRenderer>>,
    used_other: AtomicBool,
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
        Self::parse_with(source, None)
    }

    /// Parses a template. What this program doesn't render of it, the other one renders.
    ///
    /// # Errors
    /// It is no Jinja, or too large; without another program also if it uses what this one doesn't render.
    pub fn parse_with(
        source: &TemplateSource,
        other: Option<Arc<dyn OtherRenderer>>,
    ) -> Result<Self, TemplateError> {
        let mut values = Values::default();
        values.text(&source.text);
        let engine = match Engine::parse(source) {
            Err(TemplateError::Unsupported { .. }) if other.is_some() => None,
            parsed => Some(parsed?),
        };
        let (source, private) = (source.clone(), values.private);
        Ok(Self { engine, other, used_other: AtomicBool::new(false), source, private })
    }

    /// Whether another program rendered anything so far.
    pub fn used_other(&self) -> bool {
        self.used_other.load(Ordering::Relaxed)
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
        match &self.engine {
            Some(engine) => engine.has_generation_tags,
            None => self.source.text.contains("endgeneration"),
        }
    }

    /// Renders messages with the other variables, with marks around what the assistant generates.
    pub(super) fn run(
        &self,
        variables: &Variables<'_>,
        messages: Vec<Value>,
        prompt: bool,
        generation: Option<Marks>,
    ) -> Result<String, RenderError> {
        let values = variables.with(messages, prompt, generation);
        let rendered = match &self.engine {
            Some(engine) => own(engine, variables, values.clone()),
            None => Err(RenderError::Unsupported("another program renders it".to_owned())),
        };
        match (rendered, &self.other) {
            (Err(RenderError::Unsupported(_)), Some(other)) => {
                self.used_other.store(true, Ordering::Relaxed);
                elsewhere::render(other, &self.source, values, generation)
            }
            (rendered, _) => rendered,
        }
    }
}

fn own(engine: &Engine, variables: &Variables<'_>, values: Value) -> Result<String, RenderError> {
    let text = engine.render(values, variables.values.bytes)?;
    match variables.values.without_exponent.iter().find(|number| text.contains(number.as_str())) {
        Some(number) => Err(RenderError::Unsupported(format!("it writes {number} without an exponent"))),
        None => Ok(text),
    }
}
